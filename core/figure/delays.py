"""A delay against a setting on a logarithmic axis: a dot a seed, their mean, and triangles where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Rows
from core.figure.graded import EXTENT
from core.figure.marks import across, between, dot, marks_of, strip_rows, strips
from core.figure.palette import INK, MUTED, POSITIVE
from core.figure.rows import listed, records, short, side_by_side

APART = 0.07
TICKS = [2.0**power for power in range(-12, 7)]
PARAMS: Mapping[str, float] = {"least": 0.15, "most": 25, "top": 10}
"""What the axes end at."""


def placed(delays: pd.DataFrame, of: str) -> pd.DataFrame:
    """Return the table with a column `place`: the setting, seeds side by side."""
    apart = delays.groupby(of)[of].transform(lambda same: side_by_side(len(same), APART))
    return delays.assign(place=(delays[of] * apart).round(6))


def tables(
    delays: pd.DataFrame, of: str, delay: str, chosen: float, why: Callable[[Mapping[Any, Any]], str]
) -> tuple[dict[str, Rows], dict[str, float]]:
    """Return the tables of `panel`, and the params.

    Args:
        delays: the setting `of`, seed and the column `delay`, a row a run.
        of: the column of the setting.
        delay: the column of the delay; NaN: none.
        chosen: the setting that is marked.
        why: says of a row without a delay why it has none.
    """
    settings = sorted(set(delays[of].tolist()))
    low, high = short(0.6 * min(settings), 6), short(1.6 * max(settings), 6)
    shown = placed(delays, of)
    known, never = shown[np.isfinite(shown[delay])], shown[~np.isfinite(shown[delay])]
    most = max(4.0, float(known[delay].max())) if len(known) else 4.0
    means = known.groupby(of)[delay].mean()
    columns = {"place": known["place"].tolist(), "value": listed(known[delay]), "seed": known["seed"].tolist()}
    found: dict[str, Rows] = {
        "chosen": [{"place": chosen}],
        "ratios": records(columns),
        "means": records({"place": means.index.tolist(), "value": listed(means)}),
        "never": [
            {"place": row["place"], "value": short(1.9 * most), "said": why(row)} for row in never.to_dict("records")
        ],
        "strips": strip_rows(of, settings, low, high),
    }
    return found, {"least": low, "most": high, "top": short(2.4 * most, 3)}


def panel(of: str, title: str, x: alt.X, place: alt.X) -> list[alt.Chart]:
    """Return the layers; the selection `cell` picks a setting.

    Args:
        of: the field of the setting that a click picks.
        title: of the delay's axis.
        x: the axis of the field `place`.
        place: the same axis of the field `x`, for what is clicked.
    """
    axis = alt.Axis(values=[1, 2, 3, 5, 10, 20, 50, 100], format="~g", grid=False, **EXTENT)
    y = alt.Y("value:Q", title=title, scale=between(0.8, "top", type="log"), axis=axis)
    said = "'seed ' + datum.seed + ': ' + format(datum.value, '.2f') + ' times as many steps'"
    up: dict[str, Any] = {"shape": "triangle-up", "size": 70, "filled": False, "strokeWidth": 1.8}
    dots = dot(marks_of("ratios").transform_calculate(said=said), size=70, color=POSITIVE)
    return [
        across(1, y),
        rule(x),
        marks_of("means").mark_line(color=INK, strokeWidth=1.4, opacity=0.7).encode(x=x, y=y),
        strips("strips", place, "x2:Q", of),
        dots.encode(x=x, y=y, tooltip="said:N"),
        marks_of("never").mark_point(color=INK, **up).encode(x=x, y=y, tooltip="said:N"),
    ]


def rule(x: alt.X) -> alt.Chart:
    """Return the rule at the marked setting."""
    found: alt.Chart = marks_of("chosen").mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x)
    return found


def axis(title: str | None, field: str = "place") -> alt.X:
    """Return the axis of the setting; no labels without a title."""
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    look = alt.Axis(values=TICKS, format=".3~g", grid=False, labelOverlap="greedy", labelSeparation=8, **bare)
    return alt.X(f"{field}:Q", title=title, scale=between("least", "most", type="log"), axis=look)
