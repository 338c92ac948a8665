"""What the recordings of runs that take all their steps have in common: recorded steps, and how each run ended."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.trajectory import UNFINISHED, Array

Floats = NDArray[np.float32]


class Recording:
    """The arrays of one bank's runs; a study adds its own to `outcome` and `end_step`, (run,)."""

    def __init__(self, steps: Array, runs: int) -> None:
        self.steps = steps
        self.arrays: dict[str, Array] = {
            "outcome": np.full(runs, UNFINISHED, np.int8),
            "end_step": np.zeros(runs, np.int32),
        }

    @property
    def unfinished(self) -> NDArray[np.bool_]:
        """Whether each run still trains, (run,)."""
        return np.asarray(self.arrays["outcome"] == UNFINISHED)

    def after(self, step: int) -> int:
        """Return the next recorded step."""
        return int(self.steps[np.searchsorted(self.steps, step, side="right")])

    def end(self, step: int, ended: NDArray[np.bool_], outcome: NDArray[np.int64]) -> None:
        """Note how those of `ended` that still trained ended, (run,) both."""
        fresh = ended & self.unfinished
        self.arrays["outcome"][fresh], self.arrays["end_step"][fresh] = outcome[fresh], step


def error(output: Floats, labels: Floats) -> Floats:
    """Return the share of points on the wrong side, (run,); F = 0 counts half, and a NaN anywhere makes NaN.

    A plain mean(y F <= 0) calls a NaN correct, and a diverged run perfect.
    """
    agreement = np.sign(output * labels)  # (run, point)
    share: Floats = ((1 - agreement) / 2).mean(axis=1, dtype=np.float64).astype(np.float32)
    return share


def rounded(values: Floats, fraction_bits: int) -> Floats:
    """Return the values with so many bits of fraction (of float32's 23), NaN and infinities as they are."""
    drop = np.uint32(23 - fraction_bits)
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    coarse = ((bits + (np.uint32(1) << (drop - np.uint32(1)))) >> drop) << drop
    return np.where(np.isfinite(values), coarse.view(np.float32), values)
