"""About how long the networks of one seed train, on one core."""

from __future__ import annotations

from core.cost import CONVOLUTION_ARITHMETIC
from core.images import image_shape
from core.studies.clones.experiment import KINDS, Clones
from core.studies.clones.trajectory import ClonesTrajectory

STEP_SECONDS = 1.5e-4
"""What a step costs beyond its arithmetic, by torch."""
STRIDED_ARITHMETIC = 25e9
"""As `core.cost.ARITHMETIC`, of small strided convolutions."""
EXPLAINED_SECONDS = 3e-4
"""What fitting all classifiers takes for a training point: all three measured on digits, MNIST and CIFAR-10."""


def a_seed(experiment: Clones) -> tuple[float, float]:
    """Return the seconds of the networks of one seed, with their clones and what they are compared with."""
    channels, height, _ = image_shape(experiment.dataset) or (1, 1, 1)
    side = height // 2 if experiment.dataset.startswith("cifar") else height
    pixels, networks = channels * side**2, len(KINDS) + 1
    if experiment.network == "cnn":
        filters = experiment.filters
        forward = 9 * filters * side**2 * (channels + filters / 2 + filters / 2)
        rate = STRIDED_ARITHMETIC
    else:
        forward, rate = experiment.width * (pixels + experiment.width), CONVOLUTION_ARITHMETIC
    steps = networks * experiment.step_limit
    read = len(ClonesTrajectory.scheduled(experiment)) * (2 * networks - 2) * experiment.test_points
    arithmetic = 2 * forward * (3 * steps * experiment.batch_size + read) / rate
    clone = (
        2 * experiment.n_train / 10 * (experiment.n_train + experiment.test_points) * pixels / CONVOLUTION_ARITHMETIC
    )
    seconds = steps * STEP_SECONDS + arithmetic + clone + experiment.n_train * EXPLAINED_SECONDS
    return seconds, 2 * seconds
