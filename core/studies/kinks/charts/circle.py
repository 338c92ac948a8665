"""The circle of directions (w, b): where neurons turn to, and where the residual's extremal directions lie."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import neurons as swarm
from core.figure.figure import Chart, Figure, Rows, expr, moving, specification
from core.figure.marks import between, marks_of
from core.figure.neurons import Neurons
from core.figure.palette import MUTED, NEGATIVE, POSITIVE
from core.figure.rows import listed, over_frames, rounded
from core.studies.kinks.charts.arcs import dead_outline, rim_rows, ring_rows

HEIGHT = 360
HOLE = 0.18
"""Radius of the smallest neurons; the largest lie at 1."""

REACH = {"x": 1.33, "y": 1.2}
"""What half the width and half the height show at least: the rim is at 1, labels stand beyond."""

RING = 96


def figure(neurons: Neurons, extremal: pd.DataFrame, points: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one run at `steps`.

    Args:
        neurons: of the run.
        extremal: step, place, angle, growth, kind; a row a step and place, in that order.
        points: x, the data: where the 2K boundaries of arcs lie.
    """
    x = np.sort(points["x"].to_numpy(np.float64))
    tables: dict[str, Rows] = {
        "arcs": rim_rows(x),
        "wedges": dead_outline(x, HOLE),
        "rings": ring_rows(neurons.params["r_low"], neurons.params["r_high"], HOLE),
        "extremal": _extremal_rows(extremal, steps),
    }
    return Figure.of(chart(), {**tables, "neurons": neurons.table}, neurons.params)


@specification(height=HEIGHT, params=swarm.DEFAULTS)
def chart() -> Chart:
    """Return the chart, the same for every run; round at any width."""
    pixels = f"min(width / {REACH['x']}, height / {REACH['y']})"
    ends = {axis: f"{length} / {pixels}" for axis, length in (("x", "width"), ("y", "height"))}
    scales = {axis: between(f"-{end}", end) for axis, end in ends.items()}
    place = {"x": alt.X("x:Q", axis=None, scale=scales["x"]), "y": alt.Y("y:Q", axis=None, scale=scales["y"])}
    right, bottom = (alt.value(expr(f"{side} - 2")) for side in ("width", "height"))
    share = swarm.share_drawn(right, bottom, align="right", baseline="bottom")
    layers = [_wedges(place), *_rings(place), *_arcs(place), *_extremal(place), _dots(place), share]
    return alt.layer(*layers)


