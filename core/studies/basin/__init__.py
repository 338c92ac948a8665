"""Where training fails: the initializations from which a neuron never learns its class."""

from __future__ import annotations

from core.split import by_runs, together
from core.studies.basin.columns import COLUMNS
from core.studies.basin.cost import a_sample
from core.studies.basin.experiment import Basin
from core.studies.basin.presets import PRESETS
from core.studies.basin.trajectory import BasinTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Basin,
    presets=PRESETS,
    trajectory=BasinTrajectory,
    begin=Late("core.studies.basin.training", "begin"),
    tables=Late("core.studies.basin.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.basin.part", "PART"),
    shards=together,
    seconds=by_runs(a_sample, together),
)
