"""Neurons dropped on the map of fates: where they began, what becomes of them, and where they are by theory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from core.figure.figure import Rows, expr, moving
from core.figure.marks import dot, marks_of, rimmed
from core.figure.palette import INK, PAPER
from core.figure.rows import Floats, records, rounded
from core.studies.basin.charts.plane import colour
from core.studies.basin.theory import FATES, fate


@dataclass(frozen=True, eq=False)
class Drop:
    """A neuron that was dropped, and its motion under each loss, (frame,)."""

    z: float
    y: float
    text: str
    moves: dict[str, tuple[Floats, Floats]]  # loss: z, y
    track: tuple[Floats, Floats]  # z, y, (point,): the whole way


def drop_layers(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the dropped neurons: where they began, what becomes of them, and where they are."""
    track = marks_of("tracks").mark_line(strokeWidth=2.2, clip=True)
    start = marks_of("drops").mark_point(size=150, strokeWidth=2, stroke=INK, fill=PAPER, fillOpacity=0.35, opacity=1)
    now = marks_of("moving").transform_calculate(z=moving("vz"), y=moving("vy"))
    look: dict[str, Any] = {"size": 85, "strokeWidth": 1.8, "opacity": 1, "clip": True}
    hollow = now.transform_filter("!datum.trained").mark_point(fill=PAPER, **look)
    label = marks_of("labels").encode(x=x, y=y, text="text:N")
    hue = colour()
    return [
        track.encode(x=x, y=y, color=hue, detail="drop:N", order="order:Q"),
        start.encode(x=x, y=y),
        hollow.encode(x=x, y=y, stroke=alt.Stroke("fate:N", scale=hue["scale"], legend=None)),
        dot(now.transform_filter("datum.trained"), **look).encode(x=x, y=y, color=hue),
        *rimmed(label, align=expr("datum.align"), fontSize=11.5, fontWeight=600, dy=-13),
    ]


def drop_tables(drops: Sequence[Drop], loss: str) -> dict[str, Rows]:
    """Return the tables of `drop_layers`; `loss` is the one trained with: the other's neurons are hollow."""
    return {
        "tracks": _track_rows(drops),
        "drops": [{"z": drop.z, "y": drop.y} for drop in drops],
        "labels": [_label_row(drop) for drop in drops],
        "moving": _moving_rows(drops, loss),
    }


def _label_row(drop: Drop) -> dict[str, Any]:
    align = "left" if drop.z < -0.8 else "right" if drop.z > 0.8 else "center"
    return {"z": drop.z, "y": drop.y, "text": drop.text, "align": align}


def _named(drop: Drop) -> str:
    return FATES[int(fate(drop.z, drop.y))]


def _track_rows(drops: Sequence[Drop]) -> Rows:
    rows: list[dict[str, Any]] = []
    for number, drop in enumerate(drops):
        z, y = (rounded(place, 4) for place in drop.track)
        places = records({"order": range(len(z)), "z": z, "y": y})
        rows += [{"drop": number, "fate": _named(drop), **place} for place in places]
    return rows


def _moving_rows(drops: Sequence[Drop], loss: str) -> Rows:
    return [
        {"fate": _named(drop), "loss": name, "trained": name == loss, "vz": rounded(z, 4), "vy": rounded(y, 4)}
        for drop in drops
        for name, (z, y) in drop.moves.items()
    ]
