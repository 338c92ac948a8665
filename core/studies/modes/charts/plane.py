"""The neurons of one mode in the plane of their two weights: under either loss on the same hyperbolas, by other clocks.

On its own mode a neuron keeps y^2 - z^2 (Tachet des Combes et al. 2018, 1809.06848; derived in `core.theory.modes`).
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import across, between, marks_of
from core.figure.palette import MUTED
from core.figure.rows import Floats, listed
from core.studies.modes.charts.marks import LOSSES, loss_colour

HEIGHT = 350
MOST = 30
"""Neurons that are drawn, the first ones."""


def figure(paths: Floats, places: dict[str, Floats]) -> Figure:
    """Return the figure of one mode.

    Args:
        paths: y and z of its neurons along their whole way, (2, unit, node): theory.
        places: for each loss y and z at the snapshots, (2, unit, frame): measured, or theory before that.
    """
    every = np.concatenate(
        [part.reshape(2, -1) for part in (paths[:, :MOST], *(p[:, :MOST] for p in places.values()))], 1
    )
    reach = 1.06 * max(float(np.nanmax(np.abs(every))), 1e-6)
    left = min(1.1 * float(np.nanmin(every[1])), -0.06 * reach)
    tables: dict[str, Rows] = {
        "paths": [
            {"neuron": unit, "place": place, "y": y, "z": z}
            for unit in range(min(MOST, paths.shape[1]))
            for place, (y, z) in enumerate(zip(listed(paths[0, unit]), listed(paths[1, unit]), strict=True))
        ],
        "places": [
            {"loss": LOSSES[loss][0], "neuron": unit, "ys": listed(both[0, unit]), "zs": listed(both[1, unit])}
            for loss, both in places.items()
            for unit in range(min(MOST, both.shape[1]))
        ],
        "saddle": [{"z": 0, "y": 0, "z2": -reach, "y2": reach}],
    }
    return Figure.of(chart(), tables, {"left": round(left, 5), "reach": round(reach, 5)})


@specification(height=HEIGHT, params={"left": -0.1, "reach": 1})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    axis = alt.Axis(tickCount=5, grid=False, format="~g")
    x = alt.X("z:Q", title="z, output weight times the class sign", scale=between("left", "reach"), axis=axis)
    low = between("-0.06 * reach", "reach")
    y = alt.Y("y:Q", title="y = w·x / |x|, first layer", scale=low, axis=axis)
    saddle = marks_of("saddle").mark_rule(strokeDash=[5, 4], color=MUTED, clip=True)
    line = saddle.encode(x=x, y=y, x2="z2:Q", y2="y2:Q")
    zero = alt.Chart(alt.InlineData([{"z": 0}])).mark_rule(color=MUTED, opacity=0.4).encode(x=x)
    paths = marks_of("paths").mark_line(strokeWidth=1, opacity=0.6, color=MUTED, clip=True)
    now = marks_of("places").transform_calculate(
        y=moving("ys"),
        z=moving("zs"),
        said="tween ? '' : datum.loss + ', neuron ' + datum.neuron + ': z = ' + format(datum.z, '.3f') + ', y = ' "
        "+ format(datum.y, '.3f')",
    )
    rings: dict[str, Any] = {"filled": False, "size": 85, "strokeWidth": 2, "opacity": 1, "clip": True}
    hinge = now.transform_filter("datum.loss == 'hinge'").mark_point(**rings)
    entropy = now.transform_filter("datum.loss != 'hinge'").mark_point(filled=True, size=42, opacity=0.95, clip=True)
    hue = loss_colour()
    layers = [
        zero,
        across(0, y, 0.4),
        line,
        paths.encode(x=x, y=y, detail="neuron:N", order="place:Q"),
        hinge.encode(x=x, y=y, color=hue, tooltip="said:N"),
        entropy.encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)
