"""A power law through one cell of a plane of one's own runs: means over seeds, the window of the fit, and its line."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, dot, marks_of, rimmed
from core.figure.palette import ACCENT, INK, MUTED
from core.figure.rows import listed, records, short
from core.studies.own_plane.charts.places import channel, spelled, titles

HEIGHT = 300
ROOM = 0.08
"""The axes reach this share of their length beyond the points."""
PARAMS: dict[str, float | str] = {"x_min": 0.0, "x_max": 1.0, "y_min": 0.0, "y_max": 1.0}
PARAMS |= {"x_title": "x", "y_title": "y", "said": ""}


def figure(cells: pd.DataFrame, law: pd.DataFrame, along: str) -> Figure | None:
    """Return the figure of a power law; None where fewer than two cells of the section have a place on its axes.

    Args:
        cells: x, y, mean, deviation; a row a cell of the plane.
        law: quantity, against, exponent, standard_error, low, high, held_at; one row.
        along: `across` or `up`.
    """
    axis, other = ("x", "y") if along == "across" else ("y", "x")
    row: Any = law.iloc[0]
    mine = cells[(cells[other] == row["held_at"]) & (cells[axis] > 0) & (cells["mean"] > 0)].sort_values(axis)
    if len(mine) < 2:
        return None
    at, mean, spread = (mine[name].to_numpy(np.float64) for name in (axis, "mean", "deviation"))
    low, high = np.maximum(mean - np.nan_to_num(spread), mean / 10), mean + np.nan_to_num(spread)
    x, y, low, high = (np.log10(values) for values in (at, mean, low, high))
    ends = {"x": (x.min(), x.max()), "y": (low.min(), high.max() + 0.15 * np.ptp(y))}
    params: dict[str, float | str] = {"x_title": spelled(row["against"]), "y_title": spelled(row["quantity"])}
    for name, (first, last) in ends.items():
        room = ROOM * ((last - first) or 1.0)
        params |= {f"{name}_min": short(first - room, 6), f"{name}_max": short(last + room, 6)}
    window = [np.log10(row["low"]), np.log10(row["high"])] if np.isfinite(row["low"]) else None
    line: Rows = []
    params["said"] = "no exponent"
    if np.isfinite(row["exponent"]):
        inside = (at >= row["low"] * (1 - 1e-9)) & (at <= row["high"] * (1 + 1e-9))
        middle, slope = (float(x[inside].mean()), float(y[inside].mean())), float(row["exponent"])
        line = [{"x": short(end, 6), "y": short(middle[1] + slope * (end - middle[0]), 6)} for end in window or ()]
        error = f" ± {row['standard_error']:.2g}" if np.isfinite(row["standard_error"]) else ""
        params["said"] = f"slope {slope:z.3g}{error}".replace("-", "−")
    points = {"x": listed(x, 6), "y": listed(y, 5), "low": listed(low, 5), "high": listed(high, 5)}
    tables: dict[str, Rows] = {
        "points": records(points | {"said": [f"{a:.4g}: {b:.4g}" for a, b in zip(at, mean, strict=True)]}),
        "window": [] if window is None else [{"low": short(window[0], 6), "high": short(window[1], 6)}],
        "line": line,
    }
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params=PARAMS)
def chart() -> Chart:
    """Return the chart."""
    x, y = channel(alt.X, "x", "x", log=True), channel(alt.Y, "y", "y", log=True)
    up = between("y_min", "y_max", zero=False)
    points = marks_of("points")
    words = alt.Chart(alt.sequence(1)).encode(x=alt.value(8), y=alt.value(12))
    layers = [
        marks_of("window")
        .mark_rect(color=MUTED, opacity=0.11, clip=True)
        .encode(x=alt.X("low:Q", title=" ", scale=x["scale"], axis=x["axis"]), x2="high:Q"),
        points.mark_rule(color=ACCENT, strokeWidth=1.2, clip=True).encode(
            x=x, y=alt.Y("low:Q", title=" ", scale=up, axis=y["axis"]), y2="high:Q"
        ),
        marks_of("line").mark_line(color=INK, strokeWidth=2, clip=True).encode(x=x, y=y, order="x:Q"),
        dot(points, color=ACCENT).encode(x=x, y=y, tooltip=alt.Tooltip("said:N", title="mean")),
        *rimmed(words, fontSize=11, align="left", baseline="middle", text=expr("said")),
        *titles("x_title", "y_title", HEIGHT),
    ]
    return alt.layer(*layers)
