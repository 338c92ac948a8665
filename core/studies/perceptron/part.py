"""The perceptron, exact: the part of the Phase plane page in which signal and noise are two numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.part import Drawn, Lesson, Part, Rows
from core.studies.perceptron.presets import PRESETS
from core.studies.perceptron.scene import Run, scene
from core.studies.perceptron.view import PerceptronView

INTRODUCTION = (
    "A perceptron whose label is the sign of its first input; all others are noise. Its weights are two numbers, the "
    "signal w₁ and the noise |w⊥|, and its test error is known exactly from their ratio λ. **SGD noise keeps |w⊥| up, "
    "in proportion to T = η/B (learning rate / batch size; there is no width), so the signal must grow in proportion "
    "before every point is fitted: training takes longer and ends with larger weights, and so it does with a larger "
    "training set.**"
)
TABLES = {
    "plane": "Every cell of the grid: means and deviations over seeds.",
    "runs": "Every run.",
    "lines": "The lines between the phases, measured.",
    "scaling": "What the power laws are fitted to, one row a seed.",
    "exponents": "The fitted exponents with theory's.",
    "path": "The run that plays, at every recorded step.",
    "points": "Some of its training points, at every recorded step.",
}


def _picked(view: PerceptronView, pick: Mapping[str, Any]) -> PerceptronView:
    """Return the view of the cell that was clicked."""
    fields: Mapping[str, Any] = pick["fields"]
    run = view.run_at(int(fields["batch_size"]), float(fields["learning_rate"]))
    return view if run is None else view.changed({"run": run, "step": None})


def _tables(view: PerceptronView, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    """Return the tables of the run that is played."""
    shown = drawn[0]
    assert shown is not None
    run = Run(view, shown)
    return {"path": (TABLES["path"], run.path), "points": (TABLES["points"], run.points)}


def _at(batch_size: int, learning_rate: float, measure: str = "weight_norm") -> PerceptronView:
    """Return the view of a run of the first experiment."""
    run = PerceptronView().run_at(batch_size, learning_rate)
    assert run is not None
    return PerceptronView(run=run, measure=measure)


LESSONS = (
    Lesson(
        "Noise makes the signal grow",
        "B = 1 at the largest learning rate. The noise |w⊥| settles within a few hundred steps; the signal w₁ goes on "
        "growing until the last point is on its side, and by then the decision boundary is vertical.",
        PerceptronView(),
    ),
    Lesson(
        "The same T, the same end",
        "B = 16, η = 64 has T = 4, as B = 8, η = 32 has, and so on down the diagonal: |w| and λ come out alike, until "
        "B is near B*. Only the number of steps differs.",
        _at(16, 64.0),
    ),
    Lesson(
        "The first step decides",
        "Full batch, large learning rate: the first step moves w by η whatever B is, and all that follows is to undo "
        "what is wrong with it.",
        _at(2048, 64.0, "test_error"),
    ),
    Lesson(
        "Fewer points at the boundary, weaker laws",
        "χ = 0, 1, 3: in theory the signal scales as P, as its square root and as its fourth root. T_c does not "
        "move with P, and B* scales as the signal does.",
        PerceptronView.of(PRESETS["phase_plane/perceptron"].experiment),
    ),
)

PART = Part(
    view=PerceptronView,
    title="The perceptron, exact",
    key="p",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Optimizer"),
    scene=scene,
    trainings=lambda view: {"These perceptrons": view.experiment},
    tables=TABLES,
    more_tables=_tables,
    picked=_picked,
)
