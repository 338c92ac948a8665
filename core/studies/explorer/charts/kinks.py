"""The network along the data line: its function above, the kinks it is made of below."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import (
    ACCENT,
    FRAME,
    MUTED,
    NEGATIVE,
    PINNED,
    POSITIVE,
    THEME,
    THOUSANDS,
    TWEEN,
    Figure,
    Rows,
    as_tables,
    expr,
    listed,
    moving,
    over_frames,
)

X = alt.Scale(domain=[expr("s_min"), expr("s_max")], nice=False, zero=False)
FUNCTION_HEIGHT, KINK_HEIGHT = 185, 148
CLASSES = alt.Scale(domain=[-1, 1], range=[NEGATIVE, POSITIVE])


def figure(
    kinks: pd.DataFrame,
    function: pd.DataFrame,
    points: pd.DataFrame,
    steps: np.ndarray,
    alpha: float,
    pinned: tuple[pd.DataFrame, pd.DataFrame, float] | None = None,
) -> Figure:
    """Return the figure of one run from its `frames` tables, shown at `steps`.

    `pinned` is a second run's kinks, function and alpha, drawn behind on the same clock.
    """
    kinks, function = until_finite(kinks, function)
    grid = function.loc[function["step"] == function["step"].iloc[0], "position"].to_numpy()
    output = over_frames(function, "output", steps) * alpha  # (point, frame)
    jumps = over_frames(kinks, "slope_jump", steps)
    unit = float(np.nanmedian(np.abs(jumps[:, 0]))) or 1.0
    tables: dict[str, Rows] = {
        "points": _point_rows(points),
        "function": _function_rows(grid, output),
        "kinks": _kink_rows(kinks, steps, unit),
        "outside": _outside_rows(kinks, steps, float(grid[0]), float(grid[-1])),
        "pinned_function": [],
        "pinned_kinks": [],
    }
    highest = [_highest(output, 1.6), _highest(jumps / unit, 3.0)]
    if pinned is not None:
        other_kinks, other_function, other_alpha = *until_finite(*pinned[:2]), pinned[2]
        other = over_frames(other_function, "output", steps) * other_alpha
        first = other_function["step"] == other_function["step"].iloc[0]
        tables["pinned_function"] = _function_rows(other_function.loc[first, "position"].to_numpy(), other)
        tables["pinned_kinks"] = _kink_rows(other_kinks, steps, unit)
        highest[0] = max(highest[0], _highest(other, 1.6))
    params = {"s_min": float(grid[0]), "s_max": float(grid[-1]), "f_max": highest[0], "jump_max": highest[1]}
    return Figure(
        spec(),
        as_tables(tables),
        {name: float(f"{value:.4g}") for name, value in params.items()},
    )


def until_finite(kinks: pd.DataFrame, function: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables up to the last step at which F was finite: a diverged run stays there instead of vanishing."""
    last = function.loc[np.isfinite(function["output"]), "step"].max()
    return kinks[kinks["step"] <= last], function[function["step"] <= last]


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every run."""
    names = {"s_min": -1.0, "s_max": 2.0, "f_max": 2.0, "jump_max": 3.0}
    own = [alt.param(name=name, value=value) for name, value in names.items()]
    both = alt.vconcat(_function_panel(), _kink_panel(), spacing=10)
    return both.add_params(FRAME, TWEEN, *THEME, *own).properties(usermeta={"trainscope": {"padding": 66}})


def _function_panel() -> alt.LayerChart | alt.FacetChart:
    y = alt.Y("y:Q", title="α F(s)", scale=alt.Scale(domain=[expr("-f_max"), expr("f_max")], nice=False))
    x = alt.X("x:Q", title=None, scale=X, axis=alt.Axis(labels=False, ticks=False))
    zero = alt.Chart(alt.InlineData([{"y": 0}])).mark_rule(color=expr(MUTED), opacity=0.7).encode(y=y)
    margins = (
        alt.Chart(alt.InlineData([{"y": -1}, {"y": 1}]))
        .mark_rule(color=expr(MUTED), opacity=0.6, strokeDash=[2, 3])
        .encode(y=y)
    )
    ticks = alt.Chart(alt.NamedData("points")).mark_tick(thickness=1, size=9, opacity=0.35, clip=True)
    rugs = [
        ticks.transform_filter(f"datum.label == {label}").encode(
            x=x, y=alt.value(place), color=alt.Color("label:N", scale=CLASSES, legend=None)
        )
        for label, place in ((1, 6), (-1, FUNCTION_HEIGHT - 6))
    ]
    line = alt.Chart(alt.NamedData("function")).transform_calculate(y=moving("v"))
    return alt.layer(
        zero,
        margins,
        *rugs,
        line.mark_line(strokeWidth=2, strokeDash=[5, 3], color=PINNED, clip=True)
        .encode(x=x, y=y, order="x:Q")
        .properties(data=alt.NamedData("pinned_function")),
        line.mark_line(strokeWidth=2.5, color=ACCENT, clip=True).encode(x=x, y=y, order="x:Q"),
    ).properties(height=FUNCTION_HEIGHT)


def _kink_panel() -> alt.LayerChart | alt.FacetChart:
    x = alt.X("x:Q", title="s on the data line (0 and 1: means of class −1 and +1)", scale=X)
    scale = alt.Scale(type="symlog", constant=1, domain=[expr("-jump_max"), expr("jump_max")], nice=False)
    ticks = [sign * tick for tick in (1, 10, 100, 1000) for sign in (-1, 1)]
    axis = alt.Axis(values=[0, *ticks], labelExpr=THOUSANDS, labelOverlap="greedy")
    y = alt.Y("y:Q", title="slope jump", scale=scale, axis=axis)
    base = (
        alt.Chart(alt.NamedData("kinks"))
        .transform_calculate(where=moving("s", jump="(s_max - s_min)"), y=moving("jump"))
        .transform_filter("isValid(datum.where)")
        .transform_calculate(
            x="clamp(datum.where, s_min, s_max)",
            inside="datum.where >= s_min && datum.where <= s_max",
            right="datum.on_right[frame]",
            side="datum.y >= 0 ? 1 : -1",
        )
    )
    glyph = alt.Shape("right:N", scale=alt.Scale(domain=[0, 1], range=["triangle-left", "triangle-right"]), legend=None)
    opacity = alt.condition("datum.inside", alt.value(0.75), alt.value(0.15))
    ground = alt.Chart(alt.InlineData([{"y": 0}])).mark_rule(color=expr(MUTED), opacity=0.7).encode(y=y)
    marks = base.mark_point(filled=True, size=46, clip=True).encode(
        x=x,
        y=y,
        shape=glyph,
        opacity=opacity,
        color=alt.Color("side:N", scale=CLASSES, legend=None),
        tooltip=[
            alt.Tooltip("neuron:Q", title="unit"),
            alt.Tooltip("where:Q", title="position s", format=".3f"),
            alt.Tooltip("y:Q", title="slope jump / first median", format=".2f"),
        ],
    )
    behind = (
        base.mark_point(filled=False, size=46, strokeWidth=1, color=PINNED, clip=True)
        .encode(x=x, y=y, shape=glyph, opacity=opacity)
        .properties(data=alt.NamedData("pinned_kinks"))
    )
    outside = (
        alt.Chart(alt.NamedData("outside"))
        .transform_calculate(text="datum.before + datum.n[frame] + datum.after")
        .transform_filter("datum.n[frame] > 0")
        .mark_text(fontSize=10, color=expr(MUTED), align=expr("datum.align"), baseline="top")
        .encode(x=alt.value(expr("datum.align == 'left' ? 4 : width - 4")), y=alt.value(3), text="text:N")
    )
    return alt.layer(ground, behind, marks, outside).properties(height=KINK_HEIGHT)


def _point_rows(points: pd.DataFrame) -> Rows:
    return [{"x": x, "label": label} for x, label in zip(listed(points["position"]), points["label"], strict=True)]


def _function_rows(grid: np.ndarray, output: np.ndarray) -> Rows:
    return [{"x": x, "v": v} for x, v in zip(listed(grid), listed(output), strict=True)]


def _kink_rows(kinks: pd.DataFrame, steps: np.ndarray, unit: float) -> Rows:
    places = listed(over_frames(kinks, "position", steps))
    jumps = listed(over_frames(kinks, "slope_jump", steps) / unit, 3)
    rights = over_frames(kinks, "active_right", steps).astype(int).tolist()
    return [
        {"neuron": neuron, "s": s, "jump": jump, "on_right": right}
        for neuron, (s, jump, right) in enumerate(zip(places, jumps, rights, strict=True))
    ]


def _outside_rows(kinks: pd.DataFrame, steps: np.ndarray, low: float, high: float) -> Rows:
    """Count the kinks beyond either edge, which are drawn faintly on it."""
    places = over_frames(kinks, "position", steps)
    left, right = (places < low).sum(0).tolist(), (places > high).sum(0).tolist()
    return [
        {"align": "left", "before": "◂ ", "n": left, "after": ""},
        {"align": "right", "before": "", "n": right, "after": " ▸"},
    ]


def _highest(values: np.ndarray, least: float) -> float:
    """Return what an axis must reach: the largest value on view, but for the top 0.5 % that would flatten the rest."""
    finite = np.abs(values[np.isfinite(values)])
    return max(least, 1.08 * float(np.quantile(finite, 0.995))) if finite.size else least
