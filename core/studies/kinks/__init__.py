"""Kinks on a line: few points, full-batch gradient descent, and where the ReLU units bend the function."""

from __future__ import annotations

from core.split import by_runs, by_sixteen
from core.studies.kinks.columns import COLUMNS
from core.studies.kinks.cost import a_line
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.presets import PRESETS
from core.studies.kinks.trajectory import KinkTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Kinks,
    presets=PRESETS,
    trajectory=KinkTrajectory,
    begin=Late("core.studies.kinks.training", "begin"),
    tables=Late("core.studies.kinks.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.kinks.part", "PART"),
    stories=Late("core.studies.kinks.stories", "STORIES"),
    shards=by_sixteen,
    seconds=by_runs(a_line, by_sixteen),
)
