"""Errors and losses over the steps, of training and test images, one pair of curves an initialization scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import errors_and_losses, graded
from core.figure.figure import Chart, Figure, specification
from core.figure.graded import settings_of


def figure(path: pd.DataFrame, chosen: float, times: tuple[float, float], steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: scale, step, and train_error, test_error, train_loss, test_loss, one network after the other.
        chosen: the scale that is marked.
        times: when its training error is at most 0.01, its test error at most 0.2; NaN: never.
        steps: the snapshots, (frame,).
    """
    named = dict(zip(("training error 1 %", "test error 20 %"), times, strict=True))
    tables, params = errors_and_losses.tables(path, "scale", chosen, named, steps, 1e-6)
    return Figure.of(chart(settings_of(path, "scale")), tables, params)


@specification(padding=errors_and_losses.PADDING, params=errors_and_losses.PARAMS)
def chart(scales: tuple[float, ...]) -> Chart:
    """Return the chart, the same for every experiment with these."""
    return errors_and_losses.chart(
        "scale",
        "scale",
        lambda legend: graded.colour("scale", "initialization scale", scales, legend=legend),
        "step of AdamW",
    )
