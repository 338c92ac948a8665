"""Directions of ReLU units on inputs of any dimension, counted over the size of the training set."""

from __future__ import annotations

from core.split import Split, by_runs
from core.studies.directions.columns import COLUMNS
from core.studies.directions.cost import a_count
from core.studies.directions.experiment import Directions
from core.studies.directions.presets import PRESETS
from core.studies.directions.trajectory import DirectionTrajectory
from core.study import Late, Study


def _shards(experiment: Directions, device: str) -> Split:
    """Return a shard a run: the first first, for its motion is shown, and then the largest, which take longest."""
    return [[0], *([run] for run in range(experiment.runs - 1, 0, -1))]


STUDY = Study(
    experiment=Directions,
    presets=PRESETS,
    trajectory=DirectionTrajectory,
    begin=Late("core.studies.directions.training", "begin"),
    tables=Late("core.studies.directions.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.directions.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_count, _shards),
)
