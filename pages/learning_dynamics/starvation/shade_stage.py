"""The charts of digits with a shade as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.studies.shades import tables as frames
from core.studies.shades.charts import frequency as shade_frequency
from core.studies.shades.charts import steps as shade_steps
from core.studies.shades.trajectory import ShadeTrajectory
from pages.learning_dynamics.starvation.controls import kept
from pages.learning_dynamics.starvation.view import View, nearest
from pages.shared.library import Found
from pages.shared.payload import clock, payload

Shown = Found[ShadeTrajectory]

TABLES = {
    "shades": "Accuracies at the end, one row a penalty, p and seed.",
    "shades_path": "The same at every recorded step.",
}
"""What can be taken away of what is on screen."""
CAPTIONS = {
    "frequency": "Measured. Large: mean over seeds; small: one a seed. At p = 0.5 the shade says nothing, at 1 all.",
    "steps": "Measured, mean over the seeds. Below the line of guessing, the shade decides against the digit. Move "
    "over the chart to scrub.",
}


@st.cache_resource(max_entries=16, show_spinner=False)
def _table(key: str, name: str, _trajectory: ShadeTrajectory) -> pd.DataFrame:
    return frames.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.shades`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def figures(shown: Shown, *, p: float) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    return _figures(shown.stamp, nearest(p, shown.trajectory.experiment), shown)


@st.cache_resource(max_entries=12, show_spinner=False)
def _figures(key: str, p: float, _shown: Shown) -> dict[str, Figure]:
    path = table(_shown, "shades_path")
    return {
        "frequency": shade_frequency.figure(path),
        "steps": shade_steps.figure(path, p, _shown.trajectory.steps),
    }


def to_player(charts: dict[str, Figure], view: View, shown: Shown) -> str:
    """Return the player's payload as JSON."""
    time = clock(shown.trajectory.steps, rest=kept.link_step)
    return payload(time, [(figure, _about(name, view, shown)) for name, figure in charts.items()])


def _about(name: str, view: View, shown: Shown) -> dict[str, Any]:
    experiment = shown.trajectory.experiment
    titles = {
        "frequency": f"3 or 8, shade b = {experiment.shade:g}",
        "steps": f"Over the steps, p = {nearest(view.shown_p, experiment):g}",
    }
    return {
        "id": name,
        "title": titles[name],
        "caption": CAPTIONS[name],
        "alt": f"{titles[name]}. {verdict(shown).replace('**', '')}",
        "scrub": {"scale": "x", "field": "step"} if name == "steps" else None,
        "pick": None,
        "file": f"trainscope-shade-{name}",
        "badge": _badge(shown) if name == "frequency" else None,
    }


def _badge(shown: Shown) -> dict[str, str]:
    outcomes = [shown.trajectory.outcome(run) for run in range(shown.trajectory.experiment.runs)]
    if "diverged" in outcomes:
        return {"text": f"{outcomes.count('diverged')} of {len(outcomes)} seeds diverged", "tone": "alert"}
    if set(outcomes) == {"fitted"}:
        return {"text": "every training image right", "tone": "quiet"}
    return {"text": "in training" if "unfinished" in outcomes else "not every training image right", "tone": "alert"}


def view_frame(view: View, shown: Shown) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = shown.trajectory.steps
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(shown: Shown) -> str:
    """Say what came out, in Markdown: numbers measured on the networks on screen."""
    ends = table(shown, "shades").groupby(["penalty", "p"])["reversed_accuracy"].mean()
    plain, decoupled = ends["none"], ends["spectral_decoupling"]
    if plain.isna().any() or decoupled.isna().any():
        return "In training, or diverged."
    experiment = shown.trajectory.experiment
    falls = ", ".join(f"**{plain[p]:.2f}** at p = {p:g}" for p in experiment.p)
    last = max((p for p in experiment.p if p < 1), default=experiment.p[-1])
    gain = decoupled[last] - plain[last]
    how = "does not help" if gain < 0.02 else "helps"
    return (
        f"Images shaded the other way are right in a share of {falls}. Spectral decoupling {how} at p = {last:g}: "
        f"**{decoupled[last]:.2f}** against {plain[last]:.2f} (c = {experiment.coefficient:g}, mean of "
        f"{experiment.runs} {'seed' if experiment.runs == 1 else 'seeds'})."
    )
