"""The value of one cell of a plane of one's own runs over steps: the mean over seeds, and a band over all of them."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import over_seeds
from core.figure.figure import Chart, Figure, specification
from core.figure.over_seeds import Curve
from core.figure.palette import ACCENT
from core.figure.rows import short
from core.studies.own_plane.charts.places import is_log

HEIGHT = 250
CURVES = (Curve("mean", "mean over seeds", ACCENT, read=True),)


def figure(cell: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of a cell.

    Args:
        cell: step, mean, least, greatest; steps ascend.
        steps: the snapshots, (frame,).
    """
    table = cell.rename(columns={"least": "mean_low", "greatest": "mean_high"})
    if table["step"].iloc[0] > steps[0]:  # nothing is known before the first row
        first = {"step": int(steps[0]), "mean": np.nan, "mean_low": np.nan, "mean_high": np.nan}
        table = pd.concat([pd.DataFrame([first]), table], ignore_index=True)
    values = table[["mean_low", "mean_high"]].to_numpy(np.float64)
    log, known = is_log(values.ravel()), values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    ends = (low / 1.15, high * 1.15) if log else (low - room, high + room)
    params = {"last_step": int(steps[-1]), "y_low": short(ends[0]), "y_high": short(ends[1])}
    return Figure.of(chart(log), over_seeds.tables(CURVES, table, steps, HEIGHT / (ends[1] - ends[0])), params)


@specification(height=HEIGHT, params=over_seeds.PARAMS)
def chart(log: bool) -> Chart:
    """Return the chart, one for each kind of axis."""
    kind = {"type": "log", "clamp": True} if log else {}
    x, y = over_seeds.axes("value", format="~g", **kind)
    clock = over_seeds.clock(CURVES, x, y, ".3~g")
    shown = clock[:2] if log else clock  # beside a logarithmic axis the dots are enough
    return alt.layer(over_seeds.bands(CURVES, x, y), *over_seeds.lines(CURVES, x, y), *shown)
