"""Where noise begins to move the weights and to change the test error, against the size of the training set."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, specification
from core.figure.marks import between, dot, ends, marks_of
from core.figure.palette import ACCENT, POSITIVE, categories
from core.figure.powers import powers
from core.figure.rows import short

HEIGHT = 300
ROOM = 0.5
"""The axes reach so far beyond the points, in doublings."""
NAMES = {"relative_weight_change": "T_c of the weights", "test_error": "T_c of the error"}
COLOURS = {"T_c of the weights": ACCENT, "T_c of the error": POSITIVE}
APART = 0.06
"""Points of one size stand so far apart, in doublings."""


def figure(onsets: pd.DataFrame, hottest: float) -> Figure:
    """Return the figure of both measures.

    Args:
        onsets: n_train, measure, critical_temperature, interval_low and interval_high, NaN beyond the grid.
        hottest: the largest temperature of the grid, at which what lies beyond it is marked.
    """
    top = float(np.log2(hottest))
    points = [_row(row, top) for row in onsets.to_dict("records")]
    x = [row["x"] for row in points]
    y = [row[name] for row in points for name in ("y", "low", "high")]
    params = {"x_low": min(x) - ROOM, "x_high": max(x) + ROOM, "y_low": min(y) - ROOM, "y_high": max(y) + ROOM}
    return Figure.of(chart(), {"onsets": points}, {name: short(value) for name, value in params.items()})


@specification(height=HEIGHT, params=ends("x", "y"))
def chart() -> Chart:
    """Return the chart, the same for every experiment; both axes are exponents of two."""
    across, up = (between(f"{name}_low", f"{name}_high", zero=False) for name in "xy")
    x = alt.X("x:Q", title="training points P", scale=across, axis=powers())
    y = alt.Y("y:Q", title="T_c", scale=up, axis=powers())
    hue = categories("measure", COLOURS, alt.Legend(title=None, orient="bottom"))
    points = marks_of("onsets")
    known = points.transform_filter("!datum.beyond")
    layers = [
        points.mark_rule(strokeWidth=1.6, opacity=0.7, clip=True).encode(
            x=x, y=alt.Y("low:Q", scale=up, title="T_c"), y2="high:Q", color=hue
        ),
        known.mark_line(strokeWidth=1.2, opacity=0.5, clip=True).encode(x=x, y=y, color=hue, order="x:Q"),
        dot(known, size=60).encode(x=x, y=y, color=hue, tooltip="said:N"),
        points.transform_filter("datum.beyond")
        .mark_point(shape="triangle-up", size=60, opacity=1, clip=True)
        .encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)


def _row(row: Mapping[Hashable, Any], top: float) -> dict[str, Any]:
    at, low, high = (float(np.log2(row[name])) for name in ("critical_temperature", "interval_low", "interval_high"))
    beyond, name = not np.isfinite(at), NAMES[row["measure"]]
    x = float(np.log2(row["n_train"])) + APART * (0.5 if row["measure"] == "test_error" else -0.5)
    y = top if beyond else at
    interval = f"{_end(low)} to {_end(high)}"
    said = f"P = {row['n_train']:,}, {name}: {'not on this grid' if beyond else _end(at)} ({interval})"
    known = {"low": low if np.isfinite(low) else y, "high": high if np.isfinite(high) else top}
    if not np.isfinite(low) and not np.isfinite(high):
        known = {"low": y, "high": y}
    shown = {key: round(value, 4) for key, value in {"x": x, "y": y, **known}.items()}
    return {**shown, "measure": name, "beyond": beyond, "said": said}


def _end(exponent: float) -> str:
    return f"2^{exponent:.1f}" if np.isfinite(exponent) else "beyond"
