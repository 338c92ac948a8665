"""The charts of networks over the phase plane: the plane, the run of one cell, and the power laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Figure
from core.part import Card, Scene, Shown, badge, spoken
from core.studies.phase_plane.charts import batch_plane, collapse, heat, run, sections
from core.studies.phase_plane.charts.cells import Cells, cells, with_rectified
from core.studies.phase_plane.laws import LAWS, LAZY, TOO_NARROW, laws
from core.studies.phase_plane.lines import Grid
from core.studies.phase_plane.observables import CRITICAL_CHANGE
from core.studies.phase_plane.onsets import COLDEST, DEPARTURE
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory
from core.studies.phase_plane.verdict import verdict
from core.studies.phase_plane.view import PhasePlaneView

Floats = NDArray[np.float64]
Found = Shown[PhasePlaneTrajectory]

LEAST_ALPHA = 1.0
"""The collapse is shown from this output scale on."""

CARDS: Mapping[str, tuple[str, str]] = {
    "plane": (
        "The (α, T) plane",
        "Means over the seeds that fitted; a mark says why a cell has none. {Click a cell to play it.}",
    ),
    "sections": (
        "Cross-sections",
        "Through the cell under the pointer on the plane, else the chosen one. Bands: one standard deviation over "
        "seeds. At the foot: the marks of cells without a mean, as on the plane.",
    ),
    "batches": (
        "Batch size and learning rate",
        "A regime is named where the local exponents of |Δw| in the learning rate and in B are near (1, −1), (1, 0) "
        "or (0, 0). A mark says why a cell has no mean. {Click a cell to play it.}",
    ),
    "errors": (
        "The chosen cell: errors",
        "Means over seeds with a band of one standard deviation; a seed that has fitted keeps its last state. Move "
        "over the chart to scrub.",
    ),
    "changes": (
        "The chosen cell: loss, weights, kernel",
        "The loss as a share of its initial value 1/α; changes of weights and kernel relative to initialization.",
    ),
    "collapse": (
        "One curve in the lazy regime",
        "α |Δw| / |w₀| against T α for every α from 1 on. Points off the common curve have left the lazy regime. "
        "Ringed: the chosen α.",
    ),
    "change_temperature": (
        "Weight change against T",
        "Shaded: the window of the fit, above the plateau of gradient descent and below the escape from the lazy "
        "regime. {Click a point to play its run.}",
    ),
    "time_temperature": (
        "Time to fit against T",
        "t* = learning rate · steps at which every point was fitted.",
    ),
    "change_size": ("Weight change against P", "At each T of the window; the exponent is common to all of them."),
    "time_size": ("Time to fit against P", "At each T of the window; the exponent is common to all of them."),
    "critical": (
        "Where noise has moved the weights, against P",
        f"T_c of each seed is where |Δw| / |w₀| passes {CRITICAL_CHANGE:g}: of the weights, not of the test error.",
    ),
    "onsets": (
        "Where noise begins to matter, against P",
        f"T_c of the error, the paper's, is where the mean test error has left its plateau, that of the {COLDEST} "
        f"lowest T, by {DEPARTURE:.0%} and stays away from it; T_c of the weights is where |Δw| / |w₀| passes "
        f"{CRITICAL_CHANGE:g}. Bars: 95 % intervals, from seeds drawn with replacement. A triangle: not reached at "
        "the largest T of the grid.",
    ),
    "largest": (
        "The largest temperature, against α",
        "Of each seed. Below α = 1 theory's slope is (D − 1)/(D + 1) for D hidden layers; above, none.",
    ),
}
RECTIFIED = " An α whose largest T is beyond the grid has no place on the axis T / T_max."
GREY = {"steps": " Pale grey: not fitted by the step that is played.", "test_error": "", "alignment": ""}
"""What a cell without a colour is while the plane plays, by its measure."""
UNCHANGED = " Pale grey: nothing has changed yet."


@dataclass(frozen=True)
class Slice:
    """What is trained, at the training-set and batch size of the chosen cell."""

    view: PhasePlaneView
    shown: Found

    def table(self, name: str) -> pd.DataFrame:
        """Return the rows of a table."""
        return self.shown.once((name, *self.view.cell[1:3]), lambda: self._rows(name))

    def _rows(self, name: str) -> pd.DataFrame:
        rows, cell = self.shown.table(name), self.view.cell
        mine = rows[(rows["n_train"] == cell.n_train) & (rows["batch_size"] == cell.batch_size)]
        return mine.replace([np.inf, -np.inf], np.nan)  # a run that diverges passes through infinity: no chart has it

    def plane(self) -> pd.DataFrame:
        """Return the cells, with T / T_max."""
        return with_rectified(self.table("plane"), self.table("lines"))

    def cells(self) -> Cells:
        """Return the cells as the plane and its cross-sections draw them."""
        view, steps = self.view, self.shown.trajectory.steps
        return self.shown.once(
            ("cells", *view.cell[1:3], view.measure, view.rectified),
            lambda: cells(self.plane(), self.table("history"), steps, view.measure, rectified=view.rectified),
        )

    def errors(self) -> Floats:
        """Return the test errors of every seed, (seed, alpha, temperature); NaN where it has not fitted."""
        cell, experiment = self.view.cell, self.view.experiment
        n, b = experiment.n_train.index(cell.n_train), experiment.batch_size.index(cell.batch_size)
        grid = self.shown.once("grid", lambda: Grid(self.shown.trajectory))
        return np.asarray(grid.error[:, n, b])

    def chosen(self, name: str) -> pd.DataFrame:
        """Return the chosen cell's rows of a table."""
        rows, cell = self.table(name), self.view.cell
        return rows[(rows["alpha"] == cell.alpha) & (rows["temperature"] == cell.temperature)]


