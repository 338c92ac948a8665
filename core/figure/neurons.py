"""The neurons of a one-hidden-layer network on a line, as the one table that several charts move on one clock.

A row is a neuron, its list columns one entry a snapshot: direction, size and rate. What a chart shows of it, a kink at
-tan t or a slope jump of 10^r |cos t|, is worked out in the browser, so that the same rows serve every chart and
are sent once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Rows, Table, expr, moving
from core.figure.marks import marks_of
from core.figure.palette import MUTED, NEGATIVE, POSITIVE
from core.figure.rows import listed, over_frames, rounded, short

Floats = NDArray[np.float64]

DRAWN = 512
"""So many neurons are drawn at most; three quarters of them the heaviest at the end."""

LEAST_RADIUS = 1e-30
"""What a neuron of size 0 is drawn at: log10 needs a number."""

INVISIBLE = 1e-5
"""Share of an axis below which a value is drawn as 0."""

LIVING, DEAD = "+-", "pn"
"""One letter a snapshot: the sign of a, positive first, of a neuron active on some point and of one active on none."""

COLOUR = alt.Scale(domain=[*LIVING, *DEAD], range=[POSITIVE, NEGATIVE, MUTED, MUTED])

DEFAULTS = {"r_low": -6.0, "r_high": 0.0, "g_max": 1.0, "drawn": 0, "total": 0}
"""The params of charts of neurons: ends of log10 radius, the largest |G|, how many neurons are drawn of how many."""


@dataclass(frozen=True)
class Neurons:
    """The neurons on screen: the shared table, and what the axes need to know of it."""

    table: Table  # neuron, t[frame] (angle, unwrapped), r[frame] (log10 radius), g[frame] (G there), s (letters)
    params: Mapping[str, float]  # as DEFAULTS
    jump_first: float  # median |slope jump| at the start
    jump_last: float  # the largest there is at any snapshot


def neurons(kinks: pd.DataFrame, landscape: pd.DataFrame, steps: NDArray[np.int64]) -> Neurons:
    """Return the neurons shown at `steps`; a run that diverged stays at its last finite snapshot.

    Args:
        kinks: step, neuron, slope_jump, sign, active, angle, radius; a row a step and neuron, in that order.
        landscape: step, angle, growth: G on a grid of angles over (-pi/2, 3 pi/2), between which G is interpolated.
        steps: the snapshots, (frame,).
    """
    kinks, landscape = until_finite(kinks, "radius"), until_finite(landscape, "growth")
    radius = over_frames(kinks, "radius", steps)  # (neuron, frame)
    taken = chosen(radius[:, -1])
    angle = over_frames(kinks, "angle", steps)[taken]
    size = np.log10(np.maximum(radius[taken], LEAST_RADIUS))
    rate = growth_at(angle, landscape, steps)
    highest = float(np.nanmax(np.abs(landscape["growth"].to_numpy()), initial=0)) or 1.0
    columns = {"t": rounded(unwrapped(angle), 3), "r": rounded(size, 2), "g": listed(visible(rate, highest), 3)}
    states = _letters(over_frames(kinks, "sign", steps)[taken], over_frames(kinks, "active", steps)[taken])
    rows: Rows = [
        {"neuron": neuron} | {name: column[i] for name, column in columns.items()} | {"s": states[i]}
        for i, neuron in enumerate(taken.tolist())
    ]
    low, high = _decades(size)
    jumps = np.abs(over_frames(kinks, "slope_jump", steps))
    params = {"r_low": low, "r_high": high, "g_max": short(highest), "drawn": len(taken), "total": len(radius)}
    return Neurons(Table(rows), params, float(np.nanmedian(jumps[:, 0])), float(np.nanmax(jumps)))


def base() -> alt.Chart:
    """Return a chart of the table with what every one of them uses: `angle`, `size` and `state` now."""
    return marks_of("neurons").transform_calculate(angle=moving("t"), size=moving("r"), state="datum.s[frame]")


def said(text: str) -> str:
    """Return the expression of a tooltip of `base`, the empty string while the clock moves.

    Tooltips of many fields, formatted anew at every tick for all neurons, took a third of the time of a frame.
    """
    return f"tween ? '' : 'neuron ' + datum.neuron + ': ' + {text}"


def until_finite(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows before the first step at which `column` is not finite anywhere; at least those of one step."""
    finite = np.isfinite(table[column].to_numpy(np.float64))
    units = int((table["step"] == table["step"].iloc[0]).sum())
    lost = np.flatnonzero(~finite.reshape(-1, units).any(axis=1))
    return table.iloc[: max(1, lost[0]) * units] if lost.size else table


