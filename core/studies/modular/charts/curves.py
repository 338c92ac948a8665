"""Errors and losses over the steps, of pairs trained on and of all others, one pair of curves an output scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import errors_and_losses
from core.figure.figure import Chart, Figure, specification
from core.figure.graded import alpha_colour, settings_of


def figure(path: pd.DataFrame, chosen: float, times: tuple[float, float], steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: alpha, step, and train_error, test_error, train_loss, test_loss of one seed, one network after the other.
        chosen: the alpha that is marked.
        times: when it fits, and when its test error is a half; NaN: never.
        steps: the snapshots, (frame,).
    """
    named = dict(zip(("fits", "test error ½"), times, strict=True))
    tables, params = errors_and_losses.tables(path, "alpha", chosen, named, steps, 1e-5)
    return Figure.of(chart(settings_of(path, "alpha")), tables, params)


@specification(padding=errors_and_losses.PADDING, params=errors_and_losses.PARAMS)
def chart(alphas: tuple[float, ...]) -> Chart:
    """Return the chart, the same for every experiment with these."""
    return errors_and_losses.chart(
        "alpha", "α", lambda legend: alpha_colour(alphas, legend=legend), "step of gradient descent"
    )
