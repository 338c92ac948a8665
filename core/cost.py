"""About how long a training takes: arithmetic per step, and what this machine has been seen to do."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

from core.datasets import CATALOGUE
from core.experiments import Experiment
from core.schedule import check_steps, recorded_steps
from core.sweeps import banks

ARITHMETIC = 170e9
"""Multiply-adds, times two, that one core does a second in a step."""
UNIT_SECONDS = 0.6e-9
"""Seconds for everything else that is done for one unit of one point in one layer."""
GPU_SPEEDUP = 20.0
"""A guess until this machine has been seen to train on its GPU: then what was seen counts."""
USUAL_SHARE = 0.25
"""Share of all allowed steps that a plane takes, since runs leave when they are fitted (digits: .26, measured)."""
USUAL_LOOKS = 0.7
"""The same of snapshots and checks, which are denser in the beginning."""
TEST_POINTS = 2048
"""Most test points of the data sets whose networks are large."""
STARTUP_SECONDS = 2.0
LONG_SECONDS = 6.0
"""From here on a page asks before it trains."""


@dataclass(frozen=True)
class Estimate:
    """Seconds from the press of the button to the result."""

    usual: float
    at_most: float

    @property
    def long(self) -> bool:
        """Whether a person should be asked first."""
        return self.usual > LONG_SECONDS


def estimate(experiment: Experiment, *, workers: int, device: str, slowness: float = 1.0) -> Estimate:
    """Return how long training takes on so many processes; `slowness` is `measured_slowness` of this machine."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    forward = experiment.width * (dim + (experiment.depth - 1) * experiment.width)  # multiplications a point
    backward = forward + experiment.width**2 * (experiment.depth - 1)
    units = experiment.width * experiment.depth
    a_step = experiment.batch_size * (2 * (forward + backward) / ARITHMETIC + units * UNIT_SECONDS)
    records, checks = len(recorded_steps(experiment.step_limit)), len(list(check_steps(experiment.step_limit)))
    looks = records * (experiment.n_train + TEST_POINTS) + checks * experiment.n_train  # points
    looking = looks * (2 * forward / ARITHMETIC + units * UNIT_SECONDS)
    share = 1 / GPU_SPEEDUP if device == "cuda" else 1 / min(workers, len(banks(experiment, device)))
    seconds = slowness * experiment.runs * share
    usual = USUAL_SHARE * experiment.step_limit * a_step + USUAL_LOOKS * looking
    at_most = experiment.step_limit * a_step + looking
    return Estimate(usual=STARTUP_SECONDS + seconds * usual, at_most=STARTUP_SECONDS + seconds * at_most)


def measured_slowness(record: Path, device: str) -> float:
    """Return how many times longer than computed trainings took here lately; 1 before the first."""
    try:
        known = float(json.loads(record.read_text())[device])
        return 1.0 if math.isnan(known) else min(max(known, 0.05), 20.0)
    except (OSError, ValueError, KeyError, TypeError):
        return 1.0


def note_slowness(record: Path, device: str, computed: float, took: float) -> None:
    """Remember how a finished training compared with `computed` seconds; the latest counts as much as all before."""
    if computed <= 0 or took < 1:
        return
    known = measured_slowness(record, device)
    seen = known * took / computed
    try:
        kept = {**json.loads(record.read_text())}
    except (OSError, ValueError, TypeError):
        kept = {}
    with contextlib.suppress(OSError):  # an estimate is not worth failing for
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({**kept, device: round((known + seen) / 2, 3)}))
