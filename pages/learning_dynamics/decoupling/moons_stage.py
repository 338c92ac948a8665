"""The charts of two moons as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.studies.moons import tables as tables_of
from core.studies.moons.charts import curves as moons_curves
from core.studies.moons.charts import plane as moons_plane
from core.studies.moons.charts import responses as moons_responses
from core.studies.moons.experiment import PENALTIES
from core.studies.moons.trajectory import REACH, MoonTrajectory, centres
from core.studies.strengths.theory import decoupled_margin
from pages.learning_dynamics.decoupling.view import MoonView
from pages.shared.library import Found
from pages.shared.payload import clock, payload

Shown = Found[MoonTrajectory]

TABLES = {
    "moons": "Every run at every recorded epoch.",
    "boundary": "The boundary x1(x2) of every run at every recorded epoch.",
    "responses": "Along two directions of the first tangent kernel, likewise.",
    "points": "The training sets.",
    "runs": "How every run ended.",
}
"""What can be taken away of what is on screen."""

CAPTIONS = {
    "none": "Colour: the logit, the same scale in all three. Solid: where it is 0. Dashed: the straight line nearest "
    "to it for |x₂| < 1.2.",
    "weight_decay": "The same network from the same weights, all weights and biases decaying.",
    "spectral_decoupling": "The same again, with a penalty on the logits instead of the weights.",
    "curves": "Measured. Above: how far the boundary is from a straight line (standard deviation; empty while it is no "
    "line from bottom to top). Below: mean |f| over the training points; dashed green: theory, m(1 + eᵐ) = 1/(2c), "
    "where every point would come to rest. Solid: the margin on screen; dotted: the other. Bands: least to greatest of "
    "the seeds. Move over the chart to scrub.",
    "responses": "Measured. z = ŷ · u for two eigenvectors u of the tangent kernel at epoch 0, the second strongest "
    "and the seventh. Both grow with the logits; look at their ratio.",
}


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(key: str, name: str, _trajectory: MoonTrajectory) -> pd.DataFrame:
    return tables_of.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.moons`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def margin_of(view: MoonView, shown: Shown) -> float:
    """Return the margin on screen; of charts that still show the training before, one of its own."""
    margins = shown.trajectory.experiment.margins
    return view.margin if view.margin in margins else margins[-1]


def figures(view: MoonView, shown: Shown) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    return _figures(shown.stamp, margin_of(view, shown), shown)


@st.cache_resource(max_entries=12, show_spinner=False)
def _figures(key: str, margin: float, _shown: Shown) -> dict[str, Figure]:
    found, experiment = _shown.trajectory, _shown.trajectory.experiment
    seed, points = experiment.seeds[0], table(_shown, "points")
    mine = points[(points["margin"] == margin) & (points["seed"] == seed)]
    drawn = {}
    for penalty in PENALTIES:
        run = found.run(margin, penalty, seed)
        logit, boundary = (found[name][:, run].astype(np.float64) for name in ("logit", "boundary"))
        drawn[penalty] = moons_plane.figure(logit, boundary, centres(), mine, REACH)
    level = float(decoupled_margin(2 * experiment.decoupling)) if experiment.decoupling > 0 else float("nan")
    drawn["curves"] = moons_curves.figure(table(_shown, "moons"), found.steps, margin, level)
    drawn["responses"] = moons_responses.figure(table(_shown, "responses"), found.steps, margin)
    return drawn


def to_player(view: MoonView, drawn: dict[str, Figure], shown: Shown, rest: int | None) -> str:
    """Return the player's payload as JSON."""
    about = [(figure, _about(name, view, shown)) for name, figure in drawn.items()]
    return payload(clock(shown.trajectory.steps, rest=rest), about)


def _about(name: str, view: MoonView, shown: Shown) -> dict[str, Any]:
    experiment = shown.trajectory.experiment
    titles = {
        "none": "No penalty",
        "weight_decay": f"Weight decay {experiment.weight_decay:g}",
        "spectral_decoupling": f"Spectral Decoupling {experiment.decoupling:g}",
        "curves": "How curved, how sure",
        "responses": "A strong and a weak direction",
    }
    return {
        "id": name,
        "title": titles[name],
        "caption": CAPTIONS[name],
        "alt": f"{titles[name]}. {verdict(view, shown).replace('**', '')}",
        "scrub": {"scale": "concat_0_x", "field": "step"} if name in ("curves", "responses") else None,
        "pick": None,
        "broad": name == "curves",
        "file": f"trainscope-{name}",
        "badge": _badge(name, view, shown) if name in PENALTIES else None,
    }


def _badge(penalty: str, view: MoonView, shown: Shown) -> dict[str, str] | None:
    row = _ends(penalty, view, shown).iloc[0]  # of the seed in the plane
    if row["outcome"] == "diverged":
        return {"text": f"diverged by epoch {row['steps']:,}", "tone": "alert"}
    if row["outcome"] == "unfinished":
        return {"text": "in training", "tone": "quiet"}
    bent = "no line" if np.isnan(row["residual"]) else f"residual {row['residual']:.3f}"
    return {"text": bent, "tone": "quiet"}


def _ends(penalty: str, view: MoonView, shown: Shown) -> pd.DataFrame:
    runs = table(shown, "runs")
    return runs[(runs["margin"] == margin_of(view, shown)) & (runs["penalty"] == penalty)]


def view_frame(view: MoonView, shown: Shown) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = shown.trajectory.steps
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(view: MoonView, shown: Shown) -> str:
    """Say what came out, in Markdown: numbers measured on the runs on screen."""
    experiment, margin = shown.trajectory.experiment, margin_of(view, shown)
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
    return (
        f"At Δ = {margin:g}, after {experiment.step_limit:,} epochs, the boundary is **{plain['residual']:.3f}** from "
        f"a straight line without a penalty, {decay['residual']:.3f} with weight decay and "
        f"**{decoupled['residual']:.3f}** with Spectral Decoupling, and comes within {plain['distance']:.2f}, "
        f"{decay['distance']:.2f} and {decoupled['distance']:.2f} of a training point ({seeds}). Under Spectral "
        f"Decoupling mean |f| is {decoupled['mean_logit']:.3f}{_theory(experiment.decoupling)}."
    )


def _theory(decoupling: float) -> str:
    return f"; theory's m is {float(decoupled_margin(2 * decoupling)):.3f}" if decoupling > 0 else ""
