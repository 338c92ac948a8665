"""The charts of networks in training and of the classifier that explains them, whatever was trained."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

import pandas as pd

from core.comparison import curves as of_explainer
from core.comparison.charts import accuracies, explained, four_cells, learning_order, shares, staircase
from core.comparison.compared import Compared, explainer_predictions
from core.comparison.verdict import verdict
from core.explainers.names import DESCRIPTIONS
from core.figure.figure import Figure
from core.part import Card, Rows, Shown, badge
from core.view import View

Trained = Shown[Compared]
Kind = TypeVar("Kind", bound=View)

CARDS: Mapping[str, tuple[str, str]] = {
    "explained": (
        "What L explains of the network",
        "I(F;Y) on the test points, split into what L explains and what is new. Bands: lowest to highest seed; "
        "whisker: 95 % over test sets. Move over the chart to scrub.",
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


class Comparing(Protocol):
    """What a view says of the comparison."""

    @property
    def explainer(self) -> str:
        """The explainer that is chosen."""

    @property
    def estimate(self) -> str:
        """`plain` or `miller-madow`."""

    @property
    def heat(self) -> str:
        """A key of `fields.HEATS`."""


def known(shown: Trained) -> tuple[str, ...]:
    """Return the explainers that there are so far, the simplest first."""
    return shown.once("known", lambda: tuple(explainer_predictions(shown.trajectory)))


def compared(view: Comparing, shown: Trained) -> str:
    """Return the explainer on screen: the one that is chosen, or the simplest as long as there is none such."""
    there = known(shown)
    return view.explainer if view.explainer in there else there[0]


def curves(view: Comparing, shown: Trained) -> pd.DataFrame:
    """Return what the charts of the explainer show, one row a recorded step."""
    name, corrected = compared(view, shown), view.estimate == "miller-madow"
    return shown.once(
        ("curves", name, corrected),
        lambda: of_explainer.curves(shown.trajectory, name, miller_madow=corrected),
    )


def facts(view: Comparing, shown: Trained) -> Mapping[str, Any]:
    """Return what the charts of the explainer say in words."""
    name, corrected = compared(view, shown), view.estimate == "miller-madow"
    return shown.once(
        ("facts", name, corrected),
        lambda: of_explainer.facts(shown.trajectory, name, miller_madow=corrected),
    )


def sentence(view: Comparing, shown: Trained) -> str:
    """Return in a sentence what the explainer explains."""
    return verdict(curves(view, shown), facts(view, shown))


def table_of(view: Comparing, shown: Trained) -> dict[str, tuple[str, Rows]]:
    """Return the table behind the charts of the explainer."""
    return {"curves": ("What the charts of this explainer show, one row a step.", partial(curves, view, shown))}


def picked(view: Kind, pick: Mapping[str, Any]) -> Kind:
    """Return the view explained with the row of the staircase that was clicked."""
    return view.changed({"explainer": str(pick["fields"]["explainer"])})


def order(view: Comparing, shown: Trained) -> pd.DataFrame:
    """Return chosen test examples in the order in which they are learned."""
    name = compared(view, shown)
    return shown.once(("examples", name), lambda: of_explainer.learning_order(shown.trajectory, name))


def figures(view: Comparing, shown: Trained) -> dict[str, Figure]:
    """Return the figures that need no inputs, by their names in `CARDS`, but for the examples."""
    steps = shown.trajectory.steps
    rows, words = curves(view, shown), facts(view, shown)
    cells = of_explainer.mean_cells(shown.table("four_cells"), compared(view, shown))
    return {
        "explained": explained.figure(rows, words, steps),
        "shares": shares.figure(rows, words, steps),
        "staircase": _staircase(view, shown),
        "accuracies": accuracies.figure(rows, words, steps),
        "four_cells": four_cells.figure(cells, steps, words["matched_step"]),
    }


def examples_figure(rows: pd.DataFrame, shown: Trained) -> Figure:
    """Return the figure of examples of `order`, whose labels are texts."""
    return learning_order.figure(rows, shown.trajectory.steps)


def _staircase(view: Comparing, shown: Trained) -> Figure:
    heat, rows = shown.once("staircase", lambda: of_explainer.staircase(shown.trajectory))
    return staircase.figure(
        heat.assign(value=heat[view.heat], masked=heat[view.heat].isna() & heat["mu_y"].notna()),
        rows.assign(selected=rows["explainer"] == compared(view, shown)),
        shown.trajectory.steps,
        view.heat,
    )


def card(name: str, title: str, caption: str, said: str, alert: Mapping[str, str] | None, *, last: bool) -> Card:
    """Return the card of a chart; `said` is the verdict, `alert` the badge of the first chart."""
    return Card(
        title=title,
        caption=caption,
        alt=said.replace("**", "") if name == "explained" else title,
        badge=alert if name == "explained" else None,
        scrub=None if name in STILL else "x",
        pick="row" if name == "staircase" else None,
        broad=last or name in ("explained", "staircase"),
    )


STILL = ("boundary", "examples")
"""Charts without an axis of steps."""


def ended(shown: Trained) -> Mapping[str, str]:
    """Return the badge that says how the runs ended."""
    trajectory = shown.trajectory
    names = [trajectory.outcome(run) for run in range(trajectory.experiment.runs)]
    if "unfinished" in names:
        return badge("in training")
    if lost := names.count("diverged"):
        return badge(f"{lost} of {len(names)} diverged", alert=True)
    return badge(f"in the end {names.count('fitted')} of {len(names)} fit every training label")


def about_explainer(view: Comparing, shown: Trained, title: str) -> tuple[str, ...]:
    """Say how the explainer on screen is made, if it is one of ours.

    First, if it is not the one that is chosen, which is called `title`, that it is another.
    """
    name = compared(view, shown)
    there, made = shown.trajectory.title_of(name), [DESCRIPTIONS[name]] if name in DESCRIPTIONS else []
    if name == view.explainer:
        return (*made,)
    if not shown.trajectory.complete:
        return (f"Not fitted yet: {title}; the charts show {there}.", *made)
    return (f"These networks have no explainer called {title}; the charts show {there}.", *made)
