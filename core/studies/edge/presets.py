"""Presets of the Learning rate page: the edge of stability."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.edge.experiment import Edge
from core.study import Preset

PRESETS: Mapping[str, Preset[Edge]] = {
    "learning_rate/edge": Preset(
        "A Chebyshev polynomial",
        "T₄ on 20 points at six learning rates. The sharpness rises to 2/η and stays there; at η = 0.05 it does not "
        "get there.",
        Edge(),
        shipped=True,
    ),
    "learning_rate/edge_cubic": Preset(
        "An easier target",
        "T₃: does the sharpness end at 2/η as well?",
        Edge(degree=3),
        shipped=True,
    ),
}
