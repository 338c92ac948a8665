"""The charts of the linear model as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.figure.payload import clock, payload
from core.studies.linear_model import tables as linear_model
from core.studies.linear_model.charts import ends as linear_ends
from core.studies.linear_model.charts import explained as linear_explained
from core.studies.linear_model.charts import path as linear_path
from core.studies.linear_model.trajectory import LinearTrajectory
from pages.complexity.linear_model.view import View
from pages.shared.library import Found

Shown = Found[LinearTrajectory]

TABLES = {
    "path": "Every start and seed at every recorded step.",
    "ends": "The interpolator nearest to each start, over d/n, one row a seed.",
    "approximation": "What the interpolators come to for large n and d, in closed form.",
    "runs": "How SGD ended, one row a start and seed.",
}
"""What can be taken away of what is on screen."""

TITLES = {
    "path": "Three starts",
    "ends": "Where SGD ends, over d/n",
    "explained": "What the simple classifier explains",
}
CAPTIONS = {
    "path": "Above: share of new points on the side of their true label, exact, no test set. Below: share of training "
    "points on the side of their label, the wrong labels included. Bands: least to greatest of the seeds. Dashed: the "
    "interpolator nearest to the start, where SGD ends if it converges. Move over the chart to scrub.",
    "ends": "Small dots: the interpolator nearest to each start, one a seed, from an n × n system. Curves: its "
    "approximation for large n and d, in closed form. Large dots: SGD now.",
    "explained": "F = sign(w·x), L = sign(x₁), which is the true label. Given L, F says nothing more about Y: μ_Y(F;L) "
    "is all of I(F;Y). It is blind to sign: a model that is always wrong counts as one that is always right, so read "
    "it beside the accuracy.",
}


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(key: str, name: str, _trajectory: LinearTrajectory) -> pd.DataFrame:
    return linear_model.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.linear_model`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def figures(shown: Shown, *, clean: bool) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    return _figures(shown.stamp, clean, shown)


@st.cache_resource(max_entries=12, show_spinner=False)
def _figures(key: str, clean: bool, _shown: Shown) -> dict[str, Figure]:
    path, ends, steps = table(_shown, "path"), table(_shown, "ends"), _shown.trajectory.steps
    ratio = _shown.trajectory.experiment.d_over_n
    return {
        "path": linear_path.figure(path, ends[ends["d_over_n"] == ratio], steps),
        "ends": linear_ends.figure(ends, table(_shown, "approximation"), path, ratio, steps),
        "explained": linear_explained.figure(path, steps, "mu_y_clean" if clean else "mu_y"),
    }


def to_player(charts: dict[str, Figure], shown: Shown) -> str:
    """Return the player's payload as JSON."""
    rest: int | None = st.session_state.get("t_link_step")
    time = clock(shown.trajectory.steps, rest=rest)
    return payload(time, [(figure, _about(name, shown)) for name, figure in charts.items()])


def _about(name: str, shown: Shown) -> dict[str, Any]:
    scales = {"path": "concat_0_x", "explained": "x"}
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": f"{TITLES[name]}. {verdict(shown).replace('**', '')}",
        "scrub": {"scale": scales[name], "field": "step"} if name in scales else None,
        "pick": None,
        "file": f"trainscope-{name}",
        "badge": _badge(shown) if name == "path" else None,
    }


def _badge(shown: Shown) -> dict[str, str]:
    outcomes = {shown.trajectory.outcome(run) for run in range(shown.trajectory.experiment.runs)}
    if outcomes == {"fitted"}:
        return {"text": "every label fitted", "tone": "quiet"}
    if "diverged" in outcomes:
        return {"text": f"diverged by step {int(shown.trajectory['end_step'].max()):,}", "tone": "alert"}
    training = "unfinished" in outcomes
    return {"text": "in training" if training else "not every label fitted", "tone": "quiet" if training else "alert"}


def view_frame(view: View, shown: Shown) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = shown.trajectory.steps
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(shown: Shown) -> str:
    """Say what came out, in Markdown: numbers measured on the runs on screen."""
    runs, experiment = table(shown, "runs"), shown.trajectory.experiment
    outcomes = runs["outcome"].to_numpy()
    if (outcomes == "diverged").any():
        seeds = len(set(runs["seed"][outcomes == "diverged"]))
        return (
            f"{seeds} of {experiment.runs} seeds diverged: at a step size of {experiment.rate:g} a step can more than "
            "reverse the residual of its point."
        )
    start = runs["start"]
    train, accuracy = (
        [float(runs[name][start == a].mean()) for a in (1, 0, -1)] for name in ("train_accuracy", "population_accuracy")
    )
    if np.isnan(accuracy).any():
        return "In training."
    worst = min(train)
    how = "Every training label is fitted" if worst == 1 else f"At least {worst:.1%} of the training labels are fitted"
    said = f"{how}, {experiment.eta:.0%} of them drawn to be wrong, after {int(runs['steps'].max()):,} steps."
    return (
        f"{said} On new points the accuracy is then **{accuracy[0]:.3f}** from the simple classifier, "
        f"**{accuracy[1]:.3f}** from nothing and **{accuracy[2]:.3f}** from its opposite "
        f"({experiment.dimensions(experiment.d_over_n):,} dimensions, {experiment.n} points, mean of "
        f"{experiment.runs} {'seed' if experiment.runs == 1 else 'seeds'})."
    )
