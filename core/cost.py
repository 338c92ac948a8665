"""About how long a training takes: arithmetic per step, and what this machine has been seen to do."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

from core.datasets import CATALOGUE
from core.experiments import Directions, Experiment, Explorer, Kinks
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
LINE_STEP_SECONDS, LINE_UNIT_SECONDS, LINE_KERNEL_SECONDS = 7e-6, 3e-9, 1e-9
"""What a step of a network on a line costs, a tenth of a look at its learning rate included: measured on 5 to 200
points, width 32 to 4,096."""
USUAL_LINE_SHARE = 0.4
DIRECTION_STEP_SECONDS = 1.5e-4
"""What a step on a data set costs beside its arithmetic: most of it a tenth of an exact look at a small kernel."""
USUAL_DIRECTION_STEPS = 9_000
"""Steps to a few percent of the first loss: digits and MNIST took 600 to 15,000, least on the smallest sets."""
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
    share = 1 / GPU_SPEEDUP if device == "cuda" else 1 / min(workers, len(banks(experiment, device)))
    if isinstance(experiment, Explorer):
        usual, at_most = _a_run(experiment)
    else:
        usual, at_most = _a_line(experiment) if isinstance(experiment, Kinks) else _a_count(experiment)
    seconds = slowness * experiment.runs * share
    return Estimate(usual=STARTUP_SECONDS + seconds * usual, at_most=STARTUP_SECONDS + seconds * at_most)


def _a_run(experiment: Explorer) -> tuple[float, float]:
    """Return the seconds of one run of a plane on one core: usual, at most."""
    dim = CATALOGUE[experiment.dataset].dimension or 100
    forward = experiment.width * (dim + (experiment.depth - 1) * experiment.width)  # multiplications a point
    backward = forward + experiment.width**2 * (experiment.depth - 1)
    units = experiment.width * experiment.depth
    a_step = experiment.batch_size * (2 * (forward + backward) / ARITHMETIC + units * UNIT_SECONDS)
    records, checks = len(recorded_steps(experiment.step_limit)), len(list(check_steps(experiment.step_limit)))
    looks = records * (experiment.n_train + TEST_POINTS) + checks * experiment.n_train  # points
    looking = looks * (2 * forward / ARITHMETIC + units * UNIT_SECONDS)
    usual = USUAL_SHARE * experiment.step_limit * a_step + USUAL_LOOKS * looking
    return usual, experiment.step_limit * a_step + looking


def _a_line(experiment: Kinks) -> tuple[float, float]:
    """Return the seconds of one network on a line, likewise."""
    count = len(experiment.x)
    a_step = LINE_STEP_SECONDS + count * experiment.width * LINE_UNIT_SECONDS + count**3 * LINE_KERNEL_SECONDS
    return USUAL_LINE_SHARE * experiment.step_limit * a_step, experiment.step_limit * a_step


def _a_count(experiment: Directions) -> tuple[float, float]:
    """Return the seconds of one network on a data set, likewise, the mean over sizes of the training set."""
    dim = (CATALOGUE[experiment.dataset].dimension or 0) + 1
    steps = []
    for count in experiment.n_train:
        kernel = 4 * count**2 * experiment.width / 20  # every twentieth step
        arithmetic = 4 * count * dim * experiment.width + kernel
        steps.append(DIRECTION_STEP_SECONDS + arithmetic / ARITHMETIC + count * experiment.width * UNIT_SECONDS)
    a_step = sum(steps) / len(steps)
    return min(USUAL_DIRECTION_STEPS, 0.8 * experiment.step_limit) * a_step, experiment.step_limit * a_step


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
