"""Test error against the number of points, and below it what is left on the points themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, moving, specification
from core.figure.marks import between, dot, ends, marks_of, stacked
from core.figure.palette import ACCENT, INK, POSITIVE, categories
from core.figure.rows import Floats, listed, short, side_by_side

ERROR_HEIGHT, FIT_HEIGHT = 270, 150
COLOURS: Mapping[str, Any] = {"small": ACCENT, "lazy": POSITIVE, "interpolant": INK, "spline": "#8466B3"}
NAMES = {
    "small": "small initialization",
    "lazy": "lazy",
    "interpolant": "piecewise-linear interpolant",
    "spline": "cubic spline",
}
DECADES = [10.0**power for power in range(-12, 5)]
LEAST = 1e-9
"""Below this an error is drawn at it: rounding has no place on a logarithmic axis."""
APART = 0.025
EXTENT: dict[str, Any] = {"minExtent": 44, "maxExtent": 44}


def figure(motion: pd.DataFrame, fixed: pd.DataFrame, rates: pd.DataFrame) -> Figure:
    """Return the figure of one target.

    Args:
        motion: points, seed, method, step, rms_error, fit_error of the networks, a row a network and snapshot.
        fixed: points, seed, method, rms_error of what needs no training.
        rates: method, rate, rate_error, theory_rate.
    """
    seeds = sorted(set(fixed["seed"].tolist()))
    shift = dict(zip(seeds, side_by_side(len(seeds), APART).tolist(), strict=True))
    frames = motion["step"].nunique()
    tables: dict[str, list[dict[str, Any]]] = {
        f"{kind}_{name}": [] for kind in ("dots", "lines") for name in ("rms_error", "fit_error")
    }
    for name in ("rms_error", "fit_error"):
        for (method, count), rows in motion.groupby(["method", "points"], sort=False):
            values = np.maximum(rows[name].to_numpy(np.float64).reshape(-1, frames), LEAST)  # (seed, frame)
            seen = rows["seed"].unique().tolist()
            tables[f"dots_{name}"] += _dots(str(method), int(str(count)), values, seen, shift)
            tables[f"lines_{name}"].append(_mean(str(method), int(str(count)), values))
    for (method, count), rows in fixed.groupby(["method", "points"], sort=False):
        values = np.maximum(rows["rms_error"].to_numpy(np.float64)[:, None], LEAST).repeat(frames, axis=1)
        tables["dots_rms_error"] += _dots(str(method), int(str(count)), values, rows["seed"].tolist(), shift)
        tables["lines_rms_error"].append(_mean(str(method), int(str(count)), values))
    counts = fixed["points"].to_numpy(np.float64)
    params = {"n_low": short(counts.min() / 1.12), "n_high": short(counts.max() * 1.12)}
    for name, axis in (("rms_error", "error"), ("fit_error", "fit")):
        seen = [one for row in tables[f"dots_{name}"] for one in row["v"] if one is not None] or [0.1]
        params |= {f"{axis}_low": short(min(seen) / 1.5), f"{axis}_high": short(max(seen) * 1.5)}
    said = [_said(row, at) for at, row in enumerate(rates.to_dict("records"))]
    return Figure.of(chart(), {"rates": said, **tables}, params)


def _dots(
    method: str, count: int, values: Floats, seeds: Sequence[int], shift: Mapping[int, float]
) -> list[dict[str, Any]]:
    """Return the dots of one method at one number of points, values (seed, frame)."""
    about = {"method": method, "name": NAMES[method], "points": count}
    return [
        {**about, "seed": seed, "n": short(count * shift[seed]), "v": listed(own, 3)}
        for seed, own in zip(seeds, values, strict=True)
    ]


def _mean(method: str, count: int, values: Floats) -> dict[str, Any]:
    """Return the geometric mean over the seeds of one method at one number of points, values (seed, frame)."""
    return {"method": method, "n": count, "v": listed(np.exp(np.mean(np.log(values), axis=0)), 3)}


def _said(row: Mapping[Any, Any], at: int) -> dict[str, Any]:
    """Return the line of text on one method."""
    rate, error, theory = row["rate"], row["rate_error"], row["theory_rate"]
    text = NAMES[row["method"]]
    if np.isfinite(rate):
        text += f": rate {rate:.2f}".replace("-", "−") + (f" ± {error:.2f}" if np.isfinite(error) else "")
    text += f" (theory {theory:g})" if np.isfinite(theory) else ""
    return {"method": row["method"], "row": at, "text": text}


@specification(
    padding=66,
    params=ends("n", low=3, high=40) | ends("error", low=1e-5, high=1) | ends("fit", low=1e-5, high=1),
)
def chart() -> Chart:
    """Return the chart, the same for every target; all axes are logarithmic."""
    names = marks_of("rates").transform_calculate(place="-52 + 15 * datum.row")
    names = names.mark_text(fontSize=11, align="left", baseline="middle")
    text = names.encode(
        x=alt.value(2), y=alt.Y("place:Q", scale=None, axis=None), text="text:N", color=categories("method", COLOURS)
    )
    above = alt.layer(*_panel("rms_error", "error", "RMS test error"), text).properties(height=ERROR_HEIGHT)
    below = alt.layer(*_panel("fit_error", "fit", "RMS error on points", last=True)).properties(height=FIT_HEIGHT)
    return stacked(above, below, spacing=16)


def _panel(name: str, axis: str, title: str, last: bool = False) -> list[alt.Chart]:
    look = alt.Axis(grid=False, values=[4, 6, 8, 12, 16, 24, 32, 48, 64], format="d", labelOverlap="greedy")
    x = alt.X(
        "n:Q", title="training points K" if last else None, scale=between("n_low", "n_high", type="log"), axis=look
    )
    y = alt.Y(
        "value:Q",
        title=title,
        scale=between(f"{axis}_low", f"{axis}_high", type="log"),
        axis=alt.Axis(grid=False, values=DECADES, labelExpr="format(datum.value, '~g')", **EXTENT),
    )
    now = moving("v")
    hue = categories("method", COLOURS)
    lines = marks_of(f"lines_{name}").transform_calculate(value=now).transform_filter("isValid(datum.value)")
    dots = marks_of(f"dots_{name}").transform_calculate(value=now).transform_filter("isValid(datum.value)")
    said = "datum.name + ', K = ' + datum.points + ', seed ' + datum.seed + ': ' + format(datum.value, '.2~e')"
    return [
        lines.mark_line(strokeWidth=1.8, clip=True).encode(x=x, y=y, color=hue, order="n:Q"),
        dot(dots.transform_calculate(said=said), size=26).encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
