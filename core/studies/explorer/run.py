"""The one run of a plane that is on screen, and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from core.experiment import Experiment
from core.part import Shown
from core.studies.explorer import tables
from core.studies.explorer.linearised import MEASURES, beside_linearised
from core.studies.explorer.other_seeds import of_more_seeds
from core.studies.explorer.trajectory import PlaneTrajectory
from core.studies.explorer.view import ExplorerView

Found = Shown[PlaneTrajectory] | None
ENDINGS = {"fitted": "fitted at step", "diverged": "diverged by step", "step_limit": "stopped unfitted at step"}


class Around(NamedTuple):
    """What there is of a view beside its own run and plane."""

    pinned: Sequence[Found]
    """Of every pinned run its own and its plane."""
    linearised: Shown[Any] | None
    """The plane's networks beside their linearisations."""
    seeds: Shown[Any] | None
    """The plane from several seeds."""


def looks(view: ExplorerView) -> Sequence[Experiment]:
    """Return what a view draws if it is there: pinned runs, the networks' linearisations, and the plane's seeds."""
    pinned = [experiment for run in view.pinned_runs().values() for experiment in (run.point, run.experiment)]
    others = (None if asked(view) else beside_linearised(view.experiment), of_more_seeds(view.experiment))
    return [*pinned, *(one for one in others if one is not None)]


def asked(view: ExplorerView) -> Experiment | None:
    """Return the networks beside their linearisations where they colour the plane, so that they have to be trained."""
    return beside_linearised(view.experiment) if view.colour in MEASURES else None


def parted(view: ExplorerView, drawn: Sequence[Found]) -> Around:
    """Return what there is beside the first two of a view's `trainings` and its `looks`."""
    first = 2 + (asked(view) is not None)
    last = first + 2 * len(view.pinned_runs())
    there: dict[Experiment | None, Shown[Any]] = {one.trajectory.experiment: one for one in drawn if one is not None}
    return Around(
        pinned=drawn[first:last],
        linearised=there.get(beside_linearised(view.experiment)),
        seeds=there.get(of_more_seeds(view.experiment)),
    )


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
