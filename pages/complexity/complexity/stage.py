"""The charts of networks and their explainers as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

import core.studies.complexity.explained as shown_of
import core.studies.complexity.tables as tables_of
from core.figure.figure import Figure
from core.figure.payload import clock, payload
from core.studies.complexity.charts import (
    accuracies,
    boundary,
    explained,
    four_cells,
    learning_order,
    shares,
    staircase,
)
from core.studies.complexity.trajectory import ComplexityTrajectory
from pages.complexity.complexity.pictures import with_pictures
from pages.complexity.complexity.view import View
from pages.shared.library import Found

Shown = Found[ComplexityTrajectory]

TABLES = {
    "information": "Information and accuracy, one row an explainer, seed and step.",
    "explainers": "How good each explainer is and what it explains, one row an explainer and seed.",
    "four_cells": "Who is right on how many test points, one row an explainer, seed and step.",
    "examples": "When each test point is learned, one row an explainer and point.",
    "boundary": "f of the first seed over the plane, where inputs are two.",
}
"""What can be taken away."""


@st.cache_resource(max_entries=24, show_spinner=False)
def _table(key: str, name: str, _trajectory: ComplexityTrajectory) -> pd.DataFrame:
    return tables_of.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.complexity`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


@st.cache_resource(max_entries=48, show_spinner=False)
def _curves(key: str, explainer: str, estimate: str, _trajectory: ComplexityTrajectory) -> pd.DataFrame:
    return shown_of.curves(_trajectory, explainer, miller_madow=estimate == "miller-madow")


def curves(view: View, shown: Shown) -> pd.DataFrame:
    """Return what the charts of one explainer show."""
    return _curves(shown.stamp, view.explainer, view.estimate, shown.trajectory)


@st.cache_resource(max_entries=48, show_spinner=False)
def _facts(key: str, explainer: str, _trajectory: ComplexityTrajectory) -> dict[str, Any]:
    return shown_of.facts(_trajectory, explainer)


def facts(view: View, shown: Shown) -> dict[str, Any]:
    """Return what is said of the explainer."""
    return _facts(shown.stamp, view.explainer, shown.trajectory)


@st.cache_resource(max_entries=12, show_spinner=False)
def _staircase(key: str, _trajectory: ComplexityTrajectory) -> tuple[pd.DataFrame, pd.DataFrame]:
    return shown_of.staircase(_trajectory)


def figures(view: View, shown: Shown) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    trajectory, steps = shown.trajectory, shown.trajectory.steps
    of_one, words = curves(view, shown), facts(view, shown)
    found = {"explained": explained.figure(of_one, words, steps)}
    if trajectory.flat:
        found["boundary"] = _boundary(shown.stamp, view.explainer, trajectory)
    found["shares"] = shares.figure(of_one, words, steps)
    heat, rows = _staircase(shown.stamp, trajectory)
    found["staircase"] = staircase.figure(
        heat.assign(value=heat[view.heat], masked=heat[view.heat].isna() & heat["mu_y"].notna()),
        rows.assign(selected=rows["explainer"] == view.explainer),
        steps,
        view.heat,
    )
    found["accuracies"] = accuracies.figure(of_one, words, steps)
    found["four_cells"] = four_cells.figure(
        shown_of.mean_cells(table(shown, "four_cells"), view.explainer), steps, words["matched_step"]
    )
    if not trajectory.flat:
        found["examples"] = _wall(shown.stamp, view.explainer, st.session_state.get("data_dir", ""), trajectory)
    return found


@st.cache_resource(max_entries=24, show_spinner=False)
def _boundary(key: str, explainer: str, _trajectory: ComplexityTrajectory) -> Figure:
    return boundary.figure(
        _levels(key, _trajectory),
        shown_of.explainer_edges(_trajectory, explainer),
        shown_of.shown_points(_trajectory, explainer),
        _trajectory.steps,
        _trajectory["output"].reshape(len(_trajectory.steps), -1).T,
    )


@st.cache_resource(max_entries=12, show_spinner=False)
def _levels(key: str, _trajectory: ComplexityTrajectory) -> pd.DataFrame:
    return shown_of.levels(_trajectory)


@st.cache_resource(max_entries=24, show_spinner=False)
def _wall(key: str, explainer: str, data_dir: str, _trajectory: ComplexityTrajectory) -> Figure:
    chosen = shown_of.learning_order(_trajectory, explainer)
    return learning_order.figure(with_pictures(chosen, _trajectory.experiment.dataset, data_dir), _trajectory.steps)


TITLES = {
    "explained": "What L explains of the network",
    "boundary": "Where the network decides, and where L does",
    "shares": "Explained early, retained late",
    "staircase": "The staircase of explainers",
    "accuracies": "Accuracy",
    "four_cells": "Who is right on the test points",
    "examples": "Test examples in the order of learning",
}
CAPTIONS = {
    "explained": "I(F;Y) on the test points, split into what L explains and what is new. Bands: lowest to highest "
    "seed; whisker: 95 % over test sets. Move over the chart to scrub.",
    "boundary": "f of the first seed; L's border is dashed. Points are test points.",
    "shares": "ρ = μ_Y / I(F;Y) is the claim before T0, R = μ_Y / I(L;Y) after it. Dotted: two unrelated classifiers "
    "of these accuracies.",
    "staircase": "The simplest at the top, with the bits that each knows. A mark where 95 % of them are retained. A "
    "click on a row explains with it.",
    "accuracies": "Information is blind to sign: a network worse than chance has some, too.",
    "four_cells": "Shares of the test points, means over seeds.",
    "examples": "The first seed's network. Learned for good, the earliest first; the last ones are wrong in the end.",
}


def to_player(view: View, charts: dict[str, Figure], shown: Shown) -> str:
    """Return the player's payload as JSON."""
    rest: int | None = st.session_state.get("c_link_step")
    time = clock(shown.trajectory.steps, rest=rest)
    about = {name: _about(name) for name in charts}
    about["explained"] |= {"badge": _badge(shown), "alt": plainly(view, shown), "broad": True}
    about["four_cells" if shown.trajectory.flat else "examples"]["broad"] = True
    return payload(time, [(figure, about[name]) for name, figure in charts.items()])


