"""The charts of the perceptron: the plane of its runs, the run that is played, and how the end scales with the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.figure.figure import Figure
from core.observables.power_laws import NARROWEST
from core.part import Card, Scene, Shown, badge, spoken
from core.studies.perceptron import tables
from core.studies.perceptron.charts import batches, boundary, collapse, growth, path
from core.studies.perceptron.theory import noise
from core.studies.perceptron.trajectory import PerceptronTrajectory
from core.studies.perceptron.view import PerceptronView

Found = Shown[PerceptronTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "batches": (
        "Batch size and learning rate",
        "Every cell is a perceptron trained to fit every point. Noise-dominated: |w| scales as T = η/B. "
        "First-step-dominated: as η alone. Gradient descent: with neither. Lines: where these phases meet, from |w| in "
        "the corners of this plane. {Click a cell to play it.}",
    ),
    "boundary": (
        "The decision boundary turns to the true one",
        "The solid line is where f = 0, the dashed one x₁ = 0. Ringed: points that are not fitted; only these move "
        "w. Shown are the 200 training points nearest to the dashed line and 150 others, against the direction of the "
        "noise, which itself rotates.",
    ),
    "path": (
        "Signal and noise",
        "Where noise decides (large η/B, small B), it settles early and stays while the signal grows until every point "
        "is on its side. The test error is exact, from λ = w₁/|w⊥|. Dashed: the noise of that phase, theory for a "
        "margin of 0 and points that come once. Move over the chart to scrub.",
    ),
    "growth": (
        "What a larger training set asks for",
        "One dot a seed, where noise decides (largest T, smallest B). Lines: fitted power laws; dashed: theory's "
        "slopes, 1/(1+χ) for the signal and (3+χ)/(1+χ) for the time, through the same middle.",
    ),
    "phases": (
        "Where the phases meet, against P",
        "Above: T_c, from which on noise decides, over the margin; theory: the training set does not move it. Below: "
        "B*, from which on the first step decides; theory: P^γ with γ = 1/(1+χ).",
    ),
    "collapse": (
        "One curve for all training sets",
        "|w| in the end, over κ P^γ, with the margin κ = 1/α. Flat: gradient descent, whatever T is. Then in "
        "proportion to T: noise.",
    ),
}
SCALED = {"growth": ("signal", "time"), "phases": ("critical_temperature", "critical_batch")}
"""The quantities of the two charts against P."""
SET = ("chi", "n_train", "alpha")
"""What the runs of one plane of batch size and learning rate share."""


@dataclass(frozen=True)
class Run:
    """The run that is played, among what is trained."""

    view: PerceptronView
    shown: Found

    def path(self) -> pd.DataFrame:
        """Return its states at every recorded step."""
        return self._own("path")

    def points(self) -> pd.DataFrame:
        """Return some of its training points at every recorded step."""
        return self._own("points")

    def _own(self, name: str) -> pd.DataFrame:
        make = {"path": tables.path, "points": tables.points}[name]
        return self.shown.once((name, self.view.run), lambda: make(self.shown.trajectory, self.view.run))

    def around(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that belong to its training set and margin."""
        rows, cell = self.shown.table(name), self.view.cell
        mine = np.logical_and.reduce([rows[field].to_numpy() == getattr(cell, field) for field in SET])
        return rows[mine].reset_index(drop=True)


def scene(view: PerceptronView, drawn: Sequence[Found | None]) -> Scene:
    """Return the charts of what is trained so far."""
    shown = drawn[0]
    assert shown is not None
    run = Run(view, shown)
    steps = np.unique(run.path()["step"].to_numpy(np.int64))
    figures = (_plane(run) if view.is_plane else {}) | _played(run, steps) | _scaled(run)
    if len(view.experiment.learning_rates) > 2 and not view.is_plane:
        figures["collapse"] = shown.once("collapse", lambda: collapse.figure(shown.table("plane")))
    said = verdict(run)
    return Scene(figures=figures, cards={name: _card(name, said, run) for name in figures}, steps=steps, verdict=said)


def _plane(run: Run) -> dict[str, Figure]:
    view, chosen = run.view, (run.view.cell.batch_size, run.view.cell.learning_rate)
    plane, lines = run.around("plane"), run.around("lines")
    return {"batches": batches.figure(plane, lines, view.measure, chosen, drawn=view.lines)}


