"""Three measures of progress, against the step or against the test error, one curve an output scale."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.graded import EXTENT, alpha_colour, marked, range_of, settings_of
from core.figure.marks import between, dot, marks_of, on_screen, stacked
from core.figure.rows import listed, records, short

HEIGHTS = (115, 115, 115)
PANELS = {
    "participation_ratio": "participation",
    "kernel_alignment": "alignment",
    "kernel_change": "|ΔK| / |K₀|",
}


def figure(path: pd.DataFrame, chosen: float, against: str, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: alpha, step, test_error and the columns of `PANELS` of one seed, one network after the other.
        chosen: the alpha that is marked.
        against: step or test_error.
        steps: the snapshots, (frame,).
    """
    columns = {
        "alpha": path["alpha"].tolist(),
        "step": path["step"].tolist(),
        "x": listed(path[against]),
        "marked": (path["alpha"] == chosen).tolist(),
    }
    tables: dict[str, Rows] = {"now": step_axis.now_rows(steps)} if against == "step" else {}
    params = {"last_step": float(steps[-1]), **range_of(path["alpha"].tolist())}
    for number, name in enumerate(PANELS):
        values = path[name].to_numpy(np.float64)
        if name == "kernel_change":
            values = np.where(values > 0, values, np.nan)  # it is 0 at step 0, and the axis logarithmic
        shown = [row for row in records(columns | {"value": listed(values)}) if row["value"] is not None]
        tables[f"panel_{number}"] = [row for row in shown if row["x"] is not None]
        mine = path["alpha"].to_numpy() == chosen
        here = {"alpha": chosen, "xs": listed(path[against][mine]), "v": listed(values[mine])}
        tables[f"now_{number}"] = [here]
        known = values[np.isfinite(values)]
        ends = (float(known.min()), float(known.max())) if len(known) else (0.01, 1.0)
        params[f"low_{number}"] = short(0.9 * ends[0], 3) if name != "kernel_change" else short(max(ends[0], 0.01), 3)
        params[f"high_{number}"] = short(1.1 * ends[1], 3)
    if against != "step":
        del params["last_step"]
    return Figure.of(chart(against, settings_of(path, "alpha")), tables, params)


PARAMS: dict[str, float] = {"least": 0.25, "most": 16}
PARAMS |= {f"{end}_{number}": value for number in range(3) for end, value in (("low", 0.1), ("high", 1.0))}


def chart(against: str, alphas: tuple[float, ...]) -> Any:
    """Return the chart against the step or the test error, the same for every experiment with these."""
    return _over_steps(alphas) if against == "step" else _over_error(alphas)


@specification(padding=72, params={**step_axis.PARAMS, **PARAMS})
def _over_steps(alphas: tuple[float, ...]) -> Chart:
    return _panels("step", alphas)


@specification(padding=72, params=PARAMS)
def _over_error(alphas: tuple[float, ...]) -> Chart:
    return _panels("test_error", alphas)


def _panels(against: str, alphas: tuple[float, ...]) -> Chart:
    panels = []
    for number, (name, title) in enumerate(PANELS.items()):
        last = number == len(PANELS) - 1
        x, hue = _x(against, title=last), alpha_colour(alphas, legend=last)
        log = name == "kernel_change"
        axis = alt.Axis(tickCount=3, format="~g", grid=False, **EXTENT)
        scale = between(f"low_{number}", f"high_{number}", **({"type": "log"} if log else {"zero": False}))
        y = alt.Y("value:Q", title=title, scale=scale, axis=axis)
        lines = marks_of(f"panel_{number}").transform_calculate(said="'α = ' + datum.alpha")
        now = marks_of(f"now_{number}").transform_filter("isValid(datum.v[frame]) && isValid(datum.xs[frame])")
        now = now.transform_calculate(x=moving("xs"), value=moving("v"))
        now = now.transform_calculate(said="tween ? '' : 'α = ' + datum.alpha + ': ' + format(datum.value, '.3~g')")
        layers = [
            lines.mark_line(clip=True, opacity=0.9).encode(
                x=x, y=y, color=hue, detail="alpha:N", order="step:Q", strokeWidth=marked(1.1, 2.8), tooltip="said:N"
            ),
            *([step_axis.marker(step_axis.step_axis(None))] if against == "step" and not last else []),
            on_screen(dot(now, size=75).encode(x=x, y=y, color=hue, tooltip="said:N")),
        ]
        panels.append(alt.layer(*layers).properties(height=HEIGHTS[number]))
    return stacked(*panels)


def _x(against: str, *, title: bool) -> alt.X:
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    if against == "step":
        axis = alt.Axis(values=step_axis.TICKS, labelExpr=step_axis.THOUSANDS, grid=False, **bare)
        scale = between(0, "last_step", type="symlog", constant=1)
        return alt.X("x:Q", title="step of gradient descent" if title else None, scale=scale, axis=axis)
    axis = alt.Axis(tickCount=5, format=".1f", grid=False, **bare)
    return alt.X(
        "x:Q", title="test error (falls to the right)" if title else None, scale=between(1.03, -0.03), axis=axis
    )
