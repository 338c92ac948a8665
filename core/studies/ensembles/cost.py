"""About how long the networks of ensembles train, on one core."""

from __future__ import annotations

from core.cost import ARITHMETIC, UNIT_SECONDS, USUAL_RECORDING
from core.datasets import CATALOGUE
from core.schedule import check_steps
from core.studies.ensembles.experiment import Ensembles
from core.studies.ensembles.trajectory import EnsemblesTrajectory

USUAL_SHARE = 0.15
"""Of the allowed steps that a network takes (measured on digits)."""


def a_network(experiment: Ensembles) -> tuple[float, float]:
    """Return the usual and the most seconds of one network, means over the widths."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    records, checks = len(EnsemblesTrajectory.scheduled(experiment)), len(list(check_steps(experiment.step_limit)))
    usual = at_most = 0.0
    for width in experiment.widths:
        forward = width * (dim + (experiment.depth - 1) * width)
        a_point = 2 * forward / ARITHMETIC + width * experiment.depth * UNIT_SECONDS
        recording = (records * (experiment.n_train + experiment.test_points) + checks * experiment.n_train) * a_point
        training = 3 * experiment.batch_size * a_point * experiment.step_limit
        usual += USUAL_SHARE * training + USUAL_RECORDING * recording
        at_most += training + recording
    return usual / len(experiment.widths), at_most / len(experiment.widths)
