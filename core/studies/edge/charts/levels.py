"""Where eta S stays against the learning rate or batch size, and at what share of the steps the loss rises."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, dot, level, marks_of, stacked, strip_rows, strips
from core.figure.palette import ACCENT, INK, MUTED, POSITIVE, categories
from core.figure.rows import listed, records
from core.studies.edge.charts.path import TOP
from core.studies.edge.charts.rates import SYMBOLS, TICKS, TITLES

HEIGHTS = (205, 150)
ALONE = 335
"""Of the panels, in pixels; and of the upper one where there is no other."""
TOPS = {"learning_rate": TOP, "batch_size": 2.6}
"""Where the axis of eta S ends: minibatches stay below 2."""
SIDES = {"before": ("before the crossing", ACCENT), "after": ("after it", POSITIVE)}


def figure(path: pd.DataFrame, ends: pd.DataFrame, chosen: float, dial: str = "learning_rate") -> Figure:
    """Return the figure.

    Args:
        path: learning_rate or batch_size, eta_sharpness of the recorded steps, one network after the other.
        ends: the same, outcome, eta_sharpness with its low and high, rising_before, rising_after.
        chosen: the learning rate or batch size that is marked.
        dial: learning_rate or batch_size, by which the networks differ.
    """
    groups = path.groupby(dial, sort=False)["eta_sharpness"]
    rate, names = ends[dial].tolist(), [how.replace("_", " ") for how in ends["outcome"]]
    band = {end: listed(ends[f"eta_sharpness_{end}"]) for end in ("low", "high")}
    shares = [
        {"rate": one, "side": SIDES[side][0], "value": share}
        for side in SIDES
        for one, share in zip(rate, listed(ends[f"rising_{side}"]), strict=True)
        if share is not None
    ]
    tables: dict[str, Rows] = {
        "two": [{"value": 2.0, "text": "ηS = 2"}],
        "chosen": [{"rate": chosen}],
        "bands": records({"rate": rate, "value": listed(ends["eta_sharpness"]), **band}),
        "now": [{"rate": one, "v": listed(values)} for one, values in groups],
        "shares": shares,
        "lost": [
            {"rate": one, "value": 0.95 * TOPS[dial]} for one, how in zip(rate, names, strict=True) if how == "diverged"
        ],
    }
    most = max([0.1, *(row["value"] for row in shares)])
    low, high = round(0.8 * min(rate), 6), round(1.25 * max(rate), 6)
    when = "after the crossing" if dial == "learning_rate" else "in the second half"
    said = [
        f"{SYMBOLS[dial]} = {one:g}: {how}" + ("" if middle is None else f", ηS = {middle:.3f} {when}")
        for one, how, middle in zip(rate, names, listed(ends["eta_sharpness"]), strict=True)
    ]
    strip = strip_rows("rate", rate, low, high)
    tables["strips"] = [row | {"said": text} for row, text in zip(strip, said, strict=True)]
    return Figure.of(chart(dial), tables, {"least": low, "most": high, "often": round(1.15 * most, 4)})


@specification(padding=72, params={"least": 0.04, "most": 0.5, "often": 0.5})
def chart(dial: str) -> Chart:
    """Return the chart, one for each dial; the selection `cell` picks a learning rate or batch size."""
    alone = dial == "batch_size"
    axis = alt.Axis(tickCount=4, grid=False, **EXTENT)
    y = alt.Y("value:Q", title="ηS", scale=between(0, TOPS[dial]), axis=axis)
    x = _x(dial, title=alone)
    now = marks_of("now").transform_filter("isValid(datum.v[frame])").transform_calculate(value=moving("v"))
    bands = marks_of("bands").transform_filter("isValid(datum.value)")
    crosses: dict[str, Any] = {"shape": "M-1,-1L1,1M-1,1L1,-1", "size": 60, "strokeWidth": 2, "filled": False}
    above = [
        _rule(x),
        *level(marks_of("two"), y, INK),
        bands.mark_rule(strokeWidth=5, opacity=0.35, color=INK).encode(
            x=x, y=alt.Y("low:Q", scale=y["scale"]), y2="high:Q"
        ),
        bands.mark_tick(thickness=3, width=16, color=INK).encode(x=x, y=y),
        marks_of("lost").mark_point(color=INK, **crosses).encode(x=x, y=y),
        dot(now, size=75, color=POSITIVE).encode(x=x, y=y),
        strips("strips", _x(dial, title=alone, field="x"), "x2:Q", "rate").encode(tooltip="said:N"),
    ]
    if alone:
        found: Chart = alt.layer(*above).properties(height=ALONE)
        return found
    share = alt.Axis(tickCount=4, format=".0%", grid=False, **EXTENT)
    below = alt.Y("value:Q", title="steps with a rising loss", scale=between("-0.06 * often", "often"), axis=share)
    x = _x(dial, title=True)
    hue = categories("side", dict(SIDES.values()), alt.Legend(title=None, orient="bottom", symbolOpacity=1))
    shares = dot(marks_of("shares"), size=75).encode(
        x=x,
        y=below,
        color=hue,
        tooltip=[
            alt.Tooltip("rate:Q", title="η"),
            alt.Tooltip("side:N", title="steps"),
            alt.Tooltip("value:Q", title="share with a rising loss", format=".2%"),
        ],
    )
    return stacked(
        alt.layer(*above).properties(height=HEIGHTS[0]), alt.layer(_rule(x), shares).properties(height=HEIGHTS[1])
    )


def _rule(x: alt.X) -> alt.Chart:
    rule: alt.Chart = marks_of("chosen").mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x)
    return rule


def _x(dial: str, *, title: bool, field: str = "rate") -> alt.X:
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(values=TICKS[dial], format="~g", grid=False, **bare)
    shown = TITLES[dial] if title else None
    return alt.X(f"{field}:Q", title=shown, scale=between("least", "most", type="log"), axis=axis)
