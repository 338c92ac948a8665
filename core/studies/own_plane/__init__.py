"""Your runs on the plane: trainings that were run elsewhere at several settings, as a table."""

from __future__ import annotations

from core.split import together
from core.studies.own_plane.columns import COLUMNS
from core.studies.own_plane.experiment import OwnPlane
from core.studies.own_plane.presets import PRESETS
from core.studies.own_plane.trajectory import OwnPlaneTrajectory
from core.study import Late, Study


def _seconds(experiment: OwnPlane, workers: int) -> tuple[float, float]:
    return 0.3, 3.0


STUDY = Study(
    experiment=OwnPlane,
    presets=PRESETS,
    trajectory=OwnPlaneTrajectory,
    begin=Late("core.studies.own_plane.training", "begin"),
    tables=Late("core.studies.own_plane.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.own_plane.part", "PART"),
    opens=Late("core.studies.own_plane.opening", "opened"),
    shards=together,
    seconds=_seconds,
)
