"""A figure: a Vega-Lite specification over named tables, the tables' rows, and the numbers its axes are set by.

The specification never changes while a person plays or clicks; only rows and parameters do, so that a browser swaps
them into the view it has. A row is one mark with everything it will show in list columns, one entry a snapshot:
`datum.v[frame]` picks the entry, which costs a browser nothing, where filtering a long table by frame reads every row
at every frame.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, wraps
from typing import Any, NamedTuple, ParamSpec, TypeAlias, cast

import altair as alt

Rows = Sequence[Mapping[str, Any]]
Spec = Mapping[str, Any]
Chart: TypeAlias = alt.LayerChart | alt.FacetChart | alt.VConcatChart
Arguments = ParamSpec("Arguments")

CLOCK = {"frame": 0, "tween": 0}
"""The player's clock: the snapshot shown, and how far the motion is on its way to the next (0 when paused)."""

THEME = {"ink": "#1a1a1a", "paper": "#ffffff", "muted": "#777777"}
"""Colours of the page's theme, which the player sets: text, background, dimmed text."""

TYPE = {"type_scale": 1}
"""By how much text is larger than it was drawn for, which the player sets while the charts are presented."""


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


class OtherSteps(NamedTuple):
    """The snapshots of a figure whose clock counts those of another run."""

    steps: tuple[int, ...]
    """At which they were recorded."""
    frames: tuple[int, ...]
    """Which of them is shown at each of the clock's."""


@dataclass(frozen=True)
class Figure:
    """What a browser needs to draw a chart: the Vega-Lite specification without data, and the data."""

    spec: Spec
    tables: Mapping[str, Table]
    params: Mapping[str, float | str] = field(default_factory=dict)
    other: OtherSteps | None = None
    """Of a figure that stands beside those of another run."""

    @classmethod
    def of(
        cls, spec: Spec, tables: Mapping[str, Rows | Table], params: Mapping[str, float | str] | None = None
    ) -> Figure:
        """Return the figure of a specification and tables, some of them as plain rows."""
        made = {name: rows if isinstance(rows, Table) else Table(rows) for name, rows in tables.items()}
        return cls(spec, made, params or {})

    def frame(self, clock: int) -> int:
        """Return the figure's own snapshot at one of its clock's."""
        return clock if self.other is None else self.other.frames[clock]

    def standalone(self, frame: int) -> dict[str, Any]:
        """Return a specification that draws this figure at the clock's `frame` by itself, with all its data."""
        spec = json.loads(json.dumps(self.spec))
        values = {**self.params, "frame": self.frame(frame)}
        for param in spec.get("params", []):
            param["value"] = values.get(param["name"], param.get("value"))
        own = {name: [dict(row) for row in table.rows] for name, table in self.tables.items()}
        spec["datasets"] = {**spec.get("datasets", {}), **own}  # a chart may have rows of its own, a line at zero, say
        return dict(spec)


def specification(
    *, height: int | None = None, padding: int | None = None, params: Mapping[str, float | str] | None = None
) -> Callable[[Callable[Arguments, Chart]], Callable[Arguments, Spec]]:
    """Make a function that builds a chart return its specification, built once: that takes Altair a tenth of a second.

    The specification declares the theme, and of the clock and the type what its expressions read: a browser leaves a
    chart as it is that reads no clock.

    Args:
        height: in pixels, where the chart has none of its own.
        padding: pixels that axes take beside the panels of a chart that has several.
        params: what a figure sets by name, and its value while none does.
    """

    def decorate(chart: Callable[Arguments, Chart]) -> Callable[Arguments, Spec]:
        @wraps(chart)
        def built(*arguments: Arguments.args, **named: Arguments.kwargs) -> Spec:
            spec: dict[str, Any] = chart(*arguments, **named).to_dict(validate=False)  # takes longer than to build it
            text = dumps(spec)
            read = {name: value for name, value in {**CLOCK, **TYPE}.items() if re.search(rf"\b{name}\b", text)}
            own = [{"name": name, "value": value} for name, value in {**read, **THEME, **(params or {})}.items()]
            spec["params"] = own + spec.get("params", [])
            spec["config"]["aria"] = False  # the page has a sentence of its own for those who do not see the chart
            if height is not None:
                spec["height"] = height
            if padding is not None:
                spec["usermeta"] = {"trainscope": {"padding": padding}}
            return spec

        return cast(Callable[Arguments, Spec], cache(built))

    return decorate


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


def dumps(value: object) -> str:
    """Return compact JSON."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
