"""The axis of steps that charts over a training share, and the marker of the snapshot on it."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from core.figure.figure import INK, THOUSANDS, Rows, expr, listed, moving

TICKS = [0, *(10**power for power in range(9))]


def step_axis(title: str | None = "step of gradient descent") -> alt.X:
    """Return x from step 0 to the param `last_step`, logarithmic but for its start; no labels without a title."""
    scale = alt.Scale(type="symlog", constant=1, domain=[0, expr("last_step")], nice=False)
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    return alt.X("step:Q", title=title, scale=scale, axis=alt.Axis(values=TICKS, labelExpr=THOUSANDS, **bare))


def last_step(value: int = 10_000) -> alt.Parameter:
    """Return the param that the axis ends with."""
    return alt.param(name="last_step", value=value)


def now(**columns: str) -> alt.Chart:
    """Return a chart of the table `now` at the clock: `step`, and fields by the names of their list columns."""
    fields = {name: moving(column) for name, column in columns.items()}
    return alt.Chart(alt.NamedData("now")).transform_calculate(step=moving("steps"), **fields)


def marker(x: alt.X) -> alt.Chart:
    """Return the rule at the clock."""
    rule: alt.Chart = now().mark_rule(strokeWidth=1.5, color=expr(INK)).encode(x=x)
    return rule


def now_rows(steps: NDArray[np.int64], **columns: NDArray[np.float64]) -> Rows:
    """Return the table `now`: one row, with the steps and whatever moves along, (frame,) each."""
    return [{"steps": steps.tolist()} | {name: listed(values) for name, values in columns.items()}]


def along(step: float, last: float) -> float:
    """Return the share of the axis at which a step stands."""
    return float(np.log1p(step) / np.log1p(max(last, 1)))