def _about(name: str) -> dict[str, Any]:
    over_steps = name not in ("boundary", "examples")
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": TITLES[name],
        "scrub": {"scale": "x", "field": "step"} if over_steps else None,
        "pick": "row" if name == "staircase" else None,
        "edit": None,
        "wide": False,
        "broad": name == "staircase",
        "file": f"trainscope-{name}",
        "badge": None,
    }


def _badge(shown: Shown) -> dict[str, str]:
    trajectory = shown.trajectory
    names = [trajectory.outcome(run) for run in range(trajectory.experiment.runs)]
    lost, fitted = names.count("diverged"), names.count("fitted")
    if "unfinished" in names:
        return {"text": "in training", "tone": "quiet"}
    if lost:
        return {"text": f"{lost} of {len(names)} diverged", "tone": "alert"}
    return {"text": f"{fitted} of {len(names)} fit every training label", "tone": "quiet"}


def verdict(view: View, shown: Shown) -> str:
    """Say what was measured, as Markdown."""
    return plainly(view, shown, "**")


def plainly(view: View, shown: Shown, strong: str = "") -> str:
    """Say what was measured."""
    of_one, words = curves(view, shown), facts(view, shown)
    rows = table(shown, "explainers")
    mine = rows[rows["explainer"] == view.explainer]
    if not np.isfinite(words["explainer_information"]) or words["explainer_information"] < 0.02:
        most, end = of_one["mu_y"].max(), of_one["mutual_information_test"].iloc[-1]
        then = f"while I(F;Y) ends at {end:.2f} bit" if np.isfinite(end) else "and every network diverged"
        return (
            f"L, {words['explainer']}, tells {max(words['explainer_information'], 0):.3f} bit of the label; of the "
            f"network it explains {strong}{most:.3f} bit{strong} at most, {then}."
        )
    early, last = mine["early_explained_share"].mean(), of_one.iloc[-1]
    baseline = _early_baseline(view, shown)
    said = []
    if np.isfinite(early):
        said.append(
            f"Until the network is as good as L, L explains {strong}{early:.0%}{strong} of what it knows "
            f"(two unrelated classifiers: {baseline:.0%})"
        )
    if np.isfinite(last["retained_share"]):
        said.append(
            f"at the end it retains {strong}{last['retained_share']:.0%}{strong} of what L knows (unrelated: "
            f"{last['retained_share_independent']:.0%})"
        )
    return "; ".join(said)[:1].upper() + "; ".join(said)[1:] + "." if said else "Too little is known to tell yet."


def _early_baseline(view: View, shown: Shown) -> float:
    rows = table(shown, "explainers")
    return float(rows[rows["explainer"] == view.explainer]["early_explained_share_independent"].mean())
