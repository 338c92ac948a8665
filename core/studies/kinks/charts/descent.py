"""The loss and when it was predicted to fall, over the number of kinks and its bound, on the axis of steps."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import SIDE, between, dot, level, marks_of, on_screen, stacked
from core.figure.palette import ACCENT, INK, MUTED, categories, strokes
from core.figure.rows import over_frames, short

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
        "loss": step_axis.curve_rows(steps, [({"name": "loss"}, columns["loss"])]),
        "counts": step_axis.curve_rows(steps, (({"name": COUNTS[name][0]}, columns[name]) for name in COUNTS)),
        "now": step_axis.now_rows(steps, loss=columns["loss"], n_eff=columns["n_eff"], kinks=columns["distinct_kinks"]),
        "escapes": _escape_rows(escapes, float(steps[-1])),
        "bound": [{"y": bound, "text": f"2K + 1 = {bound}"}],
    }
    low, high = _decades(columns["loss"])
    most = max([bound, *(float(np.nanmax(columns[name], initial=0)) for name in COUNTS)])
    params = {"last_step": int(steps[-1]), "loss_min": low, "loss_max": high, "count_max": round(1.2 * most, 1)}
    return Figure.of(chart(), tables, params)


@specification(padding=66, params={**step_axis.PARAMS, "loss_min": 1e-6, "loss_max": 1, "count_max": 12})
def chart() -> Chart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    return stacked(_loss_panel(), _count_panel(), spacing=10)


def _loss_panel() -> Chart:
    x = step_axis.step_axis(title=None)
    axis = alt.Axis(format="~e", tickCount=5, labelOverlap="greedy", **EXTENT)
    y = alt.Y("value:Q", title="loss", scale=between("loss_min", "loss_max", type="log", clamp=True), axis=axis)
    curve = marks_of("loss").mark_line(color=INK, strokeWidth=2, clip=True).encode(x=x, y=y)
    here = dot(step_axis.now(value="loss"), size=55, fill=INK).encode(x=x, y=y)
    rules = marks_of("escapes")
    labels = rules.transform_calculate(y=f"{LOSS_HEIGHT} - 4 - 13 * datum.row")
    labels = labels.mark_text(fontSize=10, color=MUTED, baseline="bottom", **SIDE)
    labels = labels.encode(x=x, y=alt.Y("y:Q", scale=None), text="label:N")
    predicted = rules.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x=x)
    return alt.layer(predicted, labels, step_axis.marker(x), curve, on_screen(here)).properties(height=LOSS_HEIGHT)


def _count_panel() -> Chart:
    x = step_axis.step_axis()
    y = alt.Y("value:Q", title="kinks", scale=between(0, "count_max"), axis=alt.Axis(tickCount=4, **EXTENT))
    colour = categories("name", dict(COUNTS.values()), strokes(columns=2))
    curves = marks_of("counts").mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=colour)
    dots = [
        on_screen(dot(step_axis.now(value=column), size=55, fill=hue).encode(x=x, y=y))
        for column, (_, hue) in zip(("n_eff", "kinks"), COUNTS.values(), strict=True)
    ]
    bound, *name = level(marks_of("bound").transform_calculate(value="datum.y"), y, strokeDash=[4, 3])
    return alt.layer(bound, step_axis.marker(x), curves, *name, *dots).properties(height=COUNT_HEIGHT)


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
    return short(low, 3), short(high, 3)