def scene(view: PhasePlaneView, drawn: Sequence[Found | None]) -> Scene:
    """Return the charts of what is trained so far."""
    shown = drawn[0]
    assert shown is not None
    here = Slice(view, shown)
    said = verdict(view, here.table("plane"), shown.table("exponents"), here.errors())
    figures = _plane(here) | _batches(here) if view.is_plane or view.has_batches else {}
    own, steps = here.chosen("history"), shown.trajectory.steps
    played = {"errors": run.errors(own, steps), "changes": run.changes(own, steps)}
    powers = laws(view, shown)
    if not view.is_plane:
        figures |= powers | played
    else:
        figures |= played | _collapse(here) | powers
    return Scene(figures=figures, cards={name: _card(name, said, here) for name in figures}, steps=steps, verdict=said)


def _plane(here: Slice) -> dict[str, Figure]:
    view, cell = here.view, here.view.cell
    if not view.is_plane:
        return {}
    played, chosen = view.when == "played step", (cell.alpha, cell.temperature)
    every, lines = here.cells(), here.table("lines")
    return {
        "plane": heat.figure(every, here.plane(), lines, played=played, chosen=chosen, switched_on=view.lines),
        "sections": sections.figure(every, played=played, chosen=chosen),
    }


def _batches(here: Slice) -> dict[str, Figure]:
    view, cell = here.view, here.view.cell
    if not view.has_batches:
        return {}
    plane = here.shown.table("plane")
    mine = plane[(plane["n_train"] == cell.n_train) & (plane["alpha"] == cell.alpha)]
    measure = view.measure if view.measure in batch_plane.MEASURES else "relative_weight_change"
    rate = view.experiment.learning_rate(cell.temperature, cell.batch_size)
    return {"batches": batch_plane.figure(mine, measure, chosen=(cell.batch_size, rate))}


def _collapse(here: Slice) -> dict[str, Figure]:
    if sum(alpha >= LEAST_ALPHA for alpha in here.view.experiment.alphas) < 2:
        return {}
    return {"collapse": collapse.figure(here.table("plane"), LEAST_ALPHA, here.view.cell.alpha)}


def _card(name: str, said: str, here: Slice) -> Card:
    title, caption = CARDS[name]
    return Card(
        title=title,
        caption=caption + (_of_plane(here.view) if name == "plane" else ""),
        alt=spoken(title, said),
        badge=_ending(here) if name == "errors" else _unfitted(name, here),
        scrub="x" if name in ("errors", "changes") else None,
        pick="cell" if name in ("plane", "batches", *LAZY) else None,
        cursor="hover" if name == "plane" else None,
    )


def _of_plane(view: PhasePlaneView) -> str:
    """Say what else a reader of the plane has to know."""
    moving = GREY.get(view.measure, UNCHANGED) if view.when == "played step" else ""
    return moving + (RECTIFIED if view.rectified else "")


def _ending(here: Slice) -> Mapping[str, str]:
    """Say how the seeds of the chosen cell end, whatever step is on screen."""
    row: Any = here.chosen("plane").iloc[0]
    seeds = len(here.view.experiment.seeds)
    if row["diverged"]:
        return badge(f"in the end {row['diverged']} of {seeds} seeds diverged", alert=True)
    if row["fitted"] == seeds:
        return badge(f"in the end {seeds} of {seeds} seeds fitted")
    if not here.shown.trajectory.complete:
        return badge(f"in training; {row['fitted']} of {seeds} seeds fitted")
    return badge(f"in the end {row['unfinished']} of {seeds} seeds not fitted", alert=True)


def _unfitted(name: str, here: Slice) -> Mapping[str, str] | None:
    """Say of a power law that its window is too narrow for an exponent."""
    axes = LAWS.get(name)
    if axes is None:
        return None
    rows = here.shown.table("exponents")
    mine = rows[(rows["quantity"] == axes.quantity) & (rows["against"] == axes.against)]
    return badge(TOO_NARROW) if mine["exponent"].isna().any() else None
