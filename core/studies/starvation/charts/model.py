"""One model of gradient starvation: two features over time, and what is left of the weak one over its frequency.

Lines are theory, dots are networks; the model's name stands on the plot, since the models do not agree.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, level, marks_of, on_screen, rimmed, stacked
from core.figure.palette import INK, MUTED, NEGATIVE, PAPER, POSITIVE, categories, strokes
from core.figure.powers import raised
from core.figure.rows import Floats, listed, mean_of_known, records

PATH_HEIGHT, STOP_HEIGHT = 190, 200
EXTENT: dict[str, Any] = {"minExtent": 30, "maxExtent": 30}
"""Room for the labels of both y axes, so that the panels stand above each other."""
FEATURES = {"strong": ("strong feature", POSITIVE), "weak": ("weak feature", NEGATIVE)}
PARAMS: dict[str, float | str] = {"t_low": 0.05, "t_high": 1e12, "logit_high": 10.0, "weak_high": 4.0, "model_name": ""}
"""What the axes are set by, the same for all models of a mixture, and the model's name."""
ROOM = 1.08
EARLIEST = 1e-3
"""Of the first recorded time: where the marks of step 0 stand, left of the logarithmic axis and cut off."""


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
    logits = {
        feature: mean_of_known(measured[f"logit_{feature}"].to_numpy(np.float64).reshape(-1, len(times)))
        for feature in FEATURES
    }
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
    return Figure.of(chart(), tables, {**limits, "model_name": name})


@specification(padding=62, params=PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every model and mixture; scales named concat_0_x and concat_1_x."""
    return stacked(_over_time(), _over_frequency(), spacing=14)


def _over_time() -> Chart:
    scale = between("t_low", "t_high", type="log")
    axis = alt.Axis(grid=False, values=[10.0**decade for decade in DECADES], labelExpr=POWERS, labelOverlap=True)
    x = alt.X("time:Q", title="time: steps × learning rate", scale=scale, axis=axis)
    y, hue = _logit("logit of a feature alone", "logit_high"), _colour(legend=True)
    now = marks_of("now").transform_calculate(time=moving("times"), value=moving("v"))
    said = "datum.feature + (datum.kind == 'theory' ? ', theory: ' : ', networks: ') + format(datum.value, '.3f')"
    at_clock = now.transform_filter("isValid(datum.value)").transform_calculate(said=f"tween ? '' : {said}")
    rule = now.transform_filter("datum.kind == 'theory'").mark_rule(color=INK, strokeWidth=1.2, clip=True)
    measured = marks_of("measured").mark_point(filled=True, size=14, opacity=0.75, clip=True)
    layers = [
        *level(marks_of("level"), y),
        marks_of("stop").mark_rule(color=MUTED).encode(x=x),
        _lines("theory").encode(x=x, y=y, color=hue, order="time:Q"),
        measured.encode(x=x, y=y, color=hue),
        on_screen(rule.encode(x=x)),
        on_screen(dot(at_clock).encode(x=x, y=y, color=hue, tooltip="said:N")),
        *_words("model_name", 6, fontSize=12, fontWeight="bold"),
        *_words("'line: theory; dots: networks'", 23, fontSize=10),
    ]
    return alt.layer(*layers).properties(height=PATH_HEIGHT)


def _over_frequency() -> Chart:
    axis = alt.Axis(grid=False, values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".1f")
    x = alt.X("p:Q", title="p, share of samples with the weak feature", scale=between(0, 1.02), axis=axis)
    y = _logit("weak logit at the stop", "weak_high")
    curve, mixture = _lines("curve"), marks_of("mixture")
    bound = marks_of("curve").mark_line(color=MUTED, strokeDash=[5, 4], strokeWidth=1.5, clip=True)
    dots = marks_of("dots").transform_calculate(
        said="'p = ' + datum.p + ', seed ' + datum.seed + ': logit ' + format(datum.value, '.3f') + ', probability '"
        " + format(1 / (1 + exp(-datum.value)), '.3f')"
    )
    ring = mixture.transform_calculate(value=moving("v")).transform_filter("isValid(datum.value)")
    layers = [
        mixture.mark_rule(color=INK, strokeWidth=1.2, opacity=0.5).encode(x=x),
        bound.encode(x=x, y=alt.Y("bound:Q", scale=y["scale"]), order="p:Q"),
        curve.encode(x=x, y=y, color=_colour(legend=False), order="p:Q"),
        ring.mark_point(size=80, strokeWidth=2, color=NEGATIVE, clip=True, opacity=1).encode(x=x, y=y),
        dots.mark_circle(size=42, opacity=0.85, color=NEGATIVE, clip=True, stroke=PAPER, strokeWidth=0.6).encode(
            x=x, y=y, tooltip="said:N"
        ),
        *_words("model_name + ', at the stop'", 6, fontSize=12, fontWeight="bold"),
        *_words("'line: theory; dots: networks; dashed: bound'", 23, fontSize=10),
    ]
    return alt.layer(*layers).properties(height=STOP_HEIGHT)


DECADES = range(-6, 13)
POWERS = "datum.value >= 0.01 && datum.value < 1000 ? format(datum.value, '~r') : " + " : ".join(
    f"round(log(datum.value) / LN10) == {decade} ? '10{raised(decade)}'" for decade in DECADES
)
POWERS += " : ''"
"""Labels of the axis of time."""


def _logit(title: str, high: str) -> alt.Y:
    axis = alt.Axis(grid=False, tickCount=5, **EXTENT)
    return alt.Y("value:Q", title=title, scale=between(0, high), axis=axis)


def _lines(table: str) -> alt.Chart:
    lines: alt.Chart = marks_of(table).mark_line(strokeWidth=1.8, clip=True)
    return lines


def _words(text: str, y: int, **how: Any) -> list[alt.Chart]:
    """Return words on the plot, so many pixels below its top."""
    rows = marks_of("level").transform_calculate(words=text)
    return rimmed(rows.encode(x=alt.value(8), y=alt.value(y), text="words:N"), align="left", baseline="top", **how)


def _colour(*, legend: bool) -> alt.Color:
    return categories("feature", dict(FEATURES.values()), strokes() if legend else None)


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
    p, value, bound = (listed(theory[name]) for name in ("p", "logit_weak", "bound"))
    return records({"feature": [FEATURES["weak"][0]] * len(p), "p": p, "value": value, "bound": bound})


def _measured_stops(measured: pd.DataFrame) -> Rows:
    found = measured[measured["logit_weak"].notna()]
    p, value = (listed(found[name]) for name in ("p", "logit_weak"))
    return records({"p": p, "value": value, "seed": found["seed"].astype(int).tolist()})


def _mixture_rows(stops: pd.DataFrame, theory: pd.DataFrame, logits: dict[str, Floats]) -> Rows:
    """Return the mixture's own p, and the weak logit there at the clock: measured if it is, else theory's."""
    known = np.isfinite(logits["weak"])
    values = np.where(known, logits["weak"], theory["logit_weak"].to_numpy()) if known.any() else theory["logit_weak"]
    return [{"p": float(stops["frequency"].iloc[0]), "v": listed(values)}]
