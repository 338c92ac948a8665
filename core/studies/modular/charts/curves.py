"""Errors and losses over the steps, of pairs trained on and of all others, one pair of curves an output scale."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT, marked, range_of
from core.figure.marks import between, marks_of, moment, stacked
from core.figure.palette import INK, strokes
from core.figure.rows import listed, records, short
from core.figure.share_axis import share_axis
from core.studies.modular.charts.scales import DASH, Alphas, alphas_of, colour

HEIGHTS = (190, 150)
PANELS = ("error", "loss")
KINDS = {"test": "test", "train": "training"}


def figure(path: pd.DataFrame, chosen: float, times: tuple[float, float], steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: alpha, step, and train_error, test_error, train_loss, test_loss of one seed, one network after the other.
        chosen: the alpha that is marked.
        times: when it fits, and when its test error is a half; NaN: never.
        steps: the snapshots, (frame,).
    """
    tables: dict[str, Rows] = {"now": step_axis.now_rows(steps), "times": _times(times, float(steps[-1]))}
    mine = path[path["alpha"] == chosen]
    for panel in PANELS:
        tables[panel] = [
            row
            for kind, name in KINDS.items()
            for row in records(
                {
                    "alpha": path["alpha"].tolist(),
                    "step": path["step"].tolist(),
                    "kind": [name] * len(path),
                    "marked": (path["alpha"] == chosen).tolist(),
                    "value": listed(path[f"{kind}_{panel}"]),
                }
            )
        ]
        tables[f"{panel}_now"] = step_axis.dot_rows(
            steps,
            [
                ({"alpha": chosen, "kind": name}, mine[f"{kind}_{panel}"].to_numpy(np.float64))
                for kind, name in KINDS.items()
            ],
        )
    known = path[["train_loss", "test_loss"]].to_numpy(np.float64).ravel()
    known = known[(known > 0) & np.isfinite(known)]
    first = float(known.max()) if len(known) else 1.0
    params = {"last_step": float(steps[-1]), **range_of(path["alpha"].tolist())}
    low = max(float(known.min()), 1e-5 * first) if len(known) else 0.1
    return Figure.of(
        chart(alphas_of(path)), tables, params | {"low": short(0.7 * low, 3), "high": short(1.5 * first, 3)}
    )


def _times(times: tuple[float, float], last: float) -> Rows:
    """Return the rules at which the marked network fits and generalises."""
    words = ("fits", "test error ½")
    return [
        {
            "step": step,
            "text": word,
            "align": "left" if step_axis.along(step, last) < 0.75 and word != "fits" else "right",
        }
        for step, word in zip(times, words, strict=True)
        if np.isfinite(step)
    ]


@specification(padding=72, params={**step_axis.PARAMS, "low": 1e-4, "high": 1, "least": 0.25, "most": 16})
def chart(alphas: Alphas) -> Chart:
    """Return the chart, the same for every experiment with these; scales named concat_0_x, concat_1_x."""
    log = alt.Axis(tickCount=4, format="~g", grid=False, **EXTENT)
    axes = (
        share_axis("error", 3, **EXTENT),
        alt.Y("value:Q", title="loss", scale=between("low", "high", type="log"), axis=log),
    )
    panels = []
    for name, y, height in zip(PANELS, axes, HEIGHTS, strict=True):
        last = name == "loss"
        x, hue = step_axis.step_axis("step of gradient descent" if last else None), colour(alphas, legend=last)
        kinds = alt.Scale(domain=list(KINDS.values()), range=[[1, 0], DASH])
        legend = strokes(columns=2, symbolStrokeColor=INK) if last else None
        dash = alt.StrokeDash("kind:N", scale=kinds, legend=legend)
        rows = marks_of(name).transform_calculate(said="'α = ' + datum.alpha + ', ' + datum.kind")
        lines = rows.mark_line(clip=True, opacity=0.9).encode(
            x=x, y=y, color=hue, detail="alpha:N", strokeDash=dash, strokeWidth=marked(0.9, 2.8), tooltip="said:N"
        )
        rules, words = moment(marks_of("times"), x, alt.value(-4), colour=INK, strokeDash=[2, 3], opacity=0.7)
        said = "'α = ' + datum.alpha + ', ' + datum.kind + ': '"
        layers: list[Any] = [
            rules,
            *([] if last else [words]),
            lines,
            step_axis.marker(x),
            step_axis.dots(f"{name}_now", x, y, hue, said),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels, strokeDash="independent")
