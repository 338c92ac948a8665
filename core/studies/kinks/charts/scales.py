"""When the loss begins to fall, over the scale of the initialization: measured, fitted, and theory's slope."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, dot, ends, marks_of
from core.figure.palette import ACCENT, INK, MUTED, categories, strokes
from core.figure.rows import short

HEIGHT = 260
FITTED, THEORY = "fitted line", "theory, ln(1/σ)/G_max"
COLOURS = {FITTED: INK, THEORY: MUTED}


def figure(scales: pd.DataFrame) -> Figure:
    """Return the figure.

    Args:
        scales: sigma, escape_time (NaN where the loss did not fall), predicted_escape (NaN where there is none).
    """
    x = np.log10(1 / scales["sigma"].to_numpy(np.float64))
    measured, predicted = (scales[name].to_numpy(np.float64) for name in ("escape_time", "predicted_escape"))
    known = np.isfinite(measured)
    lines = list(() if known.sum() < 2 else _line(FITTED, x, np.poly1d(np.polyfit(x[known], measured[known], 1))(x)))
    lines += _line(THEORY, x[np.isfinite(predicted)], predicted[np.isfinite(predicted)])
    points = [
        {"x": short(float(place)), "y": short(float(time), 4), "said": f"σ = {sigma:g}: t = {time:.4g}"}
        for place, time, sigma in zip(x[known], measured[known], scales["sigma"][known], strict=True)
    ]
    top = max([1.0, *(row["y"] for row in [*points, *lines])])
    params = {"x_low": float(x.min()) - 0.2, "x_high": float(x.max()) + 0.2, "y_low": 0, "y_high": short(1.08 * top)}
    return Figure.of(chart(), {"points": points, "lines": lines}, params)


@specification(height=HEIGHT, params=ends("x", "y"))
def chart() -> Chart:
    """Return the chart, the same for all points."""
    across, up = (between(f"{name}_low", f"{name}_high", zero=False) for name in "xy")
    axis = alt.Axis(labelExpr=f"'10⁻' + {list('⁰¹²³⁴⁵⁶⁷⁸⁹')}[datum.value]", tickMinStep=1, grid=False)
    x = alt.X("x:Q", title="initialization scale σ", scale=across, axis=axis)
    y = alt.Y("y:Q", title="time t at which the loss falls", scale=up, axis=alt.Axis(tickCount=5, grid=False))
    hue = categories("line", COLOURS, strokes(columns=2))
    points = marks_of("points")
    lines = marks_of("lines").mark_line(strokeWidth=1.6, clip=True).encode(x=x, y=y, color=hue)
    return alt.layer(lines, dot(points, size=70, fill=ACCENT).encode(x=x, y=y, tooltip="said:N"))


def _line(name: str, x: Any, y: Any) -> Rows:
    return [{"line": name, "x": short(float(at)), "y": short(float(to), 5)} for at, to in zip(x, y, strict=True)]
