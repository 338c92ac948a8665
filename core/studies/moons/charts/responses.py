"""Two moons over the epochs: how far a strong and a weak direction of the first tangent kernel have been learned."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import FRAME, THEME, TWEEN, Figure, Rows, as_tables
from core.studies.moons.charts.curves import measured
from core.studies.moons.charts.penalties import curve_rows, curves, moving_rows, over_seeds

HEIGHT = 160
STRONG, WEAK = "z_1", "z_6"


def figure(responses: pd.DataFrame, steps: NDArray[np.int64], margin: float) -> Figure:
    """Return the figure of all seeds: |z|, for an eigenvector has no sign.

    Args:
        responses: margin, penalty, seed, epoch, z_1, z_6.
        steps: the snapshots, (frame,).
        margin: that on screen.
    """
    tables: dict[str, Rows] = {"now": step_axis.now_rows(steps)}
    bounds: dict[str, float | str] = {"last_step": int(steps[-1])}
    for name, column in (("strong", STRONG), ("weak", WEAK)):
        found = over_seeds(responses, column)
        values = {key: np.abs(of_seeds) for key, of_seeds in found.items() if key[0] == margin}
        tables[name], tables[f"{name}_now"] = curve_rows(steps, values, margin), moving_rows(steps, values, margin)
        known = np.concatenate([of_seeds.ravel() for of_seeds in values.values()])
        bounds[f"most_{name}"] = round(1.08 * float(np.nanmax(known, initial=1e-3)), 4)
    return Figure(spec(), as_tables(tables), bounds)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    panels = [
        alt.layer(
            *curves(name, step_axis.step_axis(title=title), measured(said, name), legend=title is not None)
        ).properties(height=HEIGHT)
        for name, said, title in (("strong", "|z₁|", None), ("weak", "|z₆|", "epoch"))
    ]
    both: alt.VConcatChart = alt.vconcat(*panels, spacing=10).resolve_scale(color="independent")
    own = [alt.param(name=name, value=value) for name, value in (("most_strong", 100), ("most_weak", 10))]
    both = both.add_params(FRAME, TWEEN, *THEME, step_axis.last_step(), *own)
    return both.properties(usermeta={"trainscope": {"padding": 72}}, config=alt.Config(aria=False))
