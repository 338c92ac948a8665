"""Clones of a data set: networks that are trained on some of its statistics only, and tested on all of it."""

from __future__ import annotations

from core.split import by_runs, one_by_one
from core.studies.clones.columns import COLUMNS
from core.studies.clones.cost import a_seed
from core.studies.clones.experiment import Clones
from core.studies.clones.presets import PRESETS
from core.studies.clones.trajectory import ClonesTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Clones,
    presets=PRESETS,
    trajectory=ClonesTrajectory,
    begin=Late("core.studies.clones.training", "begin"),
    tables=Late("core.studies.clones.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.clones.part", "PART"),
    shards=one_by_one,
    seconds=by_runs(a_seed, one_by_one),
)
