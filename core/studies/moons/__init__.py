"""Two moons: a margin that keeps a network on a straight line, and Spectral Decoupling, which frees it."""

from __future__ import annotations

from core.split import by_runs, one_by_one
from core.studies.moons.columns import COLUMNS
from core.studies.moons.cost import a_moon
from core.studies.moons.experiment import Moons
from core.studies.moons.presets import PRESETS
from core.studies.moons.trajectory import MoonTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Moons,
    presets=PRESETS,
    trajectory=MoonTrajectory,
    begin=Late("core.studies.moons.training", "begin"),
    tables=Late("core.studies.moons.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.moons.part", "PART"),
    shards=one_by_one,
    seconds=by_runs(a_moon, one_by_one),
)
