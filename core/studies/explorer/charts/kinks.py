"""The network along the data line: its function above, the kinks it is made of below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import across, between, marks_of, stacked
from core.figure.neurons import outside, outside_rows
from core.figure.palette import ACCENT, MUTED, NEGATIVE, PINNED_COLOUR, PINNED_DASHES, POSITIVE
from core.figure.rows import Floats, listed, named_runs, over_frames, records, short
from core.figure.step_axis import THOUSANDS

X = between("s_min", "s_max", zero=False)
FUNCTION_HEIGHT, KINK_HEIGHT = 185, 148
CLASSES = alt.Scale(domain=[-1, 1], range=[NEGATIVE, POSITIVE])


def figure(
    kinks: pd.DataFrame,
    function: pd.DataFrame,
    points: pd.DataFrame,
    steps: np.ndarray,
    alpha: float,
    pinned: Mapping[str, tuple[pd.DataFrame, pd.DataFrame, float]] | None = None,
) -> Figure:
    """Return the figure of one run from its `frames` tables, shown at `steps`.

    `pinned` are other runs' kinks, function and alpha by their names, drawn behind on the same clock.
    """
    kinks, function = until_finite(kinks, function)
    grid = function.loc[function["step"] == function["step"].iloc[0], "position"].to_numpy()
    output = over_frames(function, "output", steps) * alpha  # (point, frame)
    jumps = over_frames(kinks, "slope_jump", steps)
    unit = float(np.nanmedian(np.abs(jumps[:, 0]))) or 1.0
    tables: dict[str, Rows] = {
        "points": records({"x": listed(points["position"]), "label": list(points["label"])}),
        "function": _function_rows(grid, output),
        "kinks": _kink_rows(kinks, steps, unit),
        "outside": outside_rows(over_frames(kinks, "position", steps), float(grid[0]), float(grid[-1])),
    }
    functions: dict[str, Rows] = {}
    behind: dict[str, Rows] = {}
    highest = [_highest(output, 1.6), _highest(jumps / unit, 3.0)]
    for run, (its_kinks, its_function, its_alpha) in (pinned or {}).items():
        other_kinks, other_function = until_finite(its_kinks, its_function)
        other = over_frames(other_function, "output", steps) * its_alpha
        first = other_function["step"] == other_function["step"].iloc[0]
        functions[run] = _function_rows(other_function.loc[first, "position"].to_numpy(), other)
        behind[run] = _kink_rows(other_kinks, steps, unit)
        highest[0] = max(highest[0], _highest(other, 1.6))
    tables |= {"pinned_function": named_runs(functions), "pinned_kinks": named_runs(behind)}
    params = {"s_min": float(grid[0]), "s_max": float(grid[-1]), "f_max": highest[0], "jump_max": highest[1]}
    return Figure.of(chart(), tables, {name: short(value) for name, value in params.items()})


def until_finite(kinks: pd.DataFrame, function: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables up to the last step at which F was finite: a diverged run stays there instead of vanishing."""
    last = function.loc[np.isfinite(function["output"]), "step"].max()
    return kinks[kinks["step"] <= last], function[function["step"] <= last]


@specification(padding=66, params={"s_min": -1.0, "s_max": 2.0, "f_max": 2.0, "jump_max": 3.0})
def chart() -> Chart:
    """Return the chart, the same for every run."""
    return stacked(_function_panel(), _kink_panel(), spacing=10)


