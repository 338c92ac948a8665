"""What a visitor sees of networks over the phase plane, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from core.charts.phase_cells import MEASURES
from core.charts.phase_heat import LINES
from core.experiments import ExperimentError, PhaseCell, PhasePlane, log2_grid, parse_number, with_settings
from core.experiments.phase_plane import LIMITS
from core.presets import PHASE_PLANE
from pages.shared.links import short, step_of

LINK_SCHEMA = 1
FIRST = PHASE_PLANE["phase_plane/digits"].experiment
SETTINGS = tuple(f.name for f in fields(PhasePlane))
CHOICES: Mapping[str, tuple[str, ...]] = {"measure": tuple(MEASURES), "when": ("fitting time", "played step")}
CELL = ("n_train", "batch_size", "alpha", "temperature")
"""What names the chosen cell; in a link each after `at_`."""
MOST_LISTED = 40


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, the cell whose run is played, how all that is shown, and the step at which it rests."""

    experiment: PhasePlane = FIRST
    measure: str = "test_error"
    when: str = "fitting time"
    lines: tuple[str, ...] = tuple(LINES)
    rectified: bool = False
    at: tuple[float, ...] | None = None
    """Training points, batch size, alpha and T, near which the chosen cell is; None: one in the grid's midst."""
    step: int | None = None

    @property
    def is_plane(self) -> bool:
        """Whether there is a plane of alpha and T."""
        return len(self.experiment.alphas) > 1 and len(self.experiment.rows) > 1

    @property
    def cell(self) -> PhaseCell:
        """The chosen cell, of the first seed."""
        cells = self.experiment.cells[: self.experiment.cell_count]
        places = np.log2([cell[1:] for cell in cells])  # (cell, field)
        middle = [np.median(np.unique(column)) for column in places.T]
        wanted = np.log2(self.at) if self.at is not None else np.array([*middle[:2], places[:, 2].max(), middle[3]])
        distance = np.abs(places - wanted) @ np.array([1e6, 1e4, 1e2, 1])  # batch size and P first, then alpha, then T
        return cells[int(distance.argmin())]


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting, the cell, and what differs from the page's first look."""
    first = View()
    query = {"v": str(LINK_SCHEMA), "part": "networks"}
    query |= {name: listed(getattr(view.experiment, name)) for name in SETTINGS}
    query = {name: text for name, text in query.items() if text}
    query |= {name: getattr(view, name) for name in CHOICES if getattr(view, name) != getattr(first, name)}
    if view.lines != first.lines:
        query["lines"] = ",".join(view.lines) or "none"
    if view.rectified:
        query["rectified"] = "true"
    if view.at is not None:
        query |= {f"at_{name}": number_text(value) for name, value in zip(CELL, view.at, strict=True)}
    return query if view.step is None else query | {"step": str(view.step)}


def listed(value: object) -> str:
    """Return a field's value as a link and a text field have it: an even grid of powers of two by its ends."""
    if not isinstance(value, tuple):
        return str(value)
    if len(value) > 2 and all(isinstance(part, float) for part in value):
        low, high = (round(float(np.log2(end)), 2) for end in (value[0], value[-1]))
        if log2_grid(low, high, len(value)) == value:
            return f"2^{low:g}..2^{high:g}/{len(value)}"
    return ",".join(number_text(part) for part in value)


def number_text(value: float) -> str:
    """Return a number, a power of two as such where that is shorter to read, from which it comes back exactly."""
    power = round(float(np.log2(value)), 2) if value > 0 else 0.0
    if isinstance(value, float) and not 1 <= value <= 1024 and 2.0**power == value:
        return f"2^{power:g}"
    return str(int(value)) if value == int(value) else repr(value)


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    if query.get("part", "networks") != "networks":
        return View(), []  # a link to another part
    if query.get("v", str(LINK_SCHEMA)) != str(LINK_SCHEMA):
        return View(), [f"v: this version reads links of schema {LINK_SCHEMA}; got {short(query['v'])}."]
    places = tuple(f"at_{name}" for name in CELL)
    others = (*SETTINGS, *CHOICES, *places, "v", "part", "step", "lines", "rectified")
    said = [f"{short(name)}: no such setting in a link; it is ignored." for name in query if name not in others]
    view = View()
    try:
        view = replace(view, experiment=with_settings(FIRST, {n: t for n, t in query.items() if n in SETTINGS}))
    except ExperimentError as error:  # settings may only fit together: none of them alone is taken
        said.append(str(error))
    for name, allowed in CHOICES.items():
        if name in query:
            view = _chosen(view, name, query[name], allowed, said)
    if "rectified" in query:
        view = _chosen(view, "rectified", query["rectified"], ("true", "false"), said)
    if "lines" in query:
        names = tuple(name for name in query["lines"].split(",")[:MOST_LISTED] if name != "none")
        if all(name in LINES for name in names):
            view = replace(view, lines=tuple(name for name in LINES if name in names))
        else:
            said.append(f"lines: none, or some of {', '.join(LINES)}; got {short(query['lines'])}.")
    try:
        if any(name in query for name in places):
            view = replace(view, at=_place([query.get(name, "") for name in places]))
        if "step" in query:
            view = replace(view, step=step_of(query["step"], LIMITS["step_limit"].high))
    except ExperimentError as error:
        said.append(str(error))
    return view, said


def _chosen(view: View, name: str, text: str, allowed: Sequence[str], said: list[str]) -> View:
    if text not in allowed:
        said.append(f"{name}: one of {', '.join(allowed)}; got {short(text)}.")
        return view
    value: Any = text == "true" if name == "rectified" else text
    changes: dict[str, Any] = {name: value}
    return replace(view, **changes)


def _place(texts: Sequence[str]) -> tuple[float, ...]:
    values = []
    for name, text in zip(CELL, texts, strict=True):
        bounds, value = LIMITS[name], parse_number(f"at_{name}", text)
        if not bounds.low <= value <= bounds.high:
            raise ExperimentError(f"at_{name}", f"a number, {bounds}", value)
        values.append(value)
    return tuple(values)
