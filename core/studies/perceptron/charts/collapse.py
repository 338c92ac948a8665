"""The collapse: |w| / (kappa P^gamma) over T / kappa is one curve for all training sets, flat and then of slope 1."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, ends, marks_of
from core.figure.palette import INK, MUTED
from core.figure.rows import short
from core.studies.perceptron.charts.growth import DECADES, SHORT
from core.studies.perceptron.theory import exponent

HEIGHT = 372
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


def figure(plane: pd.DataFrame) -> Figure:
    """Return the figure of every fitted cell of the smallest batch size.

    Args:
        plane: chi, n_train, alpha, batch_size, temperature, weight_norm.
    """
    of = plane[(plane["batch_size"] == plane["batch_size"].min()) & np.isfinite(plane["weight_norm"])]
    gamma = np.array([exponent("signal", chi) for chi in of["chi"]])
    heat = (of["temperature"] * of["alpha"]).to_numpy(np.float64)
    level = (of["weight_norm"] * of["alpha"]).to_numpy(np.float64) / of["n_train"].to_numpy(np.float64) ** gamma
    rows = [
        {"x": short(x), "y": short(y), "chi": f"χ = {chi:g}", "size": int(n), "curve": f"{chi:g} {n}"}
        for x, y, chi, n in zip(heat, level, of["chi"], of["n_train"], strict=True)
    ]
    params: dict[str, float | str] = {}
    for name, values in (("x", heat), ("y", level)):
        low, high = (values.min(), values.max()) if values.size else (1.0, 10.0)
        params |= {f"{name}_low": short(low / 1.5, 3), f"{name}_high": short(high * 1.7, 3)}
    tables: dict[str, Rows] = {"cells": rows, "slope": _slope_rows(heat, level)}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params=ends("x", "y"))
def chart() -> Chart:
    """Return the chart, the same for every experiment; both axes are logarithmic."""
    across, up = (between(f"{a}_low", f"{a}_high", type="log") for a in "xy")
    look: dict[str, Any] = {"labelExpr": SHORT, "values": DECADES, "grid": False, "labelOverlap": "greedy"}
    x = alt.X("x:Q", title="T / κ", scale=across, axis=alt.Axis(**look))
    y = alt.Y("y:Q", title="|w| / (κ Pᵞ)", scale=up, axis=alt.Axis(**look))
    hue = alt.Color(
        "size:O",
        scale=alt.Scale(scheme="viridis"),
        legend=alt.Legend(title="P", orient="bottom", direction="horizontal", format=",", symbolOpacity=1),
    )
    shape = alt.Shape(
        "chi:N",
        scale=alt.Scale(range=list(SHAPES)),
        legend=alt.Legend(title=None, orient="top-left", symbolOpacity=1),
    )
    cells = marks_of("cells").transform_calculate(
        said="datum.chi + ', P = ' + format(datum.size, ',') + ': ' + format(datum.y, '.3~g')"
    )
    slope = marks_of("slope")
    side: dict[str, Any] = {"align": "right", "baseline": "bottom", "dx": -6}
    words = slope.transform_filter("datum.text != ''").mark_text(fontSize=10.5, color=INK, **side, clip=True)
    dots = cells.mark_point(filled=True, size=46, opacity=0.9, clip=True)
    layers = [
        slope.mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1.4, clip=True).encode(x=x, y=y),
        words.encode(x=x, y=y, text="text:N"),
        cells.mark_line(strokeWidth=1, opacity=0.5, clip=True).encode(x=x, y=y, color=hue, detail="curve:N"),
        dots.encode(x=x, y=y, color=hue, shape=shape, tooltip="said:N"),
    ]
    return alt.layer(*layers)


def _slope_rows(heat: np.ndarray, level: np.ndarray) -> Rows:
    """Return a line of slope 1 over the hottest three decades, above the points."""
    if not heat.size:
        return []
    last = heat.max()
    top = level[heat == last].max() * 1.4
    ends = ((last, ""), (last / 30, "in proportion to T"), (last / 1000, ""))
    return [{"x": short(x), "y": short(top * x / last), "text": text} for x, text in ends]
