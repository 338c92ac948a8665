"""What a classifier decides on a grid over two inputs, as levels of how sure it is, and the boundary between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import contours
from core.figure.figure import expr
from core.figure.marks import marks_of
from core.figure.palette import NEGATIVE, POSITIVE

Floats = NDArray[np.float64]

THRESHOLD = 4.5
"""Levels 0 to 4 are class -1, 5 to 9 class +1."""

_OPACITIES = (0.12, 0.2, 0.3, 0.42, 0.55)  # of either class, from the least sure level to the surest
HUES = [
    *(f"{NEGATIVE}{round(255 * share):02x}" for share in _OPACITIES[::-1]),
    *(f"{POSITIVE}{round(255 * share):02x}" for share in _OPACITIES),
]
"""The colours of the levels."""

UNKNOWN = "-"
"""The level where there is no finite output."""


def levels(outputs: Floats, scale: float) -> list[str]:
    """Return outputs (cell, frame) as strings of a level a frame: tanh(output / scale) in ten steps; -scale is level 1.

    `scale` is fixed over frames, so that growing outputs are seen to grow.
    """
    with np.errstate(invalid="ignore"):
        found = np.where(np.isfinite(outputs), np.clip(np.floor(5 + 5 * np.tanh(outputs / scale)), 0, 9), np.nan)
    return ["".join(UNKNOWN if np.isnan(v) else str(int(v)) for v in row) for row in found]


def cells(place: Mapping[str, Any], x: str, y: str, width: str, height: str) -> alt.Chart:
    """Return the coloured cells of the table `cells`: `i`, `j` and `v`, a level a frame.

    Args:
        place: the axes x and y.
        x, y: expressions of a cell's lower left corner; width, height: of its size.
    """
    level = alt.Scale(domain=[*"0123456789", UNKNOWN], range=[*HUES, "#00000000"])
    found: alt.Chart = (
        marks_of("cells")
        .transform_calculate(x=x, y=y, x2=f"{x} + {width}", y2=f"{y} + {height}", level="datum.v[frame]")
        .mark_rect(strokeWidth=0)
        .encode(**place, x2="x2:Q", y2="y2:Q", fill=alt.Fill("level:N", scale=level, legend=None))
    )
    return found


def line(table: str, path: str, place: Mapping[str, Any], middle: tuple[str, str], cell: str, **look: Any) -> alt.Chart:
    """Return a line whose path has the width of a cell as its unit, and as its origin the middle of the plane.

    Args:
        table: its one row; path: the expression of the path in it.
        place: `marks.equal_axes`; middle: expressions of x and y there; cell: of the width of a cell.
    """
    size = expr(f"pow(2 * {cell} * min(width, height) / (2 * reach), 2)")
    found: alt.Chart = (
        marks_of(table)
        .transform_calculate(x=middle[0], y=middle[1], shape=path)
        .mark_point(filled=False, opacity=1, strokeJoin="round", clip=True, size=size, **look)
        .encode(**place, shape=alt.Shape("shape:N", scale=None))
    )
    return found


@dataclass(frozen=True)
class Grid:
    """A full rectangular grid of cells.

    Attributes:
        level: (row, column, frame), NaN where there is none; rows ascend with the second input.
        centre: of the grid, (x, y).
        size: of a cell, (width, height).
    """

    level: Floats
    centre: tuple[float, float]
    size: tuple[float, float]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return self.level.shape[0], self.level.shape[1]

    def boundary(self, frame: int, outputs: Floats | None) -> str:
        """Return the path of the boundary in widths of a cell from the centre.

        It is where `outputs` (row, column, frame) is zero; without them, half-way between cells of either class, its
        corners cut (`contours.rounded`).
        """
        exact = outputs is not None
        values, at = (self.level, THRESHOLD) if outputs is None else (outputs, 0.0)
        rows, columns = self.shape
        lines = contours.joined(contours.isoline(values[..., frame] if exact else self._sides(frame), at))
        lines = lines if exact else [contours.rounded(line) for line in lines]
        stretch = self.size[1] / self.size[0]
        centred = [[(x - (columns - 1) / 2, (y - (rows - 1) / 2) * stretch) for x, y in line] for line in lines]
        return contours.path(centred)

    def _sides(self, frame: int) -> Floats:
        """Return the classes around the threshold: how sure the cells are does not move the line between them."""
        level = self.level[..., frame]
        return np.where(np.isnan(level), np.nan, THRESHOLD + np.sign(level - THRESHOLD))

    def segments(self, ends: Floats) -> str:
        """Return the path, likewise, of segments (segment, 4): x, y, x of the end, y of the end.

        Segments that all are as long as a cell at most follow the borders of cells: their corners are cut, too.
        """
        scaled = (ends - np.array(self.centre * 2)) / self.size[0]
        lines = contours.joined([((a, b), (c, d)) for a, b, c, d in scaled.tolist()])
        longest = np.abs(scaled[:, 2:] - scaled[:, :2]).max(initial=0)
        if longest < 1.01 * max(1.0, self.size[1] / self.size[0]):
            lines = [contours.rounded(line) for line in lines]
        return contours.path(lines, digits=2)


def read(table: pd.DataFrame, outputs: Floats | None, frames: int) -> tuple[Grid, Floats | None]:
    """Return the grid of x1, x2, level, and `outputs` (cell, frame) in its order, (row, column, frame)."""
    x, column = np.unique(table["x1"].to_numpy(np.float64).round(9), return_inverse=True)
    y, row = np.unique(table["x2"].to_numpy(np.float64).round(9), return_inverse=True)
    if len(table) != len(x) * len(y) or min(len(x), len(y)) < 2:
        found = f"{len(table)} cells, {len(x)} columns and {len(y)} rows"
        raise ValueError(f"grid must have a row for every cell, and two columns and rows or more; got {found}")
    if set(table["level"].str.len()) != {frames}:
        raise ValueError(f"grid's level must have a character for each of {frames} frames")
    text = np.array([[*level] for level in table["level"]])  # (cell, frame)
    level = np.full((len(y), len(x), frames), np.nan)
    level[row, column] = np.where(text == UNKNOWN, np.nan, np.where(text == UNKNOWN, "0", text).astype(np.float64))
    size = ((x[-1] - x[0]) / (len(x) - 1), (y[-1] - y[0]) / (len(y) - 1))
    grid = Grid(level, (float(x[0] + x[-1]) / 2, float(y[0] + y[-1]) / 2), (float(size[0]), float(size[1])))
    if outputs is None:
        return grid, None
    ordered = np.full(level.shape, np.nan)
    ordered[row, column] = outputs
    return grid, ordered
