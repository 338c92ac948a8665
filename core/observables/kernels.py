"""What is read off tangent kernels: how they are aligned with the targets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]


def alignment(kernel: Floats, y: Floats) -> float:
    """Return <K, Y Y'> / (|K| |Y Y'|), both centred: Cortes, Mohri, Rostamizadeh 2012 (1203.0550).

    Args:
        kernel: K, (point, point).
        y: targets, (point, output).
    """
    target = y.astype(np.float64) @ y.T
    kernel, target = (one - one.mean(axis=0) - one.mean(axis=1)[:, None] + one.mean() for one in (kernel, target))
    return float((kernel * target).sum() / (np.linalg.norm(kernel) * np.linalg.norm(target)))


def relative_change(kernel: Floats, before: Floats) -> float:
    """Return |K - K0| / |K0|, Frobenius norms, of kernels (point, point)."""
    return float(np.linalg.norm(kernel - before) / np.linalg.norm(before))
