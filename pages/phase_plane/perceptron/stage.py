"""The charts of the perceptron as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.figure.payload import clock, payload
from core.studies.perceptron import tables as tables_of
from core.studies.perceptron.charts import batches as perceptron_batches
from core.studies.perceptron.charts import border as perceptron_border
from core.studies.perceptron.charts import collapse as perceptron_collapse
from core.studies.perceptron.charts import growth as perceptron_growth
from core.studies.perceptron.charts import path as perceptron_path
from core.studies.perceptron.theory import noise
from core.studies.perceptron.trajectory import PerceptronTrajectory
from pages.phase_plane.perceptron.view import View
from pages.shared.library import Found

Shown = Found[PerceptronTrajectory]

TABLES = {
    "plane": "Every cell of the grid: means and deviations over seeds.",
    "runs": "Every run.",
    "lines": "The borders between the phases, measured.",
    "scaling": "What the power laws are fitted to, one row a seed.",
    "exponents": "The fitted exponents beside theory.",
    "path": "The run that plays, at every recorded step.",
    "points": "Some of its training points, at every recorded step.",
}
"""What can be taken away of what is on screen."""

TITLES = {
    "batches": "Batch size and learning rate",
    "border": "The border turns to the true one",
    "path": "Signal and noise",
    "growth": "What a larger training set asks for",
    "borders": "Where the phases meet, against P",
    "collapse": "One curve for all training sets",
}
CAPTIONS = {
    "batches": "Every cell is a perceptron trained to fit every point. Noise-dominated: |w| goes with T = η/B. "
    "First-step-dominated: with η alone. Gradient descent: with neither. Lines: their borders, from |w| in the corners "
    "of this plane. Click a cell to play it.",
    "border": "The solid line is where f = 0, the dashed one the truth. Ringed: points that are not fitted; only these "
    "move w. Shown are the 200 training points nearest to the dashed line and 150 others, over the axis of the noise, "
    "which turns itself.",
    "path": "The noise settles early and stays; the signal must grow until every point is on its side. The test error "
    "is exact, from λ = w₁/|w⊥|. Dashed: the noise that theory has where no point comes twice. Move over the chart to "
    "scrub.",
    "growth": "One dot a seed, where noise decides (largest T, smallest B). Lines: fitted power laws; dashed: theory's "
    "slopes, 1/(1+χ) for the signal and (3+χ)/(1+χ) for the time, through the same middle.",
    "borders": "Above: T_c, from where on noise decides, over the margin; theory: the training set does not move it. "
    "Below: B*, from where on the first step decides; theory: P^γ with γ = 1/(1+χ).",
    "collapse": "|w| in the end, over κ P^γ. Flat: gradient descent, whatever T is. Then in proportion to T: noise.",
}


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(key: str, name: str, _trajectory: PerceptronTrajectory) -> pd.DataFrame:
    return tables_of.TABLES[name](_trajectory)


@st.cache_resource(max_entries=32, show_spinner=False)
def _motion(key: str, name: str, run: int, _trajectory: PerceptronTrajectory) -> pd.DataFrame:
    return {"path": tables_of.path, "points": tables_of.points}[name](_trajectory, run)


def table(view: View, shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.perceptron`; those of a run, of the one that plays."""
    if name in ("path", "points"):
        return _motion(f"{shown.stamp}-{name}", name, watched(view, shown), shown.trajectory)
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def watched(view: View, shown: Shown) -> int:
    """Return the run that plays; of charts that still show the training before, the one watched there."""
    same = view.experiment == shown.trajectory.experiment
    return view.watched if same else shown.trajectory.experiment.watched


def steps(view: View, shown: Shown) -> Any:
    """Return the snapshots of the run that plays, up to its last state."""
    return np.unique(table(view, shown, "path")["step"].to_numpy())


def figures(view: View, shown: Shown) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    experiment, run = shown.trajectory.experiment, watched(view, shown)
    found: dict[str, Figure] = {}
    if len(experiment.batch_size) > 1 and len(experiment.learning_rates) > 1:
        found["batches"] = _batches(shown.stamp, view.measure, view.lines, run, shown)
    found |= _moving(shown.stamp, run, shown, view)
    if len(experiment.n_train) > 1:
        found |= _growth(shown.stamp, shown, view)
    if len(experiment.learning_rates) > 2 and "batches" not in found:
        found["collapse"] = _collapse(shown.stamp, shown, view)
    return found


@st.cache_resource(max_entries=24, show_spinner=False)
def _batches(key: str, measure: str, lines: bool, run: int, _shown: Shown) -> Figure:
    cell = _shown.trajectory.experiment.cells[run]
    view = View(experiment=_shown.trajectory.experiment)
    same = {name: getattr(cell, name) for name in ("chi", "n_train", "alpha")}
    plane, borders = (_of(table(view, _shown, name), same) for name in ("plane", "lines"))
    return perceptron_batches.figure(plane, borders, measure, (cell.batch_size, cell.learning_rate), drawn=lines)


