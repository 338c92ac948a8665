"""What a visitor sees of the perceptron, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.links import opened, written
from core.studies.perceptron.charts.batches import MEASURES
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.presets import PRESETS as PERCEPTRON

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
    query = written("perceptron", view.experiment, SETTINGS)
    if view.measure != View().measure:
        query["measure"] = view.measure
    if not view.lines:
        query["lines"] = "false"
    numbers = {"run": view.run, "step": view.step}
    return query | {name: str(value) for name, value in numbers.items() if value is not None}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "perceptron", (*SETTINGS, "measure", "lines", "run", "step"), first=True)
    experiment = link.experiment(FIRST, SETTINGS)
    view = View(
        experiment=experiment,
        measure=link.choice("measure", MEASURES, View().measure),
        lines=link.flag("lines", True),
        run=link.whole("run", experiment.cells_a_seed - 1),
        step=link.whole("step", MOST_STEPS),
    )
    return view, link.said
