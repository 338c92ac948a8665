"""About how long a training takes: arithmetic per step, and what this machine has been seen to do."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from core.datasets import CATALOGUE
from core.experiments import (
    Basin,
    Complexity,
    Depths,
    Directions,
    Experiment,
    Explorer,
    Kinks,
    LinearModel,
    Modes,
    Moons,
    Perceptron,
    PhasePlane,
    Shades,
    Starvation,
    Strengths,
)
from core.images import image_shape
from core.schedule import check_steps, few_steps, recorded_steps
from core.sweeps import banks

ARITHMETIC = 170e9
"""Multiply-adds, times two, that one core does a second in a step."""
UNIT_SECONDS = 0.6e-9
"""Seconds for everything else that is done for one unit of one point in one layer."""
GPU_SPEEDUP = 20.0
"""A guess until this machine has been seen to train on its GPU: then what was seen counts."""
USUAL_SHARE = 0.25
"""Share of all allowed steps that a plane takes, since runs leave when they are fitted (digits: .26, measured)."""
USUAL_LOOKS = 0.7
"""The same of snapshots and checks, which are denser in the beginning."""
TEST_POINTS = 2048
"""Most test points of the data sets whose networks are large."""
LINE_STEP_SECONDS, LINE_UNIT_SECONDS, LINE_KERNEL_SECONDS = 7e-6, 3e-9, 1e-9
"""What a step of a network on a line costs, a tenth of a look at its learning rate included: measured on 5 to 200
points, width 32 to 4,096."""
USUAL_LINE_SHARE = 0.4
DIRECTION_STEP_SECONDS = 1.5e-4
"""What a step on a data set costs beside its arithmetic: most of it a tenth of an exact look at a small kernel."""
USUAL_DIRECTION_STEPS = 9_000
"""Steps to a few percent of the first loss: digits and MNIST took 600 to 15,000, least on the smallest sets."""
LINEAR_STEP_SECONDS, LINEAR_SAMPLE_SECONDS = 2e-6, 4e-9
"""What a step of a linear model costs from its three starts, and a sample of it: measured on 50 to 400 samples."""
LINEAR_DRAW_SECONDS, LINEAR_GRAM_SECONDS, LINEAR_SOLVE_SECONDS = 1e-8, 3e-11, 3e-11
"""A number of z, its part in a Gram matrix, and what n^3 of a solved system is multiplied with."""
MODE_STEP_SECONDS, MODE_WEIGHT_SECONDS = 3.5e-5, 1e-9
"""What a step of a mode's network and of its one layer costs, and a weight of it."""
MOON_STEP_SECONDS, MOON_LOOK_SECONDS = 2e-9, 4e-4
"""What a step costs for a unit of a network on two moons and a training point, and all looks for a unit."""
STRENGTH_STEP_SECONDS = 2e-5
"""What a step of all strengths costs."""
STARVATION_STEP_SECONDS, STARVATION_WEIGHT_SECONDS = 3.5e-5, 2e-9
"""What a step of three models costs a seed, and a weight of it."""
SHADE_STEP_SECONDS, SHADE_WEIGHT_SECONDS = 1.2e-5, 6e-11
"""What a step of a network on shaded digits costs, and a weight for an image of it."""
BASIN_START_SECONDS, BASIN_STEP_SECONDS, BASIN_UNIT_SECONDS = 1e-5, 3.5e-4, 1.5e-8
"""What a start on the grid costs until it is decided, a step of all that is left, and one of a neuron of a cloud."""
DEPTH_STEP_SECONDS, DEPTH_LAYER_SECONDS = 6e-5, 8e-5
"""What a step of all losses and the linear network costs a depth, and a layer of it."""
PERCEPTRON_SECONDS, PERCEPTRON_COLD_SECONDS, PERCEPTRON_LIMIT_SECONDS = 4e-4, 0.4, 2.5e-5
"""What a perceptron costs on 2,048 points where noise decides (times 250^(1 / (1 + chi))), where it does not (times the
margin over the learning rate), and at most for a step that moves it: measured on 256 to 4,096 points."""
CONVOLUTION_ARITHMETIC = 100e9
"""As `ARITHMETIC`, of convolutions through torch."""
EXPLAINED_POINT_SECONDS, EXPLAINED_IMAGE_SECONDS = 5e-4, 1.2e-5
"""What fitting all explainers takes for a training point, and for a pixel of one: measured on digits, MNIST, CIFAR-10
and the sinusoid."""
USUAL_PASSES, USUAL_PHASE_SHARE = 30.0, 0.8
"""Times that a run of a phase plane sees every training point, and most of all allowed steps (measured on digits and
MNIST)."""
STARTUP_SECONDS = 2.0
LONG_SECONDS = 6.0
"""From here on a page asks before it trains."""


