"""The (alpha, learning rate) plane: where training is lazy, at the edge of stability, a catapult, or diverges."""

from __future__ import annotations

from core.split import Split, by_runs, dealt
from core.studies.rate_plane.columns import COLUMNS
from core.studies.rate_plane.cost import a_network
from core.studies.rate_plane.experiment import RatePlane
from core.studies.rate_plane.presets import PRESETS
from core.studies.rate_plane.trajectory import RatePlaneTrajectory
from core.study import Late, Study

SHARDS = 4


def _shards(experiment: RatePlane, device: str) -> Split:
    """Return shards that each sample the whole plane."""
    return dealt([0], experiment.runs, min(SHARDS, experiment.runs))


STUDY = Study(
    experiment=RatePlane,
    presets=PRESETS,
    trajectory=RatePlaneTrajectory,
    begin=Late("core.studies.rate_plane.training", "begin"),
    tables=Late("core.studies.rate_plane.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.rate_plane.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_network, _shards),
)
