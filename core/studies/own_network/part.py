"""Your own network: the Complexity page's part for trainings that were recorded elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from core.comparison.scene import picked, table_of
from core.part import Drawn, Part, Rows
from core.studies.own_network.presets import PRESETS
from core.studies.own_network.scene import scene
from core.studies.own_network.view import OwnNetworkView

INTRODUCTION = (
    "The same measures for your own training run. Record it in five lines with `core.record.Recorder`, or bring "
    "predictions that you logged, and open the file on the left."
)


def _tables(view: OwnNetworkView, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    shown = drawn[0]
    assert shown is not None
    found: dict[str, tuple[str, Rows]] = {}
    if shown.trajectory["kink"].size:
        found["kinks"] = ("Where first-layer units switch on the data line.", partial(shown.table, "kinks"))
    return found | table_of(view, shown)


PART = Part(
    view=OwnNetworkView,
    title="Your network",
    key="o",
    introduction=INTRODUCTION,
    presets=PRESETS,
    sections=("Your network", "Explainer"),
    scene=scene,
    trainings=lambda view: {"These explainers": view.experiment},
    tables={
        "information": "Information and accuracy, one row an explainer and step.",
        "explainers": "How good each explainer is and what it explains.",
        "four_cells": "Who is right on how many test points, one row an explainer and step.",
        "examples": "When each test point is learned, one row an explainer and point.",
        "recording": "Losses, weight change and margins, one row a step.",
    },
    more_tables=_tables,
    picked=picked,
)
