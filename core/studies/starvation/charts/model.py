"""One model of gradient starvation: two features over time, and what is left of the weak one over its frequency.

Lines are theory, dots are networks; the model's name stands on the plot, since the models do not agree.
"""

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
    POSITIVE,
    THEME,
    TWEEN,
    Figure,
    Rows,
    as_tables,
    expr,
    listed,
    moving,
)

PATH_HEIGHT, STOP_HEIGHT = 190, 200
EXTENT: dict[str, Any] = {"minExtent": 30, "maxExtent": 30}
"""Room for the labels of both y axes, so that the panels stand above each other."""
FEATURES = {"strong": ("strong feature", POSITIVE), "weak": ("weak feature", NEGATIVE)}
PARAMS = {"t_low": 0.05, "t_high": 1e12, "logit_high": 10.0, "weak_high": 4.0, "model_name": ""}
"""What the axes are set by, the same for all models of a mixture, and the model's name."""
ROOM = 1.08
EARLIEST = 1e-3
"""Of the first recorded time: where the marks of step 0 stand, left of the logarithmic axis and cut off."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def figure(
    name: str,
    path: pd.DataFrame,
    stops: pd.DataFrame,
    times: Floats,
    theory_now: pd.DataFrame,
    limits: dict[str, float],
) -> Figure:
    """Return the figure of one model.

    Args:
        name: what the model is called on the plot.
        path: source, seed, time, logit_strong, logit_weak: of the mixture itself.
        stops: source, seed, p, logit_weak, bound, time, and `level`, `frequency` and `stop` as constants.
        times: of the snapshots, (frame,).
        theory_now: logit_strong and logit_weak of theory at `times`.
        limits: values of `PARAMS`, but for the name.
    """
    measured = path[path["source"] == "measured"]
    logits = {feature: _mean(measured, f"logit_{feature}", len(times)) for feature in FEATURES}
    tables: dict[str, Rows] = {
        "theory": _line_rows(path[path["source"] == "theory"]),
        "measured": _dot_rows(times, logits),
        "now": _now_rows(times, theory_now, logits),
        "level": [{"value": round(float(stops["level"].iloc[0]), 4), "text": "learned"}],
        "stop": _stop_rows(stops),
        "curve": _curve_rows(stops[stops["source"] == "theory"]),
        "dots": _measured_stops(stops[stops["source"] == "measured"]),
        "mixture": _mixture_rows(stops, theory_now, logits),
    }
    return Figure(spec(), as_tables(tables), {**limits, "model_name": name})


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every model and mixture; scales named concat_0_x and concat_1_x."""
    own = [alt.param(name=name, value=value) for name, value in PARAMS.items()]
    both: alt.VConcatChart = alt.vconcat(_over_time(), _over_frequency(), spacing=14)
    both = both.resolve_scale(color="independent").add_params(FRAME, TWEEN, *THEME, *own)
    return both.properties(usermeta={"trainscope": {"padding": 62}}, config=alt.Config(aria=False))


