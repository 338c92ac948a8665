"""Heat maps over two logarithmic axes: cells coloured by a measure, marks of how runs ended, and names of regions.

A cell's row has its edges `x`, `x2`, `y`, `y2`, the logarithm to base 2 of what it is over, and its `outcome`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Rows, expr
from core.figure.marks import between, marks_of, on_screen, rimmed
from core.figure.measure import Measure, Place
from core.figure.palette import INK, MUTED, PAPER
from core.figure.powers import power
from core.figure.rows import Floats

Box = tuple[float, float, float, float]  # x, x2, y, y2

DARK, LIGHT = "#333333", "#ffffff"
"""Marks of outcomes are dark on a light rim: one of the two is seen on any cell, and on any page."""


@dataclass(frozen=True)
class Mark:
    """What says how a cell's runs ended: words, and an SVG path from -1 to 1."""

    name: str
    path: str
    fill: str = ""  # of the whole cell; none: the cell keeps what colour it has


MARKS: Mapping[str, Mark] = {
    "step_limit": Mark("not fitted", "M-1,1L1,-1"),
    "few": Mark("too few seeds", "M-.8,0A.8,.8,0,1,1,.8,0A.8,.8,0,1,1,-.8,0"),
    "diverged": Mark("diverged", "M-1,-1L1,1M-1,1L1,-1", DARK),
    "stationary": Mark("dead", "M-.7,0L.7,0", DARK),
    "unfinished": Mark("unfinished", "M-1,0L-.9,0M-.05,0L.05,0M.9,0L1,0"),
}

PARAMS: Mapping[str, float] = {"c_min": 0.01, "c_max": 1, "x_min": -1, "x_max": 1, "y_min": -1, "y_max": 1}
"""What the colours and the axes end at."""

NARROW = 225
"""Pixels of a plane on which the names of marks still stand: that of one of three charts at 1,280 pixels."""

LETTER, LINE = 0.02, 0.055
"""Width of a letter of a region's name, and height of its line, as shares of the plane."""


def legend_of(measure: Measure, field: str) -> alt.Color:
    """Return the channel of a measure's colours, with its legend under the plane."""
    kind: dict[str, Any] = {"scheme": measure.scheme, "reverse": measure.reverse, "clamp": True}
    scale = between("c_min", "c_max", type="log" if measure.log else "linear", **kind)
    look: dict[str, Any] = {"orient": "bottom", "direction": "horizontal", "tickCount": 5, "labelOverlap": "greedy"}
    look |= {"gradientLength": 210, "gradientThickness": 9, "titleLimit": 300}
    return alt.Color(f"{field}:Q", scale=scale, legend=alt.Legend(title=measure.title, format=measure.format, **look))


def told(cells: alt.Chart) -> alt.Chart:
    """Return cells that have in `ending` how their runs ended, in the words of the marks."""
    words = ", ".join(f"{name}: '{mark.name}'" for name, mark in MARKS.items())
    found: alt.Chart = cells.transform_calculate(ending=f"({{{words}}})[datum.outcome] || datum.outcome")
    return found


def in_powers(cells: alt.Chart) -> alt.Chart:
    """Return cells that have in `alpha_said` and `temperature_said` what they are over, written as on the axes."""
    said = {f"{name}_said": power(f"log(datum.{name}) / LN2") for name in ("alpha", "temperature")}
    found: alt.Chart = cells.transform_calculate(**said)
    return found


PLACE = (alt.Tooltip("alpha_said:N", title="α"), alt.Tooltip("temperature_said:N", title="T"))
"""What a cell says of its place; see `in_powers`."""


ENDING = alt.Tooltip("ending:N", title="outcome")
"""What a cell says of its outcome; see `told`."""


def borders(centres: Floats) -> list[Place]:
    """Return the borders of cells around increasing centres, half-way between neighbours."""
    if len(centres) == 1:
        return [(round(float(centres[0]) - 0.5, 4), round(float(centres[0]) + 0.5, 4))]
    between = (centres[1:] + centres[:-1]) / 2
    found = [2 * centres[0] - between[0], *between, 2 * centres[-1] - between[-1]]
    return list(pairwise(round(float(border), 4) for border in found))


