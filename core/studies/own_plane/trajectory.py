"""What is kept of a table of runs: its rows, and the snapshots at which curves over steps are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.schedule import Log, Schedule
from core.studies.own_plane.experiment import OwnPlane
from core.studies.own_plane.reading import is_axis
from core.trajectory import OUTCOMES, Axes, Trajectory

AXES: Axes = {
    "step": ("snapshot",),
    "column_name": ("column",),
    "value": ("row", "column"),
    "run_number": ("row",),
    "seed": ("row",),
    "at_step": ("row",),
    "ended": ("row",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; there is one run, the table.

step: the steps at which curves are drawn, at most `SNAPSHOTS` of those in the table; the others are those of
`reading.Runs`, a row of the table each, in the order of run and step.
"""
SNAPSHOTS = 150


@dataclass(frozen=True, eq=False)
class OwnPlaneTrajectory(Trajectory):
    """The arrays of `AXES` for one table."""

    experiment: OwnPlane

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the numeric columns, the two axes that the table came with first."""
        return tuple(str(name) for name in self["column_name"])

    @cached_property
    def axis_names(self) -> tuple[str, ...]:
        """The columns that a plane may be over."""
        return tuple(name for name, values in zip(self.columns, self["value"].T, strict=True) if is_axis(values))

    @property
    def is_long(self) -> bool:
        """Whether runs have several steps."""
        return bool(len(self["step"]) > 1)

    @cached_property
    def last(self) -> NDArray[np.bool_]:
        """Which rows are the last of their run, (row,)."""
        return np.append(np.diff(self["run_number"]) > 0, True)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The table: seed, step and outcome (of the run, in its last state) beside the columns by their own names."""
        names = np.array(OUTCOMES)[self["ended"][self.last]]
        about = {"seed": self["seed"], "step": self["at_step"], "outcome": names[self["run_number"]]}
        return pd.DataFrame(dict(zip(self.columns, self["value"].T, strict=True)) | about)
