"""One mode under two losses over the logarithm of time: hinge stops at its margin, cross-entropy never does."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit  # type: ignore[import-untyped]
from scipy.special import logit as log_odds

from core.figure.figure import FRAME, INK, MUTED, THEME, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.studies.modes.charts.curves import EXTENT, time_axis
from core.studies.modes.charts.marks import LOSSES, RIM, loss_colour, shown_times

Floats = NDArray[np.float64]

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
        "late": [{"x": x, "logit": n} for x, n in zip(listed(late["time"], 6), listed(late["logit"]), strict=True)],
        "levels": [{"logit": round(n, 4), "text": text} for text, n in levels if n < high],
        "end": [{"x": end, "text": "trained to here" if measured else "to be trained to here"}],
        "now": [_now_row(known, loss, times, first, done[loss]) for loss in LOSSES],
    }
    params = {"first": first, "last": last, "low": round(low, 4), "high": round(high, 4)}
    return Figure(spec(), as_tables(tables), params)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every experiment."""
    x = time_axis(log=True, title="time t, sum of the learning rates")
    scale = alt.Scale(domain=[expr("low"), expr("high")], nice=False)
    y = alt.Y("logit:Q", title="logit sN", scale=scale, axis=alt.Axis(tickCount=6, grid=False, **EXTENT))
    rows, dots = alt.Chart(alt.NamedData("theory")), alt.Chart(alt.NamedData("measured"))
    late = alt.Chart(alt.NamedData("late")).mark_line(strokeDash=[4, 4], color=expr(INK), opacity=0.7, clip=True)
    layers = [
        *_levels(x, y),
        late.encode(x=x, y=y, order="x:Q"),
        rows.mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=loss_colour(legend=True), order="x:Q"),
        dots.mark_point(filled=False, size=26, opacity=0.8, clip=True).encode(x=x, y=y, color=loss_colour(legend=True)),
        *_now(x, y),
    ]
    own = [
        alt.param(name=name, value=value) for name, value in (("first", 0.1), ("last", 1e4), ("low", 0), ("high", 9))
    ]
    return (
        alt.layer(*layers)
        .add_params(FRAME, TWEEN, *THEME, *own)
        .properties(height=HEIGHT, config=alt.Config(aria=False))
    )


def _levels(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    levels, end = alt.Chart(alt.NamedData("levels")), alt.Chart(alt.NamedData("end"))
    words: dict[str, Any] = {"fontSize": 10, "color": expr(MUTED), "baseline": "bottom"}
    return [
        levels.mark_rule(color=expr(MUTED), opacity=0.35).encode(y=y),
        levels.mark_text(align="right", dx=-4, dy=-1, **words).encode(x=alt.value("width"), y=y, text="text:N"),
        end.mark_rule(color=expr(MUTED), strokeDash=[2, 3]).encode(x=x),
        end.mark_text(align="left", dx=4, **words).encode(x=x, y=alt.value(HEIGHT - 4), text="text:N"),
    ]


def _now(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    now = alt.Chart(alt.NamedData("now")).transform_calculate(
        x=moving("xs"), logit=moving("v"), words="datum.said[frame]"
    )
    dots = now.mark_point(filled=True, clip=True, **RIM)
    words: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 12, "fontWeight": "bold", "dx": 8}
    said = [
        now.transform_filter(f"datum.loss == '{name}'")
        .mark_text(**words)
        .encode(x=alt.value(0), y=alt.value(6 + 17 * place), text="words:N", color=loss_colour(legend=True))
        for place, (name, _) in enumerate(LOSSES.values())
    ]
    return [dots.encode(x=x, y=y, fill=loss_colour(legend=False), tooltip="words:N"), *said]


def _rows(table: pd.DataFrame) -> Rows:
    columns = listed(table["time"], 6), listed(table["logit"])
    names = [LOSSES[loss][0] for loss in table["loss"]]
    return [{"loss": loss, "x": x, "logit": n} for loss, x, n in zip(names, *columns, strict=True)]


def _now_row(known: pd.DataFrame, loss: str, times: Floats, first: float, done: float | None) -> dict[str, Any]:
    n = known[known["loss"] == loss]["logit"].to_numpy()
    name = LOSSES[loss][0]
    said = [
        f"{name}: {share:.1%}" + (f", done at t = {done:.3g}" if done is not None and time >= done else "")
        for time, share in zip(times, expit(n), strict=True)
    ]
    return {
        "loss": name,
        "xs": listed(np.maximum(times, first), 6),
        "v": listed(n),
        "said": said,
    }
