"""One mode under two losses over the logarithm of time: hinge stops at its margin, cross-entropy never does."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from scipy.special import expit  # type: ignore[import-untyped]
from scipy.special import logit as log_odds

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, marks_of, moment, on_screen
from core.figure.palette import INK, MUTED
from core.figure.rows import Floats, listed, records
from core.studies.modes.charts.curves import EXTENT, time_axis
from core.studies.modes.charts.marks import LOSSES, loss_colour, shown_times

HEIGHT = 350
CONFIDENCES = (0.9, 0.99, 0.999, 0.9999)
EARLY = 1e-3
"""Where the axis begins, as a share of the training's time."""


def figure(
    theory: pd.DataFrame, known: pd.DataFrame, late: pd.DataFrame, done: dict[str, float | None], *, measured: bool
) -> Figure:
    """Return the figure of one mode.

    Args:
        theory: loss, time, logit: to far beyond the training.
        known: loss, time, logit at the recorded times: measured, or theory's before that.
        late: time, logit: what cross-entropy comes to.
        done: when the loss was exactly 0, by loss; None if it was not.
        measured: whether `known` is.
    """
    times = known["time"].unique()
    first, last, end = EARLY * float(times[-1]), float(theory["time"].max()), float(times[-1])
    shown = theory[theory["time"] >= first]
    high = 1.1 * float(np.nanmax(shown["logit"]))
    low = min(float(np.nanmin(shown["logit"])), 0.0) - 0.04 * high
    dots = known[known["time"] >= first]
    levels = [
        (f"{expit(1):.1%}, the hinge's margin", 1.0),
        *((f"{100 * confidence:g} %", float(log_odds(confidence))) for confidence in CONFIDENCES),
    ]
    tables: dict[str, Rows] = {
        "theory": _rows(shown),
        "measured": _rows(dots[shown_times(dots, log=True)]) if measured else [],
        "late": records({"x": listed(late["time"], 6), "logit": listed(late["logit"])}),
        "levels": [{"logit": round(n, 4), "text": text} for text, n in levels if n < high],
        "end": [{"x": end, "text": "trained to here" if measured else "to be trained to here", "align": "left"}],
        "now": [_now_row(known, loss, times, first, done[loss]) for loss in LOSSES],
    }
    params = {"first": first, "last": last, "low": round(low, 4), "high": round(high, 4)}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params={"first": 0.1, "last": 1e4, "low": 0, "high": 9})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x = time_axis(log=True, title="time t, sum of the learning rates")
    axis, hue = alt.Axis(tickCount=6, grid=False, **EXTENT), loss_colour()
    y = alt.Y("logit:Q", title="logit sN", scale=between("low", "high"), axis=axis)
    late = marks_of("late").mark_line(strokeDash=[4, 4], color=INK, opacity=0.7, clip=True)
    dots = marks_of("measured").mark_point(filled=False, size=26, opacity=0.8, clip=True)
    layers = [
        *_levels(y),
        *moment(marks_of("end"), x, alt.value(HEIGHT - 4), strokeDash=[2, 3]),
        late.encode(x=x, y=y, order="x:Q"),
        marks_of("theory").mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=hue, order="x:Q"),
        dots.encode(x=x, y=y, color=hue),
        *_now(x, y, hue),
    ]
    return alt.layer(*layers)


def _levels(y: alt.Y) -> list[alt.Chart]:
    levels = marks_of("levels")
    words: dict[str, Any] = {"fontSize": 10, "color": MUTED, "baseline": "bottom"}
    return [
        levels.mark_rule(color=MUTED, opacity=0.35).encode(y=y),
        levels.mark_text(align="right", dx=-4, dy=-1, **words).encode(x=alt.value("width"), y=y, text="text:N"),
    ]


def _now(x: alt.X, y: alt.Y, hue: alt.Color) -> list[alt.Chart]:
    now = marks_of("now").transform_calculate(x=moving("xs"), logit=moving("v"), words="datum.said[frame]")
    words: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 12, "fontWeight": "bold", "dx": 8}
    said = [
        now.transform_filter(f"datum.loss == '{name}'")
        .mark_text(**words)
        .encode(x=alt.value(0), y=alt.value(6 + 17 * place), text="words:N", color=hue)
        for place, (name, _) in enumerate(LOSSES.values())
    ]
    return [on_screen(one) for one in (dot(now, size=75).encode(x=x, y=y, color=hue, tooltip="words:N"), *said)]


def _rows(table: pd.DataFrame) -> Rows:
    names = [LOSSES[loss][0] for loss in table["loss"]]
    return records({"loss": names, "x": listed(table["time"], 6), "logit": listed(table["logit"])})


def _now_row(known: pd.DataFrame, loss: str, times: Floats, first: float, done: float | None) -> dict[str, Any]:
    n = known[known["loss"] == loss]["logit"].to_numpy()
    name = LOSSES[loss][0]
    said = [
        f"{name}: {share:.1%}" + (f", zero loss from t = {done:.3g}" if done is not None and time >= done else "")
        for time, share in zip(times, expit(n), strict=True)
    ]
    return {
        "loss": name,
        "xs": listed(np.maximum(times, first), 6),
        "v": listed(n),
        "said": said,
    }
