"""What a visitor sees of networks and their explainers, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from core.charts.staircase import MEASURES
from core.experiments import Complexity, ExperimentError, with_settings
from core.experiments.complexity import LIMITS
from core.explainers.names import TITLES
from core.presets import COMPLEXITY, settings_text
from pages.shared.links import short, step_of

LINK_SCHEMA = 1
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
    query = {"v": str(LINK_SCHEMA), "part": "data"}
    query |= {name: settings_text(getattr(view.experiment, name)) for name in SETTINGS}
    query = {name: text for name, text in query.items() if text}
    query |= {name: getattr(view, name) for name in CHOICES if getattr(view, name) != getattr(View(), name)}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    if query.get("part", "data") != "data":
        return View(), []  # a link to another part
    if query.get("v", str(LINK_SCHEMA)) != str(LINK_SCHEMA):
        return View(), [f"v: this version reads links of schema {LINK_SCHEMA}; got {short(query['v'])}."]
    others = (*SETTINGS, *CHOICES, "v", "part", "step")
    said = [f"{short(name)}: no such setting in a link; it is ignored." for name in query if name not in others]
    words = {name: text for name, text in query.items() if name in SETTINGS}
    view, step = View(), None
    try:
        view = replace(view, experiment=with_settings(FIRST, words))
    except ExperimentError as error:  # settings may only fit together: none of them alone is taken
        said.append(str(error))
    for name, allowed in CHOICES.items():
        if name in query and query[name] in allowed:
            chosen: dict[str, Any] = {name: query[name]}
            view = replace(view, **chosen)
        elif name in query:
            said.append(f"{name}: one of {', '.join(allowed)}; got {short(query[name])}.")
    if "step" in query:
        try:
            step = step_of(query["step"], LIMITS["step_limit"].high)
        except ExperimentError as error:
            said.append(str(error))
    return replace(view, step=step), said
