"""About how long the networks of one seed train, on one core."""

from __future__ import annotations

from core.studies.clones.experiment import Clones


def a_seed(experiment: Clones) -> tuple[float, float]:
    """Return the seconds of the networks of one seed."""
    return 60.0, 120.0
