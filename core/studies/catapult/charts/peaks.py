"""When the toy's loss peaks, against the width."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import marked
from core.figure.marks import between, dot, marks_of, moment
from core.figure.palette import INK
from core.figure.rows import listed, records

HEIGHT = 335


def figure(peaks: pd.DataFrame, width: int, chosen: float) -> Figure:
    """Return the figure.

    Args:
        peaks: c, width, peak_step, predicted_peak_step; one c after the other.
        width: that of the toy in the other charts.
        chosen: the c that is marked.
    """
    columns = {"c": peaks["c"].tolist(), "width": peaks["width"].tolist()}
    columns |= {"marked": (peaks["c"] == chosen).tolist(), "value": listed(peaks["peak_step"])}
    rows = records(columns | {"line": listed(peaks["predicted_peak_step"])})
    names = [row | {"text": f"c = {row['c']:g}"} for row in rows if row["width"] == peaks["width"].max()]
    tables: dict[str, Rows] = {
        "peaks": rows,
        "names": names,
        "here": [{"width": width, "text": f"width {width:,}", "align": "left"}],
    }
    most = float(np.nanmax([10.0, *peaks["peak_step"], *peaks["predicted_peak_step"]]))
    widest = 6 * max([4**12, *peaks["width"]])  # room for the names
    return Figure.of(chart(), tables, {"most": round(1.1 * most, 2), "widest": widest})


@specification(height=HEIGHT, params={"most": 50, "widest": 1e8})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    axis = alt.Axis(values=[10**power for power in range(1, 8)], format="~s", grid=False)
    x = alt.X("width:Q", title="width n of the toy", scale=between(10, "widest", type="log"), axis=axis)
    look, title = alt.Axis(grid=False, tickCount=6), "step at which the loss peaks"
    y = alt.Y("value:Q", title=title, scale=between(0, "most"), axis=look)
    line = alt.Y("line:Q", scale=y["scale"])
    rows = marks_of("peaks").transform_calculate(
        said="'c = ' + datum.c + ', width ' + format(datum.width, ',') + ': step ' + datum.value"
    )
    lines = rows.mark_line(color=INK, strokeDash=[5, 4], clip=True)
    names = marks_of("names").mark_text(align="left", dx=8, fontSize=10, color=INK)
    layers = [
        *moment(marks_of("here"), x, alt.value(14), strokeDash=[2, 3]),
        lines.encode(x=x, y=line, detail="c:N", order="width:Q", strokeWidth=marked(0.9, 2.2)),
        dot(rows, size=45, color="#DD6B1F").encode(x=x, y=y, tooltip="said:N"),
        names.encode(x=x, y=line, text="text:N"),
    ]
    return alt.layer(*layers)
