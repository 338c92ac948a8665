"""What a visitor sees of the perceptron, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.charts.perceptron_batches import MEASURES
from core.experiments import ExperimentError, Perceptron, parse_number, with_settings
from core.experiments.validation import parse_flag
from core.presets import PERCEPTRON, settings_text
from pages.shared.links import short

LINK_SCHEMA = 1
FIRST = PERCEPTRON["phase_plane/batch_learning_rate"].experiment
SETTINGS = tuple(f.name for f in fields(Perceptron))
MOST_STEPS = 10**12


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, how its plane is shown, the run that plays, and the step at which it rests (None: it plays)."""

    experiment: Perceptron = FIRST
    measure: str = "weight_norm"
    lines: bool = True
    run: int | None = None
    """Number of a run of the first seed; None: the one that the experiment has watched."""
    step: int | None = None

    @property
    def watched(self) -> int:
        """The run that plays."""
        within = self.run is not None and self.run < self.experiment.cells_a_seed
        return self.run if within and self.run is not None else self.experiment.watched


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting, and what differs from the page's first look."""
    query = {"v": str(LINK_SCHEMA), "part": "perceptron"}
    query |= {name: settings_text(getattr(view.experiment, name)) for name in SETTINGS}
    if view.measure != View().measure:
        query["measure"] = view.measure
    if not view.lines:
        query["lines"] = "false"
    numbers = {"run": view.run, "step": view.step}
    return query | {name: str(value) for name, value in numbers.items() if value is not None}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    if query.get("part", "perceptron") != "perceptron":
        return View(), []  # a link to another part
    if query.get("v", str(LINK_SCHEMA)) != str(LINK_SCHEMA):
        return View(), [f"v: this version reads links of schema {LINK_SCHEMA}; got {short(query['v'])}."]
    others = (*SETTINGS, "v", "part", "measure", "lines", "run", "step")
    said = [f"{short(name)}: no such setting in a link; it is ignored." for name in query if name not in others]
    words = {name: text for name, text in query.items() if name in SETTINGS}
    experiment, lines = FIRST, True
    try:
        experiment = with_settings(FIRST, words)
    except ExperimentError as error:  # settings may only fit together: none of them alone is taken
        said.append(str(error))
    measure = query.get("measure", View().measure)
    if measure not in MEASURES:
        said.append(f"measure: one of {', '.join(MEASURES)}; got {short(measure)}.")
        measure = View().measure
    try:
        lines = parse_flag("lines", query.get("lines", "true"))
    except ExperimentError as error:
        said.append(str(error))
    run = _whole("run", query, experiment.cells_a_seed - 1, said)
    step = _whole("step", query, MOST_STEPS, said)
    return View(experiment=experiment, measure=measure, lines=lines, run=run, step=step), said


def _whole(name: str, query: Mapping[str, str], most: int, said: list[str]) -> int | None:
    """Return the number that a link has, if it has one that can be used."""
    if name not in query:
        return None
    try:
        value = parse_number(name, query[name])
        if value != value // 1 or not 0 <= value <= most:
            raise ExperimentError(name, f"a whole number, 0 to {most:,}", query[name])
    except ExperimentError as error:
        said.append(str(error))
        return None
    return int(value)
