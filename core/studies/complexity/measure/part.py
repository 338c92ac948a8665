"""What mu_Y measures: a reader sets accuracies and how far errors coincide, and sees every number follow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from core.part import Drawn, Part, Rows
from core.studies.complexity.measure.scene import scene, tables
from core.studies.complexity.measure.view import MeasureView

INTRODUCTION = (
    "F is the network, L a simpler classifier, Y the label; all three are hard labels of the same test points. "
    "**μ_Y(F;L) = I(F;Y) − I(F;Y|L)**, in bits: of what F tells about Y, the part that L tells, too. It depends on "
    "nothing but the eight cells below: neither on weights nor on how sure a classifier is."
)
TABLES = {
    "measure": "The numbers on screen: one row.",
    "overlap": "The curve: one row a share of points that both get wrong.",
    "cells": "The eight cells of the table.",
}


def _tables(view: MeasureView, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    def rows(name: str) -> pd.DataFrame:
        return tables(view)[name]

    return {name: (text, partial(rows, name)) for name, text in TABLES.items()}


def _picked(view: MeasureView, pick: Mapping[str, Any]) -> MeasureView:
    """Go to the place on the curve that was clicked."""
    return view.changed({"place": float(pick["fields"]["place"])})


PART = Part(
    view=MeasureView,
    title="What μ measures",
    key="m",
    introduction=INTRODUCTION,
    sections=("Two classifiers", "Test set"),
    scene=scene,
    trainings=lambda view: {},
    ready=lambda view, drawn: True,
    more_tables=_tables,
    picked=_picked,
)
