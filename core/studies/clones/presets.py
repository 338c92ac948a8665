"""Presets of the Complexity page: which statistics a network learns first."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.clones.experiment import Clones
from core.study import Preset

PRESETS: Mapping[str, Preset[Clones]] = {
    "complexity/clones": Preset(
        "CIFAR-10",
        "Photographs of 16 × 16 pixels, a small convolutional network, and the same network on three clones of the "
        "photographs.",
        Clones(
            dataset="cifar_ten",
            n_train=20_000,
            network="cnn",
            learning_rate=0.02,
            momentum=0.9,
            step_limit=2300,
        ),
    ),
    "complexity/clones_mnist": Preset(
        "MNIST",
        "Handwritten digits, two hidden layers of 128: the same order. Here the network on real images keeps its "
        "accuracy on the clones, a rise without a fall.",
        Clones(
            dataset="mnist_ten",
            n_train=20_000,
            test_points=10_000,
            learning_rate=0.02,
            two_class_rate=0.005,
            step_limit=4000,
        ),
    ),
    "complexity/clones_digits": Preset(
        "Small digits",
        "The digits that come with scikit-learn, 1,012 images of 8 × 8 pixels: the same order, in small steps, as "
        "class means alone bring a network far.",
        Clones(learning_rate=0.01, two_class_rate=0.005),
    ),
}
