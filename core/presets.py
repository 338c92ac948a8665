"""Named experiments: where a visit begins, what ships in `cache/`, and what the command line trains by name."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

import numpy as np

from core.datasets import CATALOGUE
from core.experiments import (
    Complexity,
    Directions,
    Experiment,
    Explorer,
    Kinks,
    LinearModel,
    Perceptron,
    PhasePlane,
    log2_grid,
)

Kind = TypeVar("Kind", bound=Experiment, covariant=True)


@dataclass(frozen=True)
class Preset(Generic[Kind]):
    """An experiment with a name people can say, and what to look at in it."""

    title: str
    sentence: str
    experiment: Kind
    shipped: bool = False


EXPLORER: Mapping[str, Preset[Explorer]] = {
    "explorer/digits": Preset(
        "Digits",
        "Even against odd handwritten digits: noise helps where features are learned; the lazy corner keeps its kinks.",
        Explorer(),
        shipped=True,
    ),
    "explorer/moons": Preset(
        "Two moons",
        "Two inputs and a bias: a linear classifier explains the first steps, and then less and less.",
        Explorer(dataset="two_moons", n_train=128, step_limit=50_000),
        shipped=True,
    ),
    "explorer/mnist": Preset(
        "MNIST",
        "Parity of real MNIST digits, 1,024 of them, one hidden layer of 64.",
        Explorer(dataset="mnist_parity", n_train=1024),
        shipped=True,
    ),
    "explorer/cifar": Preset(
        "CIFAR-10",
        "Animals against vehicles: a linear classifier gets four in five right, and 64 units add little.",
        Explorer(dataset="cifar_animals", n_train=1024),
        shipped=True,
    ),
    "explorer/disc": Preset(
        "Sinusoidal disc",
        "A curved border in the plane with one training label in ten flipped.",
        Explorer(dataset="sinusoidal_disc", n_train=256),
    ),
    "explorer/sinusoid": Preset(
        "Sinusoid in 20 dimensions",
        "A linear part and a sine: the plateau between learning the one and learning the other.",
        Explorer(dataset="sinusoid", n_train=2048, width=128),
    ),
    "explorer/digits_deep": Preset(
        "Digits, three layers",
        "The same digits with three hidden layers: the largest temperature now bends with alpha.",
        Explorer(depth=3, activation="gelu"),
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
    ),
}


def _stewart() -> Kinks:
    """Return 40 points, x ~ U(-1, 1), on the broken line of `early_alignment`, whose script fixes no seed."""
    knots = (-1, -0.7, -0.55, -0.4, 0, 0.5, 0.6, 0.7, 1)
    x = np.round(np.random.default_rng(1).uniform(-1, 1, 40), 3)
    y = np.round(np.interp(x, knots, (0, 0.7, 0.5, 1, 0, 1, 0.6, 0.7, 0)), 3)
    return Kinks(x=tuple(x.tolist()), y=tuple(y.tolist()), sigma=1e-2, step_limit=40_000)


def _even(y: Sequence[float], **others: Any) -> Kinks:
    """Return points at even x from -1 to 1."""
    x = np.round(np.linspace(-1, 1, len(y)), 4)
    return Kinks(x=tuple(x.tolist()), y=tuple(y), **others)


_WU = Kinks(x=(-1, -0.6, -0.1, 0.3, 0.7), y=(0.28, -0.1, 0.03, 0.23, -0.22), sigma=1e-2)

KINKS: Mapping[str, Preset[Kinks]] = {
    "kinks/zig5": Preset(
        "Zigzag",
        "Five points, 512 units: their kinks gather at the three inner points, at any width.",
        Kinks(),
        shipped=True,
    ),
    "kinks/zig5_lazy": Preset(
        "Zigzag, lazy",
        "The same points from a large start, units in pairs that cancel: the kinks stay where they began.",
        Kinks(sigma=30, paired=True),
        shipped=True,
    ),
    "kinks/wu5": Preset(
        "Three plateaus",
        "The points of Wu, Simsek, Ged's repository: the loss waits on plateaus, and one kink stays off the data.",
        _WU,
        shipped=True,
    ),
    "kinks/bf3": Preset(
        "Stuck for good",
        "Boursier and Flammarion's three points: 512 units end at the least-squares line, for none is left where the "
        "loss could fall.",
        Kinks(x=(-0.75, -0.5, 0.125), y=(1.1, 0.1, 0.8)),
        shipped=True,
    ),
    "kinks/abs5": Preset(
        "Absolute value",
        "Five points of |x|: one kink is enough.",
        _even((1, 0.5, 0, 0.5, 1), sigma=0.1),
        shipped=True,
    ),
    "kinks/stewart40": Preset(
        "Forty points",
        "Forty points on a broken line of eight pieces: a few kinks do for all of them.",
        _stewart(),
        shipped=True,
    ),
    "kinks/smooth": Preset(
        "A sine",
        "Eight points of a smooth target: kinks settle between the data.",
        _even(np.round(np.sin(np.pi * np.linspace(-1, 1, 8)), 4).tolist()),
        shipped=True,
    ),
    "kinks/smooth_lazy": Preset(
        "A sine, lazy",
        "The same eight points from a large start: a smooth curve of hundreds of kinks.",
        _even(np.round(np.sin(np.pi * np.linspace(-1, 1, 8)), 4).tolist(), sigma=30, paired=True),
        shipped=True,
    ),
    "kinks/classes": Preset(
        "Two classes",
        "The logistic loss on labels -1 and 1: directions align just so, and then the function grows without end.",
        _even((-1, 1, 1, -1, -1, 1), loss="logistic"),
        shipped=True,
    ),
    "kinks/seeds": Preset(
        "64 seeds",
        "The three plateaus from 64 initialisations at a smaller start: which of a few functions comes out?",
        replace(_WU, sigma=1e-3, seeds=64),
        shipped=True,
    ),
}

DIRECTIONS: Mapping[str, Preset[Directions]] = {
    "kinks/moons": Preset(
        "Two moons",
        "Two inputs: a unit's kink is a line in the plane. Hundreds of lines turn to two, and a few do for the fit.",
        Directions(dataset="two_moons", n_train=(60,), seeds=(0,), loss="logistic", sigma=1e-2, target_loss=0.02),
        shipped=True,
    ),
    "kinks/digits_count": Preset(
        "Digits: directions against data",
        "How many directions fit 20 to 640 small digits to the same loss, and does their number grow sub-linearly?",
        Directions(),
        shipped=True,
    ),
    "kinks/digits_count_lazy": Preset(
        "Digits, lazy",
        "The same digits from a large start: directions stay where they began, one a unit, however many the digits.",
        Directions(sigma=30.0, paired=True),
    ),
    "kinks/mnist_count": Preset(
        "MNIST: directions against data",
        "The same count on real MNIST: two directions do for 128 digits, and fifty are in use at 1,024.",
        Directions(dataset="mnist_parity", n_train=(32, 64, 128, 256, 512, 1024)),
        shipped=True,
    ),
}

THEOREM: Mapping[str, Preset[LinearModel]] = {
    "complexity/theorem": Preset(
        "Overfitting that forgets nothing",
        "Twenty times as many dimensions as samples: SGD from the simple classifier fits every wrong label and stays "
        "right on new data.",
        LinearModel(),
    ),
    "complexity/theorem_few": Preset(
        "Hardly more dimensions than samples",
        "Half as many dimensions again as samples: fitting the wrong labels costs an eighth of the accuracy.",
        LinearModel(d_over_n=1.5, step_limit=20_000),
    ),
    "complexity/theorem_noise": Preset(
        "Three labels in ten wrong",
        "The same with more wrong labels to fit: the simple classifier still stays.",
        LinearModel(eta=0.3),
    ),
}

NO_TABLE = "0" * 64
"""Stands for the table that a person brings."""

COMPLEXITY: Mapping[str, Preset[Complexity]] = {
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
        shipped=True,
    ),
    "complexity/disc": Preset(
        "Disc",
        "A curved border in the plane, one training label in ten wrong: watch it begin straight.",
        Complexity(dataset="sinusoidal_disc", n_train=2000, learning_rate=0.05, step_limit=20_000, seeds=(0, 1, 2)),
        shipped=True,
    ),
    "complexity/digits": Preset(
        "Digits",
        "Small digits, 0 to 4 against 5 to 9: nearly all of the early gain is a linear classifier's.",
        Complexity(learning_rate=0.005),
        shipped=True,
    ),
    "complexity/mnist": Preset(
        "MNIST",
        "Real MNIST, 0 to 4 against 5 to 9, by two hidden layers of 256.",
        Complexity(dataset="mnist_halves", n_train=8192, width=256, seeds=(0, 1, 2), learning_rate=0.002),
        shipped=True,
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
        shipped=True,
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
        shipped=True,
    ),
    "complexity/xor": Preset(
        "XOR",
        "The control: no linear classifier is better than chance, so nothing that the network learns is explained.",
        Complexity(dataset="xor", n_train=1000, learning_rate=0.1, step_limit=5_000, seeds=(0, 1, 2)),
        shipped=True,
    ),
    "complexity/noisy_digits": Preset(
        "Digits, a fifth of the labels wrong",
        "Where it breaks: trained until every wrong label fits, the network forgets much of the linear classifier.",
        Complexity(label_noise=0.2, learning_rate=0.05, step_limit=20_000),
        shipped=True,
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
        shipped=True,
    ),
    "complexity/csv": Preset(
        "Your own table",
        "A CSV file of two classes: --set path=FILE, or --csv FILE.",
        Complexity(dataset="csv", csv_digest=NO_TABLE, n_train=64, learning_rate=0.05),
    ),
}

PERCEPTRON: Mapping[str, Preset[Perceptron]] = {
    "phase_plane/batch_learning_rate": Preset(
        "Batch size and learning rate",
        "Where noise decides, where the first step does, and where neither: 12 x 12 perceptrons, exactly.",
        Perceptron(
            batch_size=tuple(2**power for power in range(12)),
            learning_rates=log2_grid(-5, 6, 12),
            seeds=(0, 1, 2, 3, 4),
        ),
        shipped=True,
    ),
    "phase_plane/perceptron": Preset(
        "Power laws of the training set",
        "Three densities of points at the border: how the signal, the time to fit and the temperature where noise "
        "begins to matter grow with the training set, beside theory.",
        Perceptron(
            chi=(0.0, 1.0, 3.0),
            n_train=(256, 512, 1024, 2048, 4096),
            full_batch=True,
            learning_rates=log2_grid(-8, 10, 10),
            seeds=(0, 1, 2, 3, 4),
        ),
        shipped=True,
    ),
}

PHASE_PLANE: Mapping[str, Preset[PhasePlane]] = {
    "phase_plane/digits": Preset(
        "Digits",
        "Small digits, three layers, five seeds: where lowering alpha and raising the temperature both leave the lazy "
        "regime, and what each does to the error.",
        PhasePlane(),
        shipped=True,
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
            step_limit=20_000,
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
            temperatures=log2_grid(-9, -1, 5),
            seeds=(0, 1, 2),
            step_limit=6_000,
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
        shipped=True,
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
    "phase_plane/digits_depth": Preset(
        "Digits, the largest temperature",
        "A fine grid of small alphas at three layers: the largest temperature that fits falls as alpha^(1/2).",
        PhasePlane(
            alphas=log2_grid(-10, 8, 10),
            temperatures=log2_grid(-10, 1, 23),
            seeds=(0, 1, 2),
        ),
    ),
}

PRESETS: Mapping[str, Preset[Experiment]] = {
    **EXPLORER,
    **KINKS,
    **DIRECTIONS,
    **COMPLEXITY,
    **THEOREM,
    **PHASE_PLANE,
    **PERCEPTRON,
}


def settings_text(value: object) -> str:
    """Return a field's value as `--set FIELD=...` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(repr(part) for part in value) if isinstance(value, tuple) else str(value)


