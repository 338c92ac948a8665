"""Explainers from simple to complex, a row each: how much each tells of the network, and when it is reached, T_i.

Conjecture 1 of Nakkiran et al. 2019 (1905.11604): ever more complex explainers G_i account for F up to ever later times
T_i, and F keeps them. A row without enough information to tell is grey there; a run that diverged is dark.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, marks_of, on_screen
from core.figure.palette import INK, MUTED, PAPER
from core.figure.rows import listed, short

HEIGHT = 330
FEWEST_ROWS = 4
"""Rows are never higher than as if there were so many."""

WORDS = 158
"""Pixels of a row's words, left of its band."""
ROOM = expr(f"{WORDS} * type_scale")

MEASURES = {
    "explained_share": "explained share, μ_Y(F;L) / I(F;Y)",
    "retained_share": "retained share, μ_Y(F;L) / I(L;Y)",
    "mu_y": "μ_Y(F;L), bits",
}
"""What colours the cells: the title of its legend."""

DIVERGED = "#4d4d4d"


def figure(heat: pd.DataFrame, rows: pd.DataFrame, steps: NDArray[np.int64], measure: str) -> Figure:
    """Return the figure of one network.

    Args:
        heat: explainer, step, value of the measure (NaN after a run diverged), masked; one row an explainer and step.
        rows: explainer, title, order, explainer_information, reached_step (T_i, NaN for never), selected; a column
            baseline_share, if there is one: the retained share at T_i if F and L were independent given Y.
        steps: the snapshots, (frame,).
        measure: one of `MEASURES`.
    """
    ordered = rows.sort_values("order", kind="stable").reset_index(drop=True)
    slots = {name: slot for slot, name in enumerate(ordered["explainer"])}
    last = int(steps[-1])
    shown = heat["value"].to_numpy(np.float64)[~heat["masked"].to_numpy(bool)]
    low, high = float(np.nanmin(shown, initial=0.0)), float(np.nanmax(shown, initial=0.0))
    tables: dict[str, Rows] = {
        "cells": _cell_rows(heat, slots, last),
        "rows": _row_rows(ordered, last),
        "now": step_axis.now_rows(steps),
    }
    params = {
        "last_step": last,
        "span": max(len(ordered), FEWEST_ROWS),
        "c_min": max(-1.0, np.floor(100 * low) / 100),
        "c_max": 1.0 if measure != "mu_y" else max(0.05, short(high, 2)),
    }
    return Figure.of(chart(measure), tables, params)


@specification(height=HEIGHT, params={"span": 8, "c_min": 0, "c_max": 1, **step_axis.PARAMS})
def chart(measure: str) -> Chart:
    """Return the chart, one for each measure; the selection `row` picks an explainer."""
    x = step_axis.step_axis("SGD step")
    room = alt.Axis(title=None, labels=False, ticks=False, domain=False, minExtent=ROOM, maxExtent=ROOM)
    y = alt.Y("y:Q", axis=room, scale=between(0, "span", reverse=True))
    layers = [on_screen(_ground(y)), *_cells(x, y, measure), *_reached(x, y), step_axis.marker(x), *_words(y)]
    return alt.layer(*layers).properties(config=alt.Config(axis=alt.AxisConfig(grid=False)))


def _band(rows: alt.Chart) -> alt.Chart:
    """Return the rows with the ends of their bands."""
    banded: alt.Chart = rows.transform_calculate(
        y="datum.slot + 2 * span / height", y2="datum.slot + 1 - 2 * span / height"
    )
    return banded


def _ground(y: alt.Y) -> alt.Chart:
    """Return the whole rows, which take the click; the selected one is outlined."""
    pick = alt.selection_point(name="row", fields=["explainer"], on="click", toggle=False, clear=False)
    ground: alt.Chart = (
        marks_of("rows")
        .transform_calculate(y="datum.slot", y2="datum.slot + 1")
        .mark_rect(fill=MUTED, cornerRadius=3, cursor="pointer", strokeWidth=1.2)
        .encode(
            x=alt.value(expr(f"-{WORDS} * type_scale")),
            x2=alt.value(expr("width + 4")),
            y=y,
            y2="y2:Q",
            fillOpacity=alt.condition("datum.selected", alt.value(0.14), alt.value(0)),
            stroke=alt.condition("datum.selected", alt.value(INK), alt.value("transparent")),
            tooltip="said:N",
        )
        .add_params(pick)
    )
    return ground