@dataclass(frozen=True)
class Estimate:
    """Seconds from the press of the button to the result."""

    usual: float
    at_most: float

    @property
    def long(self) -> bool:
        """Whether a person should be asked first."""
        return self.usual > LONG_SECONDS


def estimate(experiment: Experiment, *, workers: int, device: str, slowness: float = 1.0) -> Estimate:
    """Return how long training takes on so many processes; `slowness` is `measured_slowness` of this machine."""
    share = 1 / GPU_SPEEDUP if device == "cuda" else 1 / min(workers, len(banks(experiment, device)))
    if isinstance(experiment, Complexity):
        seconds = _networks_and_explainers(experiment, workers)
        seconds = slowness * (seconds / GPU_SPEEDUP if device == "cuda" else seconds)
        return Estimate(usual=STARTUP_SECONDS + seconds, at_most=STARTUP_SECONDS + 1.5 * seconds)
    if isinstance(experiment, Perceptron):
        seconds = slowness * _perceptrons(experiment) / min(workers, len(banks(experiment, device)))
        return Estimate(usual=STARTUP_SECONDS + seconds, at_most=STARTUP_SECONDS + 5 * seconds)
    if isinstance(experiment, LinearModel):
        usual, at_most = _a_linear_model(experiment)
    elif isinstance(experiment, Moons | Strengths):
        usual, at_most = _a_moon(experiment) if isinstance(experiment, Moons) else _a_strength(experiment)
    elif isinstance(experiment, Modes):
        usual, at_most = _a_mode(experiment)
    elif isinstance(experiment, Starvation | Shades):
        usual, at_most = _a_starvation(experiment) if isinstance(experiment, Starvation) else _a_shade(experiment)
    elif isinstance(experiment, Depths):
        usual, at_most = _a_depth(experiment)
    elif isinstance(experiment, Basin):
        usual, at_most = _a_cloud(experiment)
    elif isinstance(experiment, Explorer):
        usual, at_most = _a_run(experiment)
    elif isinstance(experiment, PhasePlane):
        usual, at_most = _a_cell(experiment)
    else:
        usual, at_most = _a_line(experiment) if isinstance(experiment, Kinks) else _a_count(experiment)
    seconds = slowness * experiment.runs * share
    return Estimate(usual=STARTUP_SECONDS + seconds * usual, at_most=STARTUP_SECONDS + seconds * at_most)


def _a_run(experiment: Explorer) -> tuple[float, float]:
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


def _a_cell(experiment: PhasePlane) -> tuple[float, float]:
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


def _a_line(experiment: Kinks) -> tuple[float, float]:
    """Return the seconds of one network on a line, likewise."""
    count = len(experiment.x)
    a_step = LINE_STEP_SECONDS + count * experiment.width * LINE_UNIT_SECONDS + count**3 * LINE_KERNEL_SECONDS
    return USUAL_LINE_SHARE * experiment.step_limit * a_step, experiment.step_limit * a_step


def _a_count(experiment: Directions) -> tuple[float, float]:
    """Return the seconds of one network on a data set, likewise, the mean over sizes of the training set."""
    dim = (CATALOGUE[experiment.dataset].dimension or 0) + 1
    steps = []
    for count in experiment.n_train:
        kernel = 4 * count**2 * experiment.width / 20  # every twentieth step
        arithmetic = 4 * count * dim * experiment.width + kernel
        steps.append(DIRECTION_STEP_SECONDS + arithmetic / ARITHMETIC + count * experiment.width * UNIT_SECONDS)
    a_step = sum(steps) / len(steps)
    return min(USUAL_DIRECTION_STEPS, 0.8 * experiment.step_limit) * a_step, experiment.step_limit * a_step


def _a_linear_model(experiment: LinearModel) -> tuple[float, float]:
    """Return the seconds of one seed of linear models, which takes all its steps."""
    n, ratios = experiment.n, experiment.every_ratio
    drawing = experiment.dimensions(ratios[-1]) * n * (LINEAR_DRAW_SECONDS + n * LINEAR_GRAM_SECONDS)
    stepping = experiment.step_limit * (LINEAR_STEP_SECONDS + n * LINEAR_SAMPLE_SECONDS)
    seconds = drawing + stepping + len(ratios) * n**3 * LINEAR_SOLVE_SECONDS
    return seconds, 1.5 * seconds  # it always takes all its steps


