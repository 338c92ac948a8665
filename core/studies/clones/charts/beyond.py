"""What the two-class network knows beyond each classifier, I(F;Y|L), and in all, on one logarithmic axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, marks_of, rimmed
from core.figure.palette import ACCENT, INK, MUTED, NEGATIVE, POSITIVE, categories, strokes
from core.figure.rows import mean_of_known, short
from core.studies.clones.charts import landmarks
from core.studies.clones.experiment import EXPLAINERS

HEIGHT = 300
HUES = dict(zip(EXPLAINERS, (NEGATIVE, ACCENT, POSITIVE, "#CC4778"), strict=True))
WHOLE = "I(F;Y), all that it knows"


def figure(
    information: pd.DataFrame, matched: Mapping[str, float], chosen: str, floor: float, steps: NDArray[np.int64]
) -> Figure:
    """Return the figure.

    Args:
        information: explainer, seed, step, conditional_information, mutual_information_test, one seed after the other.
        matched: T0 of each explainer, NaN where there is none.
        chosen: the explainer whose curve is thick.
        floor: the bits of I(F;Y|L) that chance alone reaches.
        steps: the snapshots, (frame,).
    """
    curves, last = list[tuple[dict[str, Any], NDArray[np.float64]]](), int(steps[-1])
    low = short(floor / 2, 2)
    for name in EXPLAINERS:
        rows = information[information["explainer"] == name]
        whole, beyond = (
            mean_of_known(rows[column].to_numpy(np.float64).reshape(-1, len(steps)))
            for column in ("mutual_information_test", "conditional_information")
        )
        if not curves:
            curves.append(({"name": WHOLE, "marked": False}, whole))
        told = np.where(whole >= floor, beyond, np.nan)  # a network that knows nothing has nothing beyond
        curves.append(({"name": EXPLAINERS[name], "marked": name == chosen}, told))
    shown = [(about, np.maximum(values, low)) for about, values in curves]
    marked = [
        (matched[name], EXPLAINERS[name], f"as good as {EXPLAINERS[name]} at step {matched[name]:,.0f}")
        for name in EXPLAINERS
    ]
    tables: dict[str, Rows] = {
        "curves": step_axis.curve_rows(steps, shown),
        "dots": step_axis.dot_rows(steps, shown),
        "now": step_axis.now_rows(steps),
        "floor": [{"value": short(floor), "text": "noise floor of I(F;Y|L)"}],
        "matched": landmarks.rows(marked, last),
    }
    return Figure.of(chart(), tables, {"last_step": last, "low": low})


@specification(height=HEIGHT, params={**step_axis.PARAMS, "low": 2e-4})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    axis = alt.Axis(format="~g", values=[0.001, 0.01, 0.1, 1], grid=False)
    y = alt.Y("value:Q", title="bits", scale=between("low", 1.2, type="log"), axis=axis)
    x = step_axis.step_axis("SGD step")
    hues = {WHOLE: INK} | {EXPLAINERS[name]: hue for name, hue in HUES.items()}
    hue = categories("name", hues, strokes(columns=2))
    lines = (
        marks_of("curves")
        .mark_line(clip=True)
        .encode(x=x, y=y, color=hue, strokeWidth=alt.value(expr("datum.marked ? 3 : 1.6")))
    )
    floor, side = marks_of("floor"), dict[str, Any](fontSize=10, align="right", baseline="bottom", dy=-3)
    layers = [
        floor.mark_rule(color=MUTED, strokeDash=[1, 2]).encode(y=y),
        *(
            one.encode(x=alt.value(expr("width - 5")), y=y, text="text:N")
            for one in rimmed(floor, colour=MUTED, **side)
        ),
        *landmarks.landmarks("matched", x, hue),
        lines,
        step_axis.marker(x),
        step_axis.dots("dots", x, y, hue, "datum.name + ': '"),
    ]
    return alt.layer(*layers)
