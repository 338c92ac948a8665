"""How far a training is, in a line of a terminal."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from core.experiment import Experiment
from core.sweeps import progress


@contextlib.contextmanager
def bar(experiment: Experiment, folder: Path, device: str) -> Iterator[None]:
    """Say every half second how many runs have ended and how far the others are."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            found = progress(experiment, folder, device)
            ended = experiment.runs - sum(min(shard.live, shard.runs) for shard in found)
            step = max(shard.step for shard in found)
            blocks = "█" * (20 * ended // experiment.runs)
            print(f"\r{blocks:░<20} {ended}/{experiment.runs} runs ended, step {step:,}", end="", file=sys.stderr)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        print("\r" + " " * 70 + "\r", end="", file=sys.stderr)
