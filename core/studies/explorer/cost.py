"""About how long the networks of a plane train, on one core."""

from __future__ import annotations

from core.cost import TEST_POINTS, USUAL_RECORDING, connected
from core.datasets import CATALOGUE
from core.schedule import check_steps
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.trajectory import PlaneTrajectory

USUAL_SHARE = 0.25
"""Share of all allowed steps that a plane takes, since runs leave when they are fitted (digits: .26, measured)."""


def a_run(experiment: Explorer) -> tuple[float, float]:
    """Return the seconds of one run of a plane on one core: usual, at most."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    seen, trained = connected(dim, experiment.width, experiment.depth)
    a_step = experiment.batch_size * trained
    records, checks = len(PlaneTrajectory.scheduled(experiment)), len(list(check_steps(experiment.step_limit)))
    points = records * (experiment.n_train + TEST_POINTS) + checks * experiment.n_train  # points
    recording = points * seen
    usual = USUAL_SHARE * experiment.step_limit * a_step + USUAL_RECORDING * recording
    return usual, experiment.step_limit * a_step + recording
