"""What a visitor sees of depth and the loss, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.presets import settings_text
from core.studies.depths.experiment import COMPARED, MOST_STEPS, Depths
from core.studies.depths.presets import PRESETS as DEPTH
from core.values import ExperimentError, parse_number
from pages.shared.links import Link, opened, written

FIRST = DEPTH["learning_dynamics/depth"].experiment
SETTINGS = tuple(f.name for f in fields(Depths))
MEASURES = ("error", "logit")


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, what its charts show of it, and the step at which it rests (None: it plays)."""

    experiment: Depths = FIRST
    start: float = 0.05
    """N0 of the curves: one of the experiment's starts."""
    measure: str = "error"
    """Of the curves: the soft error or the logit."""
    loss: str = "cross_entropy"
    """Of the times to learn."""
    layers: int = 2
    """Depth of the linear network that is shown: one of the experiment's."""
    together: bool = False
    """Whether all losses have the same axis of time."""
    step: int | None = None


def fitting(experiment: Depths) -> View:
    """Return a view of an experiment, from the greatest of its starts."""
    return View(experiment=experiment, start=experiment.starts[-1], layers=nearest_depth(experiment, 2))


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written("depth", view.experiment, SETTINGS)
    query |= {"from": settings_text(view.start), "curves": view.measure, "times": view.loss}
    query |= {"layers": str(view.layers), "together": settings_text(view.together)}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "depth", (*SETTINGS, "from", "curves", "times", "layers", "together", "step"))
    experiment = link.experiment(FIRST, SETTINGS)
    usual = fitting(experiment)
    view = View(
        experiment=experiment,
        start=_one_of(link, "from", experiment.starts, usual.start),
        measure=link.choice("curves", MEASURES, MEASURES[0]),
        loss=link.choice("times", COMPARED, COMPARED[0]),
        layers=int(_one_of(link, "layers", experiment.depths, usual.layers)),
        together=link.flag("together"),
        step=link.whole("step", MOST_STEPS),
    )
    return view, link.said


def _one_of(link: Link, name: str, allowed: tuple[float, ...], otherwise: float) -> float:
    def read(text: str) -> float:
        value = parse_number(name, text)
        if value not in allowed:
            raise ExperimentError(name, f"one of {', '.join(f'{one:g}' for one in allowed)}", text)
        return value

    return link.read(name, read, otherwise)


def nearest_depth(experiment: Depths, wanted: int) -> int:
    """Return the depth of an experiment that is nearest to the one wanted."""
    return min(experiment.depths, key=lambda depth: abs(depth - wanted))
