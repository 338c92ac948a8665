"""The plane of the output scale and the fraction of pairs: how much later each network generalizes than it fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import heat_map
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import marks_of, rimmed
from core.figure.measure import Measure
from core.figure.powers import power, powers
from core.figure.rows import listed, records

HEIGHT = 380
DELAY = Measure("t(½) / t(fit)", "viridis", reverse=True, log=True, format=".2~g")
LONGEST = 20.0
"""Delays from this one on have one colour."""


def figure(delays: pd.DataFrame, chosen: tuple[float, float]) -> Figure:
    """Return the figure.

    Args:
        delays: alpha, fraction, outcome, fitted_step, half_step, half_delay, test_error, a row a network of one seed.
        chosen: alpha and fraction of the network whose curves are marked.
    """
    columns: dict[str, Any] = {name: delays[name].tolist() for name in ("alpha", "fraction", "steps")}
    columns |= {name: listed(delays[name]) for name in ("fitted_step", "half_step", "test_error")}
    columns |= {"v": listed(delays["half_delay"], 3), "text": [_said(row) for row in delays.to_dict("records")]}
    rows = records(columns | heat_map.edges(delays, "alpha", "fraction"))
    for row in rows:
        row |= {"across": (row["x"] + row["x2"]) / 2, "up": (row["y"] + row["y2"]) / 2}
    tables: dict[str, Rows] = {
        "cells": rows,
        "chosen": heat_map.framed(rows, {"alpha": chosen[0], "fraction": chosen[1]}),
    }
    edges = heat_map.extent([heat_map.box(row) for row in rows])
    most = float(np.nanmax(delays["half_delay"].to_numpy(np.float64), initial=2.0))
    return Figure.of(chart(), tables, heat_map.limits(edges, (1.0, min(most, LONGEST))))


def _said(row: Mapping[Any, Any]) -> str:
    """Return what stands in a cell: the delay, or why there is none."""
    if row["outcome"] == "diverged":
        return "diverged"
    if np.isfinite(row["half_delay"]):
        return f"{row['half_delay']:.2g}" if row["half_delay"] < 10 else f"{row['half_delay']:.0f}"
    return "never" if np.isfinite(row["fitted_step"]) else "no fit"


@specification(height=HEIGHT, params=heat_map.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every experiment; the selection `cell` picks a network."""
    edge = heat_map.axes("output scale α", "fraction of all pairs trained on", powers())
    shares = alt.Axis(values=[np.log2(share / 100).round(4) for share in range(10, 100, 10)], grid=False)
    shares.labelExpr = "format(pow(2, datum.value), '.0%')"
    edge["y"] = edge["y"].axis(shares)
    pick = alt.selection_point(name="cell", fields=["alpha", "fraction"], on="click", toggle=False, clear=False)
    cells = marks_of("cells").transform_calculate(alpha_said=power("log(datum.alpha) / LN2"))
    tooltip = [
        alt.Tooltip("alpha_said:N", title="α"),
        alt.Tooltip("fraction:Q", title="fraction", format=".0%"),
        alt.Tooltip("text:N", title="t(½) / t(fit)"),
        alt.Tooltip("fitted_step:Q", title="training error 0 at step", format=","),
        alt.Tooltip("half_step:Q", title="test error ½ at step", format=","),
        alt.Tooltip("test_error:Q", title="test error at the end", format=".2f"),
    ]
    words = rimmed(cells, rim=0.85, fontSize=11)
    layers = [
        heat_map.ground("cells", edge, pick),
        heat_map.coloured(cells, edge, heat_map.legend_of(DELAY, "v"), tooltip),
        *(one.encode(x="across:Q", y="up:Q", text="text:N", tooltip=tooltip) for one in words),
        *heat_map.chosen(),
    ]
    return alt.layer(*layers)
