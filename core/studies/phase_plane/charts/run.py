"""The curves of one cell of the phase plane over its steps: means over seeds, bands of one standard deviation.

Two figures on one clock: the errors, and on a logarithmic axis what changes by orders of magnitude.
"""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import over_seeds
from core.figure.figure import Chart, Figure, specification
from core.figure.over_seeds import Curve
from core.figure.palette import ACCENT, INK, NEGATIVE, POSITIVE
from core.figure.rows import short

HEIGHT = 250
DECADES = 6.0
"""The logarithmic axis goes at most so far down from its highest value."""

ERRORS = (
    Curve("test_error", "test error", ACCENT, read=True),
    Curve("train_error", "training error", INK, width=1.4, read=True),
)
CHANGES = (
    Curve("relative_loss", "loss / initial loss", INK, width=1.4, read=True),
    Curve("relative_weight_change", "|Δw| / |w₀|", POSITIVE, read=True),
    Curve("kernel_change", "change of the kernel", NEGATIVE, read=True),
)


def errors(cell: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the errors of one cell.

    Args:
        cell: alpha, step, and of each curve the mean over seeds and `_deviation`; steps ascend.
        steps: the snapshots, (frame,).
    """
    table = _with_bands(cell, ERRORS)
    high = max(float(np.nanmax(table[["test_error_high", "train_error_high"]].to_numpy(), initial=0.0)), 0.05)
    params = {"last_step": int(steps[-1]), "y_low": 0.0, "y_high": round(1.06 * high, 4)}
    return Figure.of(chart("errors"), over_seeds.tables(ERRORS, table, steps, HEIGHT / (1.06 * high)), params)


def changes(cell: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return how the loss, the weights and the kernel of one cell change; the arguments are those of `errors`."""
    scaled = cell.assign(
        relative_loss=cell["alpha"] * cell["loss"], relative_loss_deviation=cell["alpha"] * cell["loss_deviation"]
    )
    table = _with_bands(scaled, CHANGES)
    names = [curve.column for curve in CHANGES]
    for name in names:  # nothing at all has no place on this axis
        table[name] = table[name].where(table[name] > 0)
    known = table[names].to_numpy(np.float64)
    high = float(np.nanmax(known, initial=1.0)) * 1.6
    low = max(float(np.nanmin(known, initial=1.0)) / 1.6, high * 10**-DECADES)
    for name in names:
        table[f"{name}_low"] = table[f"{name}_low"].clip(lower=low).where(table[name].notna())
    params = {"last_step": int(steps[-1]), "y_low": short(low, 3), "y_high": short(high, 3)}
    rows = over_seeds.tables(CHANGES, table, steps, 1.0)
    return Figure.of(chart("changes"), rows, params)


def _with_bands(cell: pd.DataFrame, curves: tuple[Curve, ...]) -> pd.DataFrame:
    """Return a step a row with `_low` and `_high`, one deviation away; a single seed has none."""
    found = cell.sort_values("step", kind="stable").reset_index(drop=True)
    for curve in curves:
        spread = found[f"{curve.column}_deviation"]
        found = found.assign(
            **{
                f"{curve.column}_low": found[curve.column] - spread,
                f"{curve.column}_high": found[curve.column] + spread,
            }
        )
    return found


@specification(height=HEIGHT, params=over_seeds.PARAMS)
def chart(which: str) -> Chart:
    """Return the chart of the errors or the changes, the same for every cell."""
    log, curves = which == "changes", CHANGES if which == "changes" else ERRORS
    x, y = (
        over_seeds.axes("ratio", format="~g", type="log", clamp=True)
        if log
        else over_seeds.axes("share of points", format=".2~f")
    )
    clock = over_seeds.clock(curves, x, y, ".3f")
    shown = clock[:2] if log else clock  # beside a logarithmic axis the dots are enough
    return alt.layer(over_seeds.bands(curves, x, y), *over_seeds.lines(curves, x, y), *shown)
