"""Grokking on modular addition: the output scale alone delays generalization, in gradient descent without decay."""

from __future__ import annotations

from core.split import by_runs
from core.studies.modular.columns import COLUMNS
from core.studies.modular.cost import a_network, by_seed
from core.studies.modular.experiment import Modular
from core.studies.modular.presets import PRESETS
from core.studies.modular.trajectory import ModularTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Modular,
    presets=PRESETS,
    trajectory=ModularTrajectory,
    begin=Late("core.studies.modular.training", "begin"),
    tables=Late("core.studies.modular.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.modular.part", "PART"),
    stories=Late("core.studies.modular.stories", "STORIES"),
    shards=by_seed,
    seconds=by_runs(a_network, by_seed),
)
