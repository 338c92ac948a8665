"""The charts of networks in training and of the classifier that explains them, with those of their inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from core.comparison import scene as shared
from core.comparison.scene import compared
from core.datasets import CATALOGUE
from core.explainers.names import TITLES
from core.figure.figure import Figure
from core.images import image_shape
from core.part import Card, Scene, Shown
from core.studies.complexity import plane
from core.studies.complexity.charts import boundary
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.studies.complexity.view import ComplexityView

Trained = Shown[ComplexityTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    **shared.CARDS,
    "boundary": (
        "Decision boundaries of the network and of L",
        "f of the first seed; L's decision boundary is dashed. Points are test points.",
    ),
}
NUMBERED = "Numbers stand for the images, which are drawn where their data files are."


def scene(view: ComplexityView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    figures = _figures(view, shown)
    said = shared.sentence(view, shown)
    return Scene(
        figures=figures,
        cards={name: _card(name, said, shown, last=name == list(figures)[-1]) for name in figures},
        steps=shown.trajectory.steps,
        verdict=said,
        notes=shared.about_explainer(view, shown, TITLES[view.explainer]),
    )


def _figures(view: ComplexityView, shown: Trained) -> Mapping[str, Figure]:
    found = shared.figures(view, shown)
    if not shown.trajectory.flat:
        return found | {"examples": shared.examples_figure(examples(view, shown), shown)}
    name = compared(view, shown)
    first = {
        "explained": found.pop("explained"),
        "boundary": shown.once(("boundary", name), lambda: _boundary(name, shown)),
    }
    return first | found


def examples(view: ComplexityView, shown: Trained) -> pd.DataFrame:
    """Return chosen test examples in the order in which they are learned, their labels by the names of the classes."""
    rows, names = shared.order(view, shown), CATALOGUE[shown.trajectory.experiment.dataset].classes
    return rows if len(names) > 2 else rows.assign(label=rows["label"].map(dict(zip((-1, 1), names, strict=True))))


def _boundary(name: str, shown: Trained) -> Figure:
    trajectory = shown.trajectory
    return boundary.figure(
        shown.once("levels", lambda: plane.levels(trajectory)),
        plane.explainer_edges(trajectory, name),
        plane.shown_points(trajectory, name),
        trajectory.steps,
        trajectory["output"].reshape(len(trajectory.steps), -1).T,
    )


def _card(name: str, said: str, shown: Trained, *, last: bool) -> Card:
    title, caption = CARDS[name]
    if name == "examples" and image_shape(shown.trajectory.experiment.dataset) is not None:
        caption = f"{caption} {NUMBERED}"
    return shared.card(name, title, caption, said, shared.ended(shown), last=last)
