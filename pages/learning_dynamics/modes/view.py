"""What a visitor sees of the modes, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.links import opened, written
from core.presets import settings_text
from core.studies.modes.experiment import COMPARED, MOST_STEPS, Modes
from core.studies.modes.experiment import MODES as CLASSES
from core.studies.modes.presets import PRESETS as MODES

FIRST = MODES["learning_dynamics/modes"].experiment
SETTINGS = tuple(f.name for f in fields(Modes))
FLAGS = ("log", "together", "contrast")


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, what its charts show of it, and the step at which it rests (None: it plays)."""

    experiment: Modes = FIRST
    loss: str = "cross_entropy"
    """Of the curves."""
    mode: str = "plus"
    """Of the plane, and of the losses beside each other."""
    log: bool = False
    """Whether the curves are over the logarithm of time."""
    together: bool = False
    """Whether they are over t p instead of t."""
    contrast: bool = True
    """Whether one layer is beside them."""
    step: int | None = None


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written("modes", view.experiment, SETTINGS) | {"curves": view.loss, "mode": view.mode}
    query |= {name: settings_text(getattr(view, name)) for name in FLAGS}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "modes", (*SETTINGS, *FLAGS, "curves", "mode", "step"))
    view = View(
        experiment=link.experiment(FIRST, SETTINGS),
        loss=link.choice("curves", COMPARED, COMPARED[0]),
        mode=link.choice("mode", CLASSES, "plus"),
        **{name: link.flag(name, getattr(View, name)) for name in FLAGS},
        step=link.whole("step", MOST_STEPS),
    )
    return view, link.said
