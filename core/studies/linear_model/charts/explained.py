"""How much of a linear model's performance the simple classifier explains, over the steps, from three starts."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, level, marks_of
from core.studies.linear_model.charts import starts
from core.studies.linear_model.charts.path import EXTENT

HEIGHT = 335


def figure(path: pd.DataFrame, steps: NDArray[np.int64], measure: str = "mu_y") -> Figure:
    """Return the figure of all seeds.

    Args:
        path: start, seed, step, explainer_information, and the measure.
        steps: the snapshots, (frame,).
        measure: `mu_y`, against labels as noisy as those trained on, or `mu_y_clean`, against true labels.
    """
    ceiling = float(path["explainer_information"].iloc[0]) if measure == "mu_y" else 1.0
    tables: dict[str, Rows] = {
        **starts.tables("explained", steps, starts.by_start(path, measure)),
        "ceiling": [{"value": round(ceiling, 4), "text": f"I(L;Y) = {ceiling:.3f} bits, all that L knows"}],
        "now": step_axis.now_rows(steps),
    }
    return Figure.of(chart(), tables, {"last_step": int(steps[-1]), "bits": round(1.12 * ceiling + 1e-3, 3)})


@specification(height=HEIGHT, params={**step_axis.PARAMS, "bits": 1.1})
def chart() -> Chart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis(title="SGD step")
    scale = between("-0.03 * bits", "bits")
    y = alt.Y("value:Q", title="μ_Y(F;L), bits", scale=scale, axis=alt.Axis(tickCount=5, grid=False, **EXTENT))
    return alt.layer(*level(marks_of("ceiling"), y), *starts.curves("explained", x, y, legend=True))
