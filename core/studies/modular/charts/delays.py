"""The delay of generalization, and when networks fit and generalise, against the output scale."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT
from core.figure.marks import across, between, dot, marks_of, stacked, strip_rows, strips
from core.figure.palette import ACCENT, INK, MUTED, POSITIVE, categories
from core.figure.rows import listed, records, short, side_by_side

HEIGHTS = (190, 150)
EVENTS = {"fitted_step": ("training error 0", ACCENT), "half_step": ("test error ½", POSITIVE)}
APART = 0.07
TICKS = [2.0**power for power in range(-6, 7)]


def figure(delays: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure.

    Args:
        delays: alpha, seed, outcome, base_rate, steps, fitted_step, half_step, half_delay, a row a network.
        chosen: the alpha that is marked.
    """
    alphas = sorted(set(delays["alpha"].tolist()))
    low, high = short(0.6 * min(alphas), 6), short(1.6 * max(alphas), 6)
    place = delays["alpha"].to_numpy() * delays.groupby("alpha")["seed"].transform(_spread).to_numpy()
    shown = delays.assign(place=place.round(5))
    known = shown[np.isfinite(shown["half_delay"])]
    never = shown[~np.isfinite(shown["half_delay"])]
    most = max(4.0, float(known["half_delay"].max())) if len(known) else 4.0
    means = known.groupby("alpha")["half_delay"].mean() if len(known) else pd.Series(dtype=float)
    times = [
        {"alpha": row["place"], "event": name, "value": short(row[event] * row["base_rate"]), "seed": row["seed"]}
        for event, (name, _) in EVENTS.items()
        for row in shown[np.isfinite(shown[event])].to_dict("records")
    ]
    columns = {"alpha": known["place"].tolist(), "value": listed(known["half_delay"]), "seed": known["seed"].tolist()}
    tables: dict[str, Rows] = {
        "chosen": [{"alpha": chosen}],
        "ratios": records(columns),
        "means": records({"alpha": [float(one) for one in means.index], "value": listed(means)}),
        "never": [
            {"alpha": row["place"], "value": short(1.9 * most), "said": _why(row)} for row in never.to_dict("records")
        ],
        "times": times,
        "strips": strip_rows("alpha", alphas, low, high),
    }
    ends = [row["value"] for row in times] or [1.0]
    params = {"least": low, "most": high, "top": short(2.4 * most, 3)}
    return Figure.of(chart(), tables, params | {"soon": short(0.6 * min(ends), 3), "late": short(1.7 * max(ends), 3)})


def _spread(seeds: pd.Series) -> Any:
    return side_by_side(len(seeds), APART)


def _why(row: dict[Any, Any]) -> str:
    """Say why a network has no delay."""
    at = f"α = {row['alpha']:g}, seed {row['seed']}"
    if row["outcome"] == "diverged":
        return f"{at}: diverged by step {row['steps']:,}"
    what = "test error above ½" if np.isfinite(row["fitted_step"]) else "training error above 0"
    return f"{at}: {what} after {row['steps']:,} steps"


@specification(padding=72, params={"least": 0.15, "most": 25, "top": 10, "soon": 1e5, "late": 1e9})
def chart() -> Chart:
    """Return the chart, the same for every experiment; the selection `cell` picks an alpha."""
    ratio = alt.Axis(values=[1, 2, 3, 5, 10, 20, 50, 100], format="~g", grid=False, **EXTENT)
    y = alt.Y("value:Q", title="t(½) / t(fit)", scale=between(0.8, "top", type="log"), axis=ratio)
    x = _x(title=False)
    said = "'seed ' + datum.seed + ': ' + format(datum.value, '.2f') + ' times as many steps'"
    dots = dot(marks_of("ratios").transform_calculate(said=said), size=70, color=POSITIVE)
    up: dict[str, Any] = {"shape": "triangle-up", "size": 70, "filled": False, "strokeWidth": 1.8}
    above = [
        across(1, y),
        _rule(x),
        marks_of("means").mark_line(color=INK, strokeWidth=1.4, opacity=0.7).encode(x=x, y=y),
        strips("strips", _x(title=False, field="x"), "x2:Q", "alpha"),
        dots.encode(x=x, y=y, tooltip="said:N"),
        marks_of("never").mark_point(color=INK, **up).encode(x=x, y=y, tooltip="said:N"),
    ]
    log = alt.Axis(tickCount=4, format="~s", grid=False, **EXTENT)
    below = alt.Y("value:Q", title="time η₀ t", scale=between("soon", "late", type="log"), axis=log)
    hue = categories(
        "event", dict(EVENTS.values()), alt.Legend(title=None, orient="bottom", symbolOpacity=1, symbolSize=60)
    )
    x = _x(title=True)
    when = marks_of("times").transform_calculate(
        said="datum.event + ', seed ' + datum.seed + ': η₀ t = ' + format(datum.value, '.2~e')"
    )
    times = dot(when, size=55).encode(x=x, y=below, color=hue, tooltip="said:N")
    return stacked(
        alt.layer(*above).properties(height=HEIGHTS[0]), alt.layer(_rule(x), times).properties(height=HEIGHTS[1])
    )


def _rule(x: alt.X) -> alt.Chart:
    rule: alt.Chart = marks_of("chosen").mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x)
    return rule


def _x(*, title: bool, field: str = "alpha") -> alt.X:
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(values=TICKS, format="~g", grid=False, labelOverlap="greedy", **bare)
    shown = "output scale α" if title else None
    return alt.X(f"{field}:Q", title=shown, scale=between("least", "most", type="log"), axis=axis)
