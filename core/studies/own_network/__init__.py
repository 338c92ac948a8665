"""Your own network: what simpler classifiers explain of a training that was recorded elsewhere."""

from __future__ import annotations

from core.split import together
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_network.presets import PRESETS
from core.studies.own_network.trajectory import OwnNetworkTrajectory
from core.study import Late, Study

SECONDS_A_POINT = 2e-3
"""What fitting all explainers takes for a point that they are fitted to, and up to five times as long for images."""


def _seconds(experiment: OwnNetwork, workers: int) -> tuple[float, float]:
    usual = 0.3 + SECONDS_A_POINT * experiment.fitted_on
    return usual, 5 * usual


STUDY = Study(
    experiment=OwnNetwork,
    presets=PRESETS,
    trajectory=OwnNetworkTrajectory,
    begin=Late("core.studies.own_network.training", "begin"),
    tables=Late("core.studies.own_network.tables", "TABLES"),
    part=Late("core.studies.own_network.part", "PART"),
    opens=Late("core.studies.own_network.opening", "opened"),
    shards=together,
    seconds=_seconds,
)
