"""Two moons over the epochs: how far the boundary is from a straight line, and how large the logits are."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import level, marks_of, stacked
from core.figure.palette import ACCENT
from core.studies.moons.charts.penalties import by_penalty, curves, measured, most, tables

RESIDUAL_HEIGHT, LOGIT_HEIGHT = 200, 120


def figure(moons: pd.DataFrame, steps: NDArray[np.int64], margin: float, level: float) -> Figure:
    """Return the figure of all seeds.

    Args:
        moons: margin, penalty, seed, epoch, residual, mean_logit.
        steps: the snapshots, (frame,).
        margin: that on screen.
        level: the |f| that Spectral Decoupling comes to, by theory; not a number: none.
    """
    residual, logit = (by_penalty(moons, name) for name in ("residual", "mean_logit"))
    found: dict[str, Rows] = {
        **tables("residual", steps, residual, margin),
        **tables("logit", steps, logit, margin),
        "level": [{"value": round(level, 4), "text": f"theory: m = {level:.3f}"}] if np.isfinite(level) else [],
        "now": step_axis.now_rows(steps),
    }
    bounds = {"last_step": int(steps[-1]), "most_residual": most(residual), "most_logit": most(logit)}
    return Figure.of(chart(), found, bounds)


@specification(padding=72, params={"most_residual": 0.2, "most_logit": 10, **step_axis.PARAMS})
def chart() -> Chart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    residual = curves("residual", step_axis.step_axis(title=None), measured("residual", "residual"), legend=False)
    y = measured("mean |f|", "logit")
    logit = [*level(marks_of("level"), y, ACCENT), *curves("logit", step_axis.step_axis(), y, legend=True)]
    return stacked(
        alt.layer(*residual).properties(height=RESIDUAL_HEIGHT), alt.layer(*logit).properties(height=LOGIT_HEIGHT)
    )
