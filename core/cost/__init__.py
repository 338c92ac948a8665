"""About how long a training takes: arithmetic per step, and what this machine has been seen to do."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.cost import learning_dynamics, networks, small
from core.experiments import Complexity, Experiment
from core.sweeps import banks

GPU_SPEEDUP = 20.0
"""A guess until this machine has been seen to train on its GPU: then what was seen counts."""
STARTUP_SECONDS = 2.0
LONG_SECONDS = 6.0
"""From here on a page asks before it trains."""

A_RUN: Mapping[str, Callable[[Any], tuple[float, float]]] = {
    "explorer": networks.a_run,
    "kinks": small.a_line,
    "kinks_directions": networks.a_count,
    "complexity_theorem": small.a_linear_model,
    "phase_plane": networks.a_cell,
    "phase_plane_perceptron": small.a_perceptron,
    "learning_modes": learning_dynamics.a_mode,
    "learning_basin": learning_dynamics.a_cloud,
    "learning_starvation": learning_dynamics.a_starvation,
    "learning_shades": learning_dynamics.a_shade,
    "learning_moons": learning_dynamics.a_moon,
    "learning_strengths": learning_dynamics.a_strength,
    "learning_depth": learning_dynamics.a_depth,
}
"""What says of each study how many seconds a run takes on one core: usually, and at most."""
ON_GPU = ("explorer", "complexity", "phase_plane")
"""Studies whose networks train on a GPU where there is one."""


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
    gpu = device == "cuda" and experiment.study in ON_GPU
    if isinstance(experiment, Complexity):
        seconds = slowness * networks.with_explainers(experiment, workers) / (GPU_SPEEDUP if gpu else 1)
        return Estimate(usual=STARTUP_SECONDS + seconds, at_most=STARTUP_SECONDS + 1.5 * seconds)
    usual, at_most = A_RUN[experiment.study](experiment)
    share = 1 / GPU_SPEEDUP if gpu else 1 / min(workers, len(banks(experiment, device)))
    seconds = slowness * experiment.runs * share
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
