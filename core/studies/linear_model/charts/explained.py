"""How much of a linear model's performance the simple classifier explains, over the steps, from three starts."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import FRAME, MUTED, THEME, TWEEN, Figure, Rows, as_tables, expr
from core.studies.linear_model.charts.path import EXTENT, curves
from core.studies.linear_model.charts.starts import curve_rows, moving_rows, over_seeds

HEIGHT = 335


def figure(path: pd.DataFrame, steps: NDArray[np.int64], measure: str = "mu_y") -> Figure:
    """Return the figure of all seeds.

    Args:
        path: start, seed, step, explainer_information, and the measure.
        steps: the snapshots, (frame,).
        measure: `mu_y`, against labels as noisy as those trained on, or `mu_y_clean`, against true labels.
    """
    values = over_seeds(path, measure)
    ceiling = float(path["explainer_information"].iloc[0]) if measure == "mu_y" else 1.0
    tables: dict[str, Rows] = {
        "explained": curve_rows(steps, values),
        "explained_now": moving_rows(steps, values),
        "ceiling": [{"value": round(ceiling, 4), "text": f"I(L;Y) = {ceiling:.3f} bits, all that L knows"}],
        "now": step_axis.now_rows(steps),
    }
    return Figure(spec(), as_tables(tables), {"last_step": int(steps[-1]), "bits": round(1.12 * ceiling + 1e-3, 3)})


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis(title="SGD step")
    scale = alt.Scale(domain=[expr("-0.03 * bits"), expr("bits")], nice=False)
    y = alt.Y("value:Q", title="μ_Y(F;L), bits", scale=scale, axis=alt.Axis(tickCount=5, grid=False, **EXTENT))
    level = alt.Chart(alt.NamedData("ceiling"))
    rule = level.mark_rule(color=expr(MUTED), strokeDash=[5, 4]).encode(y=y)
    words = level.mark_text(fontSize=10, color=expr(MUTED), align="left", baseline="bottom", dy=-4).encode(
        x=alt.value(6), y=y, text="text:N"
    )
    layered = alt.layer(rule, words, *curves("explained", x, y, legend=True))
    layered = layered.add_params(FRAME, TWEEN, *THEME, step_axis.last_step(), alt.param(name="bits", value=1.1))
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))
