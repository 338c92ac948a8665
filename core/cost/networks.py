"""About how long networks on data sets train: arithmetic per step, on one core."""

from __future__ import annotations

from itertools import product

from core.datasets import CATALOGUE
from core.experiments import Complexity, Directions, Explorer, PhasePlane
from core.images import image_shape
from core.schedule import check_steps, few_steps, recorded_steps

ARITHMETIC = 170e9
"""Multiply-adds, times two, that one core does a second in a step."""
UNIT_SECONDS = 0.6e-9
"""Seconds for everything else that is done for one unit of one point in one layer."""
USUAL_SHARE = 0.25
"""Share of all allowed steps that a plane takes, since runs leave when they are fitted (digits: .26, measured)."""
USUAL_LOOKS = 0.7
"""The same of snapshots and checks, which are denser in the beginning."""
TEST_POINTS = 2048
"""Most test points of the data sets whose networks are large."""
DIRECTION_STEP_SECONDS = 1.5e-4
"""What a step on a data set costs beside its arithmetic: most of it a tenth of an exact look at a small kernel."""
USUAL_DIRECTION_STEPS = 9_000
"""Steps to a few percent of the first loss: digits and MNIST took 600 to 15,000, least on the smallest sets."""
CONVOLUTION_ARITHMETIC = 100e9
"""As `ARITHMETIC`, of convolutions through torch."""
EXPLAINED_POINT_SECONDS, EXPLAINED_IMAGE_SECONDS = 5e-4, 1.2e-5
"""What fitting all explainers takes for a training point, and for a pixel of one: measured on digits, MNIST, CIFAR-10
and the sinusoid."""
USUAL_PASSES, USUAL_PHASE_SHARE = 30.0, 0.8
"""Times that a run of a phase plane sees every training point, and most of all allowed steps (measured on digits and
MNIST)."""


def a_run(experiment: Explorer) -> tuple[float, float]:
    """Return the seconds of one run of a plane on one core: usual, at most."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    forward = experiment.width * (dim + (experiment.depth - 1) * experiment.width)  # multiplications a point
    backward = forward + experiment.width**2 * (experiment.depth - 1)
    units = experiment.width * experiment.depth
    a_step = experiment.batch_size * (2 * (forward + backward) / ARITHMETIC + units * UNIT_SECONDS)
    records, checks = len(recorded_steps(experiment.step_limit)), len(list(check_steps(experiment.step_limit)))
    looks = records * (experiment.n_train + TEST_POINTS) + checks * experiment.n_train  # points
    looking = looks * (2 * forward / ARITHMETIC + units * UNIT_SECONDS)
    usual = USUAL_SHARE * experiment.step_limit * a_step + USUAL_LOOKS * looking
    return usual, experiment.step_limit * a_step + looking


def a_cell(experiment: PhasePlane) -> tuple[float, float]:
    """Return the seconds of one run of a phase plane, likewise, the mean over training sets and batch sizes."""
    dim, shape = CATALOGUE[experiment.dataset].dimension or 100, image_shape(experiment.dataset)
    forward = float(experiment.width * (dim + (experiment.depth - 1) * experiment.width))
    arithmetic, units = ARITHMETIC, experiment.width * experiment.depth
    tested = min(experiment.test_points, 785 + 10 * dim)  # digits have 785
    if experiment.network == "cnn" and shape is not None:
        forward, arithmetic = _strided_convolutions(experiment, shape), CONVOLUTION_ARITHMETIC
    records, checks = len(few_steps(experiment.step_limit)), len(list(check_steps(experiment.step_limit)))
    a_point = 2 * forward / arithmetic + units * UNIT_SECONDS
    usual, at_most = [], []
    for n_train, batch_size in product(experiment.n_train, experiment.batch_size):
        a_step = 3 * batch_size * a_point
        looking = (records * (n_train + tested) + checks * n_train) * a_point
        steps = min(max(USUAL_PASSES * n_train / batch_size, 300), USUAL_PHASE_SHARE * experiment.step_limit)
        usual.append(steps * a_step + USUAL_LOOKS * looking)
        at_most.append(experiment.step_limit * a_step + looking)
    return sum(usual) / len(usual), sum(at_most) / len(at_most)


def _strided_convolutions(experiment: PhasePlane, shape: tuple[int, int, int]) -> float:
    """Return the multiplications of the phase plane's convolutional network for one point."""
    channels, height, width = shape
    total, filters = 0.0, experiment.width
    for _ in range(experiment.depth):
        height, width = -(-height // 2), -(-width // 2)
        total += 9 * channels * filters * height * width
        channels, filters = filters, 2 * filters
    return total


def a_count(experiment: Directions) -> tuple[float, float]:
    """Return the seconds of one network on a data set, likewise, the mean over sizes of the training set."""
    dim = (CATALOGUE[experiment.dataset].dimension or 0) + 1
    steps = []
    for count in experiment.n_train:
        kernel = 4 * count**2 * experiment.width / 20  # every twentieth step
        arithmetic = 4 * count * dim * experiment.width + kernel
        steps.append(DIRECTION_STEP_SECONDS + arithmetic / ARITHMETIC + count * experiment.width * UNIT_SECONDS)
    a_step = sum(steps) / len(steps)
    return min(USUAL_DIRECTION_STEPS, 0.8 * experiment.step_limit) * a_step, experiment.step_limit * a_step


def with_explainers(experiment: Complexity, workers: int) -> float:
    """Return the seconds of all networks of a study of complexity and of what explains them, on so many processes."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    shape = image_shape(experiment.dataset)
    points = len(recorded_steps(experiment.step_limit)) * (experiment.n_train + experiment.test_points)
    if experiment.network == "cnn" and shape is not None:
        forward, rate = _convolutions(experiment, shape), CONVOLUTION_ARITHMETIC
    else:
        layers = max(experiment.depth, 1)
        forward = experiment.width * (dim + (layers - 1) * experiment.width)
        rate = ARITHMETIC / (1 + layers * experiment.width * UNIT_SECONDS * ARITHMETIC / (6 * forward))
    a_run = 2 * forward * (3 * experiment.step_limit * experiment.batch_size + points) / rate
    images = experiment.n_train * dim * EXPLAINED_IMAGE_SECONDS if shape is not None else 0.0
    explainers = 1.0 + experiment.n_train * EXPLAINED_POINT_SECONDS + images
    if experiment.network == "cnn":
        return (a_run * experiment.runs + explainers) / min(workers, experiment.runs + 1)
    networks = a_run * experiment.runs
    return max(networks, explainers) if workers > 1 else networks + explainers


def _convolutions(experiment: Complexity, shape: tuple[int, int, int]) -> float:
    """Return the multiplications of a convolutional network for one point."""
    channels, height, width = shape
    total = 0.0
    for layer in range(experiment.depth):
        total += 9 * channels * experiment.filters * height * width
        channels = experiment.filters
        if layer < 2:
            height, width = height // 2, width // 2
    return total + channels * height * width * experiment.width
