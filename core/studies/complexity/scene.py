"""The charts of networks in training and of the classifier that explains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.datasets import CATALOGUE
from core.explainers.names import TITLES
from core.figure.figure import Figure
from core.images import image_shape
from core.part import Card, Scene, Shown, badge
from core.studies.complexity import explained as of_explainer
from core.studies.complexity.charts import (
    accuracies,
    boundary,
    explained,
    four_cells,
    learning_order,
    shares,
    staircase,
)
from core.studies.complexity.observables import explainer_predictions
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.studies.complexity.verdict import verdict
from core.studies.complexity.view import ComplexityView

Trained = Shown[ComplexityTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "explained": (
        "What L explains of the network",
        "I(F;Y) on the test points, split into what L explains and what is new. Bands: lowest to highest seed; "
        "whisker: 95 % over test sets. Move over the chart to scrub.",
    ),
    "boundary": (
        "Decision boundaries of the network and of L",
        "f of the first seed; L's decision boundary is dashed. Points are test points.",
    ),
    "shares": (
        "Explained early, retained late",
        "ρ = μ_Y / I(F;Y) is the claim before T_0, R = μ_Y / I(L;Y) after it. Dotted: two unrelated classifiers of "
        "these accuracies.",
    ),
    "staircase": (
        "The staircase of explainers",
        "The simplest at the top, with the bits that each knows. A mark where 95 % of them are retained. {A click on a "
        "row explains with it.}",
    ),
    "accuracies": ("Accuracy", "Information is blind to sign: a network worse than chance has some, too."),
    "four_cells": ("Who is right on the test points", "Shares of the test points, means over seeds."),
    "examples": (
        "Test examples in the order of learning",
        "The first seed's network. Learned for good, the earliest first; the last ones are wrong in the end.",
    ),
}
STILL = ("boundary", "examples")
"""Charts without an axis of steps."""
NUMBERED = "Numbers stand for the images, which are drawn where their data files are."


def known(shown: Trained) -> tuple[str, ...]:
    """Return the explainers that there are so far, the simplest first."""
    return shown.once("known", lambda: tuple(explainer_predictions(shown.trajectory)))


def compared(view: ComplexityView, shown: Trained) -> str:
    """Return the explainer on screen: the one that is chosen, or the simplest as long as there is none such."""
    there = known(shown)
    return view.explainer if view.explainer in there else there[0]


def curves(view: ComplexityView, shown: Trained) -> pd.DataFrame:
    """Return what the charts of the explainer show, one row a recorded step."""
    name, corrected = compared(view, shown), view.estimate == "miller-madow"
    return shown.once(
        ("curves", name, corrected),
        lambda: of_explainer.curves(shown.trajectory, name, miller_madow=corrected),
    )


def facts(view: ComplexityView, shown: Trained) -> Mapping[str, Any]:
    """Return what the charts of the explainer say in words."""
    name = compared(view, shown)
    return shown.once(("facts", name), lambda: of_explainer.facts(shown.trajectory, name))


def scene(view: ComplexityView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    figures = _figures(view, shown)
    rows = shown.table("explainers")
    said = verdict(curves(view, shown), facts(view, shown), rows[rows["explainer"] == compared(view, shown)])
    return Scene(
        figures=figures,
        cards={name: _card(name, said, shown, last=name == list(figures)[-1]) for name in figures},
        steps=shown.trajectory.steps,
        verdict=said,
        notes=_notes(view, shown),
    )


def _figures(view: ComplexityView, shown: Trained) -> Mapping[str, Figure]:
    trajectory, steps = shown.trajectory, shown.trajectory.steps
    name, rows, words = compared(view, shown), curves(view, shown), facts(view, shown)
    found = {"explained": explained.figure(rows, words, steps)}
    if trajectory.flat:
        found["boundary"] = shown.once(("boundary", name), lambda: _boundary(name, shown))
    found["shares"] = shares.figure(rows, words, steps)
    found["staircase"] = _staircase(view, shown)
    found["accuracies"] = accuracies.figure(rows, words, steps)
    cells = of_explainer.mean_cells(shown.table("four_cells"), name)
    found["four_cells"] = four_cells.figure(cells, steps, words["matched_step"])
    if not trajectory.flat:
        found["examples"] = learning_order.figure(examples(view, shown), steps)
    return found


def examples(view: ComplexityView, shown: Trained) -> pd.DataFrame:
    """Return chosen test examples in the order in which they are learned, their labels by the names of the classes."""
    name, (lower, higher) = compared(view, shown), CATALOGUE[shown.trajectory.experiment.dataset].classes
    rows = shown.once(("examples", name), lambda: of_explainer.learning_order(shown.trajectory, name))
    return rows.assign(label=rows["label"].map({-1: lower, 1: higher}))


def _boundary(name: str, shown: Trained) -> Figure:
    trajectory = shown.trajectory
    return boundary.figure(
        shown.once("levels", lambda: of_explainer.levels(trajectory)),
        of_explainer.explainer_edges(trajectory, name),
        of_explainer.shown_points(trajectory, name),
        trajectory.steps,
        trajectory["output"].reshape(len(trajectory.steps), -1).T,
    )


def _staircase(view: ComplexityView, shown: Trained) -> Figure:
    heat, rows = shown.once("staircase", lambda: of_explainer.staircase(shown.trajectory))
    return staircase.figure(
        heat.assign(value=heat[view.heat], masked=heat[view.heat].isna() & heat["mu_y"].notna()),
        rows.assign(selected=rows["explainer"] == compared(view, shown)),
        shown.trajectory.steps,
        view.heat,
    )


def _card(name: str, said: str, shown: Trained, *, last: bool) -> Card:
    title, caption = CARDS[name]
    if name == "examples" and image_shape(shown.trajectory.experiment.dataset) is not None:
        caption = f"{caption} {NUMBERED}"
    return Card(
        title=title,
        caption=caption,
        alt=said.replace("**", "") if name == "explained" else title,
        badge=_badge(shown) if name == "explained" else None,
        scrub=None if name in STILL else {"scale": "x", "field": "step"},
        pick="row" if name == "staircase" else None,
        broad=last or name in ("explained", "staircase"),
    )


def _badge(shown: Trained) -> Mapping[str, str]:
    trajectory = shown.trajectory
    names = [trajectory.outcome(run) for run in range(trajectory.experiment.runs)]
    if "unfinished" in names:
        return badge("in training")
    if lost := names.count("diverged"):
        return badge(f"{lost} of {len(names)} diverged", alert=True)
    return badge(f"in the end {names.count('fitted')} of {len(names)} fit every training label")


def _notes(view: ComplexityView, shown: Trained) -> tuple[str, ...]:
    """Say it if another explainer is on screen than the one that is chosen."""
    name = compared(view, shown)
    if name == view.explainer:
        return ()
    chosen, there = TITLES[view.explainer], TITLES[name]
    if not shown.trajectory.complete:
        return (f"Not fitted yet: {chosen}; the charts show {there}.",)
    return (f"These networks have no explainer called {chosen}; the charts show {there}.",)
