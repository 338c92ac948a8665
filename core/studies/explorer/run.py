"""The one run of a plane that is on screen, and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.part import Shown
from core.studies.explorer import tables
from core.studies.explorer.trajectory import PlaneTrajectory
from core.studies.explorer.view import ExplorerView

Found = Shown[PlaneTrajectory] | None
ENDINGS = {"fitted": "fitted at step", "diverged": "diverged by step", "step_limit": "stopped unfitted at step"}


@dataclass(frozen=True)
class Run:
    """One run of a trajectory that is on screen."""

    found: Shown[PlaneTrajectory]
    number: int

    @property
    def place(self) -> tuple[float, float]:
        """Alpha and temperature."""
        cell = self.found.trajectory.cells[self.number]
        return cell.alpha, cell.temperature

    @property
    def outcome(self) -> str:
        """How the run ended."""
        return self.found.trajectory.outcome(self.number)

    def table(self, name: str) -> pd.DataFrame:
        """Return the run's rows of a table."""
        trajectory = self.found.trajectory
        return self.found.once((name, self.number), lambda: tables.TABLES[name](trajectory, [self.number]))

    @property
    def test_error(self) -> float:
        """The last that was measured."""
        return float(self.table("information")["test_error"].dropna().iloc[-1])

    def ending(self) -> str:
        """Say how and when the run ended."""
        step = int(self.found.trajectory["end_step"][self.number])
        return f"{ENDINGS.get(self.outcome, 'trained to step')} {step:,}"


def pinned_runs(view: ExplorerView, looks: Sequence[Found]) -> dict[str, tuple[ExplorerView, Run | None]]:
    """Return the pinned runs by their names, with what there is of each."""
    return {
        name: (other, run_of(other, *looks[2 * place : 2 * place + 2]))
        for place, (name, other) in enumerate(view.pinned_runs().items())
    }


def run_of(view: ExplorerView, point: Found, around: Found) -> Run | None:
    """Return the view's run, from its plane or by itself, one that has ended if there is one."""
    found = []
    if around is not None:
        number = around.trajectory.run(view.alpha, view.temperature, view.seed)
        if number is not None and np.isfinite(around.trajectory["loss"][0, number]):
            found.append(Run(around, number))
    if point is not None:
        found.append(Run(point, 0))
    ended = [run for run in found if run.outcome != "unfinished"]
    return next(iter(ended + found), None)
