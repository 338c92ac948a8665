"""What a visitor sees of networks with more inputs, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.links import opened, written
from core.studies.directions.experiment import LIMITS, Directions
from core.studies.directions.presets import PRESETS as DIRECTIONS

FIRST = DIRECTIONS["kinks/moons"].experiment
SETTINGS = tuple(f.name for f in fields(Directions))


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, and the step at which it rests (None: it plays)."""

    experiment: Directions = FIRST
    step: int | None = None


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written("inputs", view.experiment, SETTINGS)
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "inputs", (*SETTINGS, "step"))
    step = link.whole("step", LIMITS["step_limit"].high)
    return View(experiment=link.experiment(FIRST, SETTINGS), step=step), link.said