def edges(cells: pd.DataFrame, x: str, y: str) -> dict[str, list[float]]:
    """Return the columns x, x2, y and y2 of cells, from the columns of what they are over."""
    found: dict[str, list[float]] = {}
    for axis, name in (("x", x), ("y", y)):
        centres = np.unique(cells[name].to_numpy(np.float64))
        ends = np.array(borders(np.log2(centres)))[np.searchsorted(centres, cells[name])]
        found |= {axis: ends[:, 0].tolist(), f"{axis}2": ends[:, 1].tolist()}
    return found


def box(row: Mapping[str, Any]) -> Box:
    """Return the edges of a cell."""
    return row["x"], row["x2"], row["y"], row["y2"]


def extent(boxes: Sequence[Box]) -> Box:
    """Return the edges of all cells."""
    x, x2, y, y2 = zip(*boxes, strict=True)
    return min(x), max(x2), min(y), max(y2)


def limits(plane: Box, colours: Place) -> dict[str, float | str]:
    """Return the values of `PARAMS`."""
    return dict(zip(("x_min", "x_max", "y_min", "y_max", "c_min", "c_max"), (*plane, *colours), strict=True))


def framed(cells: Iterable[Mapping[str, Any]], chosen: Mapping[str, Any]) -> Rows:
    """Return the edges of the cells that have the values of the chosen one."""
    return [
        dict(zip(("x", "x2", "y", "y2"), box(row), strict=True))
        for row in cells
        if all(row[name] == value for name, value in chosen.items())
    ]


def region_places(region: Sequence[str], boxes: Sequence[Box], named: Iterable[str]) -> list[tuple[str, list[Place]]]:
    """Return each named region's cells, from the one in its middle outward; none for a region of hardly a cell."""
    x, y = (np.array([(one[at] + one[at + 1]) / 2 for one in boxes]) for at in (0, 2))
    wide, high = (np.ptp(along) or 1.0 for along in (x, y))  # 0 where the plane is one column or row
    found = []
    for name in named:
        own = np.array(region) == name
        if own.mean() >= 0.04 and own.sum() >= 2:
            far = ((x - np.median(x[own])) / wide) ** 2 + ((y - np.median(y[own])) / high) ** 2
            order = [at for at in np.argsort(far, kind="stable").tolist() if own[at]]
            found.append((name, [(float(x[at]), float(y[at])) for at in order]))
    return found


def name_rows(named: Iterable[tuple[str, Sequence[Place]]], plane: Box, kept_clear: Iterable[Box]) -> Rows:
    """Return the table `names`: each name at the first of its places where it covers nothing and stays on the plane.

    Args:
        named: names, each with its places in the order of preference; one without room is left out.
        plane: the edges of the plane; kept_clear: of what no name may cover.
    """
    wide, high = plane[1] - plane[0], plane[3] - plane[2]
    taken, rows = list(kept_clear), list[dict[str, Any]]()
    for text, places in named:
        width, half = LETTER * wide * len(text), LINE / 2 * high
        for (x, y), (align, left) in ((p, side) for p in places for side in SIDES.items()):
            mine = (x - left * width, x + (1 - left) * width, y - half, y + half)
            if mine[0] >= plane[0] and mine[1] <= plane[1] and not any(_meet(mine, other) for other in taken):
                taken.append(mine)
                rows.append({"text": text, "x": round(x, 3), "y": round(y, 3), "align": align})
                break
    return rows


SIDES = {"center": 0.5, "left": 0.0, "right": 1.0}
"""How a name stands at its place, and the share of it that is left of that."""


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def axes(x: str, y: str, labels: alt.Axis) -> dict[str, Any]:
    """Return the channels of a cell's edges."""
    across, up = (between(f"{axis}_min", f"{axis}_max", zero=False) for axis in "xy")
    return {
        "x": alt.X("x:Q", title=x, scale=across, axis=labels),
        "y": alt.Y("y:Q", title=y, scale=up, axis=labels),
        "x2": "x2:Q",
        "y2": "y2:Q",
    }


def ground(table: str, edge: Mapping[str, Any], *picks: alt.Parameter) -> alt.Chart:
    """Return all cells, whatever they hold, faintly; they take the selections."""
    cells = marks_of(table).mark_rect(fill=MUTED, fillOpacity=0.08, **CELL)
    found: alt.Chart = cells.encode(**edge).add_params(*picks)
    return found