def _over_time() -> alt.LayerChart | alt.FacetChart:
    scale = alt.Scale(type="log", domain=[expr("t_low"), expr("t_high")], nice=False)
    axis = alt.Axis(grid=False, values=[10.0**power for power in DECADES], labelExpr=POWERS, labelOverlap=True)
    x = alt.X("time:Q", title="time: steps × learning rate", scale=scale, axis=axis)
    y = alt.Y(
        "value:Q",
        title="logit of a feature alone",
        scale=alt.Scale(domain=[0, expr("logit_high")], nice=False),
        axis=alt.Axis(grid=False, tickCount=5, **EXTENT),
    )
    level = alt.Chart(alt.NamedData("level"))
    now = alt.Chart(alt.NamedData("now")).transform_calculate(time=moving("times"), value=moving("v"))
    said = "datum.feature + (datum.kind == 'theory' ? ', theory: ' : ', networks: ') + format(datum.value, '.3f')"
    at_clock = now.transform_filter("isValid(datum.value)").transform_calculate(said=f"tween ? '' : {said}")
    layers = [
        level.mark_rule(color=expr(MUTED), strokeDash=[4, 4]).encode(y=y),
        level.mark_text(align="left", baseline="bottom", dx=5, dy=-3, fontSize=10, color=expr(MUTED)).encode(
            x=alt.value(0), y=y, text="text:N"
        ),
        alt.Chart(alt.NamedData("stop")).mark_rule(color=expr(MUTED)).encode(x=x),
        _lines("theory").encode(x=x, y=y, color=_colour(legend=True), order="time:Q"),
        alt.Chart(alt.NamedData("measured"))
        .mark_point(filled=True, size=14, opacity=0.75, clip=True)
        .encode(x=x, y=y, fill=_colour(legend=False)),
        now.transform_filter("datum.kind == 'theory'")
        .mark_rule(color=expr(INK), strokeWidth=1.2, clip=True)
        .encode(x=x),
        at_clock.mark_point(filled=True, size=60, stroke=expr(PAPER), strokeWidth=1.2, opacity=1, clip=True).encode(
            x=x, y=y, fill=_colour(legend=False), tooltip="said:N"
        ),
        *_words("model_name", 6, fontSize=12, fontWeight="bold"),
        *_words("'line: theory; dots: networks'", 23, fontSize=10),
    ]
    return alt.layer(*layers).properties(height=PATH_HEIGHT)


def _over_frequency() -> alt.LayerChart | alt.FacetChart:
    x = alt.X(
        "p:Q",
        title="p, share of samples with the weak feature",
        scale=alt.Scale(domain=[0, 1.02], nice=False),
        axis=alt.Axis(grid=False, values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".1f"),
    )
    scale = alt.Scale(domain=[0, expr("weak_high")], nice=False)
    y = alt.Y(
        "value:Q",
        title="weak logit at the stop",
        scale=scale,
        axis=alt.Axis(grid=False, tickCount=5, **EXTENT),
    )
    curve, mixture = _lines("curve"), alt.Chart(alt.NamedData("mixture"))
    bound = alt.Chart(alt.NamedData("curve")).mark_line(
        color=expr(MUTED), strokeDash=[5, 4], strokeWidth=1.5, clip=True
    )
    dots = alt.Chart(alt.NamedData("dots")).transform_calculate(
        said="'p = ' + datum.p + ', seed ' + datum.seed + ': logit ' + format(datum.value, '.3f') + ', probability '"
        " + format(1 / (1 + exp(-datum.value)), '.3f')"
    )
    ring = mixture.transform_calculate(value=moving("v")).transform_filter("isValid(datum.value)")
    layers = [
        mixture.mark_rule(color=expr(INK), strokeWidth=1.2, opacity=0.5).encode(x=x),
        bound.encode(x=x, y=alt.Y("bound:Q", scale=scale), order="p:Q"),
        curve.encode(x=x, y=y, color=_colour(legend=False), order="p:Q"),
        ring.mark_point(size=80, strokeWidth=2, color=NEGATIVE, clip=True, opacity=1).encode(x=x, y=y),
        dots.mark_circle(size=42, opacity=0.85, color=NEGATIVE, clip=True, stroke=expr(PAPER), strokeWidth=0.6).encode(
            x=x, y=y, tooltip="said:N"
        ),
        *_words("model_name + ', at the stop'", 6, fontSize=12, fontWeight="bold"),
        *_words("'line: theory; dots: networks; dashed: bound'", 23, fontSize=10),
    ]
    return alt.layer(*layers).properties(height=STOP_HEIGHT)


EXPONENTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DECADES = range(-6, 13)
POWERS = "datum.value >= 0.01 && datum.value < 1000 ? format(datum.value, '~r') : " + " : ".join(
    f"round(log(datum.value) / LN10) == {power} ? '10{str(power).translate(EXPONENTS)}'" for power in DECADES
)
POWERS += " : ''"
"""Labels of the axis of time."""


