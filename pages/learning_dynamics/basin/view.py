"""What a visitor sees of where training fails, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.links import opened, written
from core.studies.basin.experiment import EDGE, LIMITS, MOST_STEPS, Basin
from core.studies.basin.presets import PRESETS as BASIN
from core.values import ExperimentError, parse_number, parse_numbers

FIRST = BASIN["learning_dynamics/basin"].experiment
SETTINGS = tuple(f.name for f in fields(Basin))
COLOURS = ("fate", "time")
MOST_DROPS = 5
DROPS = ((-0.75, 1.05), (-1.1, 0.55), (-0.45, 0.45))


@dataclass(frozen=True, kw_only=True)
class View:
    """An experiment, what is drawn of it, and the step at which it rests (None: it plays)."""

    experiment: Basin = FIRST
    drops: tuple[tuple[float, float], ...] = DROPS
    """z and y of the neurons dropped on the map, the latest last."""
    colour: str = "fate"
    """What the map shows: the fate of a start, or the time to it."""
    cosine: float = 0.0
    """Of the cloud on screen; what is shown is the nearest of the experiment's."""
    step: int | None = None

    @property
    def place(self) -> int:
        """Which of the experiment's cosines is on screen."""
        cosines = self.experiment.cosines
        return min(range(len(cosines)), key=lambda at: abs(cosines[at] - self.cosine))


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written("basin", view.experiment, SETTINGS) | {
        "drops": ",".join(f"{value:g}" for drop in view.drops for value in drop),
        "colour": view.colour,
        "cosine": f"{view.cosine:g}",
    }
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "basin", (*SETTINGS, "drops", "colour", "cosine", "step"))
    view = View(
        experiment=link.experiment(FIRST, SETTINGS),
        drops=link.read("drops", _drops, DROPS),
        colour=link.choice("colour", COLOURS, "fate"),
        cosine=link.read("cosine", _cosine, 0.0),
        step=link.whole("step", MOST_STEPS),
    )
    return view, link.said


def _cosine(text: str) -> float:
    cosine, bounds = parse_number("cosine", text), LIMITS["cosines"]
    if not bounds.low <= cosine <= bounds.high:
        raise ExperimentError("cosine", f"a number, {bounds.low:g} to {bounds.high:g}", text)
    return cosine


def _drops(text: str) -> tuple[tuple[float, float], ...]:
    values = parse_numbers("drops", text, whole=False)
    if not values or len(values) % 2 or len(values) > 2 * MOST_DROPS or max(map(abs, values)) > EDGE:
        raise ExperimentError("drops", f"z and y of 1 to {MOST_DROPS} neurons, each -{EDGE:g} to {EDGE:g}", text)
    return tuple((values[at], values[at + 1]) for at in range(0, len(values), 2))
