"""A plane of output scales and temperatures: one family of networks, seen by its kinks and by what explains it."""

from __future__ import annotations

from core.split import Split, by_runs, dealt, shards_a_plane
from core.studies.explorer.columns import COLUMNS
from core.studies.explorer.cost import a_run
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.presets import PRESETS
from core.studies.explorer.trajectory import PlaneTrajectory
from core.study import Late, Study


def _shards(experiment: Explorer, device: str) -> Split:
    """Return shards of one seed, each a sample of the whole plane."""
    size = experiment.runs // len(experiment.seeds)
    return dealt(range(0, experiment.runs, size), size, shards_a_plane(size, device))


STUDY = Study(
    experiment=Explorer,
    presets=PRESETS,
    trajectory=PlaneTrajectory,
    begin=Late("core.studies.explorer.training", "begin"),
    tables=Late("core.studies.explorer.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.explorer.part", "PART"),
    stories=Late("core.studies.explorer.stories", "STORIES"),
    shards=_shards,
    seconds=by_runs(a_run, _shards),
    on_gpu=True,
)
