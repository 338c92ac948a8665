"""Presets of the Kinks page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

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

PRESETS: Mapping[str, Preset[Kinks]] = {
    "kinks/zig5": Preset(
        "Zigzag",
        "Five points, 512 units: their kinks gather at the three inner points, as they do from about 100 units on.",
        Kinks(),
    ),
    "kinks/zig5_lazy": Preset(
        "Zigzag, lazy",
        "The same points from a large initialization, units in pairs that cancel: the kinks stay where they began.",
        Kinks(sigma=30, paired=True),
    ),
    "kinks/wu5": Preset(
        "Three plateaus",
        "The points of Wu, Simsek, Ged's repository: the loss waits on plateaus, and one kink stays off the data.",
        _WU,
    ),
    "kinks/bf3": Preset(
        "Stuck for good",
        "Boursier and Flammarion's three points: 512 units end at the least-squares line, as no active one has a "
        "direction in which the loss could fall.",
        Kinks(x=(-0.75, -0.5, 0.125), y=(1.1, 0.1, 0.8)),
    ),
    "kinks/abs5": Preset(
        "Absolute value",
        "Five points of |x|: one kink is enough.",
        _even((1, 0.5, 0, 0.5, 1), sigma=0.1),
    ),
    "kinks/stewart40": Preset(
        "Forty points",
        "Forty points on a broken line of eight pieces: a few kinks suffice for all of them.",
        _stewart(),
    ),
    "kinks/smooth": Preset(
        "A sine",
        "Eight points of a smooth target: kinks settle between the data.",
        _even(np.round(np.sin(np.pi * np.linspace(-1, 1, 8)), 4).tolist()),
    ),
    "kinks/smooth_lazy": Preset(
        "A sine, lazy",
        "The same eight points from a large initialization: a smooth curve of hundreds of kinks.",
        _even(np.round(np.sin(np.pi * np.linspace(-1, 1, 8)), 4).tolist(), sigma=30, paired=True),
    ),
    "kinks/classes": Preset(
        "Two classes",
        "Logistic loss on labels -1 and 1: directions align the same way, and then the function grows without bound.",
        _even((-1, 1, 1, -1, -1, 1), loss="logistic"),
    ),
    "kinks/seeds": Preset(
        "64 seeds",
        "The three plateaus from 64 initializations at a smaller scale: which of a few functions comes out?",
        replace(_WU, sigma=1e-3, seeds=64),
    ),
}
