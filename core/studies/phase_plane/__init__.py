"""The phase plane of networks: output scales, temperatures, training sets and batch sizes."""

from __future__ import annotations

from core.split import Split, by_runs, dealt, shards_a_plane
from core.studies.phase_plane.columns import COLUMNS
from core.studies.phase_plane.cost import a_cell
from core.studies.phase_plane.experiment import PhasePlane
from core.studies.phase_plane.presets import PRESETS
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory
from core.study import Late, Study


def _shards(experiment: PhasePlane, device: str) -> Split:
    """Return shards of one seed, training set and batch size, the largest sets first: they take longest, and a set
    that the data do not have is missed before anything is trained."""
    size, cells = len(experiment.alphas) * len(experiment.rows), experiment.cells
    planes = sorted(range(0, experiment.runs, size), key=lambda first: -cells[first].n_train)
    return dealt(planes, size, shards_a_plane(size, device))


STUDY = Study(
    experiment=PhasePlane,
    presets=PRESETS,
    trajectory=PhasePlaneTrajectory,
    begin=Late("core.studies.phase_plane.training", "begin"),
    tables=Late("core.studies.phase_plane.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.phase_plane.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_cell, _shards),
    on_gpu=True,
)
