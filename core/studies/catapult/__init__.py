"""The catapult: gradient descent with steps too large for the curvature, in an exact toy and in networks."""

from __future__ import annotations

from core.split import by_runs, together
from core.studies.catapult.columns import COLUMNS
from core.studies.catapult.cost import a_network
from core.studies.catapult.experiment import Catapult
from core.studies.catapult.presets import PRESETS
from core.studies.catapult.trajectory import CatapultTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Catapult,
    presets=PRESETS,
    trajectory=CatapultTrajectory,
    begin=Late("core.studies.catapult.training", "begin"),
    tables=Late("core.studies.catapult.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.catapult.part", "PART"),
    stories=Late("core.studies.catapult.stories", "STORIES"),
    shards=together,
    seconds=by_runs(a_network, together),
)
