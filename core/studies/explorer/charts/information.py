"""How much of the network a linear classifier explains, over the steps of its training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, marks_of, moment, on_screen
from core.figure.palette import INK, NEGATIVE, PINNED_COLOUR, PINNED_DASHES, POSITIVE, categories, strokes
from core.figure.rows import Floats, listed, named_runs, over_frames, records
from core.figure.step_axis import THOUSANDS

MEASURES = {
    "mutual_information": ("I(F;Y), all of F", INK, [1, 0]),
    "mu_y": ("μ_Y(F;L), explained by L", POSITIVE, [1, 0]),
    "conditional_information": ("I(F;Y|L), beyond L", NEGATIVE, [1, 0]),
    "mu_y_independent": ("μ_Y if independent", POSITIVE, [2, 3]),
    "explainer_information": ("I(L;Y), ceiling", "#F0C000", [6, 4]),
    "accuracy": ("accuracy", "#8c8c8c", [1, 0]),
}
"""Column: label, colour, dashes."""

BEHIND = ("mutual_information", "mu_y", "accuracy")
"""What is drawn of a pinned run; of several the first two."""
TICKS = [0, 1, 10, 100, 1_000, 10_000, 100_000]


def figure(
    table: pd.DataFrame,
    steps: np.ndarray,
    ending: str,
    *,
    log_steps: bool = True,
    pinned: Mapping[str, pd.DataFrame] | None = None,
) -> Figure:
    """Return the figure of one run from `tables.information_table`; `ending` says how and when the run ended.

    `pinned` are the tables of other runs by their names, drawn behind on the same clock.
    """
    values = {name: over_frames(table, name, steps)[0] for name in MEASURES}
    last = int(table["step"].iloc[-1])
    share = np.log1p(last) / np.log1p(steps[-1]) if log_steps else last / steps[-1]  # of the way to the right edge
    others = pinned or {}
    behind = BEHIND if len(others) == 1 else BEHIND[:2]
    tables: dict[str, Rows] = {
        "curves": step_axis.curve_rows(steps, _named(values)),
        "dots": step_axis.dot_rows(steps, _named(values)),
        "now": step_axis.now_rows(steps),
        "band": _band_rows(table, steps),
        "end": [{"step": last, "text": ending, "align": "right" if share > 0.4 else "left"}],
        "pinned_curves": named_runs({run: _curves(other, behind, steps) for run, other in others.items()}),
    }
    return Figure.of(chart(log_steps=log_steps), tables, {"last_step": int(steps[-1])})


@specification(height=343, params={"last_step": 20_000})
def chart(*, log_steps: bool) -> Chart:
    """Return the chart, the same for every run; two of them, for steps on a logarithmic or a linear axis."""
    kind: dict[str, Any] = {"type": "symlog", "constant": 1} if log_steps else {}
    ticks = alt.Axis(values=TICKS, labelExpr=THOUSANDS) if log_steps else alt.Axis(labelExpr=THOUSANDS, tickCount=5)
    x = alt.X("step:Q", title="SGD step", scale=between(0, "last_step", **kind), axis=ticks)
    y_scale = between(-0.05, 1.02)
    y = alt.Y("value:Q", title="bits, and accuracy as a share", scale=y_scale)
    colour = categories("measure", {name: hue for name, hue, _ in MEASURES.values()}, strokes(columns=2))
    dashes = {name: dash for name, _, dash in MEASURES.values()}
    dash = alt.StrokeDash("measure:N", scale=alt.Scale(domain=list(dashes), range=list(dashes.values())))
    curves = marks_of("curves").mark_line(strokeWidth=2, interpolate="linear", clip=True)
    band = (
        marks_of("band")
        .mark_area(color=POSITIVE, opacity=0.15, clip=True)
        .encode(x=x, y=alt.Y("low:Q", scale=y_scale), y2="high:Q")
    )
    pinned = (
        marks_of("pinned_curves")
        .mark_line(strokeWidth=1.6, clip=True)
        .encode(x=x, y=y, detail=["measure:N", "run:N"], color=PINNED_COLOUR, strokeDash=PINNED_DASHES)
    )
    now = marks_of("dots").transform_calculate(step=moving("steps"), value=moving("v"))
    layers = [
        band,
        pinned,
        curves.encode(x=x, y=y, color=colour, strokeDash=dash),
        *moment(marks_of("end"), x, alt.value(14), strokeDash=[3, 3]),
        step_axis.marker(x),
        on_screen(dot(now, size=55).encode(x=x, y=y, color=colour)),
    ]
    return alt.layer(*layers)


def _curves(table: pd.DataFrame, names: Sequence[str], steps: np.ndarray) -> Rows:
    return step_axis.curve_rows(steps, _named({name: over_frames(table, name, steps)[0] for name in names}))


def _named(values: dict[str, Floats]) -> Iterable[tuple[dict[str, str], Floats]]:
    return (({"measure": MEASURES[name][0]}, series) for name, series in values.items())


def _band_rows(table: pd.DataFrame, steps: np.ndarray) -> Rows:
    """mu_Y plus and minus one standard error over draws of the test set."""
    mu, error = (over_frames(table, name, steps)[0] for name in ("mu_y", "standard_error"))
    return records({"step": steps.tolist(), "low": listed(mu - error), "high": listed(mu + error)})
