"""By how much the sharpness changes in a step, against the square of the displacement: a line, A - B x^2."""

from __future__ import annotations

import altair as alt
import numpy as np

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.graded import EXTENT
from core.figure.marks import across, between, dot, marks_of, on_screen
from core.figure.palette import ACCENT, POSITIVE
from core.figure.rows import Floats, listed, records, short

HEIGHT = 300


def figure(square: Floats, change: Floats, line: tuple[float, float]) -> Figure:
    """Return the figure.

    Args:
        square, change: x^2 and the change of S a step, both means over two steps, (frame,); NaN in the last frames.
        line: A and B; NaN where they are not known.
    """
    known = np.isfinite(square) & np.isfinite(change)
    most = float(square[known].max()) if known.any() else 1.0
    drift, damping = line
    ends = [(0.0, drift), (most, drift - damping * most)] if np.isfinite(drift) else []
    tables: dict[str, Rows] = {
        "line": [{"x": short(x), "y": short(y)} for x, y in ends],
        "steps": records({"x": listed(square[known]), "y": listed(change[known])}),
        "ball": [{"xs": listed(square), "ys": listed(change)}],
    }
    values = [*change[known], *(y for _, y in ends), -0.01, 0.01]
    room = 0.06 * (max(values) - min(values))
    params = {"x_high": 1.06 * most, "y_low": min(values) - room, "y_high": max(values) + room}
    return Figure.of(chart(), tables, {name: short(float(end), 3) for name, end in params.items()})


@specification(height=HEIGHT, params={"x_high": 0.02, "y_low": -0.2, "y_high": 0.05})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x = alt.X("x:Q", title="x²", scale=between(0, "x_high"), axis=alt.Axis(grid=False, tickCount=5, format="~g"))
    look = alt.Axis(grid=False, tickCount=5, **EXTENT)
    y = alt.Y("y:Q", title="change of S a step", scale=between("y_low", "y_high"), axis=look)
    ball = marks_of("ball").transform_filter("isValid(datum.xs[frame]) && isValid(datum.ys[frame])")
    ball = ball.transform_calculate(x=moving("xs"), y=moving("ys"))
    line = marks_of("line").mark_line(color=ACCENT, strokeWidth=2, strokeDash=[6, 4])
    layers = [
        across(0, y),
        marks_of("steps").mark_circle(color=POSITIVE, size=18, opacity=0.6, clip=True).encode(x=x, y=y),
        line.encode(x=x, y=y, order="x:Q"),
        on_screen(dot(ball, size=110, color=POSITIVE).encode(x=x, y=y)),
    ]
    return alt.layer(*layers)
