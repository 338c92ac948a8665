"""What a visitor sees of the linear model, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.links import opened, written
from core.presets import settings_text
from core.studies.linear_model.experiment import LIMITS, LinearModel
from core.studies.linear_model.presets import PRESETS as THEOREM

FIRST = THEOREM["complexity/theorem"].experiment
SETTINGS = tuple(f.name for f in fields(LinearModel))


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, which labels it is measured by, and the step at which it rests (None: it plays)."""

    experiment: LinearModel = FIRST
    clean: bool = False
    """Whether mu_Y is of true labels instead of new labels as noisy as those trained on."""
    step: int | None = None


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written("theorem", view.experiment, SETTINGS) | {"clean": settings_text(view.clean)}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "theorem", (*SETTINGS, "clean", "step"))
    step = link.whole("step", LIMITS["step_limit"].high)
    return View(experiment=link.experiment(FIRST, SETTINGS), clean=link.flag("clean"), step=step), link.said
