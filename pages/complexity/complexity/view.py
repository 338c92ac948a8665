"""What a visitor sees of networks and their explainers, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.explainers.names import TITLES
from core.links import opened, written
from core.studies.complexity.charts.staircase import MEASURES
from core.studies.complexity.experiment import LIMITS, Complexity
from core.studies.complexity.presets import PRESETS as COMPLEXITY

FIRST = COMPLEXITY["complexity/sinusoid"].experiment
SETTINGS = tuple(f.name for f in fields(Complexity))
CHOICES: Mapping[str, tuple[str, ...]] = {
    "explainer": tuple(TITLES),
    "heat": tuple(MEASURES),
    "estimate": ("plain", "miller-madow"),
}


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, the explainer it is compared with, how that is shown, and the step at which it rests."""

    experiment: Complexity = FIRST
    explainer: str = "linear"
    heat: str = "explained_share"
    estimate: str = "plain"
    step: int | None = None


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting, and what differs from the page's first look."""
    query = {name: text for name, text in written("data", view.experiment, SETTINGS).items() if text}
    query |= {name: getattr(view, name) for name in CHOICES if getattr(view, name) != getattr(View(), name)}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "data", (*SETTINGS, *CHOICES, "step"), first=True)
    chosen = {name: link.choice(name, allowed, getattr(View(), name)) for name, allowed in CHOICES.items()}
    step = link.whole("step", LIMITS["step_limit"].high)
    return View(experiment=link.experiment(FIRST, SETTINGS, ("dataset", "csv_digest")), step=step, **chosen), link.said
