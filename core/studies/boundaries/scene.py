"""The charts of ten variants of training on two moons: all is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr  # type: ignore[import-untyped]  # scipy.stats takes a second to import

from core.part import Scene, Shown, cards, lost_badge
from core.studies.boundaries.charts import bending, gallery
from core.studies.boundaries.experiment import VARIANTS
from core.studies.boundaries.trajectory import BoundaryTrajectory
from core.studies.boundaries.view import BoundariesView

Found = Shown[BoundaryTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "gallery": (
        "Ten variants",
        "Measured. Lines: the decision boundary, one a seed. Dots: a third of the training points of the first "
        "seed. Below each: the mean residual from the best straight line, |x₂| < 1.2.",
    ),
    "bending": (
        "How far from a straight line",
        "Measured, the same residual at the step shown. Small: one a seed; large: their mean, with its standard "
        "error. A boundary that does not run from bottom to top has none.",
    ),
}
LEVEL = 0.05
"""Of the test behind each of the words `bends more`, divided by the number of variants compared."""


def scene(view: BoundariesView, drawn: Sequence[Found | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    points, mean, said = shown.table("variant_points"), shown.table("bending"), verdict(view, shown)
    first = points[points["seed"] == view.experiment.seeds[0]]
    figures = {
        "gallery": gallery.figure(shown.table("variant_boundaries"), first, mean),
        "bending": bending.figure(shown.table("variants"), mean),
    }
    about = cards(
        CARDS,
        said,
        badge={"gallery": lost_badge(shown.table("runs")["outcome"])},
        wide={"gallery": True},
    )
    return Scene(figures=figures, cards=about, steps=shown.trajectory.steps, verdict=said)


def bends_more(runs: pd.DataFrame) -> Mapping[str, bool | None]:
    """Return by variant whether its residual is above that of plain gradient descent on the same seeds, at the end.

    Student's paired test, one-sided, with an error of `LEVEL` in all comparisons together (Bonferroni); None where
    fewer than two seeds have both numbers.
    """
    ends = {str(name): rows.set_index("seed")["residual"] for name, rows in runs.groupby("variant", sort=False)}
    found: dict[str, bool | None] = {}
    for name in VARIANTS:
        if name == "none":
            continue
        difference = (ends[name] - ends["none"]).dropna().to_numpy(np.float64)
        if len(difference) < 2 or not difference.std() > 0:
            found[name] = None
            continue
        student = difference.mean() / (difference.std(ddof=1) / len(difference) ** 0.5)
        found[name] = bool(stdtr(len(difference) - 1, -student) < LEVEL / (len(VARIANTS) - 1))
    return found


def verdict(view: BoundariesView, shown: Found) -> str:
    """Say what came out, in Markdown: numbers measured on the runs on screen."""
    runs = shown.table("runs")
    if "unfinished" in set(runs["outcome"]):
        return "In training."
    mean = runs.groupby("variant", sort=False)["residual"].mean()
    ranked = mean.dropna().sort_values(ascending=False)
    if "none" not in ranked:
        return "Plain gradient descent has no boundary from bottom to top, so there is nothing to compare with."
    first = ", ".join(f"{VARIANTS[str(name)]} ({value:.3f})" for name, value in ranked.iloc[:3].items())
    count = len(view.experiment.seeds)
    averaged = "one seed" if count == 1 else f"mean of {count} seeds"
    text = (
        f"After {view.experiment.step_limit:,} steps the boundary is **{ranked['none']:.3f}** from a straight line "
        f"under plain gradient descent ({averaged}); it is farthest under "
        f"**{first}**."
    )
    above = [VARIANTS[name] for name, more in bends_more(runs).items() if more]
    if count == 1:
        return f"{text} One seed has no standard error: train several to compare."
    if not above:
        return f"{text} On these seeds no variant bends more than plain gradient descent beyond what seeds explain."
    return f"{text} More than under plain gradient descent beyond what seeds explain: {', '.join(above)}."
