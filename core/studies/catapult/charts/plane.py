"""The toy in its plane: b from side to side, a up, where the loss rises, and the orbit of the marked c."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, level, marks_of, on_screen, rimmed
from core.figure.palette import INK, MUTED
from core.figure.rows import listed, records
from core.studies.catapult.charts.regimes import colour, dots, regime

HEIGHT, REACH, TOP = 372, 2.3, 5.0
"""In pixels; how far b and a are shown."""


def figure(toy: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure.

    Args:
        toy: c, step, eta_lambda, eta_output of the recorded steps, one c after the other.
        chosen: the c whose orbit is drawn as a line, and plays.
    """
    known = toy[toy["eta_output"].abs().lt(2 * REACH) & toy["eta_lambda"].lt(2 * TOP)]
    mine = toy[toy["c"] == chosen]
    b = np.linspace(-REACH, REACH, 93)
    rising = records({"b": b.round(3).tolist(), "low": (2 + b**2).round(3).tolist()})
    tables: dict[str, Rows] = {
        "rising": [row for row in rising if row["low"] <= TOP],
        "edge": records({"b": b.round(3).tolist(), "a": np.abs(2 * b).round(3).tolist()}),
        "levels": [{"a": 2.0, "text": "a = 2"}, {"a": 4.0, "text": "a = 4"}],
        "names": [
            {"b": 0.0, "a": 4.6, "text": "the loss rises: b² < a − 2"},
            {"b": 1.55, "a": 1.6, "text": "no state: q < 0"},
            {"b": -1.55, "a": 1.6, "text": "no state: p < 0"},
        ],
        "orbits": [row | {"regime": regime(row["c"])} for row in _rows(known)],
        "orbit": _rows(known[known["c"] == chosen]),
        "ball": [{"x": listed(mine["eta_output"]), "y": listed(mine["eta_lambda"]), "regime": regime(chosen)}],
    }
    return Figure.of(chart(), tables)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {"c": "c", "step": "step", "b": "eta_output", "a": "eta_lambda"}
    return records({name: listed(table[column], 5) for name, column in columns.items()})


@specification(height=HEIGHT)
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    look = alt.Axis(grid=False, tickCount=5)
    x = alt.X("b:Q", title="b = η f / √n, the output", scale=between(-REACH, REACH), axis=look)
    y = alt.Y("a:Q", title="a = η λ, the curvature", scale=between(0, TOP), axis=look)
    hue = colour(dots())
    rows = marks_of("orbits").transform_calculate(
        said="'c = ' + datum.c + ', step ' + datum.step + ': a = ' + format(datum.a, '.3f') + ', b = '"
        " + format(datum.b, '.3f')"
    )
    ball = marks_of("ball").transform_filter("isValid(datum.x[frame]) && isValid(datum.y[frame])")
    ball = ball.transform_calculate(b=moving("x"), a=moving("y"))
    layers = [
        marks_of("rising")
        .mark_area(opacity=0.13, color=INK)
        .encode(x=x, y=alt.Y("low:Q", scale=y["scale"]), y2=alt.datum(TOP)),
        marks_of("edge").mark_area(opacity=0.1, color=MUTED).encode(x=x, y=y),
        marks_of("edge").mark_line(color=MUTED, strokeWidth=1.2).encode(x=x, y=y, order="b:Q"),
        *level(marks_of("levels"), y),
        rows.mark_circle(size=22, opacity=0.75, clip=True).encode(x=x, y=y, color=hue, tooltip="said:N"),
        marks_of("orbit").mark_line(color=INK, strokeWidth=1, opacity=0.7, clip=True).encode(x=x, y=y, order="step:Q"),
        *(one.encode(x=x, y=y, text="text:N") for one in rimmed(marks_of("names"), colour=MUTED, fontSize=10)),
        on_screen(dot(ball, size=110).encode(x=x, y=y, color=hue)),
    ]
    return alt.layer(*layers)