Tabular = TypeVar("Tabular", bound=Explorer | Complexity)


def with_table(experiment: Tabular, csv_digest: str) -> Tabular:
    """Return `experiment` on a person's own table, with few training points until they say how many."""
    few = min(experiment.n_train, 64)
    changes: dict[str, Any] = {"n_train": few, "batch_size": min(experiment.batch_size, few)}
    if isinstance(experiment, Complexity) and experiment.network == "cnn":
        changes |= {"network": "mlp", "depth": 2, "width": 128}  # a table has no images
    return replace(experiment, dataset="csv", csv_digest=csv_digest, **changes)


def command_line(experiment: Experiment) -> str:
    """Return the shortest `python -m core train` line that trains `experiment`.

    FILE and DIR stand for what only the reader knows: where their table, or the official data files, lie.
    """
    own = isinstance(experiment, Explorer | Complexity) and experiment.dataset == "csv"

    def differences(base: Experiment) -> list[str]:
        if own and isinstance(experiment, Explorer | Complexity) and isinstance(base, Explorer | Complexity):
            base = with_table(base, experiment.csv_digest)
        changed = [f.name for f in fields(experiment) if getattr(experiment, f.name) != getattr(base, f.name)]
        return [f"--set {shlex.quote(f'{name}={settings_text(getattr(experiment, name))}')}" for name in changed]

    found = {
        name: differences(preset.experiment)
        for name, preset in PRESETS.items()
        if preset.experiment.study == experiment.study
    }
    name = min(found, key=lambda name: len(" ".join(found[name])))
    files = ["--csv FILE"] if own else []
    if not isinstance(experiment, Kinks | LinearModel | Perceptron) and CATALOGUE[experiment.dataset].files:
        files = ["--data-dir DIR"]
    return " ".join(["python -m core train", name, *found[name], *files, "--out results"])
