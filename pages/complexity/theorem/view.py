"""What a visitor sees of the linear model, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.experiments import ExperimentError, LinearModel, with_settings
from core.experiments.linear_model import LIMITS
from core.experiments.validation import parse_flag
from core.presets import THEOREM, settings_text
from pages.shared.links import short, step_of

LINK_SCHEMA = 1
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
    query = {"v": str(LINK_SCHEMA), "part": "theorem"}
    query |= {name: settings_text(getattr(view.experiment, name)) for name in SETTINGS}
    query["clean"] = settings_text(view.clean)
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    if query.get("part") != "theorem":
        return View(), []  # a link to another part
    if query.get("v", str(LINK_SCHEMA)) != str(LINK_SCHEMA):
        return View(), [f"v: this version reads links of schema {LINK_SCHEMA}; got {short(query['v'])}."]
    others = (*SETTINGS, "v", "part", "clean", "step")
    said = [f"{short(name)}: no such setting in a link; it is ignored." for name in query if name not in others]
    experiment = _experiment({name: text for name, text in query.items() if name in SETTINGS}, said)
    clean, step = False, None
    try:
        clean = parse_flag("clean", query.get("clean", "false"))
    except ExperimentError as error:
        said.append(str(error))
    try:
        step = step_of(query["step"], LIMITS["step_limit"].high) if "step" in query else None
    except ExperimentError as error:
        said.append(str(error))
    return View(experiment=experiment, clean=clean, step=step), said


def _experiment(words: Mapping[str, str], said: list[str]) -> LinearModel:
    """Read all settings at once, for n and the ratios limit each other; else those that fit, one after the other."""
    try:
        return with_settings(FIRST, words)
    except ExperimentError:
        pass
    experiment = FIRST
    for name, text in words.items():
        try:
            experiment = with_settings(experiment, {name: text})
        except ExperimentError as error:
            said.append(str(error))
    return experiment
