"""Accuracies over the steps: of networks on real images and on clones, tested on real images; or of one network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import over_seeds
from core.figure.figure import Chart, Figure, specification
from core.figure.marks import across
from core.figure.over_seeds import Curve
from core.figure.palette import ACCENT, INK, NEGATIVE, POSITIVE
from core.figure.rows import mean_of_known
from core.studies.clones.charts import landmarks
from core.studies.clones.experiment import CLONES, KINDS

HEIGHT = 300
CHANCE = 0.1
LOOKS = {
    "real": Curve("real", KINDS["real"], INK, width=2.4, read=True),
    "gauss": Curve("gauss", KINDS["gauss"], POSITIVE, read=True),
    "iso": Curve("iso", KINDS["iso"], NEGATIVE, read=True),
    "indep": Curve("indep", KINDS["indep"], ACCENT, dash=(5, 3), read=True),
}
CURVES = tuple(LOOKS.values())


def figure(accuracies: pd.DataFrame, by: str, departed: Sequence[float], axis: str, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        accuracies: `by` (a kind of images), seed, step, accuracy_test, one seed after the other.
        by: trained_on or tested_on.
        departed: the steps that are marked, one a clone; NaN where there is none.
        axis: what the axis says.
        steps: the snapshots, (frame,).
    """
    columns: dict[str, Any] = {"step": steps}
    for kind, rows in accuracies.groupby(by, sort=False):
        columns |= _banded(str(kind), rows["accuracy_test"].to_numpy(np.float64).reshape(-1, len(steps)))
    table = pd.DataFrame(columns)
    most = float(np.nanmax([table[f"{kind}_high"].max() for kind in KINDS] + [0.2]))
    high, last = round(min(1.04 * most, 1.03), 3), int(steps[-1])
    marked = [
        (step, KINDS[clone], f"leaves {KINDS[clone]} at step {step:,.0f}")
        for clone, step in zip(CLONES, departed, strict=True)
    ]
    tables = over_seeds.tables(CURVES, table, steps, HEIGHT / high)
    tables["departed"] = landmarks.rows(marked, last)
    return Figure.of(chart(axis), tables, {"last_step": last, "y_low": 0.0, "y_high": high})


def _banded(kind: str, values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the mean of (seed, frame) and its band from the lowest to the highest seed."""
    known = np.isfinite(values)
    some = known.any(axis=0)
    low, high = (
        np.where(some, end(np.where(known, values, beyond), axis=0), np.nan)
        for end, beyond in ((np.min, np.inf), (np.max, -np.inf))
    )
    return {kind: mean_of_known(values), f"{kind}_low": low, f"{kind}_high": high}


@specification(height=HEIGHT, params=over_seeds.PARAMS)
def chart(axis: str) -> Chart:
    """Return the chart, the same for every experiment."""
    x, y = over_seeds.axes(axis, format=".1f")
    layers = [
        across(CHANCE, y, 0.6),
        over_seeds.bands(CURVES, x, y),
        *landmarks.landmarks("departed", x, over_seeds.colour(CURVES)),
        *over_seeds.lines(CURVES, x, y),
        *over_seeds.clock(CURVES, x, y, ".2f"),
    ]
    return alt.layer(*layers)
