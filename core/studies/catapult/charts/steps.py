"""The networks and the toy over the steps: the loss, the curvature, and the share of dead units."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT, marked
from core.figure.marks import across, between, marks_of, stacked
from core.figure.palette import INK, strokes
from core.figure.rows import listed, records
from core.figure.share_axis import share_axis
from core.studies.catapult.charts.regimes import colour, curvature_axis, regime

HEIGHTS = (150, 120, 70)
"""Of the panels, in pixels."""
PANELS = ("loss_ratio", "eta_lambda", "dead_share")
"""Their columns."""
FLOOR = 1e-6


def figure(networks: pd.DataFrame | None, toy: pd.DataFrame, chosen: float, steps: NDArray[np.int64]) -> Figure:
    """Return the figure; without networks it has the toy alone.

    Args:
        networks: c, step and the columns of `PANELS`, one c after the other.
        toy: c, step, loss_ratio, eta_lambda, likewise.
        chosen: the c that is marked, and of which the toy is drawn.
        steps: the snapshots, (frame,).
    """
    rows, tables = networks if networks is not None else toy[:0].assign(dead_share=0.0), dict[str, Rows]()
    theory, named = toy[toy["c"] == chosen], {"regime": regime(chosen), "c": chosen}
    mine = rows[rows["c"] == chosen]
    for name in PANELS:
        columns: dict[str, list[Any]] = {
            "c": rows["c"].tolist(),
            "step": rows["step"].tolist(),
            "value": listed(_shown(rows[name])),
        }
        regimes: dict[str, list[Any]] = {
            "regime": [regime(c) for c in rows["c"]],
            "marked": (rows["c"] == chosen).tolist(),
        }
        tables[name] = records(columns | regimes)
        tables[f"{name}_now"] = [] if mine.empty else step_axis.dot_rows(steps, [(named, _shown(mine[name]))])
        if name in theory:
            curve = records({"step": theory["step"].tolist(), "value": listed(_shown(theory[name]))})
            tables[f"{name}_toy"] = curve
    known = np.concatenate([_shown(table["loss_ratio"]) for table in (rows, theory)])
    known = known[(known > 0) & (known < 1e6)]
    params = {"last_step": int(steps[-1]), "low": float(max(known.min(), FLOOR)) / 2, "high": 2 * float(known.max())}
    tables["now"] = step_axis.now_rows(steps)
    return Figure.of(chart(), tables, {name: float(f"{value:.3g}") for name, value in params.items()})


def _shown(values: pd.Series) -> NDArray[np.float64]:
    """Return values as they are drawn: those of a toy that diverges end."""
    found = values.to_numpy(np.float64)
    return np.where(np.abs(found) < 1e6, found, np.nan)


@specification(padding=72, params={**step_axis.PARAMS, "low": 1e-3, "high": 1e3})
def chart() -> Chart:
    """Return the chart, the same for every experiment; scales named concat_0_x and so on."""
    log = alt.Axis(tickCount=5, format="~g", grid=False, **EXTENT)
    axes = (
        alt.Y("value:Q", title="loss / initial loss", scale=between("low", "high", type="log"), axis=log),
        curvature_axis("ηλ"),
        share_axis("dead units", 3, **EXTENT),
    )
    panels = [_panel(name, y, height) for name, y, height in zip(PANELS, axes, HEIGHTS, strict=True)]
    return stacked(*panels)


def _panel(name: str, y: alt.Y, height: int) -> Chart:
    last = name == PANELS[-1]
    x, hue = (
        step_axis.step_axis("step of gradient descent" if last else None),
        colour(strokes(columns=3) if last else None),
    )
    curves = marks_of(name).transform_calculate(said="'network, c = ' + datum.c")
    layers: list[alt.Chart] = [] if last else [across(1 if name == "loss_ratio" else 2, y)]
    layers.append(
        curves.mark_line(clip=True, opacity=0.85).encode(
            x=x, y=y, color=hue, detail="c:N", strokeWidth=marked(1, 3), tooltip="said:N"
        )
    )
    if not last:
        toy: dict[str, Any] = {"strokeDash": [4, 3], "strokeWidth": 1.6, "color": INK, "clip": True}
        layers.append(marks_of(f"{name}_toy").mark_line(**toy).encode(x=x, y=y, order="step:Q"))
    layers.append(step_axis.marker(x))
    layers.append(step_axis.dots(f"{name}_now", x, y, hue, "'c = ' + datum.c + ': '"))
    return alt.layer(*layers).properties(height=height)
