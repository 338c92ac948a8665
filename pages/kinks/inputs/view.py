"""What a visitor sees of networks with more inputs, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.experiments import Directions, ExperimentError, with_settings
from core.experiments.directions import LIMITS
from core.presets import DIRECTIONS, settings_text
from pages.shared.links import short, step_of

LINK_SCHEMA = 1
FIRST = DIRECTIONS["kinks/moons"].experiment
SETTINGS = tuple(f.name for f in fields(Directions))


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, and the step at which it rests (None: it plays)."""

    experiment: Directions = FIRST
    step: int | None = None


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = {"v": str(LINK_SCHEMA), "part": "inputs"}
    query |= {name: settings_text(getattr(view.experiment, name)) for name in SETTINGS}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    if query.get("part", "line") != "inputs":
        return View(), []  # a link to the other part
    if query.get("v", str(LINK_SCHEMA)) != str(LINK_SCHEMA):
        return View(), [f"v: this version reads links of schema {LINK_SCHEMA}; got {short(query['v'])}."]
    others = (*SETTINGS, "v", "part", "step")
    said = [f"{short(name)}: no such setting in a link; it is ignored." for name in query if name not in others]
    words = {name: text for name, text in query.items() if name in SETTINGS}
    experiment, step = FIRST, None
    try:
        experiment = with_settings(FIRST, words)
    except ExperimentError:  # some of it fits; settings that only fit together are rare here
        for name, text in words.items():
            try:
                experiment = with_settings(experiment, {name: text})
            except ExperimentError as error:
                said.append(str(error))
    if "step" in query:
        try:
            step = step_of(query["step"], LIMITS["step_limit"].high)
        except ExperimentError as error:
            said.append(str(error))
    return View(experiment=experiment, step=step), said
