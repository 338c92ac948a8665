"""Presets of the Explorer page."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.explorer.experiment import Explorer
from core.study import Preset
from core.values import log2_grid

PRESETS: Mapping[str, Preset[Explorer]] = {
    "explorer/digits": Preset(
        "Digits",
        "Even against odd handwritten digits, one seed: lazy kinks stay in place; small alpha or noise moves them.",
        Explorer(),
    ),
    "explorer/moons": Preset(
        "Two moons",
        "Two inputs and a bias: a linear classifier explains the first steps, and then less and less.",
        Explorer(dataset="two_moons", n_train=128, step_limit=50_000),
    ),
    "explorer/mnist": Preset(
        "MNIST",
        "Parity of real MNIST digits, 1,024 of them, one hidden layer of 64.",
        Explorer(dataset="mnist_parity", n_train=1024),
    ),
    "explorer/cifar": Preset(
        "CIFAR-10",
        "Animals against vehicles: a linear classifier gets four in five right, and 64 units add little.",
        Explorer(dataset="cifar_animals", n_train=1024),
    ),
    "explorer/disc": Preset(
        "Sinusoidal disc",
        "A curved decision boundary in the plane, one training label in ten flipped.",
        Explorer(dataset="sinusoidal_disc", n_train=256),
        shipped=False,
    ),
    "explorer/sinusoid": Preset(
        "Sinusoid in 20 dimensions",
        "A linear part and a sine: the plateau between learning the one and learning the other.",
        Explorer(dataset="sinusoid", n_train=2048, width=128),
        shipped=False,
    ),
    "explorer/digits_deep": Preset(
        "Digits, three layers",
        "The same digits with three hidden layers: the largest temperature now bends with alpha.",
        Explorer(depth=3, activation="gelu"),
        shipped=False,
    ),
    "explorer/mnist_five_layers": Preset(
        "MNIST, five layers",
        "The fully connected network of Sclocchi, Geiger, Wyart 2023: five hidden layers of 128, GELU.",
        Explorer(
            dataset="mnist_parity",
            n_train=1024,
            width=128,
            depth=5,
            activation="gelu",
            temperatures=log2_grid(-12, -3, 12),
        ),
        shipped=False,
    ),
}
