"""A perceptron on its way: signal and noise over steps, above the share of points that are not fitted yet."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, level, marks_of, on_screen, stacked
from core.figure.palette import ACCENT, PINK, POSITIVE, categories, strokes
from core.figure.rows import over_frames, short
from core.studies.perceptron.charts.growth import DECADES, SHORT

NORM_HEIGHT, SHARE_HEIGHT = 205, 120
CURVES = {
    "signal": ("signal w₁", ACCENT),
    "noise_norm": ("noise |w⊥|", POSITIVE),
    "unfitted_share": ("not fitted", "#4B5A69"),
    "test_error": ("test error", PINK),
}
"""Column: label, colour; the first two above, the others below."""
FRESH = "noise of fresh samples (theory)"
EXTENT: dict[str, Any] = {"minExtent": 44, "maxExtent": 44}
"""Room for the labels of both y axes: the panels stand above each other."""


def figure(path: pd.DataFrame, noise: float, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one run at `steps`.

    Args:
        path: step, signal, noise_norm, unfitted_share, test_error; what is zero is not drawn.
        noise: |w_perp| that theory has for fresh samples at this temperature.
        steps: the snapshots, (frame,).
    """
    shown = {name: over_frames(path, name, steps)[0] for name in CURVES}
    shown = {name: np.where(values > 0, values, np.nan) for name, values in shown.items()}
    above, below = ([({"name": CURVES[name][0]}, shown[name]) for name in names] for names in (_NORMS, _SHARES))
    tables: dict[str, Rows] = {
        "norms": step_axis.curve_rows(steps, above),
        "norms_now": step_axis.dot_rows(steps, above),
        "shares": step_axis.curve_rows(steps, below),
        "shares_now": step_axis.dot_rows(steps, below),
        "fresh": [{"value": short(noise), "text": FRESH}],
        "now": step_axis.now_rows(steps),
    }
    every = np.concatenate([*(shown[name] for name in _NORMS), [noise]])
    every = every[np.isfinite(every)]
    least = np.nanmin(np.concatenate([*(shown[name] for name in _SHARES), [0.5]]))
    params = {"last_step": int(steps[-1]), "norm_low": short(every.min() / 1.5, 3)}
    params |= {"norm_high": short(every.max() * 1.7, 3), "share_low": short(least / 1.5, 3)}
    return Figure.of(chart(), tables, params)


_NORMS, _SHARES = ("signal", "noise_norm"), ("unfitted_share", "test_error")


@specification(padding=76, params={"norm_low": 0.1, "norm_high": 10, "share_low": 0.01, **step_axis.PARAMS})
def chart() -> Chart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    return stacked(_norms(), _shares(), spacing=10)


def _norms() -> Chart:
    x, y = step_axis.step_axis(title=None), _log_axis("length", "norm_low", "norm_high")
    fresh, *name = level(marks_of("fresh"), y)
    return alt.layer(fresh, *_curves("norms", x, y, _NORMS), *name).properties(height=NORM_HEIGHT)


def _shares() -> Chart:
    x, y = step_axis.step_axis(title="SGD step"), _log_axis("share", "share_low", 1.1)
    return alt.layer(*_curves("shares", x, y, _SHARES)).properties(height=SHARE_HEIGHT)


def _log_axis(title: str, low: str, high: str | float) -> alt.Y:
    scale = between(low, high, type="log")
    axis = alt.Axis(labelExpr=SHORT, values=DECADES, labelOverlap="greedy", grid=False, **EXTENT)
    return alt.Y("value:Q", title=title, scale=scale, axis=axis)


def _curves(table: str, x: alt.X, y: alt.Y, names: tuple[str, ...]) -> list[alt.Chart]:
    hue = categories("name", dict(CURVES[name] for name in names), strokes(columns=2))
    dots = marks_of(f"{table}_now").transform_calculate(
        step=moving("steps"), value=moving("v"), said="datum.name + ': ' + format(datum.v[frame], '.3~g')"
    )
    dots = dots.transform_filter("isValid(datum.value)")
    return [
        marks_of(table).mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=hue),
        step_axis.marker(x),
        on_screen(dot(dots, size=55).encode(x=x, y=y, color=hue, tooltip="said:N")),
    ]
