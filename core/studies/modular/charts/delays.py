"""The delay of generalization, and when networks fit and generalize, against the output scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import delays as of_delays
from core.figure.figure import Chart, Figure, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, dot, marks_of, stacked
from core.figure.palette import ACCENT, POSITIVE, categories
from core.figure.rows import short

HEIGHTS = (190, 150)
EVENTS = {"fitted_step": ("training error 0", ACCENT), "half_step": ("test error ½", POSITIVE)}


def figure(delays: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure.

    Args:
        delays: alpha, seed, outcome, base_rate, steps, fitted_step, half_step, half_delay, a row a network.
        chosen: the alpha that is marked.
    """
    tables, params = of_delays.tables(delays, "alpha", "half_delay", chosen, _why)
    shown = of_delays.placed(delays, "alpha")
    times = [
        {"place": row["place"], "event": name, "value": short(row[event] * row["base_rate"]), "seed": row["seed"]}
        for event, (name, _) in EVENTS.items()
        for row in shown[np.isfinite(shown[event])].to_dict("records")
    ]
    ends = [row["value"] for row in times] or [1.0]
    params |= {"soon": short(0.6 * min(ends), 3), "late": short(1.7 * max(ends), 3)}
    return Figure.of(chart(), tables | {"times": times}, params)


def _why(row: Mapping[Any, Any]) -> str:
    """Say why a network has no delay."""
    at = f"α = {row['alpha']:g}, seed {row['seed']}"
    if row["outcome"] == "diverged":
        return f"{at}: diverged by step {row['steps']:,}"
    what = "test error above ½" if np.isfinite(row["fitted_step"]) else "training error above 0"
    return f"{at}: {what} after {row['steps']:,} steps"


@specification(padding=72, params={**of_delays.PARAMS, "soon": 1e5, "late": 1e9})
def chart() -> Chart:
    """Return the chart, the same for every experiment; the selection `cell` picks an alpha."""
    above = of_delays.panel("alpha", "t(½) / t(fit)", of_delays.axis(None), of_delays.axis(None, "x"))
    log = alt.Axis(tickCount=4, format="~s", grid=False, **EXTENT)
    y = alt.Y("value:Q", title="time η₀ t", scale=between("soon", "late", type="log"), axis=log)
    legend = alt.Legend(title=None, orient="bottom", symbolOpacity=1, symbolSize=60)
    x = of_delays.axis("output scale α")
    when = marks_of("times").transform_calculate(
        said="datum.event + ', seed ' + datum.seed + ': η₀ t = ' + format(datum.value, '.2~e')"
    )
    hue = categories("event", dict(EVENTS.values()), legend)
    times = dot(when, size=55).encode(x=x, y=y, color=hue, tooltip="said:N")
    below = alt.layer(of_delays.rule(x), times)
    return stacked(alt.layer(*above).properties(height=HEIGHTS[0]), below.properties(height=HEIGHTS[1]))