def coloured(cells: alt.Chart, edge: Mapping[str, Any], colour: alt.Color, tooltip: Sequence[alt.Tooltip]) -> alt.Chart:
    """Return the cells that have a value."""
    field = str(colour["shorthand"]).partition(":")[0]
    known = cells.transform_filter(f"isValid(datum.{field})").mark_rect(**CELL)
    found: alt.Chart = known.encode(**edge, color=colour, tooltip=list(tooltip))
    return found


CELL: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 1, "cursor": "pointer", "clip": True}


def outcomes(cells: alt.Chart, edge: Mapping[str, Any], tooltip: Sequence[alt.Tooltip], *names: str) -> list[alt.Chart]:
    """Return the marks of cells that ended in one of these ways, whatever colours them, and what the marks mean."""
    filled = "', '".join(name for name in names if MARKS[name].fill)
    dark = cells.transform_filter(f"indexof(['{filled}'], datum.outcome) >= 0").mark_rect(fill=DARK, **CELL)
    lost = cells.transform_filter("datum.outcome != 'fitted'")
    lost = lost.transform_calculate(across="(datum.x + datum.x2) / 2", up="(datum.y + datum.y2) / 2")
    middle, said = {"x": "across:Q", "y": "up:Q"}, list(tooltip)
    return [
        dark.encode(**edge, tooltip=said),
        *(mark.encode(**middle, tooltip=said) for mark in symbols(lost, names, clip=True, cursor="pointer")),
        *_key(names),
    ]


def symbols(rows: alt.Chart, names: Sequence[str], size: int = 190, **look: Any) -> list[alt.Chart]:
    """Return the marks of rows by their `outcome`: dark, on a light rim."""
    scale = alt.Scale(domain=list(names), range=[MARKS[name].path for name in names])
    shape = alt.Shape("outcome:N", scale=scale, legend=None)
    style: dict[str, Any] = {"size": size, "filled": False, "opacity": 1, "strokeCap": "round", "strokeJoin": "round"}
    return [
        rows.mark_point(stroke=stroke, strokeWidth=width, **style, **look).encode(shape=shape)
        for stroke, width in ((LIGHT, 4.5), (DARK, 2))
    ]


def _key(names: Sequence[str]) -> list[alt.Chart]:
    """Return the marks and their names above the plane, in as many rows as a narrow one needs."""
    left, rows = [0.0], [0]
    for name in names:
        right = left[-1] + 32 + 5.6 * len(MARKS[name].name)
        if right > NARROW:
            left[-1], rows[-1], right = 0.0, rows[-1] + 1, right - left[-1]
        left.append(right)
        rows.append(rows[-1])
    texts = [MARKS[name].name for name in names]
    up = [-12 - 16 * (rows[-1] - row) for row in rows]
    columns = {"outcome": list(names), "text": texts, "left": left[:-1], "up": up[:-1]}
    one = alt.Chart(alt.sequence(len(names))).transform_calculate(
        outcome=f"{columns['outcome']}[datum.data]",
        text=f"{columns['text']}[datum.data]",
        left=f"{columns['left']}[datum.data] * type_scale",
        up=f"{columns['up']}[datum.data] * type_scale",
    )
    at: dict[str, Any] = {"x": alt.X("left:Q", scale=None), "y": alt.Y("up:Q", scale=None)}
    words = one.mark_text(align="left", baseline="middle", dx=expr("17 * type_scale"), fontSize=10.5, color=INK)
    return [*(mark.encode(**at) for mark in symbols(one, names, size=90, xOffset=6)), words.encode(**at, text="text:N")]


def outline(table: str, colour: Any = INK, dash: Sequence[int] = (1, 0), width: float = 2) -> alt.Chart:
    """Return the outlines of the cells in a table."""
    look: dict[str, Any] = {"stroke": colour, "strokeWidth": width, "strokeDash": list(dash), "strokeOpacity": 1}
    mark: alt.Chart = marks_of(table).mark_rect(filled=False, fillOpacity=0, **look)
    return on_screen(mark.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q"))


def chosen() -> list[alt.Chart]:
    """Return the outline of the chosen cell, from the table `chosen`."""
    return [outline("chosen", PAPER, width=5), outline("chosen")]


def names(edge: Mapping[str, Any]) -> list[alt.Chart]:
    """Return the names of regions, from the table `names`."""
    rows = marks_of("names").encode(x=edge["x"], y=edge["y"], text="text:N")
    return rimmed(rows, fontSize=12, fontWeight="bold", align=expr("datum.align"))
