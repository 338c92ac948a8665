"""What a visitor sees of networks over the phase plane, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from core.links import LINK_SCHEMA, opened
from core.studies.phase_plane.charts.cells import MEASURES
from core.studies.phase_plane.charts.heat import LINES
from core.studies.phase_plane.experiment import LIMITS, PhaseCell, PhasePlane
from core.studies.phase_plane.presets import PRESETS as PHASE_PLANE
from core.values import ExperimentError, parse_number
from pages.shared.lists import listed, number_text

FIRST = PHASE_PLANE["phase_plane/digits"].experiment
SETTINGS = tuple(f.name for f in fields(PhasePlane))
CHOICES: Mapping[str, tuple[str, ...]] = {"measure": tuple(MEASURES), "when": ("fitting time", "played step")}
CELL = ("n_train", "batch_size", "alpha", "temperature")
"""What names the chosen cell; in a link each after `at_`."""


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
    query |= {name: text for name in SETTINGS if (text := listed(getattr(view.experiment, name)))}
    query |= {name: getattr(view, name) for name in CHOICES if getattr(view, name) != getattr(first, name)}
    if view.lines != first.lines:
        query["lines"] = ",".join(view.lines) or "none"
    if view.rectified:
        query["rectified"] = "true"
    if view.at is not None:
        query |= {f"at_{name}": number_text(value) for name, value in zip(CELL, view.at, strict=True)}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    first, places = View(), tuple(f"at_{name}" for name in CELL)
    link = opened(query, "networks", (*SETTINGS, *CHOICES, *places, "step", "lines", "rectified"))
    view = View(
        experiment=link.experiment(FIRST, SETTINGS),
        measure=link.choice("measure", CHOICES["measure"], first.measure),
        when=link.choice("when", CHOICES["when"], first.when),
        lines=link.some("lines", LINES, first.lines),
        rectified=link.flag("rectified"),
        step=link.whole("step", LIMITS["step_limit"].high),
    )
    named = next((name for name in places if name in link.query), places[0])
    at = link.read(named, lambda _: _place([query.get(name, "") for name in places]), None)
    return replace(view, at=at), link.said


def _place(texts: Sequence[str]) -> tuple[float, ...]:
    values = []
    for name, text in zip(CELL, texts, strict=True):
        bounds, value = LIMITS[name], parse_number(f"at_{name}", text)
        if not bounds.low <= value <= bounds.high:
            raise ExperimentError(f"at_{name}", f"a number, {bounds}", value)
        values.append(value)
    return tuple(values)
