"""Digits with a spurious brightness cue: does the network learn the digit as well?"""

from __future__ import annotations

from core.split import by_runs, one_by_one
from core.studies.shades.columns import COLUMNS
from core.studies.shades.cost import a_shade
from core.studies.shades.experiment import Shades
from core.studies.shades.presets import PRESETS
from core.studies.shades.trajectory import ShadeTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Shades,
    presets=PRESETS,
    trajectory=ShadeTrajectory,
    begin=Late("core.studies.shades.training", "begin"),
    tables=Late("core.studies.shades.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.shades.part", "PART"),
    shards=one_by_one,
    seconds=by_runs(a_shade, one_by_one),
)
