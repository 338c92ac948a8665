"""The map of fates over a neuron's initial weights, and neurons dropped on it, on their way by theory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import marks_of
from core.figure.palette import INK, MUTED
from core.figure.rows import Floats, records, rounded, short
from core.studies.basin.charts.drops import Drop, drop_layers, drop_tables
from core.studies.basin.charts.plane import (
    FAILS,
    LEARNS,
    NAMED,
    STRENGTH,
    axes,
    boundary,
    ground_rows,
    picture,
    pixels,
    words,
)
from core.studies.basin.experiment import EDGE
from core.studies.basin.theory import DEAD, fate

HEIGHT = 430
PIXELS = 801
SOON, LATE = 0.5, 50.0
"""R t at which the map of times is most and least opaque."""
KEY = 5
"""Times in the key of their opacity."""
MOST_MARKS = 500
"""So many are drawn, evenly chosen, of starts that training has not decided or decided otherwise."""


def figure(ground: Rows, cells: pd.DataFrame, drops: Sequence[Drop], loss: str, marks: pd.DataFrame | None) -> Figure:
    """Return the figure.

    Args:
        ground: of `fates` or `times`.
        cells: z, y, fate, cross_entropy, hinge: what a place says under the pointer; times, NaN for the dead.
        drops: what was dropped.
        loss: the one trained with; the other's neurons are hollow.
        marks: z, y, outcome, mismatch: starts that training has not decided, or decided otherwise; None: untrained.
    """
    tables: dict[str, Rows] = {
        "ground": ground,
        "words": WORDS,
        "flow": _flow_rows(),
        "cells": _cell_rows(cells),
        "marks": _mark_rows(marks),
        **drop_tables(drops, loss),
    }
    return Figure.of(chart(), tables)


WORDS: Rows = [
    {"z": 0.75, "y": 1.38, "text": "learns"},
    {"z": -1.25, "y": 0.1, "text": "will die"},
    {"z": 0, "y": -0.75, "text": "inactive: no point activates it"},
]


def fates() -> Rows:
    """Return the picture of the fates."""
    return ground_rows(pixels_of(fate(*grid(PIXELS))))


def pixels_of(codes: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Return the picture of fates (row, column) by y, then z."""
    return pixels(codes, np.array(STRENGTH)[codes])


def times(time: Floats, codes: Any, rate: float) -> Rows:
    """Return the picture of the times to learn or to die, (row, column) by y, then z: the sooner the stronger."""
    with np.errstate(divide="ignore", invalid="ignore"):
        late = np.log(np.maximum(rate * time, SOON) / SOON) / np.log(LATE / SOON)
    strength = np.where(codes == DEAD, STRENGTH[DEAD], _strength(np.nan_to_num(late, posinf=1)))
    ground = dict(ground_rows(pixels(codes, strength))[0])
    shown = np.geomspace(SOON, LATE, KEY)
    times = [f"{short(t, 2):g}" for t in shown / rate]
    said = [f"t ≤ {times[0]}", *times[1:-1], f"≥ {times[-1]}"]
    return [ground | {"alpha": rounded(_strength(np.linspace(0, 1, KEY)), 3), "said": said}]


def _strength(late: Floats) -> Floats:
    """Return how opaque a time is, from 0 for the soonest to 1 for the latest."""
    return np.asarray(0.08 + 0.77 * np.clip(1 - late, 0, 1))


def grid(size: int) -> tuple[Floats, Floats]:
    """Return z and y of a picture's places, (row, column) by y, then z."""
    edge = np.linspace(-EDGE, EDGE, size)
    y, z = np.meshgrid(edge, edge, indexing="ij")
    return z, y


@specification(height=HEIGHT)
def chart() -> Chart:
    """Return the chart, the same for every experiment; scales named x and y."""
    x, y = axes()
    layers = [
        picture(x, y),
        boundary(x, y),
        *_flow(x, y),
        *words(x, y),
        _marks(x, y),
        *drop_layers(x, y),
        _cells(x, y),
        *_key(),
    ]
    return alt.layer(*layers)


