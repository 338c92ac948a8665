"""Named experiments: where a visit begins, what ships in `cache/`, and what the command line trains by name."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from core.datasets import CATALOGUE
from core.experiments import Experiment, Explorer, log2_grid


@dataclass(frozen=True)
class Preset:
    """An experiment with a name people can say, and what to look at in it."""

    title: str
    sentence: str
    experiment: Experiment
    shipped: bool = False


PRESETS: Mapping[str, Preset] = {
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


def settings_text(value: object) -> str:
    """Return a field's value as `--set FIELD=...` takes it."""
    return ",".join(repr(part) for part in value) if isinstance(value, tuple) else str(value)


def with_table(experiment: Experiment, csv_digest: str) -> Experiment:
    """Return `experiment` on a person's own table, with few training points until they say how many."""
    return replace(experiment, dataset="csv", csv_digest=csv_digest, n_train=min(experiment.n_train, 64))


def command_line(experiment: Experiment) -> str:
    """Return the shortest `python -m core train` line that trains `experiment`.

    FILE and DIR stand for what only the reader knows: where their table, or the official data files, lie.
    """
    own = experiment.dataset == "csv"

    def differences(preset: Preset) -> list[str]:
        base = with_table(preset.experiment, experiment.csv_digest) if own else preset.experiment
        changed = [f.name for f in fields(experiment) if getattr(experiment, f.name) != getattr(base, f.name)]
        return [f"--set {shlex.quote(f'{name}={settings_text(getattr(experiment, name))}')}" for name in changed]

    name, changes = min(
        ((name, differences(preset)) for name, preset in PRESETS.items()), key=lambda found: len(" ".join(found[1]))
    )
    files = ["--csv FILE"] if own else ["--data-dir DIR"] if CATALOGUE[experiment.dataset].files else []
    return " ".join(["python -m core train", name, *changes, *files, "--out results"])
