"""About how long the networks of a study of complexity, and what explains them, train, on one core."""

from __future__ import annotations

from core.cost import ARITHMETIC, CONVOLUTION_ARITHMETIC, UNIT_SECONDS
from core.datasets import CATALOGUE
from core.images import image_shape
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.trajectory import ComplexityTrajectory

EXPLAINED_POINT_SECONDS, EXPLAINED_IMAGE_SECONDS = 5e-4, 1.2e-5
"""What fitting all explainers takes for a training point, and for a pixel of one: measured on digits, MNIST, CIFAR-10
and the sinusoid."""


TEN_CLASSES_STEP_SECONDS = 8e-5
"""What a step of a dense network of ten outputs costs beyond its arithmetic, by torch: measured."""
TEN_CLASSES_EXPLAINED_SECONDS = 1.2e-2
"""What fitting all explainers of ten classes takes for a training point: measured on digits and MNIST."""


def with_explainers(experiment: Complexity, workers: int) -> float:
    """Return the seconds of all networks of a study of complexity and of what explains them, on `workers` processes."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    shape = image_shape(experiment.dataset)
    points = len(ComplexityTrajectory.scheduled(experiment)) * (experiment.n_train + experiment.test_points)
    if experiment.network == "cnn" and shape is not None:
        forward, rate = _convolutions(experiment, shape), CONVOLUTION_ARITHMETIC
    else:
        layers = max(experiment.depth, 1)
        forward = experiment.width * (dim + (layers - 1) * experiment.width)
        rate = ARITHMETIC / (1 + layers * experiment.width * UNIT_SECONDS * ARITHMETIC / (6 * forward))
    if experiment.classes > 2 and experiment.network == "mlp":
        rate = CONVOLUTION_ARITHMETIC
    a_run = 2 * forward * (3 * experiment.step_limit * experiment.batch_size + points) / rate
    images = experiment.n_train * dim * EXPLAINED_IMAGE_SECONDS if shape is not None else 0.0
    explainers = 1.0 + experiment.n_train * EXPLAINED_POINT_SECONDS + images
    if experiment.classes > 2:
        explainers += experiment.n_train * TEN_CLASSES_EXPLAINED_SECONDS
        a_run += experiment.step_limit * TEN_CLASSES_STEP_SECONDS
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
