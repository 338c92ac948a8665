"""A table of runs is read, and nothing is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.datasets import DataError, Source
from core.studies.own_plane.experiment import OwnPlane
from core.studies.own_plane.opening import kept
from core.studies.own_plane.trajectory import SNAPSHOTS
from core.trajectory import FITTED, Array


@dataclass(frozen=True)
class Recording:
    """The arrays of the trajectory (see `trajectory.AXES`)."""

    arrays: Mapping[str, Array]


@dataclass(frozen=True)
class Reading:
    """A table that is read at once."""

    recording: Recording
    live: int = 0

    def advance(self, step: int) -> int:
        """There is nothing to train."""
        return step + 1

    def record(self, step: int) -> bool:
        """All is there from the start."""
        return True


def begin(experiment: OwnPlane, runs: Sequence[int], source: Source, device: str) -> Reading:
    """Return the table.

    Raises:
        DataError: it is not on this machine, or another one than the experiment says.
    """
    found = kept(experiment.table, source.uploads)
    steps = np.unique(found["at_step"])
    if int(steps[-1]) != experiment.step_limit:
        raise DataError("runs: a link whose last step is that of its file; this one was altered.")
    shown = steps[np.unique(np.linspace(0, len(steps) - 1, SNAPSHOTS).astype(int))]
    ends: dict[str, Array] = {"outcome": np.array([FITTED], np.int8), "end_step": np.array([steps[-1]], np.int64)}
    return Reading(Recording({"step": shown.astype(np.int64), **found, **ends}))