def _flow(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return hyperbolas y^2 - z^2 = C with their directions."""
    flow = marks_of("flow")
    line = flow.mark_line(color=INK, opacity=0.28, strokeWidth=1, clip=True)
    head = flow.transform_filter("isValid(datum.angle)").mark_point(
        shape="triangle", size=42, filled=True, color=INK, opacity=0.45
    )
    scale = alt.Scale(domain=[0, 360], range=[0, 360])
    return [
        line.encode(x=x, y=y, detail="curve:N", order="order:Q"),
        head.encode(x=x, y=y, angle=alt.Angle("angle:Q", scale=scale)),
    ]


def _key() -> list[alt.Chart]:
    """Return the key of the map of times, above the plane; the map of fates needs none."""
    rows = marks_of("ground").transform_filter("datum.alpha").transform_flatten(["alpha", "said"])
    rows = rows.transform_window(place="row_number()")
    rows = rows.transform_calculate(at=f"(datum.place - 1) * width / {KEY}")
    swatch: dict[str, Any] = {"filled": True, "shape": "square", "size": 130, "xOffset": 7, "stroke": MUTED}
    at = alt.X("at:Q", scale=None)
    opacity = alt.Opacity("alpha:Q", scale=None)
    marks = rows.mark_point(**swatch, strokeWidth=0.5)
    words = rows.mark_text(fontSize=10.5, align="left", baseline="middle", color=INK, dx=17)
    return [
        marks.encode(x=at, y=alt.value(-11), color=alt.value(LEARNS), opacity=opacity),
        words.encode(x=at, y=alt.value(-11), text="said:N"),
    ]


def _marks(x: alt.X, y: alt.Y) -> alt.Chart:
    """Return starts that training has not decided (hollow), or decided otherwise than theory (filled)."""
    marks = marks_of("marks").mark_point(size=13, strokeWidth=0.8, opacity=0.8, stroke=INK)
    fill = alt.condition("datum.wrong", alt.value(FAILS), alt.value("transparent"))
    chart: alt.Chart = marks.encode(x=x, y=y, fill=fill)
    return chart


def _cells(x: alt.X, y: alt.Y) -> alt.Chart:
    """Return places that say what becomes of a neuron there; a click drops one."""
    pick = alt.selection_point(name="place", fields=["z", "y"], on="click", toggle=False, clear=False)
    fixed = "format(datum.a, '.3~g')"
    said = (
        f"{NAMED}[datum.fate] + (datum.fate == 'dead' ? ': nothing moves' : "
        "datum.fate == 'border' ? ': never decided' : "
        f"': at t = ' + {fixed} + ' (cross-entropy), ' + format(datum.b, '.3~g') + ' (hinge)')"
    )
    square = {"left": "datum.z - datum.d", "right": "datum.z + datum.d"}
    square |= {"low": "datum.y - datum.d", "high": "datum.y + datum.d"}
    places = (
        marks_of("cells").transform_calculate(**square, said=said).mark_rect(opacity=0, cursor="pointer", clip=True)
    )
    cells: alt.Chart = places.encode(
        x=alt.X("left:Q", scale=x["scale"], title=x["title"]),
        x2="right:Q",
        y=alt.Y("low:Q", scale=y["scale"], title=y["title"]),
        y2="high:Q",
        tooltip="said:N",
    ).add_params(pick)
    return cells


def _cell_rows(cells: pd.DataFrame) -> Rows:
    places = np.unique(cells["z"])
    half = round(float(places[1] - places[0]) / 2, 4)
    rows = []
    for z, y, fate_, a, b in cells[["z", "y", "fate", "cross_entropy", "hinge"]].itertuples(index=False):
        row: dict[str, Any] = {"z": round(z, 3), "y": round(y, 3), "d": half, "fate": fate_}
        if np.isfinite(a):
            row |= {"a": short(a, 3), "b": short(b, 3)}
        rows.append(row)
    return rows


def _mark_rows(marks: pd.DataFrame | None) -> Rows:
    if marks is None:
        return []
    some = np.linspace(0, len(marks) - 1, min(len(marks), MOST_MARKS)).round().astype(int)
    return [
        {"z": round(row["z"], 4), "y": round(row["y"], 4), "wrong": bool(row["mismatch"])}
        for row in marks.iloc[some].to_dict("records")
    ]


@cache
def _flow_rows() -> Rows:
    """Return hyperbolas through the plane with an arrowhead each, the way that neurons take."""
    begins = [*((z, EDGE) for z in (-1.25, -0.95, -0.6, -0.2)), *((-EDGE, y) for y in (1.25, 0.95, 0.6))]
    begins += [(0.0, 0.3), (0.0, 0.7), *((z, 0.02) for z in (0.35, 0.8, 1.2))]
    tau, rows = np.linspace(0, 4, 161), list[dict[str, Any]]()
    for number, (z0, y0) in enumerate(begins):
        plus, minus = (y0 + z0) * np.exp(tau), (y0 - z0) * np.exp(-tau)
        z, y = (plus - minus) / 2, (plus + minus) / 2
        there = (y >= 0) & (np.abs(z) <= EDGE) & (np.abs(y) <= EDGE + 1e-9)
        z, y = z[there], y[there]
        places = records({"order": range(len(z)), "z": rounded(z, 4), "y": rounded(y, 4)})
        rows += [{"curve": number, **place} for place in places[::3]]
        length = np.cumsum(np.hypot(np.diff(z), np.diff(y)))
        middle = int(np.abs(length / length[-1] - 0.55).argmin())
        angle = float(np.degrees(np.arctan2(z[middle + 1] - z[middle], y[middle + 1] - y[middle])) % 360)
        rows.append({"curve": number, **places[middle], "angle": round(angle, 1)})
    return sorted(rows, key=lambda row: (row["curve"], row["order"]))
