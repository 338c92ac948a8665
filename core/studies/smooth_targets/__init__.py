"""Smooth targets: how fast the test error of networks falls with the number of points, beside interpolants."""

from __future__ import annotations

from core.split import by_runs, by_sixteen
from core.studies.smooth_targets.columns import COLUMNS
from core.studies.smooth_targets.cost import a_network
from core.studies.smooth_targets.experiment import SmoothTargets
from core.studies.smooth_targets.presets import PRESETS
from core.studies.smooth_targets.trajectory import SmoothTargetsTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=SmoothTargets,
    presets=PRESETS,
    trajectory=SmoothTargetsTrajectory,
    begin=Late("core.studies.smooth_targets.training", "begin"),
    tables=Late("core.studies.smooth_targets.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.smooth_targets.part", "PART"),
    shards=by_sixteen,
    seconds=by_runs(a_network, by_sixteen),
)