def _a_moon(experiment: Moons) -> tuple[float, float]:
    """Return the seconds of one network on two moons, which takes all its steps."""
    units = experiment.width * (experiment.step_limit * experiment.n_train * MOON_STEP_SECONDS + MOON_LOOK_SECONDS)
    seconds = 0.05 + units
    return seconds, 1.5 * seconds


def _a_strength(experiment: Strengths) -> tuple[float, float]:
    """Return the seconds of one strength under one penalty, its share of a step of all."""
    seconds = experiment.step_limit * STRENGTH_STEP_SECONDS / experiment.runs
    return seconds, 1.5 * seconds


def _a_mode(experiment: Modes) -> tuple[float, float]:
    """Return the seconds of the networks of one loss."""
    weights = experiment.width * (experiment.dimension + 1)
    seconds = experiment.step_limit * (MODE_STEP_SECONDS + weights * MODE_WEIGHT_SECONDS)
    return seconds, 1.5 * seconds  # they always take all their steps


def _a_starvation(experiment: Starvation) -> tuple[float, float]:
    """Return the seconds of one seed of three models, which take all their steps."""
    weights = 6 * experiment.width * len(experiment.frequencies)
    seconds = experiment.step_limit * (STARVATION_STEP_SECONDS + weights * STARVATION_WEIGHT_SECONDS)
    return seconds, 2 * seconds


def _a_shade(experiment: Shades) -> tuple[float, float]:
    """Return the seconds of one seed on shaded digits: two networks a frequency, which take all their steps."""
    weights = 65 * experiment.width * experiment.n_train
    a_step = SHADE_STEP_SECONDS + weights * SHADE_WEIGHT_SECONDS
    seconds = 2 * len(experiment.p) * experiment.step_limit * a_step
    return seconds, 2 * seconds


def _a_depth(experiment: Depths) -> tuple[float, float]:
    """Return the seconds of one loss and start at one depth, the mean over depths: they take all their steps."""
    layers = sum(experiment.depths) / len(experiment.depths)
    a_step = DEPTH_STEP_SECONDS + layers * DEPTH_LAYER_SECONDS
    seconds = experiment.step_limit * a_step * len(experiment.depths) / experiment.runs
    return seconds, 2 * seconds


def _a_cloud(experiment: Basin) -> tuple[float, float]:
    """Return the seconds of one cloud of neurons with its share of the grid, which takes all its steps."""
    shared = experiment.grid**2 * BASIN_START_SECONDS + experiment.step_limit * BASIN_STEP_SECONDS
    seconds = shared / experiment.runs + experiment.step_limit * experiment.width * BASIN_UNIT_SECONDS
    return seconds, 2 * seconds


def _perceptrons(experiment: Perceptron) -> float:
    """Return the seconds of all perceptrons of a grid on one core, within a factor of two on the presets."""
    total = 0.0
    for cell in experiment.cells:
        size, softness = cell.n_train / 2048, 1 / (1 + cell.chi)
        growth = size ** (1 + 2 * softness)
        noisy = PERCEPTRON_SECONDS * 250**softness * growth
        share = math.sqrt(cell.batch_size / cell.n_train)
        cold = PERCEPTRON_COLD_SECONDS * cell.kappa / cell.learning_rate * share * growth
        total += min(noisy + cold, PERCEPTRON_LIMIT_SECONDS * size * experiment.event_limit)
    return total


def _networks_and_explainers(experiment: Complexity, workers: int) -> float:
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


def measured_slowness(record: Path, device: str) -> float:
    """Return how many times longer than computed trainings took here lately; 1 before the first."""
    try:
        known = float(json.loads(record.read_text())[device])
        return 1.0 if math.isnan(known) else min(max(known, 0.05), 20.0)
    except (OSError, ValueError, KeyError, TypeError):
        return 1.0


def note_slowness(record: Path, device: str, computed: float, took: float) -> None:
    """Remember how a finished training compared with `computed` seconds; the latest counts as much as all before."""
    if computed <= 0 or took < 1:
        return
    known = measured_slowness(record, device)
    seen = known * took / computed
    try:
        kept = {**json.loads(record.read_text())}
    except (OSError, ValueError, TypeError):
        kept = {}
    with contextlib.suppress(OSError):  # an estimate is not worth failing for
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({**kept, device: round((known + seen) / 2, 3)}))
