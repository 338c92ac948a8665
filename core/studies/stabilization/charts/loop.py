"""The phase plane of the displacement and eta S: the marked network's path, and an orbit of the model."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, dot, level, marks_of, moment, on_screen
from core.figure.palette import ACCENT, INK, POSITIVE
from core.figure.rows import Floats, listed, records, short

HEIGHT = 372
LEAST = 1e-9
"""Smaller displacements are not drawn: x is then what the drift of the rest of the network leaves of it."""


def figure(path: pd.DataFrame, orbit: tuple[Floats, Floats], delta: float) -> Figure:
    """Return the figure.

    Args:
        path: step, displacement, eta_sharpness of the marked network.
        orbit: |x| and eta S along the model's orbit, (point,); empty where there is none.
        delta: |x| at which the sharpness stays; NaN where there is none.
    """
    x, y = path["displacement"].abs().to_numpy(np.float64), path["eta_sharpness"].to_numpy(np.float64)
    seen = np.where(x >= LEAST, x, np.nan)
    trail = records({"step": path["step"].tolist(), "x": listed(seen), "y": listed(y, 5)})
    around = records({"order": list(range(len(orbit[0]))), "x": listed(orbit[0]), "y": listed(orbit[1], 5)})
    tables: dict[str, Rows] = {
        "two": [{"y": 2.0, "text": "ηS = 2"}],
        "delta": [{"x": short(delta), "text": "δ", "align": "left"}] if np.isfinite(delta) else [],
        "orbit": [row for row in around if row["x"] >= LEAST],
        "trail": [row for row in trail if None not in row.values()],
        "ball": [{"xs": listed(seen), "ys": listed(y, 5), "steps": path["step"].tolist()}],
    }
    known, heights = seen[np.isfinite(seen)], [*y[np.isfinite(y)], *orbit[1], 1.9, 2.1]
    least, most = (float(known.min()), float(known.max())) if len(known) else (1e-6, 0.1)
    ends = {"x_low": 0.5 * least, "x_high": 3 * most, "y_low": min(heights) - 0.03, "y_high": max(heights) + 0.05}
    return Figure.of(chart(), tables, {name: short(float(end), 3) for name, end in ends.items()})


@specification(height=HEIGHT, params={"x_low": 1e-7, "x_high": 0.3, "y_low": 1.6, "y_high": 2.5})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    log = alt.Axis(grid=False, format="~e", tickCount=5)
    x = alt.X("x:Q", title="|x|, displacement along the sharpest direction", axis=log)
    x = x.scale(between("x_low", "x_high", type="log"))
    look = alt.Axis(grid=False, tickCount=6, **EXTENT)
    y = alt.Y("y:Q", title="ηS", scale=between("y_low", "y_high", zero=False), axis=look)
    ball = marks_of("ball").transform_filter("isValid(datum.xs[frame]) && isValid(datum.ys[frame])")
    ball = ball.transform_calculate(x=moving("xs"), y=moving("ys"), step=moving("steps"))
    text = "'step ' + datum.step + ': |x| = ' + format(datum.x, '.2~e') + ', ηS = ' + format(datum.y, '.3f')"
    ball = ball.transform_calculate(said=f"tween ? '' : {text}")
    trail = marks_of("trail").transform_calculate(said=text)
    orbit = marks_of("orbit").mark_line(color=ACCENT, strokeWidth=2, strokeDash=[6, 4], clip=True)
    rule, *names = level(marks_of("two"), y, INK)
    layers = [
        rule,
        *moment(marks_of("delta"), x, alt.value(12), strokeDash=[2, 3]),
        orbit.encode(x=x, y=y, order="order:Q"),
        marks_of("trail")
        .mark_line(color=POSITIVE, strokeWidth=1, opacity=0.55, clip=True)
        .encode(x=x, y=y, order="step:Q"),
        trail.mark_circle(color=POSITIVE, size=14, opacity=0.8, clip=True).encode(x=x, y=y, tooltip="said:N"),
        *names,
        on_screen(dot(ball, size=110, color=POSITIVE).encode(x=x, y=y, tooltip="said:N")),
    ]
    return alt.layer(*layers)
