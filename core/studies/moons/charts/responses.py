"""Two moons over the epochs: how far a strong and a weak direction of the first tangent kernel have been learned."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import stacked
from core.studies.moons.charts.penalties import by_penalty, curves, measured, most, tables

HEIGHT = 160
STRONG, WEAK = "z_1", "z_6"


def figure(responses: pd.DataFrame, steps: NDArray[np.int64], margin: float) -> Figure:
    """Return the figure of all seeds: |z|, for an eigenvector has no sign.

    Args:
        responses: margin, penalty, seed, epoch, z_1, z_6.
        steps: the snapshots, (frame,).
        margin: that on screen.
    """
    found: dict[str, Rows] = {"now": step_axis.now_rows(steps)}
    bounds: dict[str, float | str] = {"last_step": int(steps[-1])}
    here = responses[responses["margin"] == margin]
    for name, column in (("strong", STRONG), ("weak", WEAK)):
        values = {key: np.abs(of_seeds) for key, of_seeds in by_penalty(here, column).items()}
        found |= tables(name, steps, values, margin)
        bounds[f"most_{name}"] = most(values)
    return Figure.of(chart(), found, bounds)


@specification(padding=72, params={"most_strong": 100, "most_weak": 10, **step_axis.PARAMS})
def chart() -> Chart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    return stacked(
        *(
            alt.layer(
                *curves(name, step_axis.step_axis(title=title), measured(said, name), legend=title is not None)
            ).properties(height=HEIGHT)
            for name, said, title in (("strong", "|z₁|", None), ("weak", "|z₆|", "step of gradient descent"))
        )
    )