def _lines(table: str) -> alt.Chart:
    lines: alt.Chart = alt.Chart(alt.NamedData(table)).mark_line(strokeWidth=1.8, clip=True)
    return lines


def _words(text: str, y: int, **how: Any) -> list[alt.Chart]:
    """Return words on the plot, so many pixels below its top, and what keeps them clear of lines."""
    rows = alt.Chart(alt.NamedData("level")).transform_calculate(words=text)
    at: dict[str, Any] = {"x": alt.value(8), "y": alt.value(y), "text": "words:N"}
    how |= {"align": "left", "baseline": "top"}
    halo: dict[str, Any] = {"stroke": expr(PAPER), "strokeWidth": 4, "strokeJoin": "round", "opacity": 0.85}
    return [rows.mark_text(**how, **halo).encode(**at), rows.mark_text(**how, color=expr(INK)).encode(**at)]


def _colour(*, legend: bool) -> alt.Color:
    names, colours = zip(*FEATURES.values(), strict=True)
    shown = alt.Legend(title=None, orient="bottom", symbolType="stroke", symbolStrokeWidth=2.5, symbolOpacity=1)
    scale = alt.Scale(domain=list(names), range=list(colours))
    return alt.Color("feature:N", scale=scale, legend=shown if legend else None)


def _mean(measured: pd.DataFrame, column: str, frames: int) -> Floats:
    """Return the mean over the seeds that are numbers, (frame,); NaN where there is none."""
    values = measured[column].to_numpy(np.float64).reshape(-1, frames)
    known = np.isfinite(values)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, values, 0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _line_rows(theory: pd.DataFrame) -> Rows:
    return [
        {"feature": name, "time": time, "value": value}
        for feature, (name, _) in FEATURES.items()
        for time, value in zip(listed(theory["time"]), listed(theory[f"logit_{feature}"]), strict=True)
    ]


def _dot_rows(times: Floats, logits: dict[str, Floats]) -> Rows:
    return [
        {"feature": name, "time": time, "value": value}
        for feature, (name, _) in FEATURES.items()
        for time, value in zip(listed(times[1:]), listed(logits[feature][1:]), strict=True)
        if value is not None
    ]


def _now_rows(times: Floats, theory: pd.DataFrame, logits: dict[str, Floats]) -> Rows:
    shown = listed(np.concatenate([[times[1] * EARLIEST], times[1:]]))
    rows = []
    for feature, (name, _) in FEATURES.items():
        for kind, values in (("theory", theory[f"logit_{feature}"].to_numpy()), ("measured", logits[feature])):
            rows.append({"feature": name, "kind": kind, "times": shown, "v": listed(values)})
    return rows


def _stop_rows(stops: pd.DataFrame) -> Rows:
    time = float(stops["stop"].iloc[0])
    return [{"time": round(time, 4)}] if np.isfinite(time) else []


def _curve_rows(theory: pd.DataFrame) -> Rows:
    columns = (listed(theory[name]) for name in ("p", "logit_weak", "bound"))
    return [{"feature": FEATURES["weak"][0], "p": p, "value": n, "bound": b} for p, n, b in zip(*columns, strict=True)]


def _measured_stops(measured: pd.DataFrame) -> Rows:
    found = measured[measured["logit_weak"].notna()]
    columns = (listed(found[name]) for name in ("p", "logit_weak"))
    return [
        {"p": p, "value": n, "seed": int(seed)} for p, n, seed in zip(*columns, found["seed"].tolist(), strict=True)
    ]


def _mixture_rows(stops: pd.DataFrame, theory: pd.DataFrame, logits: dict[str, Floats]) -> Rows:
    """Return the mixture's own p, and the weak logit there at the clock: measured if it is, else theory's."""
    known = np.isfinite(logits["weak"])
    values = np.where(known, logits["weak"], theory["logit_weak"].to_numpy()) if known.any() else theory["logit_weak"]
    return [{"p": float(stops["frequency"].iloc[0]), "v": listed(values)}]
