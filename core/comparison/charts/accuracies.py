"""The accuracy of F on test and training points over the steps, against that of L and of the larger class.

Mutual information does not see a sign: F with an accuracy of .28 tells as much as one with .72. Accuracy does.
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
from core.figure.over_seeds import Curve
from core.figure.palette import INK, MUTED

HEIGHT = 320

CURVES = (
    Curve("accuracy_test", "F, test", INK, read=True),
    Curve("accuracy_train", "F, train", MUTED, width=1.2, read=True),
)


def figure(curves: pd.DataFrame, facts: Mapping[str, Any], steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one explainer.

    Args:
        curves: step, accuracy_test, accuracy_train, with `_low` and `_high` of the lowest and highest seed.
        facts: explainer, explainer_accuracy, chance, matched_step.
        steps: the snapshots, (frame,).
    """
    own, chance = float(facts["explainer_accuracy"]), float(facts["chance"])
    names = [f"{curve.column}{end}" for curve in CURVES for end in ("", "_low") if f"{curve.column}{end}" in curves]
    seen = np.append(curves[names].to_numpy(np.float64).ravel(), [own, chance, 0.5])
    low, high = float(np.nanmin(seen)) - 0.06, 1.03
    scale = HEIGHT / (high - low)
    better = not own < chance
    tables = over_seeds.tables(CURVES, curves, steps, scale) | {
        "explainer": reference_lines.level_rows(own, f"L, {facts['explainer']}: {own:.3f}", scale, above=better),
        "chance": reference_lines.level_rows(
            chance, f"the larger class: {chance:.3f}", scale, above=not better, align="right"
        ),
        "matched": reference_lines.matched_rows(float(facts["matched_step"]), int(steps[-1])),
    }
    params = {"last_step": int(steps[-1]), "y_low": round(low, 3), "y_high": high}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params=over_seeds.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every run."""
    x, y = over_seeds.axes("accuracy")
    layers = [
        over_seeds.bands(CURVES, x, y),
        *reference_lines.matched(x),
        *reference_lines.levels(y, "chance", dash=[1, 2], colour=MUTED),
        *over_seeds.lines(CURVES, x, y),
        *reference_lines.levels(y, "explainer", dash=[6, 4]),
        *over_seeds.clock(CURVES, x, y, ".3f"),
    ]
    return alt.layer(*layers)
