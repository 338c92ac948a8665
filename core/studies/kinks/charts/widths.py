"""How many seeds stay short of the data, over the width of the network."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, specification
from core.figure.marks import dot, marks_of
from core.figure.palette import ACCENT
from core.figure.share_axis import share_axis

HEIGHT = 260


def figure(widths: pd.DataFrame) -> Figure:
    """Return the figure; `widths` has width, runs, stuck and stuck_error, in the order of the widths."""
    rows = [
        {
            "width": f"{row['width']:,}",
            "value": round(row["stuck"], 4),
            "low": round(max(row["stuck"] - row["stuck_error"], 0), 4),
            "high": round(min(row["stuck"] + row["stuck_error"], 1), 4),
            "said": f"{row['width']:,} units: {round(row['stuck'] * row['runs'])} of {row['runs']} seeds",
        }
        for row in widths.astype({"stuck": np.float64}).to_dict("records")
    ]
    return Figure.of(chart(), {"widths": rows})


@specification(height=HEIGHT)
def chart() -> Chart:
    """Return the chart, the same for all points."""
    x = alt.X("width:O", title="units of the hidden layer", sort=None, axis=alt.Axis(labelAngle=0, grid=False))
    title = "share of seeds short of the data"
    y = share_axis(title)
    rows = marks_of("widths")
    layers = [
        rows.mark_rule(strokeWidth=1.6, opacity=0.6, color=ACCENT).encode(
            x=x, y=alt.Y("low:Q", scale=y["scale"], title=title), y2="high:Q"
        ),
        rows.mark_line(strokeWidth=1.4, opacity=0.5, color=ACCENT).encode(x=x, y=y),
        dot(rows, size=70, fill=ACCENT, clip=False).encode(x=x, y=y, tooltip="said:N"),
    ]
    return alt.layer(*layers)
