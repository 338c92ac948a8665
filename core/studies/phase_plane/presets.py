"""Presets of the Phase plane page."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.phase_plane.experiment import PhasePlane
from core.study import Preset
from core.values import log2_grid

PRESETS: Mapping[str, Preset[PhasePlane]] = {
    "phase_plane/digits": Preset(
        "Digits",
        "Small digits, three layers, five seeds: where lowering alpha and raising the temperature both leave the lazy "
        "regime, and what each does to the error.",
        PhasePlane(),
    ),
    "phase_plane/mnist": Preset(
        "MNIST parity",
        "The fully connected network of Sclocchi, Geiger, Wyart 2023 on MNIST parity, P = 1,024.",
        PhasePlane(
            dataset="mnist_parity",
            n_train=(1024,),
            test_points=4096,
            width=128,
            depth=5,
            alphas=log2_grid(-10, 12, 12),
            temperatures=log2_grid(-12, -2.1, 12),
            step_limit=20_000,
        ),
    ),
    "phase_plane/cifar10": Preset(
        "CIFAR-10 animals",
        "The same network on animals against vehicles: at large alpha the error rises with the temperature, and "
        "lowering alpha from there lowers it.",
        PhasePlane(
            dataset="cifar_animals",
            n_train=(1024,),
            test_points=4096,
            width=128,
            depth=5,
            alphas=log2_grid(-8, 12, 6),
            temperatures=log2_grid(-12, -3, 7),
            step_limit=60_000,
        ),
    ),
    "phase_plane/cifar10_cnn": Preset(
        "CIFAR-10 animals, convolutional",
        "A small convolutional network: the noise of SGD hurts it in the lazy regime, and leaving by alpha helps.",
        PhasePlane(
            dataset="cifar_animals",
            n_train=(512,),
            test_points=4096,
            network="cnn",
            depth=3,
            width=32,
            activation="relu",
            alphas=log2_grid(-4, 12, 5),
            temperatures=log2_grid(-7, -1, 5),
            seeds=(0, 1, 2),
            step_limit=24_000,
        ),
    ),
    "phase_plane/scaling": Preset(
        "MNIST power laws",
        "Deep in the lazy regime, alpha = 2^15: weight change and time to fit as powers of the temperature and of the "
        "training set's size.",
        PhasePlane(
            dataset="mnist_parity",
            n_train=(256, 512, 1024, 2048, 4096),
            width=128,
            depth=5,
            activation="relu",
            alphas=(2.0**15,),
            temperatures=log2_grid(-11, -3, 9),
            step_limit=100_000,
        ),
    ),
    "phase_plane/cifar10_scaling": Preset(
        "CIFAR-10 power laws",
        "The same powers on harder data: the weights have to move further as the training set grows.",
        PhasePlane(
            dataset="cifar_animals",
            n_train=(256, 512, 1024, 2048),
            width=128,
            depth=5,
            activation="relu",
            alphas=(2.0**15,),
            temperatures=log2_grid(-11, -3, 9),
            step_limit=100_000,
        ),
    ),
    "phase_plane/mnist_batches": Preset(
        "MNIST, batch size and learning rate",
        "Noise-dominated below B*, first-step-dominated above it, gradient descent at small steps: 42 networks a seed.",
        PhasePlane(
            dataset="mnist_parity",
            n_train=(1024,),
            batch_size=(1, 4, 16, 64, 256, 1024),
            alphas=(2.0**15,),
            learning_rates=log2_grid(-4, 8, 7),
            seeds=(0, 1, 2),
            step_limit=100_000,
        ),
    ),
    "phase_plane/digits_cnn_batches": Preset(
        "Small CNN, batch size and learning rate",
        "The same plane for a convolutional network, on small digits: are its three phases those of the MLP?",
        PhasePlane(
            n_train=(512,),
            batch_size=(1, 4, 16, 64, 256, 512),
            network="cnn",
            depth=2,
            width=16,
            activation="relu",
            alphas=(2.0**15,),
            learning_rates=log2_grid(-4, 8, 7),
            seeds=(0, 1),
            step_limit=60_000,
        ),
    ),
    "phase_plane/digits_one_layer": Preset(
        "Digits, one layer, eight seeds",
        "The networks of the Explorer's digits, cell by cell, from eight seeds: how much of a cell is due to the seed.",
        PhasePlane(
            depth=1,
            activation="relu",
            alphas=log2_grid(-8, 10, 12),
            temperatures=log2_grid(-10, -1, 12),
            seeds=tuple(range(8)),
            step_limit=20_000,
        ),
    ),
    "phase_plane/digits_depth": Preset(
        "Digits, the largest temperature",
        "A fine grid of small alphas at three layers: the largest temperature that fits scales as alpha^(1/2). Not "
        "trained in advance: 690 networks, which take about a minute.",
        PhasePlane(
            alphas=log2_grid(-10, 8, 10),
            temperatures=log2_grid(-10, 1, 23),
            seeds=(0, 1, 2),
        ),
        shipped=False,
    ),
}
