"""Two moons in ten variants of training: which of them bends the decision boundary away from a straight line."""

from __future__ import annotations

from core.split import by_runs, one_by_one
from core.studies.boundaries.columns import COLUMNS
from core.studies.boundaries.cost import a_variant
from core.studies.boundaries.experiment import Boundaries
from core.studies.boundaries.presets import PRESETS
from core.studies.boundaries.trajectory import BoundaryTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Boundaries,
    presets=PRESETS,
    trajectory=BoundaryTrajectory,
    begin=Late("core.studies.boundaries.training", "begin"),
    tables=Late("core.studies.boundaries.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.boundaries.part", "PART"),
    stories=Late("core.studies.boundaries.stories", "STORIES"),
    shards=one_by_one,
    seconds=by_runs(a_variant, one_by_one),
)
