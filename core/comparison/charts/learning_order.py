"""A wall of test examples in the order in which the network learns them, framed by what F and L make of each.

Pictures where the task has them, else squares with the example's number. An example that F has wrong is dimmed and
its frame is dashed; the colours are those of `four_cells`.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.charts import four_cells
from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import marks_of
from core.figure.palette import INK, MUTED

HEIGHT = 340
SHOWN = 96
"""So many examples are drawn at most, the first ones."""

COLUMNS = "max(1, ceil(sqrt(count * width / height)))"
SIZE = f"min(width / {COLUMNS}, height / ceil(count / {COLUMNS}))"
"""Columns of the wall at the width it has, and pixels of an example with its gap."""


def figure(pictures: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of the first `SHOWN` examples, in the order given.

    Args:
        pictures: example, label (a text), explainer_right, learned_step (NaN for never), right: a string with a
            character a frame, 1 if F is right, else 0, or - where it has no finite output; and url, a data URI, or
            None for a task without pictures.
        steps: the snapshots, (frame,).
    """
    shown = pictures.iloc[:SHOWN]
    tables: dict[str, Rows] = {"examples": _example_rows(shown), "legend": four_cells.legend_rows()}
    return Figure.of(chart(), tables, {"count": max(len(shown), 1)})


@specification(height=HEIGHT, params={"count": SHOWN})
def chart() -> Chart:
    """Return the chart, the same for every run."""
    now = (
        marks_of("examples")
        .transform_calculate(
            cell=four_cells.CELL, column=f"datum.place % {COLUMNS}", line=f"floor(datum.place / {COLUMNS})", size=SIZE
        )
        .transform_calculate(
            x="(datum.column + 0.5) * datum.size",
            y="(datum.line + 0.5) * datum.size",
            left="(datum.column + 0.06) * datum.size",
            right="(datum.column + 0.94) * datum.size",
            top="(datum.line + 0.06) * datum.size",
            bottom="(datum.line + 0.94) * datum.size",
            hue=four_cells.HUE,
            shade=f"{four_cells.RIGHT} ? 1 : 0.4",
            thick="datum.cell == 'both_right' ? 1.2 : 2.4",
        )
    )
    middle: dict[str, Any] = {"x": alt.X("x:Q", scale=None, axis=None), "y": alt.Y("y:Q", scale=None, axis=None)}
    box: dict[str, Any] = {
        "x": alt.X("left:Q", scale=None, axis=None),
        "x2": "right:Q",
        "y": alt.Y("top:Q", scale=None, axis=None),
        "y2": "bottom:Q",
    }
    shade = alt.Opacity("shade:Q", scale=None)
    side = expr(f"0.8 * {SIZE}")
    layers = [
        now.transform_filter("datum.url")
        .mark_image(width=side, height=side, smooth=False)
        .encode(**middle, url="url:N", opacity=shade),
        now.transform_filter("!datum.url")
        .mark_text(baseline="middle", fontSize=expr(f"clamp(0.3 * {SIZE}, 11, 13)"), color=INK)
        .encode(**middle, text="example:N", opacity=shade),
        _frames(now, box),
        *four_cells.legend(points=False),
    ]
    return alt.layer(*layers)


def _frames(now: alt.Chart, box: dict[str, Any]) -> alt.Chart:
    dash = f"{four_cells.RIGHT} ? [1, 0] : [4, 2.5]"
    frames: alt.Chart = now.mark_rect(fill=MUTED, fillOpacity=0.05, cornerRadius=2, strokeDash=expr(dash)).encode(
        **box,
        stroke=alt.Stroke("hue:N", scale=None),
        strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
        tooltip="said:N",
    )
    return frames


def _example_rows(shown: pd.DataFrame) -> Rows:
    rows: list[dict[str, Any]] = []
    for place, row in enumerate(shown.to_dict("records")):
        learned = row["learned_step"]
        when = f"learned at step {int(learned):,}" if np.isfinite(learned) else "not learned"
        said = f"example {row['example']}, {row['label']}: {when}; L {'right' if row['explainer_right'] else 'wrong'}"
        url = row.get("url")
        rows.append(
            {
                "example": str(row["example"]),
                "place": place,
                "e": int(row["explainer_right"]),
                "r": row["right"],
                "said": said,
            }
            | ({"url": url} if isinstance(url, str) and url else {})
        )
    return rows