def _of(rows: pd.DataFrame, same: dict[str, float]) -> pd.DataFrame:
    """Return the rows of one training set and margin."""
    kept = np.ones(len(rows), bool)
    for name, value in same.items():
        kept &= (rows[name] == value).to_numpy(bool)
    return rows[kept].reset_index(drop=True)


@st.cache_resource(max_entries=12, show_spinner=False)
def _moving(key: str, run: int, _shown: Shown, _view: View) -> dict[str, Figure]:
    cell, dimensions = _shown.trajectory.experiment.cells[run], _shown.trajectory.experiment.dimensions
    path, points, at = table(_view, _shown, "path"), table(_view, _shown, "points"), steps(_view, _shown)
    fresh = float(noise(cell.temperature, cell.chi, dimensions))
    return {
        "border": perceptron_border.figure(points, path, at),
        "path": perceptron_path.figure(path, fresh, at),
    }


@st.cache_resource(max_entries=12, show_spinner=False)
def _growth(key: str, _shown: Shown, _view: View) -> dict[str, Figure]:
    scaling, exponents = table(_view, _shown, "scaling"), table(_view, _shown, "exponents")
    return {
        "growth": perceptron_growth.figure(scaling, exponents, ("signal", "time")),
        "borders": perceptron_growth.figure(scaling, exponents, ("critical_temperature", "critical_batch")),
    }


@st.cache_resource(max_entries=12, show_spinner=False)
def _collapse(key: str, _shown: Shown, _view: View) -> Figure:
    return perceptron_collapse.figure(table(_view, _shown, "plane"))


def to_player(view: View, charts: dict[str, Figure], shown: Shown) -> str:
    """Return the player's payload as JSON."""
    rest: int | None = st.session_state.get("p_link_step")
    time = clock(steps(view, shown), rest=rest)
    return payload(time, [(figure, _about(name, view, shown)) for name, figure in charts.items()])


def _about(name: str, view: View, shown: Shown) -> dict[str, Any]:
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": f"{TITLES[name]}. {verdict(view, shown).replace('**', '')}",
        "scrub": {"scale": "concat_0_x", "field": "step"} if name == "path" else None,
        "pick": "cell" if name == "batches" else None,
        "file": f"trainscope-{name}",
        "badge": _badge(view, shown) if name == "path" else None,
    }


def _badge(view: View, shown: Shown) -> dict[str, str]:
    run = watched(view, shown)
    trajectory, outcome = shown.trajectory, shown.trajectory.outcome(run)
    said = {
        "fitted": f"fitted at step {int(trajectory['end_step'][run]):,}",
        "unfinished": "in training",
        "step_limit": f"unfinished after {int(trajectory['events'][run]):,} moves",
    }
    return {"text": said.get(outcome, outcome), "tone": "alert" if outcome == "step_limit" else "quiet"}


def verdict(view: View, shown: Shown) -> str:
    """Say what was measured, in Markdown."""
    plane = table(view, shown, "plane")
    fitted, cells = int((plane["outcome"] == "fitted").sum()), len(plane)
    said = [f"{fitted:,} of {cells:,} cells are fitted" if fitted < cells else f"All {cells:,} cells are fitted"]
    borders = table(view, shown, "lines")
    run = shown.trajectory.experiment.cells[watched(view, shown)]
    same = {name: getattr(run, name) for name in ("chi", "n_train", "alpha")}
    meeting = _of(borders, {**same, "name": "critical_batch"})  # type: ignore[dict-item]
    if len(meeting) and len(shown.trajectory.experiment.batch_size) > 1:
        at = meeting.iloc[0]
        said.append(
            f"the phases meet at B* = **{at['batch_size']:.0f}** and η_c = **{at['learning_rate']:.2g}**, so "
            f"T_c = {at['learning_rate'] / at['batch_size'] * run.alpha:.1f} κ"
        )
    laws = table(view, shown, "exponents")
    for law in laws[(laws["quantity"] == "signal") & (laws["against"] == "n_train")].to_dict("records"):
        reach = f" ± {law['standard_error']:.2f}" if np.isfinite(law["standard_error"]) else ""
        said.append(f"χ = {law['chi']:g}: w₁ grows as P^**{law['exponent']:.2f}**{reach} (theory {law['theory']:.2g})")
    data = f"χ = {run.chi:g}, P = {run.n_train:,}, α = {run.alpha:g}"
    return "; ".join(said) + f". Playing: {data}, B = {run.batch_size:,}, η = {run.learning_rate:.4g}, seed {run.seed}."


def cell_at(shown: Shown, run: int, batch_size: float, learning_rate: float) -> int | None:
    """Return the run of the first seed on the training set of `run` with that batch size and learning rate."""
    experiment = shown.trajectory.experiment
    at = experiment.cells[run]
    for number, cell in enumerate(experiment.cells[: experiment.cells_a_seed]):
        same = (cell.chi, cell.n_train, cell.alpha) == (at.chi, at.n_train, at.alpha)
        if same and cell.batch_size == batch_size and np.isclose(cell.learning_rate, learning_rate):
            return number
    return None