def _dots(place: dict[str, Any]) -> alt.Chart:
    share = "clamp((datum.size - r_low) / (r_high - r_low), 0, 1)"
    dots: alt.Chart = (
        swarm.base()
        .transform_calculate(share=share)
        .transform_calculate(
            x=f"({HOLE} + {1 - HOLE} * datum.share) * cos(datum.angle)",
            y=f"({HOLE} + {1 - HOLE} * datum.share) * sin(datum.angle)",
            opacity="(indexof('pn', datum.state) < 0 ? 0.5 : 0.3) + 0.4 * datum.share",
            said=swarm.said("'|a||v| ' + format(pow(10, datum.size), '.2~e')"),
        )
        .mark_circle(size=26)
        .encode(
            **place,
            color=alt.Color("state:N", scale=swarm.COLOUR, legend=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip="said:N",
        )
    )
    return dots


def _rings(place: dict[str, Any]) -> list[alt.Chart]:
    rings = marks_of("rings")
    turn = (
        rings.transform_calculate(i=f"sequence(0, {RING + 1})")
        .transform_flatten(["i"])
        .transform_calculate(
            x=f"datum.rho * cos(datum.i * {2 * np.pi / RING})", y=f"datum.rho * sin(datum.i * {2 * np.pi / RING})"
        )
        .mark_line(color=MUTED, strokeWidth=0.8, opacity=0.35)
        .encode(**place, detail="rho:N", order="i:Q")
    )
    labels = rings.transform_calculate(x="0", y="datum.rho").mark_text(fontSize=9, color=MUTED, dy=8)
    return [turn, labels.encode(**place, text="label:N")]


def _arcs(place: dict[str, Any]) -> list[alt.Chart]:
    """Return the rays on which a kink crosses a point, with the point's x on the rim."""
    rays = marks_of("arcs").transform_filter("datum.ray")
    rays = rays.transform_calculate(
        x=f"{HOLE} * cos(datum.angle)", y=f"{HOLE} * sin(datum.angle)", x2="cos(datum.angle)", y2="sin(datum.angle)"
    )
    lines = rays.mark_rule(color=MUTED, strokeWidth=0.8, opacity=0.45).encode(**place, x2="x2:Q", y2="y2:Q")
    labels = (
        marks_of("arcs")
        .transform_filter("datum.label != ''")
        .transform_calculate(x="1.09 * cos(datum.angle)", y="1.09 * sin(datum.angle)")
        .mark_text(
            fontSize=10,
            color=MUTED,
            align=expr("abs(datum.x) < 0.3 ? 'center' : datum.x > 0 ? 'left' : 'right'"),
            baseline="middle",
        )
        .encode(**place, text="label:N")
    )
    return [lines, labels]


def _wedges(place: dict[str, Any]) -> alt.Chart:
    """Return the arc where no point is active, shaded."""
    look: dict[str, Any] = {"fill": MUTED, "fillOpacity": 0.13, "strokeWidth": 0, "interpolate": "linear-closed"}
    shade: alt.Chart = marks_of("wedges").mark_line(**look).encode(**place, order="i:Q")
    return shade


def _extremal(place: dict[str, Any]) -> list[alt.Chart]:
    """Return the extremal directions now: filled where neurons of their sign grow, hollow where they shrink."""
    now = (
        marks_of("extremal")
        .transform_calculate(
            angle=moving("t"),
            growth=moving("g"),
            kind="datum.k[frame]",
            here="datum.k[frame] != 0 && isValid(datum.t[frame]) ? 1 : 0",
        )
        .transform_calculate(
            x="cos(datum.angle)",
            y="sin(datum.angle)",
            x2=f"{HOLE} * cos(datum.angle)",
            y2=f"{HOLE} * sin(datum.angle)",
            grows="datum.kind * datum.growth > 0",
            hue=f"datum.kind > 0 ? '{POSITIVE}' : '{NEGATIVE}'",
        )
        .transform_calculate(said="tween ? '' : 'extremal direction, G ' + format(datum.growth, '.3~g')")
        .transform_calculate(area="20 + 80 * log(1 + 50 * abs(datum.growth) / g_max) / log(51)")
        .transform_calculate(fill="datum.grows ? datum.hue : paper", ray="datum.here * (datum.grows ? 0.5 : 0.2)")
    )
    colour = alt.Color("hue:N", scale=None)
    rays = now.mark_rule(strokeWidth=1.4).encode(
        **place, x2="x2:Q", y2="y2:Q", color=colour, opacity=alt.Opacity("ray:Q", scale=None)
    )
    ends = now.mark_point(strokeWidth=1.8).encode(
        **place,
        size=alt.Size("area:Q", scale=None),
        stroke=alt.Stroke("hue:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        opacity=alt.Opacity("here:Q", scale=None),
        tooltip="said:N",
    )
    return [rays, ends]


def _extremal_rows(extremal: pd.DataFrame, steps: NDArray[np.int64]) -> Rows:
    angle = rounded(over_frames(extremal, "angle", steps), 3)
    growth = listed(over_frames(extremal, "growth", steps), 2)
    kinds = np.nan_to_num(over_frames(extremal, "kind", steps)).astype(int)
    ever = (kinds != 0).any(axis=1).tolist()
    rows = zip(angle, growth, kinds.tolist(), ever, strict=True)
    return [{"t": t, "g": g, "k": k} for t, g, k, seen in rows if seen]
