"""The share of F that L explains, mu_Y / I(F;Y), and the share of L that F keeps, mu_Y / I(L;Y), over the steps.

Each has a baseline: the same share if F and L were independent given Y, with their accuracies as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import over_seeds, step_axis
from core.figure.figure import ACCENT, FRAME, POSITIVE, THEME, TWEEN, Figure, as_tables, expr
from core.figure.over_seeds import Curve
from core.studies.complexity.charts import reference_lines

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
    return Figure(spec(), as_tables(tables), params)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis("SGD step")
    scale = alt.Scale(domain=[expr("y_low"), expr("y_high")], nice=False, zero=False)
    y = alt.Y("value:Q", title="share", scale=scale, axis=alt.Axis(tickCount=6))
    own = [alt.param(name=name, value=value) for name, value in (("y_low", 0), ("y_high", 1))]
    layers = [
        *(reference_lines.line_at(end, scale) for end in (0, 1)),
        over_seeds.bands(CURVES, x, scale),
        *reference_lines.matched(x),
        *over_seeds.lines(CURVES, x, y),
        *over_seeds.clock(CURVES, x, y, ".2f"),
    ]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME, step_axis.last_step(), *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))