def _played(run: Run, steps: np.ndarray) -> dict[str, Figure]:
    cell, dimensions = run.view.cell, run.view.experiment.dimensions
    fresh = float(noise(cell.temperature, cell.chi, dimensions))
    return run.shown.once(
        ("played", run.view.run),
        lambda: {
            "boundary": boundary.figure(run.points(), run.path(), steps),
            "path": path.figure(run.path(), fresh, steps),
        },
    )


def _scaled(run: Run) -> dict[str, Figure]:
    if len(run.view.experiment.n_train) < 2:
        return {}
    scaling, exponents = run.shown.table("scaling"), fitted(run.shown)
    return {name: growth.figure(scaling, exponents, both) for name, both in SCALED.items()}


def fitted(shown: Found) -> pd.DataFrame:
    """Return the exponents of the windows that are wide enough for one."""
    exponents = shown.table("exponents")
    return exponents[exponents["exponent"].notna()]


def _card(name: str, said: str, run: Run) -> Card:
    title, caption = CARDS[name]
    return Card(
        title=title,
        caption=caption,
        alt=spoken(title, said),
        badge=_ending(run) if name == "path" else _unfitted(name, run.shown),
        scrub="concat_0_x" if name == "path" else None,
        pick="cell" if name == "batches" else None,
    )


def _ending(run: Run) -> Mapping[str, str]:
    """Say how the run ends, whatever step is on screen."""
    trajectory, number = run.shown.trajectory, run.view.run
    outcome = trajectory.outcome(number)
    moves = int(trajectory["events"][number])
    said = {
        "fitted": f"fitted from step {int(trajectory['end_step'][number]):,} on",
        "unfinished": "in training",
        "step_limit": f"not fitted within {moves:,} steps that move w",
        "diverged": "diverged",
    }
    return badge(said[outcome], alert=outcome in ("step_limit", "diverged"))


def _unfitted(name: str, shown: Found) -> Mapping[str, str] | None:
    """Say of power laws that their windows are too narrow for an exponent."""
    rows = shown.table("exponents")
    mine = rows[rows["quantity"].isin(SCALED.get(name, ())) & (rows["against"] == "n_train")]
    said = f"no exponent: the window spans less than a factor of {NARROWEST:g}"
    return badge(said) if mine["exponent"].isna().any() else None


def verdict(run: Run) -> str:
    """Say what was measured, in Markdown."""
    plane = run.shown.table("plane")
    there, cells = int((plane["outcome"] == "fitted").sum()), len(plane)
    said = [f"{there:,} of {cells:,} cells are fitted" if there < cells else f"All {cells:,} cells are fitted"]
    said += _meeting(run) + _laws(run.shown)
    cell = run.view.cell
    data = f"χ = {cell.chi:g}, P = {cell.n_train:,}, α = {cell.alpha:g}"
    return (
        "; ".join(said) + f". Playing: {data}, B = {cell.batch_size:,}, η = {cell.learning_rate:.4g}, seed {cell.seed}."
    )


def _meeting(run: Run) -> list[str]:
    """Say where the phases of the plane meet."""
    lines = run.around("lines")
    ends = lines[lines["name"] == "critical_batch"]
    if ends.empty or len(run.view.experiment.batch_size) < 2:
        return []
    at: Any = ends.iloc[0]
    critical = at["learning_rate"] / at["batch_size"] * run.view.cell.alpha
    return [
        f"the phases meet at B* = **{at['batch_size']:.0f}** and η_c = **{at['learning_rate']:.2g}**, so "
        f"T_c = {critical:.1f} κ"
    ]


def _laws(shown: Found) -> list[str]:
    """Say how the signal scales with the training set."""
    laws, said = fitted(shown), []
    for law in laws[(laws["quantity"] == "signal") & (laws["against"] == "n_train")].to_dict("records"):
        error = f" ± {law['standard_error']:.2f}" if np.isfinite(law["standard_error"]) else ""
        said.append(f"χ = {law['chi']:g}: w₁ scales as P^**{law['exponent']:.2f}**{error} (theory {law['theory']:.2g})")
    return said
