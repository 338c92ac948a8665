"""About how long a training takes: arithmetic per step, and what this machine has been seen to do."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

from core.experiment import Experiment
from core.study import study_of

GPU_SPEEDUP = 20.0
"""A guess until this machine has been seen to train on its GPU: then what was seen counts."""
STARTUP_SECONDS = 2.0
LONG_SECONDS = 6.0
"""From here on a page asks before it trains."""
AT_MOST_SECONDS = 4 * LONG_SECONDS
"""And from here on if all goes at its worst: a link must not begin minutes of work by itself."""

TOLD_SECONDS = 3.0
"""A training that is computed to be shorter says nothing of this machine."""

ARITHMETIC = 170e9
"""Multiply-adds, times two, that one core does a second in a step."""
UNIT_SECONDS = 0.6e-9
"""Seconds for everything else that is done for one unit of one point in one layer."""
USUAL_RECORDING = 0.7
"""The fraction of recorded and checked steps that a run takes, for they are denser in the beginning."""
TEST_POINTS = 2048
"""Most test points of the data sets whose networks are large."""
CONVOLUTION_ARITHMETIC = 100e9
"""As `ARITHMETIC`, of convolutions through torch."""


@dataclass(frozen=True)
class Estimate:
    """Seconds from the press of the button to the result."""

    usual: float
    at_most: float

    @property
    def long(self) -> bool:
        """Whether a person should be asked first."""
        return self.usual > LONG_SECONDS or self.at_most > AT_MOST_SECONDS


def connected(dimension: int, width: int, depth: int) -> tuple[float, float]:
    """Return the seconds that a point takes in a fully connected network: to be seen, and to be trained on."""
    forward = width * (dimension + (depth - 1) * width)  # multiplications a point
    backward = forward + width**2 * (depth - 1)
    units = width * depth
    return 2 * forward / ARITHMETIC + units * UNIT_SECONDS, 2 * (forward + backward) / ARITHMETIC + units * UNIT_SECONDS


def estimate(experiment: Experiment, *, workers: int, device: str, slowness: float = 1.0) -> Estimate:
    """Return how long training takes on so many processes; `slowness` is `measured_slowness` of this machine."""
    study = study_of(experiment)
    gpu = device == "cuda" and study.on_gpu
    usual, at_most = study.seconds(experiment, 1 if gpu else workers)
    scale = slowness / (GPU_SPEEDUP if gpu else 1)
    return Estimate(usual=STARTUP_SECONDS + scale * usual, at_most=STARTUP_SECONDS + scale * at_most)


def measured_slowness(record: Path, device: str) -> float:
    """Return how many times longer than computed trainings took here lately; 1 before the first."""
    try:
        known = float(json.loads(record.read_text())[device])
        return 1.0 if math.isnan(known) else min(max(known, 0.05), 20.0)
    except (OSError, ValueError, KeyError, TypeError):
        return 1.0


def note_slowness(record: Path, device: str, computed: float, took: float) -> None:
    """Remember how a finished training compared with the usual seconds of an `estimate` of slowness 1.

    The latest counts as much as all before. The start of a process says nothing of how slow its training is: it is
    taken off, and a training that is hardly longer than that is too short to tell.
    """
    if computed - STARTUP_SECONDS < TOLD_SECONDS:
        return
    known = measured_slowness(record, device)
    seen = max(took - STARTUP_SECONDS, 0) / (computed - STARTUP_SECONDS)
    try:
        kept = {**json.loads(record.read_text())}
    except (OSError, ValueError, TypeError):
        kept = {}
    with contextlib.suppress(OSError):  # an estimate is not worth failing for
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({**kept, device: round((known + seen) / 2, 3)}))
