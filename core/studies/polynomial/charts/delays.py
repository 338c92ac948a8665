"""The delay of generalization against the output scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import delays as of_delays
from core.figure.figure import Chart, Figure, specification

HEIGHT = 230


def figure(ends: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure.

    Args:
        ends: alpha, seed, outcome, steps, train_step, loss_delay, a row a network.
        chosen: the alpha that is marked.
    """
    tables, params = of_delays.tables(ends, "alpha", "loss_delay", chosen, _why)
    return Figure.of(chart(), tables, params)


def _why(row: Mapping[Any, Any]) -> str:
    """Say why a network has no delay."""
    at = f"α = {row['alpha']:.3g}"
    if row["outcome"] == "diverged":
        return f"{at}: diverged by step {row['steps']:,}"
    what = "test loss above 0.2" if np.isfinite(row["train_step"]) else "training loss above 0.1"
    return f"{at}: {what} after {row['steps']:,} steps"


@specification(height=HEIGHT, params=of_delays.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every experiment; the selection `cell` picks an alpha."""
    x, place = of_delays.axis("output scale α"), of_delays.axis("output scale α", "x")
    return alt.layer(*of_delays.panel("alpha", "t(test 0.2) / t(training 0.1)", x, place))
