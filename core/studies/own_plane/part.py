"""Your runs: a part of the Phase plane page for networks that were trained elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Drawn, Part, Rows, late
from core.studies.own_plane.presets import PRESETS
from core.studies.own_plane.tables import named
from core.studies.own_plane.view import OwnPlaneView, picked

INTRODUCTION = (
    "The same plane of networks that you have trained: open a table with a row a run, two settings to span the plane, "
    "and what you measured. With a column `step`, a row is a run at one of its steps."
)


def _tables(view: OwnPlaneView, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    from core.studies.own_plane.scene import Chosen

    shown = drawn[0]
    assert shown is not None
    here = Chosen(view, shown)
    found: dict[str, tuple[str, Rows]] = {
        "plane": ("One row a cell of the plane on screen.", lambda: named(here.plane, here.columns)),
        "fit": ("The power law through the chosen cell.", lambda: here.fit),
    }
    if shown.trajectory.is_long:
        found["curves"] = ("The chosen cell over its steps.", lambda: here.curves)
    return found


PART = Part(
    view=OwnPlaneView,
    title="Your runs",
    key="r",
    introduction=INTRODUCTION,
    presets=PRESETS,
    sections=("Your runs",),
    scene=late("core.studies.own_plane.scene"),
    trainings=lambda view: {"This table": view.experiment},
    tables={
        "runs": "The table as it was read, one row a run (and step).",
        "cells": "One row a cell and value, over the axes that the table came with.",
    },
    more_tables=_tables,
    picked=picked,
)
