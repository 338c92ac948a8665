"""Self-stabilization: what happens along the sharpest direction once the sharpness has passed 2 / learning rate."""

from __future__ import annotations

from core.split import by_runs, together
from core.studies.stabilization.columns import COLUMNS
from core.studies.stabilization.cost import a_network
from core.studies.stabilization.experiment import Stabilization
from core.studies.stabilization.presets import PRESETS
from core.studies.stabilization.trajectory import StabilizationTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Stabilization,
    presets=PRESETS,
    trajectory=StabilizationTrajectory,
    begin=Late("core.studies.stabilization.training", "begin"),
    tables=Late("core.studies.stabilization.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.stabilization.part", "PART"),
    shards=together,
    seconds=by_runs(a_network, together),
)
