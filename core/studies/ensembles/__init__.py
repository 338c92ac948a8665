"""Ensembles: how much trained networks differ by their initialization, against the width."""

from __future__ import annotations

from core.split import Split, by_runs
from core.studies.ensembles.columns import COLUMNS
from core.studies.ensembles.cost import a_network
from core.studies.ensembles.experiment import Ensembles
from core.studies.ensembles.presets import PRESETS
from core.studies.ensembles.trajectory import EnsemblesTrajectory
from core.study import Late, Study


def _shards(experiment: Ensembles, device: str) -> Split:
    """Return shards of one training set, width and initialization, the widest networks first: they take longest."""
    size, places = len(experiment.alphas), experiment.places
    starts = sorted(range(0, experiment.runs, size), key=lambda first: -places[first].width)
    return [list(range(first, first + size)) for first in starts]


STUDY = Study(
    experiment=Ensembles,
    presets=PRESETS,
    trajectory=EnsemblesTrajectory,
    begin=Late("core.studies.ensembles.training", "begin"),
    tables=Late("core.studies.ensembles.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.ensembles.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_network, _shards),
    on_gpu=True,
)
