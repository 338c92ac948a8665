"""Grokking on polynomial regression: a network of infinite width in closed form."""

from __future__ import annotations

from core.split import by_runs, together
from core.studies.polynomial.columns import COLUMNS
from core.studies.polynomial.cost import a_network
from core.studies.polynomial.experiment import Polynomial
from core.studies.polynomial.presets import PRESETS
from core.studies.polynomial.trajectory import PolynomialTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Polynomial,
    presets=PRESETS,
    trajectory=PolynomialTrajectory,
    begin=Late("core.studies.polynomial.training", "begin"),
    tables=Late("core.studies.polynomial.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.polynomial.part", "PART"),
    shards=together,
    seconds=by_runs(a_network, together),
)
