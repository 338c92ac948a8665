"""Presets of the Learning rate page: the edge of stability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.studies.edge.experiment import Edge
from core.study import Preset

DIGITS = Edge(task="digits", n=500, widths=(50, 50), rates=(0.1, 0.2, 0.3, 0.4), every=50, step_limit=3000)

PRESETS: Mapping[str, Preset[Edge]] = {
    "learning_rate/edge": Preset(
        "A Chebyshev polynomial",
        "T₄ on 20 points at six learning rates. The sharpness rises to 2/η and stays there; at η = 0.05 it does not "
        "get there.",
        Edge(),
    ),
    "learning_rate/edge_cubic": Preset(
        "An easier target",
        "T₃: does the sharpness end at 2/η as well?",
        Edge(degree=3),
    ),
    "learning_rate/edge_digits": Preset(
        "Digits",
        "Ten outputs at four learning rates: do those that start above 2/η come to the same place?",
        DIGITS,
    ),
    "learning_rate/edge_sgd": Preset(
        "Minibatches",
        "Digits at one learning rate, in batches from 2 points to all: where does SGD stay?",
        replace(DIGITS, rates=(0.1,), batch_sizes=(2, 4, 8, 16, 32, 64, 128, 500)),
    ),
}
