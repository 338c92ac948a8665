"""Presets of the Kinks page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.studies.directions.experiment import Directions
from core.studies.kinks.experiment import Kinks
from core.study import Preset


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


PRESETS: Mapping[str, Preset[Directions]] = {
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
