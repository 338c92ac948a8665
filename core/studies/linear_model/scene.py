"""The charts of the linear model that overfits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.figure.figure import Figure
from core.part import Scene, Shown, badge, cards
from core.studies.linear_model.charts import ends, explained, path
from core.studies.linear_model.experiment import STARTS
from core.studies.linear_model.trajectory import LinearTrajectory
from core.studies.linear_model.view import LinearView

Trained = Shown[LinearTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "path": (
        "From three initializations",
        "Above: share of new points on the side of their true label, exact, no test set. Below: share of training "
        "points on the side of their label, the wrong labels included. Bands: least to greatest of the seeds. Dashed: "
        "the interpolator nearest to the initialization, where SGD ends if it converges. Move over the chart to scrub.",
    ),
    "ends": (
        "Where SGD ends, against d/n",
        "Small dots: the interpolator nearest to each initialization, one a seed, from an n × n system. Curves: its "
        "approximation for large n and d, in closed form. Large dots: SGD now.",
    ),
    "explained": (
        "What the simple classifier explains",
        "F = sign(w·x), L = sign(x₁), which is the true label. Given L, F says nothing more about Y: μ_Y(F;L) is all "
        "of I(F;Y). It is blind to sign: a model that is always wrong counts as one that is always right, so read it "
        "together with the accuracy.",
    ),
}
SCRUBBED = {"path": "concat_0_x", "explained": "x"}
"""The scale along which a chart is scrubbed."""


def scene(view: LinearView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    said = verdict(shown)
    return Scene(
        figures=_figures(view, shown),
        cards=cards(CARDS, said, badge={"path": _badge(shown)}, scrub=SCRUBBED),
        steps=shown.trajectory.steps,
        verdict=said,
    )


def _figures(view: LinearView, shown: Trained) -> Mapping[str, Figure]:
    steps, ratio = shown.trajectory.steps, view.experiment.d_over_n
    rows, known = shown.table("path"), shown.table("ends")
    measure = "mu_y_clean" if view.clean else "mu_y"
    return {
        "path": shown.once("path figure", lambda: path.figure(rows, known[known["d_over_n"] == ratio], steps)),
        "ends": shown.once("ends figure", lambda: ends.figure(known, shown.table("approximation"), rows, ratio, steps)),
        "explained": explained.figure(rows, steps, measure),
    }


def _badge(shown: Trained) -> Mapping[str, str]:
    trajectory = shown.trajectory
    outcomes = {trajectory.outcome(run) for run in range(trajectory.experiment.runs)}
    if outcomes == {"fitted"}:
        return badge("in the end every label fitted")
    if "diverged" in outcomes:
        return badge(f"diverged by step {int(trajectory['end_step'].max()):,}", alert=True)
    if "unfinished" in outcomes:
        return badge("in training")
    return badge("in the end not every label fitted", alert=True)


def verdict(shown: Trained) -> str:
    """Say what came out, in Markdown: numbers measured on the runs on screen."""
    runs, experiment = shown.table("runs"), shown.trajectory.experiment
    diverged = runs["outcome"] == "diverged"
    if diverged.any():
        return (
            f"{runs['seed'][diverged].nunique()} of {experiment.runs} seeds diverged: at a step size of "
            f"{experiment.rate:g} a step can more than reverse the residual of its point."
        )
    means = runs.groupby("start")[["train_accuracy", "population_accuracy"]].mean().loc[list(STARTS)]
    same, nothing, opposite = means["population_accuracy"]
    if np.isnan([same, nothing, opposite]).any():
        return "In training."
    worst = means["train_accuracy"].min()
    fit = "Every training label is fitted" if worst == 1 else f"At least {worst:.1%} of the training labels are fitted"
    return (
        f"{fit}, {experiment.eta:.0%} of them drawn to be wrong, after {int(runs['steps'].max()):,} steps. On new "
        f"points the accuracy is then **{same:.3f}** from the simple classifier, **{nothing:.3f}** from zero and "
        f"**{opposite:.3f}** from the opposite of the simple classifier "
        f"({experiment.dimensions(experiment.d_over_n):,} dimensions, {experiment.n} points, mean of "
        f"{experiment.runs} {'seed' if experiment.runs == 1 else 'seeds'})."
    )
