"""The perceptron, exactly: SGD on the hinge loss over margins, batch sizes and learning rates."""

from __future__ import annotations

from core.split import FEWEST_RUNS_A_SHARD, Split, by_runs, dealt
from core.studies.perceptron.columns import COLUMNS
from core.studies.perceptron.cost import a_perceptron
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.presets import PRESETS
from core.studies.perceptron.trajectory import PerceptronTrajectory
from core.study import Late, Study


def _shards(experiment: Perceptron, device: str) -> Split:
    """Return shards of one training set, two where it has many runs; the largest sets of each seed first."""
    size, cells = experiment.cells_a_set, experiment.cells
    sets = sorted(range(0, experiment.runs, size), key=lambda first: -cells[first].n_train)
    return dealt(sets, size, 2 if size >= 2 * FEWEST_RUNS_A_SHARD else 1)


STUDY = Study(
    experiment=Perceptron,
    presets=PRESETS,
    trajectory=PerceptronTrajectory,
    begin=Late("core.studies.perceptron.training", "begin"),
    tables=Late("core.studies.perceptron.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.perceptron.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_perceptron, _shards),
)
