"""mu_Y over the share of points that both F and L get wrong, at given accuracies: how far errors may coincide."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import SIDE, across, between, marks_of, rimmed, strips
from core.figure.palette import INK, MUTED, PAPER, POSITIVE
from core.figure.rows import listed, records, rounded

HEIGHT = 330
PLACES = 100
"""So many strips of the chart can be clicked."""

NAMES = {"independent": "independent given Y", "noisy_copy": "noisy copy: the most", "nested": "nested errors"}
"""Relations of F and L as the chart writes them."""

OWN = {"x_low": 0.0, "x_high": 0.1, "y_low": -0.1, "y_high": 0.5}


def figure(family: pd.DataFrame, now: pd.DataFrame) -> Figure:
    """Return the figure of a family and one table.

    Args:
        family: joint_error, mu_y, standard_error, lower_bound, upper_bound, relation; a row a joint error, ascending.
        now: the same of the table on screen, one row.
    """
    here = now.iloc[0]
    x = family["joint_error"].to_numpy(np.float64)
    room = 0.04 * (x[-1] - x[0]) or 0.01
    edges = [family["lower_bound"], family["upper_bound"]]
    edges += [part["mu_y"] + sign * part["standard_error"] for part in (family, now) for sign in (-1, 1)]
    low, high = (float(end([end(part) for part in edges])) for end in (np.min, np.max))
    pad = 0.06 * (high - low) or 0.05
    tables: dict[str, Rows] = {
        "family": _family_rows(family),
        "marks": _mark_rows(family),
        "now": [_now_row(here)],
        "places": _place_rows(x),
    }
    params = {"x_low": x[0] - room, "x_high": x[-1] + room, "y_low": low - pad, "y_high": high + pad}
    return Figure.of(chart(), tables, {name: round(float(value), 5) for name, value in params.items()})


@specification(height=HEIGHT, params=OWN)
def chart() -> Chart:
    """Return the chart, the same for every family."""
    x = alt.X(
        "x:Q",
        title="share of points that both get wrong, e₁₁",
        scale=between("x_low", "x_high", zero=False),
        axis=alt.Axis(format=".3~p", tickCount=6, grid=False, labelExpr="datum.value < 0 ? '' : datum.label"),
    )
    scale = between("y_low", "y_high", zero=False)
    y = alt.Y("y:Q", title="bits", scale=scale, axis=alt.Axis(format=".2~f", tickCount=6, minExtent=32))
    places = strips("places", x, "x2:Q", "place", "place")
    return alt.layer(*_curves(x, y, scale), *_marks(x, y), *_now(x, y, scale), places)


def _curves(x: alt.X, y: alt.Y, scale: alt.Scale) -> list[alt.Chart]:
    """Return the room that the bounds leave, zero, and mu_Y with its band of one standard error."""
    family = marks_of("family")
    room = family.mark_area(color=MUTED, opacity=0.1, clip=True)
    band = family.mark_area(color=POSITIVE, opacity=0.22, clip=True)
    line = family.mark_line(color=POSITIVE, strokeWidth=2.4, clip=True)
    edges = [
        family.mark_line(color=MUTED, strokeWidth=1, strokeDash=[2, 3], clip=True).encode(
            x=x, y=alt.Y(f"{end}:Q", scale=scale), order="x:Q"
        )
        for end in ("lower", "upper")
    ]
    return [
        room.encode(x=x, y=alt.Y("lower:Q", scale=scale), y2="upper:Q"),
        *edges,
        across(0, y),
        band.encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"),
        line.encode(x=x, y=y, order="x:Q"),
    ]


def _marks(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the relations worth knowing: a rule to the name above the plot, and a ring on the curve."""
    marks = marks_of("marks")
    rule = marks.mark_rule(color=MUTED, opacity=0.6)
    words = marks.transform_calculate(up="-12 - 14 * datum.row")
    named = words.mark_text(fontSize=10.5, color=INK, baseline="bottom", dy=7, **SIDE)
    ring = marks.mark_point(size=44, filled=True, fill=PAPER, stroke=POSITIVE, strokeWidth=1.6, opacity=1)
    return [
        rule.encode(x=x, y=y, y2=alt.value(expr("-8 - 14 * datum.row"))),
        named.encode(x=x, y=alt.Y("up:Q", scale=None), text="name:N"),
        ring.encode(x=x, y=y, tooltip="said:N"),
    ]


def _now(x: alt.X, y: alt.Y, scale: alt.Scale) -> list[alt.Chart]:
    now = marks_of("now")
    error = now.mark_rule(color=INK, strokeWidth=2).encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q")
    dot = now.mark_point(filled=True, size=120, fill=POSITIVE, stroke=INK, strokeWidth=1.8, opacity=1)
    side = now.transform_calculate(align="(datum.x - x_low) / (x_high - x_low) > 0.7 ? 'right' : 'left'")
    look: dict[str, Any] = {"align": expr("datum.align"), "dx": expr("datum.align == 'left' ? 8 : -8"), "dy": -11}
    words = rimmed(side.encode(x=x, y=y, text="text:N"), rim=1, fontSize=12, fontWeight=600, **look)
    return [error, dot.encode(x=x, y=y, tooltip="said:N"), *words]


def _family_rows(family: pd.DataFrame) -> Rows:
    mu, error = family["mu_y"], family["standard_error"]
    columns = {
        "x": family["joint_error"],
        "y": mu,
        "low": mu - error,
        "high": mu + error,
        "lower": family["lower_bound"],
        "upper": family["upper_bound"],
    }
    return records({name: listed(values) for name, values in columns.items()})


def _mark_rows(family: pd.DataFrame) -> Rows:
    """Return the marks from left to right, each name in a row of its own."""
    known = family[family["relation"] != ""]
    low, high = family["joint_error"].iloc[[0, -1]]
    rows = []
    for row, mark in enumerate(known.to_dict("records")):
        parts = mark["relation"].split(" = ")
        name = " = ".join(NAMES[part] for part in parts) if len(parts) < len(NAMES) else "the only table"
        right = high > low and (mark["joint_error"] - low) / (high - low) > 0.5
        rows.append(
            {
                "x": round(mark["joint_error"], 5),
                "y": round(mark["mu_y"], 5),
                "row": row,
                "name": name,
                "align": "right" if right else "left",
                "said": f"{name}: μ_Y {mark['mu_y']:.3f} bits",
            }
        )
    return rows


def _now_row(here: pd.Series) -> dict[str, Any]:
    mu, error = float(here["mu_y"]), float(here["standard_error"])
    return {
        "x": round(float(here["joint_error"]), 5),
        "y": round(mu, 5),
        "low": round(mu - error, 5),
        "high": round(mu + error, 5),
        "text": f"μ_Y {mu:.3f}".replace("-", "−"),
        "said": f"both wrong {here['joint_error']:.3%}, μ_Y {mu:.4f} ± {error:.4f} bits",
    }


def _place_rows(x: NDArray[np.float64]) -> Rows:
    """Return the strips; `place` is the way from the least joint error to the most, in percent."""
    if x[-1] <= x[0]:
        return []
    edges = np.clip((np.arange(PLACES + 2) - 0.5) / PLACES, 0, 1) * (x[-1] - x[0]) + x[0]
    return records({"place": range(PLACES + 1), "x": rounded(edges[:-1], 6), "x2": rounded(edges[1:], 6)})
