"""What is shown of the perceptron."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isclose
from typing import Any, ClassVar, Self

from core.experiment import Experiment
from core.field import choice, flag, whole
from core.studies.perceptron.charts.batches import MEASURES
from core.studies.perceptron.experiment import MOST_CELLS, Perceptron, PerceptronCell
from core.studies.perceptron.presets import PRESETS
from core.studies.perceptron.trajectory import PerceptronTrajectory
from core.values import ExperimentError
from core.view import View

FIRST = PRESETS["phase_plane/batch_learning_rate"].experiment


@dataclass(frozen=True, kw_only=True)
class PerceptronView(View):
    """A training, the run of the first seed that is played, and how the plane around it is drawn."""

    part: ClassVar[str] = "perceptron"
    opens: ClassVar[bool] = True
    trained: ClassVar[tuple[str, ...]] = ("run",)

    experiment: Perceptron = FIRST
    measure: str = choice(
        "weight_norm", {name: measure.title for name, measure in MEASURES.items()}, label="Colour of the plane"
    )
    lines: bool = flag(
        True, label="Lines between the phases", help="Measured in the corners of the plane that is on screen."
    )
    run: int = whole(FIRST.watched, 0, MOST_CELLS - 1, label="Run that is played", hidden=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.run >= self.experiment.cells_a_seed:
            raise ExperimentError("run", f"a whole number, 0 to {self.experiment.cells_a_seed - 1}", self.run)

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return a view of an experiment, of the noisiest run on its largest training set if it is not said which."""
        assert isinstance(experiment, Perceptron)
        return super().of(experiment, **{"run": experiment.watched, **shown})

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; another experiment is watched at a run of its own."""
        after = super().changed({**values, "run": 0})
        same = after.experiment == self.experiment
        return replace(after, run=values.get("run", self.run) if same else after.experiment.watched)

    def uses(self, name: str) -> bool:
        """Whether there is a plane that the field colours or divides."""
        return self.is_plane

    @property
    def last_step(self) -> int:
        """The last step that is recorded: only the steps that move w have a limit."""
        return int(PerceptronTrajectory.scheduled(self.experiment)[-1])

    @property
    def is_plane(self) -> bool:
        """Whether there is a plane of batch size and learning rate."""
        return len(self.experiment.batch_size) > 1 and len(self.experiment.learning_rates) > 1

    @property
    def cell(self) -> PerceptronCell:
        """What the run that is played is trained with."""
        return self.experiment.cells[self.run]

    def run_at(self, batch_size: int, learning_rate: float) -> int | None:
        """Return the run on the same training set and margin at another place of the plane, if there is one."""
        wanted = self.cell._replace(batch_size=batch_size)
        for run, cell in enumerate(self.experiment.cells[: self.experiment.cells_a_seed]):
            if cell._replace(learning_rate=wanted.learning_rate) == wanted and isclose(
                cell.learning_rate, learning_rate
            ):
                return run
        return None