def _cells(x: alt.X, y: alt.Y, measure: str) -> list[alt.Chart]:
    scale = alt.Scale(scheme="viridis", domain=[expr("c_min"), expr("c_max")], nice=False, clamp=True)
    legend = alt.Legend(
        title=MEASURES[measure],
        orient="bottom",
        direction="horizontal",
        gradientLength=210,
        gradientThickness=9,
        titleLimit=320,
    )
    cells = _band(marks_of("cells")).encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    known = cells.transform_filter("isValid(datum.v) && !datum.masked").mark_rect(x2Offset=0.7, cursor="pointer")
    masked = cells.transform_filter("datum.masked").mark_rect(color=MUTED, opacity=0.22, cursor="pointer")
    lost = cells.transform_filter("!isValid(datum.v) && !datum.masked").mark_rect(color=DIVERGED, cursor="pointer")
    return [
        known.encode(color=alt.Color("v:Q", scale=scale, legend=legend), tooltip="said:N"),
        masked.encode(tooltip="said:N"),
        lost.encode(tooltip="said:N"),
    ]


def _reached(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the marks of T_i: a bar through the band."""
    rows = _band(marks_of("rows")).transform_filter("isValid(datum.step)").encode(x=x, y=y)
    return [
        rows.mark_rule(color=PAPER, strokeWidth=5).encode(y2="y2:Q"),
        rows.mark_rule(color=INK, strokeWidth=2.2).encode(y2="y2:Q"),
    ]


def _words(y: alt.Y) -> list[alt.Chart]:
    """Return an explainer's name and I(L;Y) left of its band, and what the numbers are above them."""
    rows = marks_of("rows").transform_calculate(y="datum.slot + 0.5")
    words: dict[str, Any] = {"baseline": "middle", "fontSize": 11, "cursor": "pointer"}
    name = rows.mark_text(align="left", color=INK, limit=expr(f"{WORDS - 34} * type_scale"), **words)
    bits = rows.mark_text(align="right", color=MUTED, **words)
    head = rows.transform_filter("datum.slot == 0").mark_text(align="right", color=MUTED, baseline="bottom")
    return [
        name.encode(x=alt.value(expr(f"6 - {WORDS} * type_scale")), y=y, text="title:N"),
        bits.encode(x=alt.value(-6), y=y, text="bits:N"),
        head.encode(x=alt.value(-6), y=alt.value(-3), text=alt.value("I(L;Y)")),
    ]


def _cell_rows(heat: pd.DataFrame, slots: dict[str, int], last: int) -> Rows:
    """Return a cell an explainer and recorded step, from half-way to the step before to half-way to the next."""
    recorded = np.unique(heat["step"].to_numpy(np.float64))
    along = np.log1p(recorded)
    borders = np.expm1(np.concatenate([along[:1], (along[1:] + along[:-1]) / 2, [np.log1p(last)]]))
    place = np.searchsorted(recorded, heat["step"])
    columns = (heat[name].tolist() for name in ("explainer", "step", "masked"))
    values = listed(heat["value"].to_numpy(np.float64), 3)
    return [
        {"explainer": name, "slot": slots[name], "step": round(borders[i], 3), "x2": round(borders[i + 1], 3), "v": v}
        | {"masked": bool(masked), "said": f"step {step:,}: {_said(v, masked=masked)}"}
        for name, step, masked, v, i in zip(*columns, values, place.tolist(), strict=True)
    ]


def _said(value: float | None, *, masked: bool) -> str:
    if masked:
        return "too little information to tell"
    return "diverged" if value is None else f"{value:.2f}"


def _row_rows(rows: pd.DataFrame, last: int) -> Rows:
    found: list[dict[str, Any]] = []
    for slot, row in enumerate(rows.to_dict("records")):
        reached = row["reached_step"]
        known = np.isfinite(reached) and reached <= last
        baseline = row.get("baseline_share", np.nan)
        when = f"T {int(reached):,}" if known else "T not reached"
        beside = f" (if independent {baseline:.2f})" if known and np.isfinite(baseline) else ""
        bits = row["explainer_information"]
        told = f"{when}{beside}" + (f" · I(L;Y) {bits:.2f} bit" if np.isfinite(bits) else "")
        found.append(
            {"explainer": row["explainer"], "title": row["title"], "slot": slot, "selected": bool(row["selected"])}
            | {"step": float(reached) if known else None, "said": f"{row['title']}: {told}"}
            | {"bits": f"{bits:.2f}" if np.isfinite(bits) else ""}
        )
    return found
