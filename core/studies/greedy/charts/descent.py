"""The loss and the directions in use over the steps, of networks built unit by unit and of gradient descent."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, marks_of, stacked
from core.figure.palette import INK
from core.figure.rows import listed, records, short
from core.studies.greedy.charts.methods import NAMES, colour, dashes

HEIGHTS = (190, 150)
PANELS = {"loss": "relative_loss", "directions": "directions"}


def figure(path: pd.DataFrame, added: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: seed, method, step, relative_loss, directions of networks of one size, one after the other.
        added: seed, step, relative_loss of every unit that was added to them.
        steps: the snapshots, (frame,).
    """
    tables: dict[str, Rows] = {"now": step_axis.now_rows(steps)}
    for name, column in PANELS.items():
        runs = [
            ({"method": NAMES[str(method)], "seed": int(str(seed))}, own[column].to_numpy(np.float64))
            for (seed, method), own in path.groupby(["seed", "method"], sort=False)
        ]
        tables[name] = step_axis.curve_rows(steps, runs)
        tables[f"{name}_now"] = step_axis.dot_rows(steps, runs)
    places = {"seed": added["seed"].tolist(), "step": added["step"].tolist(), "unit": added["added_unit"].tolist()}
    tables["added"] = records(places | {"value": listed(added["relative_loss"])})
    most = float(np.nanmax(path["directions"].to_numpy(np.float64), initial=1.0))
    lowest = float(np.nanmin(path["relative_loss"].to_numpy(np.float64), initial=1.0))
    params = {"last_step": float(steps[-1]), "loss_low": short(0.7 * lowest), "count_high": short(1.6 * max(most, 4.0))}
    return Figure.of(chart(), tables, params)


@specification(padding=72, params={**step_axis.PARAMS, "loss_low": 0.02, "count_high": 100})
def chart() -> Chart:
    """Return the chart, the same for every experiment; scales named concat_0_x and concat_1_x."""
    losses = alt.Axis(values=[1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001], format="~g", grid=False, **EXTENT)
    counts = alt.Axis(values=[2**power for power in range(11)], grid=False, **EXTENT)
    axes = (
        alt.Y("value:Q", title="loss / loss at f = 0", scale=between("loss_low", 1.15, type="log"), axis=losses),
        alt.Y("value:Q", title="directions in use", scale=between(0.9, "count_high", type="log"), axis=counts),
    )
    panels = []
    for name, y, height in zip(PANELS, axes, HEIGHTS, strict=True):
        last = name == "directions"
        x = step_axis.step_axis("step of gradient descent" if last else None)
        lines = marks_of(name).transform_filter("isValid(datum.value)")
        lines = lines.mark_line(clip=True, strokeWidth=1.7, interpolate="step-after" if last else "linear")
        layers = [
            lines.encode(x=x, y=y, color=colour(legend=last), detail="seed:N", strokeDash=dashes(legend=last)),
            *([] if last else [_added(x, y)]),
            step_axis.marker(x),
            step_axis.dots(f"{name}_now", x, y, colour(legend=last), "datum.method + ', seed ' + datum.seed + ': '"),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels, strokeDash="independent")


def _added(x: alt.X, y: alt.Y) -> alt.Chart:
    """Return a tick where a unit was added."""
    rows = marks_of("added").transform_calculate(
        said="'unit ' + datum.unit + ', seed ' + datum.seed + ': added at step ' + format(datum.step, ',')"
    )
    ticks: alt.Chart = rows.mark_point(shape="triangle-down", filled=True, size=45, color=INK, opacity=0.85, clip=True)
    return ticks.encode(x=x, y=y, tooltip="said:N")