def chosen(weight: Floats) -> NDArray[np.int64]:
    """Return which neurons are drawn, ascending: of many the heaviest, and evenly spaced ones of the others."""
    if len(weight) <= DRAWN:
        return np.arange(len(weight))
    order = np.argsort(-np.nan_to_num(weight), kind="stable")
    heavy, others = order[: DRAWN * 3 // 4], np.sort(order[DRAWN * 3 // 4 :])
    spread = others[np.linspace(0, len(others) - 1, DRAWN - len(heavy)).astype(int)]
    return np.sort(np.concatenate([heavy, spread]))


def unwrapped(angle: Floats) -> Floats:
    """Return angles (neuron, frame) that never leap by a turn: t goes on beyond 3 pi/2, where angles start anew."""
    leap = np.nan_to_num(np.diff(angle, axis=1))
    turns = np.cumsum(-np.round(leap / (2 * np.pi)), axis=1)
    return np.column_stack([angle[:, :1], angle[:, 1:] + 2 * np.pi * turns])


def growth_at(angle: Floats, landscape: pd.DataFrame, steps: NDArray[np.int64]) -> Floats:
    """Return G at angles (neuron, frame), between the landscape's grid by lines."""
    heights = over_frames(landscape, "growth", steps)  # (angle, frame)
    grid = landscape["angle"].to_numpy()[: len(heights)]
    columns = [np.interp(at, grid, height) for at, height in zip(angle.T, heights.T, strict=True)]
    return np.column_stack(columns)


def visible(values: Floats, highest: float) -> Floats:
    """Return values with 0 for those that no axis up to `highest` shows: 1.23e-09 takes three times the room."""
    return np.where(np.abs(values) < INVISIBLE * highest, 0.0, values)


def _letters(sign: Floats, active: Floats) -> list[str]:
    """Return each neuron's letters, (neuron,)."""
    letters = np.array(list(LIVING + DEAD))
    which = (sign < 0).astype(int) + 2 * (active == 0)  # (neuron, frame)
    return ["".join(row) for row in letters[which].tolist()]


def _decades(size: Floats) -> tuple[float, float]:
    """Return the ends of log10 radius in half decades: a decade below nearly all at first, and the largest ever."""
    seen, first = size[np.isfinite(size)], size[np.isfinite(size[:, 0]), 0]
    if not first.size:
        return -1.0, 0.0
    low, high = np.floor(2 * np.quantile(first, 0.05)) / 2 - 0.5, np.ceil(2 * seen.max()) / 2
    return float(min(low, high - 1)), float(high)


def outside() -> alt.Chart:
    """Return how many kinks lie beyond either end of the axis, from the table `outside`."""
    rows = marks_of("outside").transform_calculate(text="datum.before + datum.n[frame] + datum.after")
    words = rows.transform_filter("datum.n[frame] > 0").mark_text(
        fontSize=10, color=MUTED, baseline="top", align=expr("datum.align")
    )
    at = alt.value(expr("datum.align == 'left' ? 4 : width - 4"))
    found: alt.Chart = words.encode(x=at, y=alt.value(3), text="text:N")
    return found


def outside_rows(places: Floats, low: float, high: float, word: str = "") -> Rows:
    """Count the kinks, (neuron, frame), beyond either end of the axis."""
    left, right = (places < low).sum(0).tolist(), (places > high).sum(0).tolist()
    return [
        {"align": "left", "before": "◂ ", "n": left, "after": word},
        {"align": "right", "before": "", "n": right, "after": f"{word} ▸"},
    ]


def share_drawn(x: Any, y: Any, words: str = "", **look: Any) -> alt.Chart:
    """Return how many neurons are drawn of how many, where that is not all; `words` stand behind the numbers."""
    rows = alt.Chart(alt.InlineData([{"z": 0}])).transform_filter("drawn < total")
    rows = rows.transform_calculate(text=f"format(drawn, ',') + ' of ' + format(total, ',') + '{words} drawn'")
    said: alt.Chart = rows.mark_text(fontSize=10, color=MUTED, **look).encode(x=x, y=y, text="text:N")
    return said
