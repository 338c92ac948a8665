"""What is kept of ensembles: errors at every recorded step, and the output of every trained network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Few, Schedule
from core.studies.ensembles.experiment import Ensembles
from core.trajectory import Axes, Place, Trajectory

AXES: Axes = {
    "test_error": ("snapshot", "run"),
    "relative_weight_change": ("run",),
    "output": ("run", "test_point"),
    "end_step": ("run",),
    "outcome": ("run",),
    "test_label": ("seed", "test_point"),
}
"""The arrays and their axes; runs go through seeds, widths, members and alphas.

test_error: a share, a point with F = 0 counting half; relative_weight_change: |w - w0| / |w0| and output: alpha F, both
of the last state, NaN of a diverged run; test_label: whether the class is +1; end_step: the step after which the run
moved no more (fitted), was found diverged, or was stopped. A run that has ended keeps its last state in later
snapshots.
"""


@dataclass(frozen=True, eq=False)
class EnsemblesTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Ensembles

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Few()

    @classmethod
    def places(cls, experiment: Ensembles, runs: Sequence[int]) -> Mapping[str, Place]:
        """Return where a shard lies along the runs, and along the seeds, of which it has one."""
        seed = experiment.places[runs[0]].seed
        return {
            "run": Place(experiment.runs, runs),
            "seed": Place(len(experiment.seeds), [experiment.seeds.index(seed)]),
        }
