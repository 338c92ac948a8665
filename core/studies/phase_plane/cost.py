"""About how long the networks of a phase plane train, on one core."""

from __future__ import annotations

from itertools import product

from core.cost import ARITHMETIC, CONVOLUTION_ARITHMETIC, UNIT_SECONDS, USUAL_RECORDING
from core.datasets import CATALOGUE
from core.images import image_shape
from core.schedule import check_steps
from core.studies.phase_plane.experiment import PhasePlane
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory

USUAL_PASSES, USUAL_PHASE_SHARE = 30.0, 0.8
"""Times that a run of a phase plane sees every training point, and most of all allowed steps (measured on digits and
MNIST)."""


def a_cell(experiment: PhasePlane) -> tuple[float, float]:
    """Return the usual and the most seconds of one run of a phase plane, means over training sets and batch sizes."""
    dim, shape = CATALOGUE[experiment.dataset].dimension or 100, image_shape(experiment.dataset)
    forward = float(experiment.width * (dim + (experiment.depth - 1) * experiment.width))
    arithmetic, units = ARITHMETIC, experiment.width * experiment.depth
    tested = min(experiment.test_points, 785 + 10 * dim)  # digits have 785
    if experiment.network == "cnn" and shape is not None:
        forward, arithmetic = _strided_convolutions(experiment, shape), CONVOLUTION_ARITHMETIC
    records, checks = len(PhasePlaneTrajectory.scheduled(experiment)), len(list(check_steps(experiment.step_limit)))
    a_point = 2 * forward / arithmetic + units * UNIT_SECONDS
    usual, at_most = [], []
    for n_train, batch_size in product(experiment.n_train, experiment.batch_size):
        a_step = 3 * batch_size * a_point
        recording = (records * (n_train + tested) + checks * n_train) * a_point
        steps = min(max(USUAL_PASSES * n_train / batch_size, 300), USUAL_PHASE_SHARE * experiment.step_limit)
        usual.append(steps * a_step + USUAL_RECORDING * recording)
        at_most.append(experiment.step_limit * a_step + recording)
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
