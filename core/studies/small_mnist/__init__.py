"""Grokking on small MNIST: large initial weights, and weight decay that shrinks them."""

from __future__ import annotations

from core.split import by_runs, one_by_one
from core.studies.small_mnist.columns import COLUMNS
from core.studies.small_mnist.cost import a_network
from core.studies.small_mnist.experiment import SmallMnist
from core.studies.small_mnist.presets import PRESETS
from core.studies.small_mnist.trajectory import SmallMnistTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=SmallMnist,
    presets=PRESETS,
    trajectory=SmallMnistTrajectory,
    begin=Late("core.studies.small_mnist.training", "begin"),
    tables=Late("core.studies.small_mnist.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.small_mnist.part", "PART"),
    shards=one_by_one,
    seconds=by_runs(a_network, one_by_one),
)
