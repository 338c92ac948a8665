"""Depth and the loss: one balanced mode in networks of several depths under three losses."""

from __future__ import annotations

from core.split import Split, by_runs, dealt
from core.studies.depths.columns import COLUMNS
from core.studies.depths.cost import a_depth
from core.studies.depths.experiment import Depths
from core.studies.depths.presets import PRESETS
from core.studies.depths.trajectory import DepthsTrajectory
from core.study import Late, Study


def _shards(experiment: Depths, device: str) -> Split:
    """Return a shard a depth, the deepest first."""
    a_depth = experiment.runs // len(experiment.depths)
    return dealt(range(experiment.runs - a_depth, -1, -a_depth), a_depth, 1)


STUDY = Study(
    experiment=Depths,
    presets=PRESETS,
    trajectory=DepthsTrajectory,
    begin=Late("core.studies.depths.training", "begin"),
    tables=Late("core.studies.depths.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.depths.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_depth, _shards),
)
