"""Two moons over the epochs: how far the boundary is from a straight line, and how large the logits are."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import ACCENT, FRAME, THEME, TWEEN, Figure, Rows, as_tables, expr
from core.studies.moons.charts.penalties import EXTENT, curve_rows, curves, moving_rows, over_seeds

RESIDUAL_HEIGHT, LOGIT_HEIGHT = 200, 120


def figure(moons: pd.DataFrame, steps: NDArray[np.int64], margin: float, level: float) -> Figure:
    """Return the figure of all seeds.

    Args:
        moons: margin, penalty, seed, epoch, residual, mean_logit.
        steps: the snapshots, (frame,).
        margin: that on screen.
        level: the |f| that Spectral Decoupling comes to, by theory; not a number: none.
    """
    residual, logit = (over_seeds(moons, name) for name in ("residual", "mean_logit"))
    tables: dict[str, Rows] = {
        "residual": curve_rows(steps, residual, margin),
        "residual_now": moving_rows(steps, residual, margin),
        "logit": curve_rows(steps, logit, margin),
        "logit_now": moving_rows(steps, logit, margin),
        "level": [{"value": round(level, 4), "text": f"theory: m = {level:.3f}"}] if np.isfinite(level) else [],
        "now": step_axis.now_rows(steps),
    }
    bounds = {"last_step": int(steps[-1]), "most_residual": _most(residual), "most_logit": _most(logit)}
    return Figure(spec(), as_tables(tables), bounds)


def _most(values: dict[tuple[float, str], NDArray[np.float64]]) -> float:
    known = np.concatenate([of_seeds.ravel() for of_seeds in values.values()])
    return round(1.08 * float(np.nanmax(known, initial=1e-3)), 4)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    residual = alt.layer(
        *curves("residual", step_axis.step_axis(title=None), measured("residual", "residual"), legend=False)
    ).properties(height=RESIDUAL_HEIGHT)
    x, y = step_axis.step_axis(title="epoch"), measured("mean |f|", "logit")
    level = alt.Chart(alt.NamedData("level"))
    rule = level.mark_rule(color=ACCENT, strokeDash=[5, 4]).encode(y=y)
    words = level.mark_text(fontSize=10, color=ACCENT, align="left", baseline="bottom", dy=-3).encode(
        x=alt.value(6), y=y, text="text:N"
    )
    logit = alt.layer(rule, words, *curves("logit", x, y, legend=True)).properties(height=LOGIT_HEIGHT)
    both: alt.VConcatChart = alt.vconcat(residual, logit, spacing=10).resolve_scale(color="independent")
    own = [alt.param(name=name, value=value) for name, value in (("most_residual", 0.2), ("most_logit", 10))]
    both = both.add_params(FRAME, TWEEN, *THEME, step_axis.last_step(), *own)
    return both.properties(usermeta={"trainscope": {"padding": 72}}, config=alt.Config(aria=False))


def measured(title: str, name: str) -> alt.Y:
    """Return an axis from 0 to the param `most_` and the name."""
    scale = alt.Scale(domain=[0, expr(f"most_{name}")], nice=False)
    return alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(tickCount=4, grid=False, **EXTENT))
