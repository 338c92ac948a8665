"""Where eta S stays, and at what share of the steps the loss rises, against the learning rate."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, level, marks_of, stacked, strip_rows, strips
from core.figure.palette import ACCENT, INK, MUTED, POSITIVE, categories
from core.figure.rows import listed, records
from core.studies.edge.charts.path import TOP
from core.studies.edge.charts.rates import EXTENT

HEIGHTS = (205, 150)
SIDES = {"before": ("before the crossing", ACCENT), "after": ("after it", POSITIVE)}


def figure(path: pd.DataFrame, ends: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure.

    Args:
        path: learning_rate, eta_sharpness of the recorded steps, one network after the other.
        ends: learning_rate, outcome, eta_sharpness with its low and high, rising_before, rising_after.
        chosen: the learning rate that is marked.
    """
    groups = path.groupby("learning_rate", sort=False)["eta_sharpness"]
    rate, names = ends["learning_rate"].tolist(), [how.replace("_", " ") for how in ends["outcome"]]
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
        "lost": [{"rate": one, "value": 0.95 * TOP} for one, how in zip(rate, names, strict=True) if how == "diverged"],
    }
    most = max([0.1, *(row["value"] for row in shares)])
    low, high = round(0.8 * min(rate), 6), round(1.25 * max(rate), 6)
    said = [
        f"η = {one:g}: {how}" + ("" if middle is None else f", ηS = {middle:.3f} after the crossing")
        for one, how, middle in zip(rate, names, listed(ends["eta_sharpness"]), strict=True)
    ]
    strip = strip_rows("rate", rate, low, high)
    tables["strips"] = [row | {"said": text} for row, text in zip(strip, said, strict=True)]
    return Figure.of(chart(), tables, {"least": low, "most": high, "often": round(1.15 * most, 4)})


@specification(padding=72, params={"least": 0.04, "most": 0.5, "often": 0.5})
def chart() -> Chart:
    """Return the chart, the same for every experiment; the selection `cell` picks a learning rate."""
    axis = alt.Axis(tickCount=4, grid=False, **EXTENT)
    y = alt.Y("value:Q", title="ηS", scale=between(0, TOP), axis=axis)
    x = _x(title=False)
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
        strips("strips", _x(title=False, field="x"), "x2:Q", "rate").encode(tooltip="said:N"),
    ]
    share = alt.Axis(tickCount=4, format=".0%", grid=False, **EXTENT)
    below = alt.Y("value:Q", title="steps with a rising loss", scale=between("-0.06 * often", "often"), axis=share)
    x = _x(title=True)
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


def _x(*, title: bool, field: str = "rate") -> alt.X:
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(values=[0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2, 4], format="~g", grid=False, **bare)
    shown = "learning rate η" if title else None
    return alt.X(f"{field}:Q", title=shown, scale=between("least", "most", type="log"), axis=axis)
