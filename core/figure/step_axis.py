"""The axis of steps that charts over a training share: curves on it, and the marker of the snapshot shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from core.figure.figure import Rows, moving
from core.figure.marks import between, dot, marks_of, on_screen
from core.figure.palette import INK
from core.figure.rows import Floats, listed

Steps = NDArray[np.int64]

TICKS = [0, *(10**power for power in range(9))]

THOUSANDS = "abs(datum.value) < 1000 ? format(datum.value, ',~r') : format(datum.value / 1000, ',~r') + 'k'"
"""Axis labels; on a symlog axis Vega's own SI format loses small numbers (10 becomes 0k)."""

PARAMS: Mapping[str, float] = {"last_step": 10_000}
"""The param that the axis ends with."""


def step_axis(title: str | None = "step of gradient descent") -> alt.X:
    """Return x from step 0 to the param `last_step`, logarithmic but for its start; no labels without a title."""
    scale = between(0, "last_step", type="symlog", constant=1)
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    return alt.X("step:Q", title=title, scale=scale, axis=alt.Axis(values=TICKS, labelExpr=THOUSANDS, **bare))


def now(**columns: str) -> alt.Chart:
    """Return a chart of the table `now` at the clock: `step`, and fields by the names of their list columns."""
    fields = {name: moving(column) for name, column in columns.items()}
    return marks_of("now").transform_calculate(step=moving("steps"), **fields)


def marker(x: alt.X) -> alt.Chart:
    """Return the rule at the clock."""
    rule: alt.Chart = now().mark_rule(strokeWidth=1.5, color=INK).encode(x=x)
    return on_screen(rule)


def now_rows(steps: Steps, **columns: Floats) -> Rows:
    """Return the table `now`: one row, with the steps and whatever moves along, (frame,) each."""
    return [{"steps": steps.tolist()} | {name: listed(values) for name, values in columns.items()}]


def curve_rows(steps: Steps, curves: Iterable[tuple[Mapping[str, Any], Floats]]) -> Rows:
    """Return a row a curve and step: what is said of the curve, `step` and `value`."""
    return [
        {**about, "step": step, "value": value}
        for about, values in curves
        for step, value in zip(steps.tolist(), listed(values), strict=True)
    ]


def dot_rows(steps: Steps, curves: Iterable[tuple[Mapping[str, Any], Floats]]) -> Rows:
    """Return a row a curve for `dots`: what is said of it, `steps` and the values `v`, (frame,) each."""
    return [{**about, "steps": steps.tolist(), "v": listed(values)} for about, values in curves]


def dots(table: str, x: alt.X, y: alt.Y, colour: alt.Color, said: str, **look: Any) -> alt.Chart:
    """Return a dot at the clock on each curve of a table of `dot_rows`; `said` is the expression of its tooltip."""
    rows = marks_of(table).transform_filter("isValid(datum.v[frame])")
    rows = rows.transform_calculate(step=moving("steps"), value=moving("v"))
    rows = rows.transform_calculate(said=f"tween ? '' : {said} + format(datum.value, '.3f')")
    marks: alt.Chart = dot(rows, **look).encode(x=x, y=y, color=colour, tooltip="said:N")
    return on_screen(marks)


def along(step: float, last: float) -> float:
    """Return the share of the axis at which a step stands."""
    return float(np.log1p(step) / np.log1p(max(last, 1)))
