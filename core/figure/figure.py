"""A figure: an Altair chart over named tables, the tables' rows, and the numbers its axes are set by.

The chart never changes while a person plays or clicks; only rows and parameters do, so that a browser swaps them into
the view it has. A row is one mark with everything it will show in list columns, one entry a snapshot: `datum.v[frame]`
picks the entry, which costs a browser nothing, where filtering a long table by frame reads every row at every frame.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Rows = Sequence[Mapping[str, Any]]

FRAME = alt.param(name="frame", value=0)
TWEEN = alt.param(name="tween", value=0)
"""The player's clock: the snapshot shown, and how far the motion is on its way to the next (0 when paused)."""

INK, PAPER, MUTED = "ink", "paper", "muted"
THEME = [
    alt.param(name=INK, value="#1a1a1a"),
    alt.param(name=PAPER, value="#ffffff"),
    alt.param(name=MUTED, value="#777777"),
]
"""Colours of the page's theme, which the player sets: text, background, dimmed text."""

NEGATIVE, POSITIVE = "#2B8CC4", "#DD6B1F"
"""Class -1 and class +1, and what leans to either (Okabe and Ito's colour-blind-safe blue and
vermilion, a little lighter so that they stand on a dark page too)."""
ACCENT, PINNED = "#009E73", "#CC79A7"
"""The network's own curve, and whatever belongs to the pinned run."""

THOUSANDS = "abs(datum.value) < 1000 ? format(datum.value, ',~r') : format(datum.value / 1000, ',~r') + 'k'"
"""Axis labels; on a symlog axis Vega's own SI format loses small numbers (10 becomes 0k)."""


@dataclass(frozen=True)
class Table:
    """A chart's rows; their JSON is written once, however often they are sent."""

    rows: Rows

    @cached_property
    def json(self) -> str:
        """The rows as compact JSON."""
        return dumps(self.rows)

    @cached_property
    def version(self) -> str:
        """A name for the content: a browser that has it keeps what it has."""
        return hashlib.blake2b(self.json.encode(), digest_size=8).hexdigest()


def as_tables(tables: Mapping[str, Rows]) -> dict[str, Table]:
    """Return each table's rows as a `Table`."""
    return {name: Table(rows) for name, rows in tables.items()}


@dataclass(frozen=True)
class Figure:
    """What a browser needs to draw a chart: the Vega-Lite specification without data, and the data."""

    spec: Mapping[str, Any]
    tables: Mapping[str, Table]
    params: Mapping[str, float | str] = field(default_factory=dict)

    def standalone(self, frame: int) -> dict[str, Any]:
        """Return a specification that draws this figure at `frame` by itself, with all its data."""
        spec = json.loads(json.dumps(self.spec))
        values = {**self.params, "frame": frame}
        for param in spec.get("params", []):
            param["value"] = values.get(param["name"], param.get("value"))
        own = {name: [dict(row) for row in table.rows] for name, table in self.tables.items()}
        spec["datasets"] = {**spec.get("datasets", {}), **own}  # a chart may have rows of its own, a line at zero, say
        return dict(spec)


def expr(text: str) -> alt.ExprRef:
    """Return a Vega expression."""
    return alt.ExprRef(expr=text)


def moving(name: str, *, jump: str = "") -> str:
    """Return the expression of a list column that moves smoothly from snapshot to snapshot.

    With `jump`, an expression of a length, an entry further than that from the last is jumped to, not slid to: a kink
    that leaves on one side and comes back on the other did not cross the picture.
    """
    now = f"datum.{name}[frame]"
    then = f"datum.{name}[min(frame + 1, length(datum.{name}) - 1)]"
    slide = f"{now} + tween * ({then} - {now})"
    slide = f"(tween > 0 && isValid({now}) && isValid({then}) ? {slide} : {now})"
    return f"(abs({then} - {now}) > {jump} ? {now} : {slide})" if jump else slide


def listed(values: ArrayLike, digits: int = 4) -> list[Any]:
    """Return nested lists of numbers with so many significant digits; what is not finite becomes None."""
    array = np.asarray(values, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.where((array == 0) | ~np.isfinite(array), 0, np.floor(np.log10(np.abs(array))))
        power = 10.0 ** (digits - 1 - place)
        short = np.round(array * power) / power
    whole = short.astype(object)
    whole[~np.isfinite(array)] = None
    return list(whole.tolist())


def over_frames(table: pd.DataFrame, column: str, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return one run's `column` as (unit, frame): at each of `steps`, the last recorded value at or before it.

    The table has one row a step and unit, in that order, as `core.frames` makes it.
    """
    recorded = table["step"].to_numpy()
    units = int((recorded == recorded[0]).sum())
    values = table[column].to_numpy(np.float64).reshape(-1, units)  # (recorded, unit)
    held = np.searchsorted(recorded[::units], steps, side="right") - 1
    return values[held].T


def dumps(value: object) -> str:
    """Return compact JSON."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
