"""How much of the network a linear classifier explains, over the steps of its training."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import (
    FRAME,
    INK,
    MUTED,
    NEGATIVE,
    PAPER,
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

MEASURES = {
    "mutual_information": ("I(F;Y), all of F", "#1b1b1b", [1, 0]),
    "mu_y": ("μ_Y(F;L), explained by L", POSITIVE, [1, 0]),
    "conditional_information": ("I(F;Y|L), beyond L", NEGATIVE, [1, 0]),
    "mu_y_independent": ("μ_Y if independent", POSITIVE, [2, 3]),
    "explainer_information": ("I(L;Y), ceiling", "#E69F00", [6, 4]),
    "accuracy": ("accuracy", "#8c8c8c", [1, 0]),
}
"""Column: label, colour, dashes. The first one takes the page's ink colour."""

TICKS = [0, 1, 10, 100, 1_000, 10_000, 100_000]


def figure(
    table: pd.DataFrame,
    steps: np.ndarray,
    ending: str,
    *,
    log_steps: bool = True,
    pinned: pd.DataFrame | None = None,
) -> Figure:
    """Return the figure of one run from `frames.information_table`; `ending` says how and when the run ended."""
    values = {name: over_frames(table, name, steps)[0] for name in MEASURES}
    last = int(table["step"].iloc[-1])
    share = np.log1p(last) / np.log1p(steps[-1]) if log_steps else last / steps[-1]  # of the way to the right edge
    tables: dict[str, Rows] = {
        "curves": _curve_rows(steps, values),
        "now": _now_rows(steps, values),
        "band": _band_rows(table, steps),
        "end": [{"step": last, "text": ending, "align": "right" if share > 0.4 else "left"}],
        "pinned_curves": [],
    }
    if pinned is not None:
        shown = ("mutual_information", "mu_y", "accuracy")
        others = {name: over_frames(pinned, name, steps)[0] for name in shown}
        tables["pinned_curves"] = _curve_rows(steps, others)
    return Figure(spec(log_steps=log_steps), as_tables(tables), {"last_step": int(steps[-1])})


@cache
def spec(*, log_steps: bool) -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart(log_steps=log_steps).to_dict()


def chart(*, log_steps: bool) -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every run; two of them, for steps on a logarithmic or a linear axis."""
    domain: list[Any] = [0, expr("last_step")]
    scale = alt.Scale(type="symlog", constant=1, domain=domain, nice=False) if log_steps else alt.Scale(domain=domain)
    ticks = alt.Axis(values=TICKS, labelExpr=THOUSANDS) if log_steps else alt.Axis(labelExpr=THOUSANDS, tickCount=5)
    x = alt.X("step:Q", title="SGD step", scale=scale, axis=ticks)
    y_scale = alt.Scale(domain=[-0.05, 1.02], nice=False)
    y = alt.Y("value:Q", title="bits, and accuracy as a share", scale=y_scale)
    labels = [label for label, _, _ in MEASURES.values()]
    colour = alt.Color(
        "measure:N",
        scale=alt.Scale(domain=labels, range=[expr(INK), *(c for _, c, _ in list(MEASURES.values())[1:])]),
        legend=alt.Legend(title=None, orient="bottom", columns=2, symbolType="stroke", symbolStrokeWidth=2.5),
    )
    dash = alt.StrokeDash("measure:N", scale=alt.Scale(domain=labels, range=[d for *_, d in MEASURES.values()]))
    curves = alt.Chart(alt.NamedData("curves")).mark_line(strokeWidth=2, interpolate="linear", clip=True)
    band = (
        alt.Chart(alt.NamedData("band"))
        .mark_area(color=POSITIVE, opacity=0.15, clip=True)
        .encode(x=x, y=alt.Y("low:Q", scale=y_scale), y2="high:Q")
    )
    pinned = (
        alt.Chart(alt.NamedData("pinned_curves"))
        .mark_line(strokeWidth=1.6, strokeDash=[5, 3], color=PINNED, clip=True)
        .encode(x=x, y=y, detail="measure:N")
    )
    now = alt.Chart(alt.NamedData("now")).transform_calculate(step=moving("steps"), value=moving("v"))
    marker = now.transform_filter("datum.first").mark_rule(strokeWidth=1.5, color=expr(INK)).encode(x=x)
    dots = now.mark_point(filled=True, size=55, stroke=expr(PAPER), strokeWidth=1.2, opacity=1, clip=True).encode(
        x=x, y=y, color=colour
    )
    end = alt.Chart(alt.NamedData("end"))
    said = end.encode(x=x, y=alt.value(3), text="text:N")
    words: dict[str, Any] = {"color": expr(MUTED), "fontSize": 10, "baseline": "top"}
    endings = (
        said.transform_filter("datum.align == 'right'").mark_text(align="right", dx=-4, **words),
        said.transform_filter("datum.align == 'left'").mark_text(align="left", dx=4, **words),
    )
    return (
        alt.layer(
            band,
            pinned,
            curves.encode(x=x, y=y, color=colour, strokeDash=dash),
            end.mark_rule(color=expr(MUTED), strokeDash=[3, 3]).encode(x=x),
            *endings,
            marker,
            dots,
        )
        .add_params(FRAME, TWEEN, *THEME, alt.param(name="last_step", value=20_000))
        .properties(height=343)
    )


def _curve_rows(steps: np.ndarray, values: dict[str, np.ndarray]) -> Rows:
    return [
        {"measure": MEASURES[name][0], "step": step, "value": value}
        for name, series in values.items()
        for step, value in zip(steps.tolist(), listed(series), strict=True)
    ]


def _now_rows(steps: np.ndarray, values: dict[str, np.ndarray]) -> Rows:
    """One row a measure: the moving dots, the first of which also carries the marker of the step."""
    return [
        {
            "measure": MEASURES[name][0],
            "first": name == "mutual_information",
            "steps": steps.tolist(),
            "v": listed(series),
        }
        for name, series in values.items()
    ]


def _band_rows(table: pd.DataFrame, steps: np.ndarray) -> Rows:
    """mu_Y plus and minus one standard error over draws of the test set."""
    mu, error = (over_frames(table, name, steps)[0] for name in ("mu_y", "standard_error"))
    ends = zip(steps.tolist(), listed(mu - error), listed(mu + error), strict=True)
    return [{"step": step, "low": low, "high": high} for step, low, high in ends]
