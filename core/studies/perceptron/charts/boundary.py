"""The perceptron's plane: the input that has the label, the coordinate along the noise, and the boundary between."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, marks_of
from core.figure.palette import INK, MUTED, NEGATIVE, PAPER, POSITIVE
from core.figure.rows import listed, over_frames, records

HEIGHT = 372
REACH = 3.6
"""The plane reaches so far along either axis."""

HUE = f"datum.label > 0 ? '{POSITIVE}' : '{NEGATIVE}'"


def figure(points: pd.DataFrame, path: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one run at `steps`.

    Args:
        points: step, point, x1, xi, label, unfitted; a row a step and point, in that order.
        path: step, signal, noise_norm.
        steps: the snapshots, (frame,).
    """
    xi, left = (over_frames(points, name, steps) for name in ("xi", "unfitted"))
    count = len(xi)
    rows = records(
        {
            "x": listed(points["x1"].to_numpy()[:count]),
            "label": points["label"].tolist()[:count],
            "v": listed(xi, 3),
            "u": left.astype(int).tolist(),
        }
    )
    signal, noise = (over_frames(path, name, steps)[0] for name in ("signal", "noise_norm"))
    angle = np.where((signal == 0) & (noise == 0), np.nan, np.arctan2(signal, noise))
    tables: dict[str, Rows] = {"points": rows, "boundary": [{"t": listed(angle)}]}
    return Figure.of(chart(), tables, {"reach": REACH})


@specification(height=HEIGHT, params={"reach": REACH})
def chart() -> Chart:
    """Return the chart, the same for every run.

    The boundary is w_1 x_1 + |w_perp| xi = 0, at the angle of lambda: along x_1 where there is no signal, vertical
    where there is no noise, as the true one is.
    """
    x = _axis(alt.X, "x", "x₁  (its sign is the label)")
    y = _axis(alt.Y, "y", "ξ  (coordinate along w⊥)")
    now = marks_of("points").transform_calculate(y=moving("v"), hue=HUE, left="datum.u[frame]")
    shape = alt.Shape("label:N", scale=alt.Scale(domain=[-1, 1], range=["circle", "square"]), legend=None)
    fitted = now.transform_filter("!datum.left").mark_point(filled=True, size=26, opacity=0.3, clip=True)
    unfitted = now.transform_filter("datum.left").mark_point(
        filled=True, size=60, opacity=1, stroke=INK, strokeWidth=1.2, clip=True
    )
    boundary = (
        marks_of("boundary")
        .transform_calculate(angle=moving("t"))
        .transform_filter("isValid(datum.angle)")
        .transform_calculate(
            x="-2 * reach * cos(datum.angle)",
            y="2 * reach * sin(datum.angle)",
            x2="2 * reach * cos(datum.angle)",
            y2="-2 * reach * sin(datum.angle)",
        )
    )
    truth = marks_of("boundary").mark_rule(color=MUTED, strokeDash=[5, 4])
    layers = [
        truth.encode(x=alt.XDatum(0)),
        fitted.encode(x=x, y=y, color=alt.Color("hue:N", scale=None), shape=shape),
        unfitted.encode(x=x, y=y, color=alt.Color("hue:N", scale=None), shape=shape),
        boundary.mark_rule(strokeWidth=5, color=PAPER, opacity=0.8, clip=True).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        boundary.mark_rule(strokeWidth=2.2, color=INK, clip=True).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
    ]
    return alt.layer(*layers)


def _axis(channel: Any, field: str, title: str) -> Any:
    scale = between("-reach", "reach", zero=False)
    return channel(f"{field}:Q", title=title, scale=scale, axis=alt.Axis(grid=False, tickCount=7))
