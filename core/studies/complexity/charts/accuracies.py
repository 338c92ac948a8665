"""The accuracy of F on test and training points over the steps, against that of L and of the larger class.

Mutual information does not see a sign: F with an accuracy of .28 tells as much as one with .72. Accuracy does.
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
from core.figure.figure import FRAME, INK, MUTED, THEME, TWEEN, Figure, as_tables, expr
from core.figure.over_seeds import Curve
from core.studies.complexity.charts import reference_lines

HEIGHT = 320

CURVES = (
    Curve("accuracy_test", "F, test", expr(INK), read=True),
    Curve("accuracy_train", "F, train", expr(MUTED), width=1.2, read=True),
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
    return Figure(spec(), as_tables(tables), params)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis("SGD step")
    scale = alt.Scale(domain=[expr("y_low"), expr("y_high")], nice=False, zero=False)
    y = alt.Y("value:Q", title="accuracy", scale=scale, axis=alt.Axis(tickCount=6))
    own = [alt.param(name=name, value=value) for name, value in (("y_low", 0), ("y_high", 1))]
    layers = [
        over_seeds.bands(CURVES, x, scale),
        *reference_lines.matched(x),
        *reference_lines.levels(y, "chance", dash=[1, 2], colour=MUTED),
        *over_seeds.lines(CURVES, x, y),
        *reference_lines.levels(y, "explainer", dash=[6, 4]),
        *over_seeds.clock(CURVES, x, y, ".3f"),
    ]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME, step_axis.last_step(), *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))
