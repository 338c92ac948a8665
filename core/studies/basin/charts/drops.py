"""Neurons dropped on the map of fates: where they began, what becomes of them, and where they are by theory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from core.figure.figure import INK, PAPER, Rows, expr, moving
from core.studies.basin.charts.plane import HALO, Floats, colour, motion
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
    track = alt.Chart(alt.NamedData("tracks")).mark_line(strokeWidth=2.2, clip=True)
    start = alt.Chart(alt.NamedData("drops")).mark_point(
        size=150, strokeWidth=2, stroke=expr(INK), fill=expr(PAPER), fillOpacity=0.35, opacity=1
    )
    now = alt.Chart(alt.NamedData("moving")).transform_calculate(z=moving("vz"), y=moving("vy"))
    dot: dict[str, Any] = {"size": 85, "strokeWidth": 1.8, "opacity": 1, "clip": True}
    hollow = now.transform_filter("!datum.trained").mark_point(fill=expr(PAPER), **dot)
    filled = now.transform_filter("datum.trained").mark_point(**dot)
    label = alt.Chart(alt.NamedData("labels"))
    style: dict[str, Any] = {"fontSize": 11.5, "fontWeight": 600, "color": expr(INK), "dy": -13}
    said = [
        label.transform_filter(f"datum.align == '{align}'")
        .mark_text(align=align, **style, **halo)
        .encode(x=x, y=y, text="text:N")
        for align in ("left", "center", "right")
        for halo in (HALO, {})
    ]
    hue = colour()
    rim = alt.Stroke("fate:N", scale=hue["scale"], legend=None)
    return [
        track.encode(x=x, y=y, color=hue, detail="drop:N", order="order:Q"),
        start.encode(x=x, y=y),
        hollow.encode(x=x, y=y, stroke=rim),
        filled.encode(
            x=x, y=y, fill=alt.Fill("fate:N", scale=hue["scale"], legend=None), stroke=alt.value(expr(PAPER))
        ),
        *said,
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
    rows = []
    for number, drop in enumerate(drops):
        z, y = drop.track
        for order, (here, height) in enumerate(zip(z.tolist(), y.tolist(), strict=True)):
            rows.append(
                {"drop": number, "order": order, "z": round(here, 4), "y": round(height, 4), "fate": _named(drop)}
            )
    return rows


def _moving_rows(drops: Sequence[Drop], loss: str) -> Rows:
    rows = []
    for drop in drops:
        for name, (z, y) in drop.moves.items():
            vz, vy = motion(np.stack([z, y]))
            rows.append({"fate": _named(drop), "loss": name, "trained": name == loss, "vz": vz, "vy": vy})
    return rows
