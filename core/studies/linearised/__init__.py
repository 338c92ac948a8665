"""Networks of the (alpha, T) plane against their linearisation at initialization: how lazy each of them is.

The Explorer draws it on its plane; the study has no part of its own.
"""

from __future__ import annotations

from core.split import Split, by_runs, dealt, shards_a_plane
from core.studies.linearised.columns import COLUMNS
from core.studies.linearised.cost import a_pair
from core.studies.linearised.experiment import Linearised
from core.studies.linearised.presets import PRESETS
from core.studies.linearised.trajectory import LinearisedTrajectory
from core.study import Late, Study


def _shards(experiment: Linearised, device: str) -> Split:
    """Return shards of one seed, each a sample of the whole plane."""
    size = experiment.runs // len(experiment.seeds)
    return dealt(range(0, experiment.runs, size), size, shards_a_plane(size, "cpu"))


STUDY = Study(
    experiment=Linearised,
    presets=PRESETS,
    trajectory=LinearisedTrajectory,
    begin=Late("core.studies.linearised.training", "begin"),
    tables=Late("core.studies.linearised.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.explorer.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_pair, _shards),
)
