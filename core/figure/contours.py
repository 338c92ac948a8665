"""Lines through a grid of numbers as SVG paths, so that a whole boundary is one mark.

A path is drawn by a point mark whose shape it is: its unit is half the square root of the mark's size, in pixels, and y
points down.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Place = tuple[float, float]

NOTHING = "M0,0"
"""A path without a line; for an empty one Vega draws a circle."""

SHORT = 16
"""A line of so few places is rounded less, or a small island would vanish."""

EDGES = (((0, 0), (0, 1)), ((0, 1), (1, 1)), ((1, 0), (1, 1)), ((0, 0), (1, 0)))
"""The four edges of a square by its corners (row, column): top, right, bottom, left."""


def isoline(values: Floats, level: float) -> list[tuple[Place, Place]]:
    """Return segments (column, row) of the line on which a (row, column) grid has a level: marching squares.

    Between neighbours the grid is linear; a saddle is cut so that its middle is on the side of the mean of its corners.
    Squares with a corner that is not finite have no line.
    """
    with np.errstate(invalid="ignore"):
        above = values > level
    corners = [above[:-1, :-1], above[:-1, 1:], above[1:, :-1], above[1:, 1:]]
    finite = np.isfinite(values)
    known = finite[:-1, :-1] & finite[:-1, 1:] & finite[1:, :-1] & finite[1:, 1:]
    mixed = known & ~(np.logical_and.reduce(corners) | ~np.logical_or.reduce(corners))
    segments = []
    for row, column in np.argwhere(mixed).tolist():
        square = values[row : row + 2, column : column + 2]
        met = {i: _crossing(square, i, level) for i in range(4) if _crosses(square, i, level)}
        for one, other in _pairs(square, sorted(met), level):
            segments.append(
                (
                    (column + met[one][0], row + met[one][1]),
                    (column + met[other][0], row + met[other][1]),
                )
            )
    return segments


def _crosses(square: Floats, edge: int, level: float) -> bool:
    one, other = (square[corner] for corner in EDGES[edge])
    return bool((one > level) != (other > level))


def _crossing(square: Floats, edge: int, level: float) -> Place:
    """Return where an edge of the unit square has the level, as (column, row)."""
    (row, column), (row2, column2) = EDGES[edge]
    share = float((level - square[row, column]) / (square[row2, column2] - square[row, column]))
    return column + share * (column2 - column), row + share * (row2 - row)


def _pairs(square: Floats, met: list[int], level: float) -> list[tuple[int, int]]:
    """Return which edges are joined; at a saddle, around the corners that are on the other side than the middle."""
    if len(met) == 2:
        return [(met[0], met[1])]
    around_first = (square[0, 0] > level) != (square.mean() > level)
    return [(0, 3), (1, 2)] if around_first else [(0, 1), (2, 3)]


def joined(segments: Sequence[tuple[Place, Place]]) -> list[list[Place]]:
    """Return segments joined at their common ends into as few lines; a closed one ends where it began."""
    ends: dict[Place, list[int]] = {}
    for i, segment in enumerate(segments):
        for place in segment:
            ends.setdefault(_key(place), []).append(i)
    free = set(range(len(segments)))
    starts = [i for places in ends.values() if len(places) == 1 for i in places]
    lines = []
    for first in [*starts, *range(len(segments))]:
        if first not in free:
            continue
        one, other = segments[first]
        line = [one, other] if len(ends[_key(one)]) == 1 or len(ends[_key(other)]) > 1 else [other, one]
        free.discard(first)
        while True:
            beside = [i for i in ends[_key(line[-1])] if i in free]
            if not beside:
                break
            free.discard(beside[0])
            one, other = segments[beside[0]]
            line.append(other if _key(one) == _key(line[-1]) else one)
        lines.append(line)
    return lines


def rounded(line: Sequence[Place]) -> list[Place]:
    """Return a line through the middles of its parts, of theirs and so on: steps become slopes, ends stay.

    Parts that are no longer than a cell leave it no farther than a cell from where it was.
    """
    places = np.array(line)  # (place, 2)
    closed = _key(line[0]) == _key(line[-1])
    for _ in range(6 if len(line) > SHORT else 2):
        middles = (places[1:] + places[:-1]) / 2
        ends = (middles[-1:], middles[:0]) if closed else (places[:1], places[-1:])
        places = np.concatenate([ends[0], middles, ends[1]])
    return [(float(x), float(y)) for x, y in places]


def _key(place: Place) -> Place:
    return round(place[0], 6), round(place[1], 6)


def path(lines: Sequence[Sequence[Place]], digits: int = 1) -> str:
    """Return lines (x, y), y up, as one SVG path."""
    parts = ["M" + "L".join(f"{_short(x, digits)},{_short(-y, digits)}" for x, y in line) for line in lines]
    return "".join(parts) or NOTHING


def _short(number: float, digits: int) -> str:
    return f"{round(number, digits) + 0.0:g}"
