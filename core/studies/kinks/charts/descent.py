"""The loss and when it was predicted to fall, over the number of kinks and its bound, on the axis of steps."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import (
    ACCENT,
    FRAME,
    INK,
    MUTED,
    PAPER,
    THEME,
    TWEEN,
    Figure,
    Rows,
    as_tables,
    expr,
    listed,
    over_frames,
)

LOSS_HEIGHT, COUNT_HEIGHT = 190, 130
DEPTH = 1e-6
"""The axis of the loss ends at this share of the first loss: below it nothing falls in stairs any more."""

COUNTS = {"n_eff": ("effective number N_eff", "#C99A00"), "distinct_kinks": ("distinct kinks", ACCENT)}
"""Column of `loss`: label, colour."""

EXTENT: dict[str, Any] = {"minExtent": 30, "maxExtent": 30}
"""Room for the labels of both y axes: the panels stay where they are from run to run."""

NEAR = 0.3
"""Labels of escapes nearer than this share of the axis stand in rows of their own."""


def figure(loss: pd.DataFrame, escapes: pd.DataFrame, points: int, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one run at `steps`.

    Args:
        loss: step, loss, n_eff, distinct_kinks.
        escapes: label, step, predicted; may be empty.
        points: K; 2K + 1 is drawn as the bound of kinks.
        steps: the snapshots, (frame,).
    """
    columns = {name: over_frames(loss, name, steps)[0] for name in ("loss", *COUNTS)}
    bound = 2 * points + 1
    tables: dict[str, Rows] = {
        "loss": _curve_rows(steps, {"loss": columns["loss"]}),
        "counts": _curve_rows(steps, {COUNTS[name][0]: columns[name] for name in COUNTS}),
        "now": step_axis.now_rows(steps, loss=columns["loss"], n_eff=columns["n_eff"], kinks=columns["distinct_kinks"]),
        "escapes": _escape_rows(escapes, float(steps[-1])),
        "bound": [{"y": bound, "text": f"2K + 1 = {bound}"}],
    }
    low, high = _decades(columns["loss"])
    most = max([bound, *(float(np.nanmax(columns[name], initial=0)) for name in COUNTS)])
    params = {"last_step": int(steps[-1]), "loss_min": low, "loss_max": high, "count_max": round(1.2 * most, 1)}
    return Figure(spec(), as_tables(tables), params)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    own = [
        alt.param(name=name, value=value) for name, value in (("loss_min", 1e-6), ("loss_max", 1), ("count_max", 12))
    ]
    both: alt.VConcatChart = alt.vconcat(_loss_panel(), _count_panel(), spacing=10).resolve_scale(color="independent")
    params = (FRAME, TWEEN, *THEME, step_axis.last_step(), *own)
    both = both.add_params(*params)
    return both.properties(usermeta={"trainscope": {"padding": 66}}, config=alt.Config(aria=False))


def _loss_panel() -> alt.LayerChart | alt.FacetChart:
    x = step_axis.step_axis(title=None)
    scale = alt.Scale(type="log", domain=[expr("loss_min"), expr("loss_max")], nice=False, clamp=True)
    y = alt.Y(
        "value:Q", title="loss", scale=scale, axis=alt.Axis(format="~e", tickCount=5, labelOverlap="greedy", **EXTENT)
    )
    curve = alt.Chart(alt.NamedData("loss")).mark_line(color=expr(INK), strokeWidth=2, clip=True).encode(x=x, y=y)
    dot = step_axis.now(value="loss").mark_point(filled=True, fill=expr(INK), **_rim()).encode(x=x, y=y)
    rules = alt.Chart(alt.NamedData("escapes"))
    words: dict[str, Any] = {"fontSize": 10, "color": expr(MUTED), "baseline": "bottom"}
    sides: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 4), ("right", -4))
    labels = [
        rules.transform_filter(f"datum.align == '{side}'")
        .transform_calculate(y=f"{LOSS_HEIGHT} - 4 - 13 * datum.row")
        .mark_text(align=side, dx=shift, **words)
        .encode(x=x, y=alt.Y("y:Q", scale=None), text="label:N")
        for side, shift in sides
    ]
    predicted = rules.mark_rule(color=expr(MUTED), strokeDash=[4, 3]).encode(x=x)
    return alt.layer(predicted, *labels, step_axis.marker(x), curve, dot).properties(height=LOSS_HEIGHT)


def _count_panel() -> alt.LayerChart | alt.FacetChart:
    x = step_axis.step_axis()
    y = alt.Y(
        "value:Q",
        title="kinks",
        scale=alt.Scale(domain=[0, expr("count_max")], nice=False),
        axis=alt.Axis(tickCount=4, **EXTENT),
    )
    names, colours = zip(*COUNTS.values(), strict=True)
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=list(names), range=list(colours)),
        legend=alt.Legend(title=None, orient="bottom", columns=2, symbolType="stroke", symbolStrokeWidth=2.5),
    )
    curves = alt.Chart(alt.NamedData("counts")).mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=colour)
    dots = [
        step_axis.now(value=column).mark_point(filled=True, fill=hue, **_rim()).encode(x=x, y=y)
        for column, hue in zip(("n_eff", "kinks"), colours, strict=True)
    ]
    bound = alt.Chart(alt.NamedData("bound")).transform_calculate(value="datum.y")
    rule = bound.mark_rule(color=expr(MUTED), strokeDash=[4, 3]).encode(y=y)
    label = bound.mark_text(fontSize=10, color=expr(MUTED), align="left", baseline="bottom", dy=-2).encode(
        x=alt.value(4), y=y, text="text:N"
    )
    return alt.layer(rule, label, step_axis.marker(x), curves, *dots).properties(height=COUNT_HEIGHT)


def _rim() -> dict[str, Any]:
    return {"size": 55, "stroke": expr(PAPER), "strokeWidth": 1.2, "opacity": 1, "clip": True}


def _curve_rows(steps: NDArray[np.int64], curves: dict[str, NDArray[np.float64]]) -> Rows:
    return [
        {"name": name, "step": step, "value": value}
        for name, series in curves.items()
        for step, value in zip(steps.tolist(), listed(series), strict=True)
    ]


def _escape_rows(escapes: pd.DataFrame, last: float) -> Rows:
    """Return the predicted escapes on the axis, in order; a label gives way upward to those before it."""
    rows: list[dict[str, Any]] = []
    order = escapes[np.isfinite(escapes["step"].astype(float)) & (escapes["step"] <= last)].sort_values("step")
    for label, step in zip(order["label"], order["step"].tolist(), strict=True):
        share = step_axis.along(step, last)
        taken = {row["row"] for row in rows if share - row["share"] < NEAR}
        row = next(i for i in range(len(rows) + 1) if i not in taken)
        side = "right" if share > 0.35 else "left"
        rows.append({"label": label, "step": round(step, 1), "align": side, "row": row, "share": round(share, 3)})
    return rows


def _decades(loss: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the loss's axis: two decades at least, up to what the first loss needs or what it rose to."""
    seen = loss[np.isfinite(loss) & (loss > 0)]
    if not seen.size:
        return 1e-2, 1.0
    first, least = float(seen[0]), float(seen.min())
    high = 1.6 * max(first, min(float(seen.max()), 1e3 * first))
    low = min(max(least / 1.6, DEPTH * first), high / 100)
    return float(f"{low:.3g}"), float(f"{high:.3g}")
