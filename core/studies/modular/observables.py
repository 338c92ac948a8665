"""What is read off networks that learn modular addition: the spectra of neurons."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]


def spectrum(rows: Floats) -> Floats:
    """Return |w_k|^2 of neurons' weights from one of the two numbers, for the frequencies k = 1 ... floor(p / 2).

    Args:
        rows: (..., residue).
    """
    return np.asarray(np.abs(np.fft.rfft(rows, axis=-1)[..., 1:]) ** 2)


def participation(rows: Floats) -> float:
    """Return the mean over neurons of sum |w_k|^4 / (sum |w_k|^2)^2: 1 where each neuron has one frequency.

    Args:
        rows: (neuron, residue).
    """
    power = spectrum(rows)
    return float(((power**2).sum(axis=1) / power.sum(axis=1) ** 2).mean())
