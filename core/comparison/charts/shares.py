"""The share of F that L explains, mu_Y / I(F;Y), and the share of L that F keeps, mu_Y / I(L;Y), over the steps.

Each has a baseline: the same share if F and L were independent given Y, with their accuracies as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.charts import reference_lines
from core.figure import over_seeds
from core.figure.figure import Chart, Figure, specification
from core.figure.marks import across
from core.figure.over_seeds import Curve
from core.figure.palette import ACCENT, POSITIVE

HEIGHT = 320
LEAST = -1.0
"""The axis goes no lower: a share of little information may be any negative number."""

CURVES = (
    Curve("explained_share", "explained, μ_Y / I(F;Y)", POSITIVE, read=True),
    Curve("retained_share", "retained, μ_Y / I(L;Y)", ACCENT, read=True),
    Curve("explained_share_independent", "explained if independent", POSITIVE, dash=(2, 3), width=1.5),
    Curve("retained_share_independent", "retained if independent", ACCENT, dash=(2, 3), width=1.5),
)


def figure(curves: pd.DataFrame, facts: Mapping[str, Any], steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one explainer.

    Args:
        curves: step, explained_share, retained_share (NaN where masked), with `_low` and `_high` of the lowest and
            highest seed; explained_share_independent, retained_share_independent.
        facts: matched_step.
        steps: the snapshots, (frame,).
    """
    seen = curves[[curve.column for curve in CURVES]].to_numpy(np.float64)
    low = max(LEAST, min(0.0, float(np.nanmin(seen, initial=0.0)))) - 0.03
    high = 1.06
    tables = over_seeds.tables(CURVES, curves, steps, HEIGHT / (high - low))
    tables["matched"] = reference_lines.matched_rows(float(facts["matched_step"]), int(steps[-1]))
    params = {"last_step": int(steps[-1]), "y_low": round(low, 3), "y_high": high}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params=over_seeds.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every run."""
    x, y = over_seeds.axes("share")
    layers = [
        *(across(end, y, 0.6) for end in (0, 1)),
        over_seeds.bands(CURVES, x, y),
        *reference_lines.matched(x),
        *over_seeds.lines(CURVES, x, y),
        *over_seeds.clock(CURVES, x, y, ".2f"),
    ]
    return alt.layer(*layers)
