"""What the network has learned of the target's direction, and how its kernel is aligned, over the steps."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, specification
from core.figure.graded import EXTENT, alpha_colour, marked, range_of, settings_of
from core.figure.marks import between, marks_of, stacked
from core.figure.rows import listed, records
from core.figure.share_axis import share_axis

HEIGHTS = (120, 120)
PANELS: Mapping[str, str] = {"target_overlap": "overlap ΔM, ββᵀ", "kernel_alignment": "alignment"}
ALIGNED = 0.6
"""Where the axis of alignments ends at least."""


def figure(path: pd.DataFrame, chosen: float, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: alpha, step and the columns of `PANELS`, one network after the other.
        chosen: the alpha that is marked.
        steps: the snapshots, (frame,).
    """
    same = {
        "alpha": path["alpha"].tolist(),
        "step": path["step"].tolist(),
        "marked": (path["alpha"] == chosen).tolist(),
    }
    mine = path[path["alpha"] == chosen]
    tables = {name: records(same | {"value": listed(path[name])}) for name in PANELS}
    moving = {
        f"{name}_now": step_axis.dot_rows(steps, [({"alpha": chosen}, mine[name].to_numpy(np.float64))])
        for name in PANELS
    }
    most = float(np.nanmax([ALIGNED, *path["kernel_alignment"]]))
    params = {"last_step": float(steps[-1]), "aligned": round(1.05 * most, 3), **range_of(path["alpha"].tolist())}
    now = {"now": step_axis.now_rows(steps)}
    return Figure.of(chart(settings_of(path, "alpha")), {**tables, **moving, **now}, params)


@specification(padding=72, params={**step_axis.PARAMS, "aligned": 0.6, "least": 0.01, "most": 4})
def chart(alphas: tuple[float, ...]) -> Chart:
    """Return the chart, the same for every experiment with these output scales."""
    panels = []
    plain = alt.Axis(tickCount=4, grid=False, **EXTENT)
    axes = (
        share_axis(PANELS["target_overlap"], 3, **EXTENT),
        alt.Y("value:Q", title=PANELS["kernel_alignment"], scale=between(0, "aligned"), axis=plain),
    )
    for name, y, height in zip(PANELS, axes, HEIGHTS, strict=True):
        last = name == "kernel_alignment"
        x, hue = step_axis.step_axis("step of gradient descent" if last else None), alpha_colour(alphas, legend=last)
        rows = marks_of(name).transform_calculate(said="'α = ' + datum.alpha")
        layers = [
            rows.mark_line(clip=True, opacity=0.9).encode(
                x=x, y=y, color=hue, detail="alpha:N", strokeWidth=marked(1.1, 2.8), tooltip="said:N"
            ),
            step_axis.marker(x),
            step_axis.dots(f"{name}_now", x, y, hue, "'α = ' + datum.alpha + ': '"),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels)
