"""The charts of feature strengths as the player takes them: theory at once, descents once they are there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.studies.strengths import tables as tables_of
from core.studies.strengths.charts import fixed as strength_fixed
from core.studies.strengths.charts import plane as strength_plane
from core.studies.strengths.charts import time as strength_time
from core.studies.strengths.experiment import PENALTIES, Strengths
from core.studies.strengths.trajectory import StrengthTrajectory, snapshots
from pages.learning_dynamics.decoupling.view import StrengthView
from pages.shared.library import Found
from pages.shared.payload import clock, payload

Shown = Found[StrengthTrajectory]

TABLES = {
    "strengths": "Every descent at every recorded step, and its fixed point.",
    "fixed_points": "The fixed points over s₁, by theory alone.",
    "ends": "Where every descent ended, beside its fixed point.",
}
"""What can be taken away of what is on screen."""

TITLES = {
    "plane": "Two responses",
    "fixed": "z₂ over the strength s₁",
    "time": "The second feature in time",
}
CAPTIONS = {
    "plane": "Diamonds: fixed points, theory (the larger one: the s₁ of the slider). Dashed: ridge's fixed points for "
    "every s₁. Thin lines and dots: gradient descent from 0, measured.",
    "fixed": "Dashed: theory, at the fixed point. Dots: gradient descent now; below, the difference quotients of "
    "neighbouring s₁. Ridge starves the weaker feature: z₂ falls with s₁ from s₁ = s₂ on.",
    "time": "Solid: gradient descent, one line a strength s₁. Dashed: the fixed points they go to, theory. Spectral "
    "Decoupling has one for all. Move over the chart to scrub.",
}


@st.cache_resource(max_entries=64, show_spinner=False)
def theory(experiment: Strengths) -> pd.DataFrame:
    """Return the fixed points of an experiment; nothing is trained."""
    return tables_of.fixed_points_of(experiment)


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(key: str, name: str, _trajectory: StrengthTrajectory) -> pd.DataFrame:
    return tables_of.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.strengths`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def figures(view: StrengthView, shown: Shown | None) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    return _figures(shown.stamp if shown is not None else "theory", view.experiment, view.s_1, shown)


@st.cache_resource(max_entries=24, show_spinner=False)
def _figures(key: str, experiment: Strengths, s_1: float, _shown: Shown | None) -> dict[str, Figure]:
    fixed, descents = theory(experiment), None
    if _shown is not None:
        rows = table(_shown, "strengths")
        descents = rows[rows["source"] == "descent"]
    resting = fixed[fixed["s_1"].isin(experiment.strengths)]
    return {
        "plane": strength_plane.figure(fixed, experiment.strengths, s_1, descents),
        "fixed": strength_fixed.figure(fixed, experiment.second, descents),
        "time": strength_time.figure(resting, snapshots(experiment), descents),
    }


def to_player(view: StrengthView, drawn: dict[str, Figure], shown: Shown | None, rest: int | None) -> str:
    """Return the player's payload as JSON."""
    about = [(figure, _about(name, view, shown)) for name, figure in drawn.items()]
    return payload(clock(snapshots(view.experiment), rest=rest), about)


def _about(name: str, view: StrengthView, shown: Shown | None) -> dict[str, Any]:
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": f"{TITLES[name]}. {verdict(view, shown).replace('**', '')}",
        "scrub": {"scale": "x", "field": "step"} if name == "time" else None,
        "pick": None,
        "file": f"trainscope-{name}",
        "badge": _badge(view, shown) if name == "plane" else None,
    }


def _badge(view: StrengthView, shown: Shown | None) -> dict[str, str] | None:
    if shown is None:
        return {"text": "theory alone", "tone": "quiet"}
    outcomes = [shown.trajectory.outcome(run) for run in range(view.experiment.runs)]
    if "diverged" in outcomes:
        return {"text": f"{outcomes.count('diverged')} of {len(outcomes)} descents diverged", "tone": "alert"}
    return None


def view_frame(view: StrengthView) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = snapshots(view.experiment)
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(view: StrengthView, shown: Shown | None) -> str:
    """Say what theory has for the marked s_1, and where its descents are at the end, in Markdown."""
    fixed = theory(view.experiment)
    mine = fixed[fixed["s_1"] == view.s_1].set_index("penalty")
    ridge, free = (float(mine["z_2"][penalty]) for penalty in PENALTIES)
    said = (
        f"At s₁ = {view.s_1:g}, s₂ = {view.experiment.second:g} theory has z₂ = **{ridge:.3f}** under ridge, "
        f"which changes by **{_signed(float(mine['dz_2_ds_1']['ridge']))}** for a unit of s₁, and **{free:.3f}** under "
        "Spectral Decoupling, whatever s₁ is."
    )
    if shown is None:
        return said
    ends = table(shown, "ends")
    now = ends[ends["s_1"] == view.s_1].set_index("penalty")["z_2"]
    steps = view.experiment.step_limit
    words = [f"{now[penalty]:.3f}" if np.isfinite(now[penalty]) else "nowhere" for penalty in PENALTIES]
    return f"{said} Gradient descent is at {words[0]} and {words[1]} after {steps:,} steps."


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= 5e-4 else "0"
