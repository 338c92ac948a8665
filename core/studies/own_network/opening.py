"""A file that somebody brings, as an experiment of this study."""

from __future__ import annotations

from pathlib import Path

from core.recorded.opened import fitted_on, held, keep, read
from core.studies.own_network.experiment import OwnNetwork


def opened(content: bytes, uploads: Path) -> tuple[OwnNetwork, list[str]]:
    """Check a recording, keep it, and return its experiment and what it holds.

    Raises:
        core.datasets.DataError: it is refused; nothing is kept.
    """
    recorded = read(content)
    digest = keep(recorded, uploads)
    experiment = OwnNetwork(recording=digest, step_limit=int(recorded.steps[-1]), fitted_on=fitted_on(recorded))
    return experiment, held(recorded)
