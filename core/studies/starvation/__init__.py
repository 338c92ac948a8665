"""Gradient starvation: a frequent feature keeps a rare one from being learned."""

from __future__ import annotations

from core.split import by_runs, by_sixteen
from core.studies.starvation.columns import COLUMNS
from core.studies.starvation.cost import a_starvation
from core.studies.starvation.experiment import Starvation
from core.studies.starvation.presets import PRESETS
from core.studies.starvation.trajectory import StarvationTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Starvation,
    presets=PRESETS,
    trajectory=StarvationTrajectory,
    begin=Late("core.studies.starvation.training", "begin"),
    tables=Late("core.studies.starvation.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.starvation.part", "PART"),
    stories=Late("core.studies.starvation.stories", "STORIES"),
    shards=by_sixteen,
    seconds=by_runs(a_starvation, by_sixteen),
)