def _function_panel() -> Chart:
    y = alt.Y("y:Q", title="α F(s)", scale=between("-f_max", "f_max"))
    x = alt.X("x:Q", title=None, scale=X, axis=alt.Axis(labels=False, ticks=False))
    margins = alt.Chart(alt.InlineData([{"y": -1}, {"y": 1}])).mark_rule(color=MUTED, opacity=0.6, strokeDash=[2, 3])
    ticks = marks_of("points").mark_tick(thickness=1, size=9, opacity=0.35, clip=True)
    rugs = [
        ticks.transform_filter(f"datum.label == {label}").encode(
            x=x, y=alt.value(place), color=alt.Color("label:N", scale=CLASSES, legend=None)
        )
        for label, place in ((1, 6), (-1, FUNCTION_HEIGHT - 6))
    ]
    pinned, own = (
        marks_of(table).transform_calculate(y=moving("v")).mark_line(clip=True, **look).encode(x=x, y=y, order="x:Q")
        for table, look in (
            ("pinned_function", {"strokeWidth": 2}),
            ("function", {"strokeWidth": 2.5, "color": ACCENT}),
        )
    )
    lines = [pinned.encode(detail="run:N", color=PINNED_COLOUR, strokeDash=PINNED_DASHES), own]
    layers = [across(0, y), margins.encode(y=y), *rugs, *lines]
    return alt.layer(*layers).properties(height=FUNCTION_HEIGHT)


def _kink_panel() -> Chart:
    x = alt.X("x:Q", title="s on the data line (0 and 1: class means, or two points)", scale=X)
    scale = between("-jump_max", "jump_max", type="symlog", constant=1)
    ticks = [sign * tick for tick in (1, 10, 100, 1000) for sign in (-1, 1)]
    axis = alt.Axis(values=[0, *ticks], labelExpr=THOUSANDS, labelOverlap="greedy")
    y = alt.Y("y:Q", title="slope jump", scale=scale, axis=axis)
    marks = _kinks("kinks").mark_point(filled=True, size=46, clip=True)
    behind = _kinks("pinned_kinks").mark_point(filled=False, size=46, strokeWidth=1, clip=True)
    right = alt.Scale(domain=[0, 1], range=["triangle-left", "triangle-right"])
    look: dict[str, Any] = {"x": x, "y": y, "shape": alt.Shape("right:N", scale=right, legend=None)}
    look["opacity"] = alt.condition("datum.inside", alt.value(0.75), alt.value(0.15))
    said = [
        alt.Tooltip("neuron:Q", title="unit"),
        alt.Tooltip("where:Q", title="position s", format=".3f"),
        alt.Tooltip("y:Q", title="slope jump / first median", format=".2f"),
    ]
    layers = [
        across(0, y),
        behind.encode(**look, color=PINNED_COLOUR),
        marks.encode(**look, color=alt.Color("side:N", scale=CLASSES, legend=None), tooltip=said),
        outside(),
    ]
    return alt.layer(*layers).properties(height=KINK_HEIGHT)


def _kinks(table: str) -> alt.Chart:
    rows = marks_of(table).transform_calculate(where=moving("s", jump="(s_max - s_min)"), y=moving("jump"))
    return rows.transform_filter("isValid(datum.where)").transform_calculate(
        x="clamp(datum.where, s_min, s_max)",
        inside="datum.where >= s_min && datum.where <= s_max",
        right="datum.on_right[frame]",
        side="datum.y >= 0 ? 1 : -1",
    )


def _function_rows(grid: Floats, output: Floats) -> Rows:
    return records({"x": listed(grid), "v": listed(output)})


def _kink_rows(kinks: pd.DataFrame, steps: np.ndarray, unit: float) -> Rows:
    columns = {"s": listed(over_frames(kinks, "position", steps))}
    columns["jump"] = listed(over_frames(kinks, "slope_jump", steps) / unit, 3)
    columns["on_right"] = over_frames(kinks, "active_right", steps).astype(int).tolist()
    return records({"neuron": range(len(columns["s"])), **columns})


def _highest(values: np.ndarray, least: float) -> float:
    """Return what an axis must reach: the largest value on view, but for the top 0.5 % that would flatten the rest."""
    finite = np.abs(values[np.isfinite(values)])
    return max(least, 1.08 * float(np.quantile(finite, 0.995))) if finite.size else least
