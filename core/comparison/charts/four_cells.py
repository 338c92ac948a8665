"""Every test point is right or wrong by F and by L: four cells, one look for all charts, and their shares over steps.

The two lower areas are what L gets right, which training does not change; of it F has what is grey. Above stands what L
gets wrong, of which F has learnt the green. F wrong is a cross or a dashed frame, so that no cell is told by hue alone.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.charts import reference_lines
from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, marks_of
from core.figure.palette import INK, PAPER
from core.figure.rows import listed, over_frames, records

CELLS = {
    "both_right": ("both right", "#A6A6A6"),
    "only_explainer": ("only L right", "#E8B800"),
    "only_network": ("only F right", "#007F5F"),
    "both_wrong": ("both wrong", "#9B59B6"),
}
"""Column: name, colour; from the lowest area to the highest."""

HEIGHT = 240
NARROW = 420
"""The names with their shares stand in two rows where the plot is narrower."""

KEPT = 60
"""Pixels that axes may take of a plot's width."""

_NAMES = list(CELLS)
RIGHT = "(datum.r[frame] == '1')"
CELL = (
    f"(datum.r[frame] == '-' ? 'none' : datum.e ? ({RIGHT} ? '{_NAMES[0]}' : '{_NAMES[1]}')"
    f" : ({RIGHT} ? '{_NAMES[2]}' : '{_NAMES[3]}'))"
)
"""The cell of a row at the clock: `e`, whether L is right; `r`, a character a frame, 1 if F is right, - if it gave no
answer."""

_HUES = ", ".join(f"{name}: '{hue}'" for name, (_, hue) in CELLS.items())
HUE = f"({{{_HUES}, none: muted}}[datum.cell])"
"""The colour of `datum.cell`."""


def legend(*, points: bool, narrow: int = 330) -> list[alt.Chart]:
    """Return the names of the cells above the plot, from the table `legend`; in two rows where it is narrow."""
    rows = (
        marks_of("legend")
        .transform_calculate(
            across=f"width < {narrow} * type_scale ? width / 2 * (datum.place % 2) : width / 4 * datum.place",
            up=f"(width < {narrow} * type_scale && datum.place < 2 ? -27 : -11) * type_scale",
            share="!datum.v ? '' : isValid(datum.v[frame]) ? ' ' + format(datum.v[frame], '.0%') : ' –'",
        )
        .transform_calculate(text="datum.name + datum.share")
    )
    at: dict[str, Any] = {"x": alt.X("across:Q", scale=None), "y": alt.Y("up:Q", scale=None)}
    shape = ["circle", "cross", "circle", "cross"] if points else ["square"] * 4
    symbols = rows.mark_point(filled=True, size=65, angle=45 if points else 0, opacity=1, xOffset=6)
    words = rows.mark_text(align="left", baseline="middle", dx=expr("15 * type_scale"), fontSize=10.5, color=INK)
    # A plot is narrower than what its room was laid out for, so room for two rows is kept a little beyond.
    room = rows.transform_calculate(up=f"(width < {narrow + KEPT} * type_scale ? -33 : -11) * type_scale")
    return [
        room.mark_point(size=1, opacity=0).encode(**at),
        symbols.encode(
            **at,
            color=alt.Color("hue:N", scale=None),
            shape=alt.Shape("place:N", scale=alt.Scale(domain=[0, 1, 2, 3], range=shape), legend=None),
        ),
        words.encode(**at, text="text:N"),
    ]


def legend_rows(shares: dict[str, NDArray[np.float64]] | None = None) -> Rows:
    """Return the table `legend`; with the share of each cell over frames, if they are given."""
    return [
        {"place": place, "name": name, "hue": hue} | ({"v": listed(shares[cell], 3)} if shares else {})
        for place, (cell, (name, hue)) in enumerate(CELLS.items())
    ]


def figure(cells: pd.DataFrame, steps: NDArray[np.int64], matched_step: float = np.nan) -> Figure:
    """Return the figure of the cells' shares.

    Args:
        cells: step, both_right, only_explainer, only_network, both_wrong: shares of the test points.
        steps: the snapshots, (frame,).
        matched_step: T0; NaN for none.
    """
    shares = {name: over_frames(cells, name, steps)[0] for name in CELLS}
    explained = (shares["both_right"] + shares["only_explainer"])[0]
    tables: dict[str, Rows] = {
        "areas": _area_rows(steps, shares),
        "explainer": reference_lines.level_rows(explained, f"L right {explained:.0%}", HEIGHT, above=False),
        "legend": legend_rows(shares),
        "matched": reference_lines.matched_rows(matched_step, int(steps[-1])),
        "now": step_axis.now_rows(steps),
    }
    return Figure.of(chart(), tables, {"last_step": int(steps[-1])})


@specification(height=HEIGHT, params=step_axis.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis("SGD step")
    scale = between(0, 1)
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], grid=False)
    y = alt.Y("value:Q", title="share of test points", scale=scale, axis=axis)
    rows = marks_of("areas").mark_area(opacity=0.8, stroke=PAPER, strokeWidth=0.7)
    hue, low = alt.Color("hue:N", scale=None), alt.Y("low:Q", scale=scale)
    areas = rows.encode(x=x, y=low, y2="high:Q", color=hue, detail="cell:N")
    layers = [
        areas,
        *reference_lines.matched(x, up=f"width < {NARROW} * type_scale ? 37 : 21"),
        *reference_lines.levels(y, "explainer", dash=[6, 4], halo=False),
        step_axis.marker(x),
        *legend(points=False, narrow=NARROW),
    ]
    return alt.layer(*layers)


def _area_rows(steps: NDArray[np.int64], shares: dict[str, NDArray[np.float64]]) -> Rows:
    """Return the areas stacked in the order of `CELLS`; a step without shares is a gap."""
    rows: list[dict[str, Any]] = []
    low = np.zeros(len(steps))
    for cell, share in shares.items():
        high = low + share
        columns = {
            "step": steps.tolist(),
            "low": listed(np.where(np.isfinite(high), low, np.nan)),
            "high": listed(high),
        }
        rows += [{"cell": cell, "hue": CELLS[cell][1], **row} for row in records(columns)]
        low = high
    return rows
