"""The charts of two moons: three planes, one a penalty, and what is measured on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.figure.figure import Figure
from core.part import Scene, Shown, badge, cards
from core.studies.moons.charts import curves, plane, responses
from core.studies.moons.experiment import PENALTIES
from core.studies.moons.trajectory import REACH, MoonTrajectory, centres
from core.studies.moons.view import MoonsView
from core.theory.decoupling import decoupled_margin

Found = Shown[MoonTrajectory]

CAPTIONS: Mapping[str, str] = {
    "none": "Colour: the logit, the same scale in all three. Solid: the decision boundary. Dashed: the straight line "
    "nearest to it for |x₂| < 1.2.",
    "weight_decay": "The same network from the same weights, with all weights and biases decaying.",
    "spectral_decoupling": "The same again, with a penalty on the logits instead of the weights.",
    "curves": "Measured. Above: how far the decision boundary is from a straight line (standard deviation; empty while "
    "it does not run from bottom to top). Below: mean |f| over the training points; dashed green: theory, "
    "m(1 + eᵐ) = 1/(2c), where every point would converge. Solid: the margin on screen; dotted: the other. Bands: "
    "least to greatest of the seeds. Move over the chart to scrub.",
    "responses": "Measured. z = ŷ · u for two eigenvectors u of the tangent kernel at step 0, the second strongest "
    "and the seventh. Both grow with the logits; look at their ratio.",
}


def scene(view: MoonsView, drawn: Sequence[Found | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    said, experiment = verdict(view, shown), view.experiment
    titles = {
        "none": "No penalty",
        "weight_decay": f"Weight decay {experiment.weight_decay:g}",
        "spectral_decoupling": f"Spectral Decoupling {experiment.decoupling:g}",
        "curves": "How curved, how sure",
        "responses": "A strong and a weak direction",
    }
    about = cards(
        {name: (title, CAPTIONS[name]) for name, title in titles.items()},
        said,
        badge={name: _badge(name, view, shown) for name in PENALTIES},
        scrub={"curves": "concat_0_x", "responses": "concat_0_x"},
        broad={"curves": True},
    )
    return Scene(figures=_figures(view, shown), cards=about, steps=shown.trajectory.steps, verdict=said)


def _figures(view: MoonsView, shown: Found) -> dict[str, Figure]:
    found, margin = shown.trajectory, view.margin
    seed, points = view.experiment.seeds[0], shown.table("points")
    mine = points[(points["margin"] == margin) & (points["seed"] == seed)]
    level, drawn = _converges_to(view), {}
    for penalty in PENALTIES:
        run = found.run(margin, penalty, seed)
        logit, boundary = (found[name][:, run].astype(np.float64) for name in ("logit", "boundary"))
        drawn[penalty] = plane.figure(logit, boundary, centres(), mine, REACH)
    return drawn | {
        "curves": curves.figure(shown.table("moons"), found.steps, margin, float("nan") if level is None else level),
        "responses": responses.figure(shown.table("responses"), found.steps, margin),
    }


def _converges_to(view: MoonsView) -> float | None:
    """Return the |f| that Spectral Decoupling converges to in theory, if it penalizes anything."""
    c = view.experiment.decoupling
    return float(decoupled_margin(2 * c)) if c > 0 else None


def _badge(penalty: str, view: MoonsView, shown: Found) -> Mapping[str, str]:
    row = _ends(penalty, view, shown).iloc[0]  # of the seed in the plane
    if row["outcome"] == "diverged":
        return badge(f"diverged by step {row['steps']:,}", alert=True)
    if row["outcome"] == "unfinished":
        return badge("in training")
    return badge("in the end no line" if np.isnan(row["residual"]) else f"in the end residual {row['residual']:.3f}")


def _ends(penalty: str, view: MoonsView, shown: Found) -> pd.DataFrame:
    runs = shown.table("runs")
    return runs[(runs["margin"] == view.margin) & (runs["penalty"] == penalty)]


def verdict(view: MoonsView, shown: Found) -> str:
    """Say what came out, in Markdown: numbers measured on the runs on screen."""
    experiment = view.experiment
    ends = {penalty: _ends(penalty, view, shown) for penalty in PENALTIES}
    outcomes = {outcome for rows in ends.values() for outcome in rows["outcome"]}
    if "diverged" in outcomes:
        lost = ", ".join(name.replace("_", " ") for name, rows in ends.items() if "diverged" in set(rows["outcome"]))
        return f"Diverged: {lost}. The steps are too large for it."
    if "unfinished" in outcomes:
        return "In training."
    mean = {penalty: rows[["residual", "distance", "mean_logit"]].mean() for penalty, rows in ends.items()}
    plain, decay, decoupled = (mean[penalty] for penalty in PENALTIES)
    seeds = f"mean of {len(experiment.seeds)} {'seed' if len(experiment.seeds) == 1 else 'seeds'}"
    level = _converges_to(view)
    theory = "" if level is None else f"; in theory it converges to {level:.3f}"
    return (
        f"At Δ = {view.margin:g}, after {experiment.step_limit:,} steps, the decision boundary is "
        f"**{plain['residual']:.3f}** from a straight line without a penalty, {decay['residual']:.3f} with weight "
        f"decay and **{decoupled['residual']:.3f}** with Spectral Decoupling, and comes within "
        f"{plain['distance']:.2f}, {decay['distance']:.2f} and {decoupled['distance']:.2f} of a training point "
        f"({seeds}). Under Spectral Decoupling mean |f| is {decoupled['mean_logit']:.3f}{theory}."
    )
