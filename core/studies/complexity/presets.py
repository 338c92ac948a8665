"""Presets of the Complexity page."""

from __future__ import annotations

from collections.abc import Mapping

from core.experiment import NO_TABLE
from core.studies.complexity.experiment import Complexity
from core.study import Preset

PRESETS: Mapping[str, Preset[Complexity]] = {
    "complexity/sinusoid": Preset(
        "Sinusoid",
        "A linear part and a fast sine in 20 dimensions: the network first finds the linear part, stays with it for a "
        "thousand steps, and then goes beyond without letting go of it.",
        Complexity(
            dataset="sinusoid",
            n_train=20_000,
            width=256,
            learning_rate=0.1,
            batch_size=64,
            step_limit=10_000,
            seeds=(0, 1, 2),
        ),
    ),
    "complexity/disc": Preset(
        "Disc",
        "Two classes divided by a curve, one training label in ten wrong: the decision boundary starts linear, then "
        "bends.",
        Complexity(dataset="sinusoidal_disc", n_train=2000, learning_rate=0.05, step_limit=20_000, seeds=(0, 1, 2)),
    ),
    "complexity/digits": Preset(
        "Digits",
        "Small digits, 0 to 4 against 5 to 9: nearly all of the early gain is a linear classifier's.",
        Complexity(learning_rate=0.005),
    ),
    "complexity/digits_fitted": Preset(
        "Digits, to zero training error",
        "The same digits for 60,000 steps: what the linear classifier knew is retained after the last training point "
        "fits, and more of it than an unrelated one would share.",
        Complexity(learning_rate=0.005, step_limit=60_000),
    ),
    "complexity/mnist": Preset(
        "MNIST",
        "Real MNIST, 0 to 4 against 5 to 9, by two hidden layers of 256.",
        Complexity(dataset="mnist_halves", n_train=8192, width=256, seeds=(0, 1, 2), learning_rate=0.002),
    ),
    "complexity/mnist_fitted": Preset(
        "MNIST, to zero training error",
        "The same networks ten times as fast and for 30,000 steps: after the last training point fits, what the linear "
        "classifier knew is retained, and more of it than an unrelated one would share.",
        Complexity(
            dataset="mnist_halves",
            n_train=8192,
            width=256,
            seeds=(0, 1, 2),
            learning_rate=0.02,
            step_limit=30_000,
        ),
    ),
    "complexity/mnist_cnn": Preset(
        "MNIST, convolutional",
        "The same digits by four convolutions of 32 filters: explained by shallower convolutional networks.",
        Complexity(
            dataset="mnist_halves",
            n_train=8192,
            network="cnn",
            depth=4,
            width=512,
            seeds=(0, 1),
            learning_rate=0.005,
            step_limit=5_000,
        ),
    ),
    "complexity/cifar10": Preset(
        "CIFAR-10, convolutional",
        "Animals or vehicles in photographs, by four convolutions: a linear classifier only begins to solve it.",
        Complexity(
            dataset="cifar_animals",
            n_train=8192,
            network="cnn",
            depth=4,
            width=512,
            seeds=(0, 1),
            learning_rate=0.01,
            step_limit=8_000,
        ),
    ),
    "complexity/cifar10_fitted": Preset(
        "CIFAR-10, to zero training error",
        "The same convolutional networks three times as fast and for 12,000 steps: they fit every photograph, and keep "
        "far more of what the linear classifier knew than an unrelated classifier would.",
        Complexity(
            dataset="cifar_animals",
            n_train=8192,
            network="cnn",
            depth=4,
            width=512,
            seeds=(0, 1),
            learning_rate=0.03,
            step_limit=12_000,
        ),
    ),
    "complexity/xor": Preset(
        "XOR",
        "The control: no linear classifier is better than chance, so nothing that the network learns is explained.",
        Complexity(dataset="xor", n_train=1000, learning_rate=0.1, step_limit=5_000, seeds=(0, 1, 2)),
    ),
    "complexity/noisy_digits": Preset(
        "Digits, a fifth of the labels wrong",
        "Where it breaks: trained until every wrong label fits, the network forgets much of the linear classifier.",
        Complexity(label_noise=0.2, learning_rate=0.05, step_limit=20_000),
    ),
    "complexity/few": Preset(
        "Disc, few samples",
        "Where it breaks, too: 500 points with wrong labels among them, three layers, a long training.",
        Complexity(
            dataset="sinusoidal_disc",
            n_train=500,
            depth=3,
            learning_rate=0.1,
            step_limit=40_000,
            seeds=(0, 1, 2),
        ),
    ),
    "complexity/digits_ten": Preset(
        "Digits, ten classes",
        "Which digit is it? Ten outputs and softmax cross-entropy. The linear classifier is right on 96 % of them, so "
        "an unrelated one would explain as much of the early gain; what is retained in the end is more than that.",
        Complexity(dataset="digits_ten", learning_rate=0.02, seeds=(0, 1, 2)),
    ),
    "complexity/mnist_ten": Preset(
        "MNIST, ten classes",
        "Real MNIST, all ten digits, by two hidden layers of 256.",
        Complexity(dataset="mnist_ten", n_train=8192, width=256, seeds=(0, 1, 2), learning_rate=0.01),
    ),
    "complexity/cifar_ten": Preset(
        "CIFAR-10, ten classes",
        "All ten classes of photographs, by four convolutions of 16 filters: a linear classifier explains more of the "
        "early gain than an unrelated one would, but far from all of it.",
        Complexity(
            dataset="cifar_ten",
            n_train=4096,
            network="cnn",
            depth=4,
            filters=16,
            width=128,
            seeds=(0, 1),
            learning_rate=0.03,
            step_limit=4_000,
        ),
    ),
    "complexity/csv": Preset(
        "Your own table",
        "A CSV file of two classes: --set path=FILE, or --csv FILE.",
        Complexity(dataset="csv", csv_digest=NO_TABLE, n_train=64, learning_rate=0.05),
        shipped=False,
    ),
}
