"""Modes: two classes, each learned by neurons of its own along a sigmoid."""

from __future__ import annotations

from core.split import by_runs, by_sixteen
from core.studies.modes.columns import COLUMNS
from core.studies.modes.cost import a_mode
from core.studies.modes.experiment import Modes
from core.studies.modes.presets import PRESETS
from core.studies.modes.trajectory import ModesTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Modes,
    presets=PRESETS,
    trajectory=ModesTrajectory,
    begin=Late("core.studies.modes.training", "begin"),
    tables=Late("core.studies.modes.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.modes.part", "PART"),
    stories=Late("core.studies.modes.stories", "STORIES"),
    shards=by_sixteen,
    seconds=by_runs(a_mode, by_sixteen),
)
