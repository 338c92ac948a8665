"""A linear model that overfits: SGD from a simple classifier fits noisy labels and forgets nothing."""

from __future__ import annotations

from core.split import by_runs, by_sixteen
from core.studies.linear_model.columns import COLUMNS
from core.studies.linear_model.cost import a_linear_model
from core.studies.linear_model.experiment import LinearModel
from core.studies.linear_model.presets import PRESETS
from core.studies.linear_model.trajectory import LinearTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=LinearModel,
    presets=PRESETS,
    trajectory=LinearTrajectory,
    begin=Late("core.studies.linear_model.training", "begin"),
    tables=Late("core.studies.linear_model.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.linear_model.part", "PART"),
    shards=by_sixteen,
    seconds=by_runs(a_linear_model, by_sixteen),
)
