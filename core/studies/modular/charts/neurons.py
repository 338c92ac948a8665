"""Neurons of the first layer at the marked output scale: their weights from a, and the spectrum of these."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, marks_of, stacked
from core.figure.rows import Floats, rounded

HEIGHTS = (170, 170)


def figure(weights: Floats, shares: Floats) -> Figure:
    """Return the figure.

    Args:
        weights: of each neuron from each residue, (frame, neuron, residue).
        shares: of each frequency in a neuron's power, (frame, neuron, frequency).
    """
    with np.errstate(invalid="ignore"):
        sizes = np.abs(weights) / np.abs(weights).max(axis=2, keepdims=True)
    tables: dict[str, Rows] = {"weights": _cells(np.sign(weights) * sizes, 0), "shares": _cells(shares, 1)}
    params = {"residues": float(weights.shape[2]), "frequencies": float(shares.shape[2])}
    return Figure.of(chart(), tables, params | {"neurons": float(weights.shape[1])})


def _cells(values: NDArray[np.float64], first: int) -> Rows:
    """Return a row a cell of (frame, neuron, column); columns are counted from `first`."""
    return [
        {"neuron": neuron, "column": column + first, "v": rounded(values[:, neuron, column], 2)}
        for neuron in range(values.shape[1])
        for column in range(values.shape[2])
    ]


@specification(padding=60, params={"residues": 23, "frequencies": 11, "neurons": 8})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    rows = _panel(
        "weights", "number a", "weight / largest of the neuron", "blueorange", (-1, 1), "-0.5", "residues - 0.5"
    )
    spectra = _panel(
        "shares", "frequency k", "share of the neuron's power", "viridis", (0, 1), "0.5", "frequencies + 0.5"
    )
    return stacked(rows.properties(height=HEIGHTS[0]), spectra.properties(height=HEIGHTS[1]), spacing=46)


def _panel(table: str, title: str, legend: str, scheme: Any, domain: tuple[float, float], low: str, high: str) -> Any:
    cells = marks_of(table).transform_filter("isValid(datum.v[frame])")
    cells = cells.transform_calculate(
        value="datum.v[frame]", x="datum.column - 0.5", x2="datum.column + 0.5", y2="datum.neuron + 1"
    )
    number = "'neuron ' + (datum.neuron + 1) + ', ' + datum.column + ': ' + format(datum.value, '.2f')"
    cells = cells.transform_calculate(said=f"tween ? '' : {number}")
    centred = alt.Axis(grid=False, tickCount=8, format="d", labelOffset=0)
    x = alt.X("x:Q", title=title, scale=between(low, high), axis=centred)
    y = alt.Y(
        "neuron:Q", title="neuron", scale=between("neurons", 0), axis=alt.Axis(labels=False, ticks=False, grid=False)
    )
    look: dict[str, Any] = {"orient": "bottom", "direction": "horizontal", "gradientLength": 180, "titleLimit": 220}
    bar = alt.Legend(title=legend, gradientThickness=8, tickCount=3, **look)
    hue = alt.Color("value:Q", scale=alt.Scale(scheme=scheme, domain=list(domain), clamp=True), legend=bar)
    marks = cells.mark_rect().encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=hue, tooltip="said:N")
    return alt.layer(marks)
