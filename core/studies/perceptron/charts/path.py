"""A perceptron on its way: signal and noise over steps, above the share of points that are not fitted yet."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import (
    ACCENT,
    FRAME,
    MUTED,
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
    over_frames,
)
from core.studies.perceptron.charts.growth import DECADES, SHORT

NORM_HEIGHT, SHARE_HEIGHT = 205, 120
CURVES = {
    "signal": ("signal w₁", ACCENT),
    "noise_norm": ("noise |w⊥|", POSITIVE),
    "unfitted_share": ("not fitted", "#5B8DB8"),
    "test_error": ("test error", "#CC79A7"),
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
    above, below = ({name: shown[name] for name in names} for names in (("signal", "noise_norm"), _SHARES))
    tables: dict[str, Rows] = {
        "norms": _curve_rows(steps, above),
        "norms_now": _now_rows(steps, above),
        "shares": _curve_rows(steps, below),
        "shares_now": _now_rows(steps, below),
        "fresh": [{"value": float(f"{noise:.4g}"), "text": FRESH}],
        "now": step_axis.now_rows(steps),
    }
    every = np.concatenate([*above.values(), [noise]])
    every = every[np.isfinite(every)]
    least = np.nanmin(np.concatenate([*below.values(), [0.5]]))
    params = {"last_step": int(steps[-1]), "norm_low": float(f"{every.min() / 1.5:.3g}")}
    params |= {"norm_high": float(f"{every.max() * 1.7:.3g}"), "share_low": float(f"{least / 1.5:.3g}")}
    return Figure(spec(), as_tables(tables), params)


_SHARES = ("unfitted_share", "test_error")


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    both: alt.VConcatChart = alt.vconcat(_norms(), _shares(), spacing=10).resolve_scale(color="independent")
    own = [
        alt.param(name=name, value=value) for name, value in (("norm_low", 0.1), ("norm_high", 10), ("share_low", 0.01))
    ]
    both = both.add_params(FRAME, TWEEN, *THEME, step_axis.last_step(), *own)
    return both.properties(usermeta={"trainscope": {"padding": 76}}, config=alt.Config(aria=False))


def _norms() -> alt.LayerChart | alt.FacetChart:
    x = step_axis.step_axis(title=None)
    y = _log_axis("length", "norm_low", expr("norm_high"))
    fresh = alt.Chart(alt.NamedData("fresh"))
    return alt.layer(
        fresh.mark_rule(color=expr(MUTED), strokeDash=[5, 4], strokeWidth=1.2).encode(y=y),
        fresh.mark_text(fontSize=10, color=expr(MUTED), align="left", baseline="bottom", dy=-3).encode(
            x=alt.value(4), y=y, text="text:N"
        ),
        *_curves("norms", x, y, ("signal", "noise_norm")),
    ).properties(height=NORM_HEIGHT)


def _shares() -> alt.LayerChart | alt.FacetChart:
    x, y = step_axis.step_axis(title="SGD step"), _log_axis("share", "share_low", 1.1)
    return alt.layer(*_curves("shares", x, y, _SHARES)).properties(height=SHARE_HEIGHT)


def _log_axis(title: str, low: str, high: Any) -> alt.Y:
    scale = alt.Scale(type="log", domain=[expr(low), high], nice=False)
    axis = alt.Axis(labelExpr=SHORT, values=DECADES, labelOverlap="greedy", grid=False, **EXTENT)
    return alt.Y("value:Q", title=title, scale=scale, axis=axis)


def _curves(table: str, x: alt.X, y: alt.Y, names: tuple[str, ...]) -> list[alt.Chart]:
    labels, colours = zip(*(CURVES[name] for name in names), strict=True)
    hue = alt.Color(
        "name:N",
        scale=alt.Scale(domain=list(labels), range=list(colours)),
        legend=alt.Legend(title=None, orient="bottom", columns=2, symbolType="stroke", symbolStrokeWidth=2.5),
    )
    dots = alt.Chart(alt.NamedData(f"{table}_now")).transform_calculate(
        step=moving("steps"), value=moving("v"), said="datum.name + ': ' + format(datum.v[frame], '.3~g')"
    )
    return [
        alt.Chart(alt.NamedData(table)).mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=hue),
        step_axis.marker(x),
        dots.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=55, stroke=expr(PAPER), strokeWidth=1.2, opacity=1, clip=True)
        .encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]


def _curve_rows(steps: NDArray[np.int64], curves: dict[str, NDArray[np.float64]]) -> Rows:
    return [
        {"name": CURVES[name][0], "step": step, "value": value}
        for name, values in curves.items()
        for step, value in zip(steps.tolist(), listed(values), strict=True)
    ]


def _now_rows(steps: NDArray[np.int64], curves: dict[str, NDArray[np.float64]]) -> Rows:
    return [{"name": CURVES[name][0], "steps": steps.tolist(), "v": listed(values)} for name, values in curves.items()]
