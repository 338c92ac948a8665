"""Functions of increasing complexity: how much of a network a simpler classifier explains while it trains."""

from __future__ import annotations

from core.split import Split, one_by_one, together
from core.studies.complexity.columns import COLUMNS
from core.studies.complexity.cost import with_explainers
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.presets import PRESETS
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.study import Late, Study


def _shards(experiment: Complexity, device: str) -> Split:
    """Return all networks together, convolutional ones one by one; what explains them is a shard without runs."""
    networks = together if experiment.network == "mlp" else one_by_one
    return [*networks(experiment, device), []]


def _seconds(experiment: Complexity, workers: int) -> tuple[float, float]:
    seconds = with_explainers(experiment, workers)
    return seconds, 1.5 * seconds


STUDY = Study(
    experiment=Complexity,
    presets=PRESETS,
    trajectory=ComplexityTrajectory,
    begin=Late("core.studies.complexity.training", "begin"),
    tables=Late("core.studies.complexity.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.complexity.part", "PART"),
    stories=Late("core.studies.complexity.stories", "STORIES"),
    also={"measure": Late("core.studies.complexity.measure.part", "PART")},
    shards=_shards,
    seconds=_seconds,
    on_gpu=True,
)
