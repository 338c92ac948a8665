"""Two features of a linearised network: how strong the one makes the other starve."""

from __future__ import annotations

from core.split import by_runs, together
from core.studies.strengths.columns import COLUMNS
from core.studies.strengths.cost import a_strength
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.presets import PRESETS
from core.studies.strengths.trajectory import StrengthTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Strengths,
    presets=PRESETS,
    trajectory=StrengthTrajectory,
    begin=Late("core.studies.strengths.training", "begin"),
    tables=Late("core.studies.strengths.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.strengths.part", "PART"),
    shards=together,
    seconds=by_runs(a_strength, together),
)
