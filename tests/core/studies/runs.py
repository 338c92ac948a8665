"""Small tables of runs with laws that are known, and what is kept of them once they are open."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets import Source
from core.studies.own_plane.opening import opened as open_bytes
from core.studies.own_plane.trajectory import OwnPlaneTrajectory
from core.sweeps import train

SEEDS = (0, 1, 2, 3)
STEPS = (1, 3, 10, 30, 100)
EXPONENT = 0.75


def table(*, log: bool = True, long: bool = True) -> pd.DataFrame:
    """Return runs whose loss is rate^0.75 (1 + noise of the seed) at the last step, over rate and batch.

    The largest rate diverged, of another one two seeds were stopped, and of one all are in training.
    """
    rng = np.random.default_rng(0)
    noise = dict(zip(SEEDS, rng.normal(0, 0.05, len(SEEDS)), strict=True))
    rates = [2.0**k for k in range(-3, 4)] if log else [1.0, 1.5, 2.0, 2.5, 3.0]
    rows = []
    for rate, batch, seed in product(rates, (16, 64) if log else (0.0, 0.5, 1.0), SEEDS):
        outcome = "diverged" if rate == rates[-1] else "fitted"
        outcome = "step_limit" if rate == rates[-2] and seed < 2 else outcome
        outcome = "unfinished" if rate == rates[0] and batch == 16 else outcome
        for step in STEPS if long else STEPS[-1:]:
            loss = rate**EXPONENT * (1 + noise[seed]) * (1 + 1 / step - 1 / STEPS[-1])
            error = 0.5 if outcome == "diverged" else 0.3 - 0.01 * rate + 0.05 / step
            rows.append((rate, batch, seed, step, outcome, loss, error))
    found = pd.DataFrame(rows, columns=["rate", "batch", "seed", "step", "outcome", "loss", "error"])
    return found if long else found.drop(columns="step")


def csv(rows: pd.DataFrame) -> bytes:
    return rows.to_csv(index=False).encode()


def opened(**how: bool) -> OwnPlaneTrajectory:
    """Open a small table in this process."""
    with tempfile.TemporaryDirectory() as folder:
        found = open_bytes(csv(table(**how)), Path(folder))
        assert found is not None
        kept = train(found[0], source=Source(uploads=Path(folder)), device="cpu", workers=1)
    assert isinstance(kept, OwnPlaneTrajectory)
    return kept
