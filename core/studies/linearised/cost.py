"""About how long networks and their linearisations train, on one core."""

from __future__ import annotations

from core.cost import TEST_POINTS, USUAL_RECORDING, connected
from core.datasets import CATALOGUE
from core.schedule import check_steps
from core.studies.linearised.experiment import Linearised
from core.studies.linearised.trajectory import LinearisedTrajectory

USUAL_SHARE = 0.25
"""Share of all allowed steps that a plane takes, since runs leave when they are fitted."""
MARGIN_SECONDS = 3e-10
"""Seconds that a step of a linearisation takes for each training point and point of the batch: measured."""


def a_pair(experiment: Linearised) -> tuple[float, float]:
    """Return the seconds of one network with its linearisation on one core: usual, at most."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    seen, trained = connected(dim, experiment.width, experiment.depth)
    a_step = experiment.batch_size * (trained + experiment.n_train * MARGIN_SECONDS)
    records, checks = len(LinearisedTrajectory.scheduled(experiment)), len(list(check_steps(experiment.step_limit)))
    points = records * TEST_POINTS + checks * experiment.n_train
    recording = points * seen
    usual = USUAL_SHARE * experiment.step_limit * a_step + USUAL_RECORDING * recording
    return usual, experiment.step_limit * a_step + recording
