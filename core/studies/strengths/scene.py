"""The charts of feature strengths: theory for every setting, gradient descent once it is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from core.figure.figure import Figure
from core.part import Scene, Shown, badge, cards
from core.studies.strengths import tables
from core.studies.strengths.charts import fixed, plane, time
from core.studies.strengths.experiment import PENALTIES, Strengths
from core.studies.strengths.trajectory import StrengthTrajectory
from core.studies.strengths.view import StrengthsView

Measured = Shown[StrengthTrajectory] | None

CARDS: Mapping[str, tuple[str, str]] = {
    "plane": (
        "Two responses",
        "Diamonds: fixed points, theory (the larger one: the s₁ of the slider). Dashed: ridge's fixed points for every "
        "s₁. Thin lines and dots: gradient descent from 0, measured.",
    ),
    "fixed": (
        "z₂ against the strength s₁",
        "Dashed: theory, at the fixed point. Dots: gradient descent now; below, the difference quotients of "
        "neighbouring s₁. Where features couple (between 0° and 45°), ridge starves the weaker one: z₂ falls with s₁ "
        "from s₁ = s₂ on.",
    ),
    "time": (
        "The second feature in time",
        "Solid: gradient descent, one line a strength s₁. Dashed: the fixed points that they converge to, theory. "
        "Spectral Decoupling has one for all. Move over the chart to scrub.",
    ),
}


def scene(view: StrengthsView, drawn: Sequence[Measured]) -> Scene:
    """Return the charts of a view, of theory alone before there is a measurement."""
    shown = drawn[0]
    said = verdict(view, shown)
    about = cards(CARDS, said, badge={"plane": _badge(view, shown)}, scrub={"time": "x"})
    steps = StrengthTrajectory.scheduled(view.experiment)
    return Scene(figures=_figures(view, shown), cards=about, steps=steps, verdict=said)


@lru_cache(maxsize=64)
def _theory(experiment: Strengths) -> pd.DataFrame:
    """Return the fixed points of an experiment."""
    return tables.fixed_points_of(experiment)


def _figures(view: StrengthsView, shown: Measured) -> dict[str, Figure]:
    experiment, known, measured = view.experiment, _theory(view.experiment), None
    if shown is not None:
        rows = shown.table("strengths")
        measured = rows[rows["source"] == "descent"]
    mine = known[known["s_1"].isin(experiment.strengths)]
    return {
        "plane": plane.figure(known, experiment.strengths, view.s_1, measured),
        "fixed": fixed.figure(known, experiment.second, measured),
        "time": time.figure(mine, StrengthTrajectory.scheduled(experiment), measured),
    }


def _badge(view: StrengthsView, shown: Measured) -> Mapping[str, str] | None:
    if shown is None:
        return badge("theory only, so far")
    outcomes = [shown.trajectory.outcome(run) for run in range(view.experiment.runs)]
    lost = outcomes.count("diverged")
    return badge(f"{lost} of {len(outcomes)} runs diverged", alert=True) if lost else None


def verdict(view: StrengthsView, shown: Measured) -> str:
    """Say what theory has for the marked s_1, and where its runs are at the end, in Markdown."""
    known = _theory(view.experiment)
    mine = known[known["s_1"] == view.s_1].set_index("penalty")
    ridge, free = (float(mine["z_2"][penalty]) for penalty in PENALTIES)
    said = (
        f"At s₁ = {view.s_1:g}, s₂ = {view.experiment.second:g} theory has z₂ = **{ridge:.3f}** under ridge, "
        f"which changes by **{_signed(float(mine['dz_2_ds_1']['ridge']))}** for a unit of s₁, and **{free:.3f}** under "
        "Spectral Decoupling, whatever s₁ is."
    )
    if shown is None:
        return said
    ends = shown.table("ends")
    now = ends[ends["s_1"] == view.s_1].set_index("penalty")["z_2"]
    words = [f"{now[penalty]:.3f}" if np.isfinite(now[penalty]) else "nowhere" for penalty in PENALTIES]
    return f"{said} Gradient descent is at {words[0]} and {words[1]} after {view.experiment.step_limit:,} steps."


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= 5e-4 else "0"
