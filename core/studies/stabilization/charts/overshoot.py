"""How high the first overshoot is, against the noise that it grows from."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, dot, level, marks_of, strip_rows, strips
from core.figure.palette import ACCENT, INK, MUTED, POSITIVE
from core.figure.rows import listed, records, short

HEIGHT = 300
ROUNDING = 1e-17
"""Where no noise stands on the axis: about the rounding of a weight of size 0.1."""
TICKS = [ROUNDING, 1e-14, 1e-11, 1e-8, 1e-5, 1e-2]


def figure(loops: pd.DataFrame, law: Sequence[float], chosen: float) -> Figure:
    """Return the figure.

    Args:
        loops: weight_noise, outcome, largest_eta_sharpness, a row a network.
        law: largest eta S by the model, a number a row; NaN: none.
        chosen: the noise that is marked.
    """
    noise = np.maximum(loops["weight_noise"].to_numpy(np.float64), ROUNDING)
    heights = listed(loops["largest_eta_sharpness"], 5)
    columns = {"x": noise.tolist(), "noise": loops["weight_noise"].tolist()}
    low, high = short(0.2 * float(noise.min()), 3), short(5 * float(noise.max()), 3)
    said = [
        f"noise {one:g}: " + ("diverged" if how == "diverged" else f"ηS at most {most}")
        for one, how, most in zip(loops["weight_noise"], loops["outcome"], heights, strict=True)
    ]
    strip = strip_rows("x", noise.tolist(), low, high)
    tables: dict[str, Rows] = {
        "two": [{"y": 2.0, "text": "ηS = 2"}],
        "chosen": [{"x": max(chosen, ROUNDING)}],
        "law": [row for row in records({**columns, "y": listed(law, 5)}) if row["y"] is not None],
        "tops": [row for row in records({**columns, "y": heights}) if row["y"] is not None],
        "strips": [
            {"noise": one, "left": row["x"], "x2": row["x2"], "said": text}
            for one, row, text in zip(loops["weight_noise"].tolist(), strip, said, strict=True)
        ],
    }
    values = [row["y"] for name in ("law", "tops") for row in tables[name]] or [2.5]
    return Figure.of(chart(), tables, {"x_low": low, "x_high": high, "y_high": short(max(values) + 0.08)})


@specification(height=HEIGHT, params={"x_low": 1e-17, "x_high": 1e-3, "y_high": 2.6})
def chart() -> Chart:
    """Return the chart, the same for every experiment; the selection `cell` picks an amount of noise."""
    label = f"datum.value < {2 * ROUNDING} ? 'none' : format(datum.value, '~e')"
    scale = between("x_low", "x_high", type="log")
    axis = alt.Axis(grid=False, values=TICKS, labelExpr=label)
    x = alt.X("x:Q", title="weight noise a step", scale=scale, axis=axis)
    look = alt.Axis(grid=False, tickCount=5, **EXTENT)
    y = alt.Y("y:Q", title="largest ηS", scale=between(1.95, "y_high", zero=False), axis=look)
    layers = [
        marks_of("chosen").mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x),
        *level(marks_of("two"), y, INK),
        marks_of("law").mark_line(color=ACCENT, strokeWidth=2, strokeDash=[6, 4]).encode(x=x, y=y, order="x:Q"),
        dot(marks_of("tops"), size=90, color=POSITIVE).encode(x=x, y=y),
        strips("strips", alt.X("left:Q", scale=scale), "x2:Q", "noise").encode(tooltip="said:N"),
    ]
    return alt.layer(*layers)
