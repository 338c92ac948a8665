"""The edge of stability: the sharpness of the loss rises to 2 / learning rate while training, and stays there."""

from __future__ import annotations

from core.split import by_runs, together
from core.studies.edge.columns import COLUMNS
from core.studies.edge.cost import a_network
from core.studies.edge.experiment import Edge
from core.studies.edge.presets import PRESETS
from core.studies.edge.trajectory import EdgeTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Edge,
    presets=PRESETS,
    trajectory=EdgeTrajectory,
    begin=Late("core.studies.edge.training", "begin"),
    tables=Late("core.studies.edge.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.edge.part", "PART"),
    stories=Late("core.studies.edge.stories", "STORIES"),
    shards=together,
    seconds=by_runs(a_network, together),
)
