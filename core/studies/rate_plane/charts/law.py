"""The final sharpness against alpha: gradient flow, its law, and the cap of a learning rate."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import across, between, dot, level, marks_of
from core.figure.palette import ACCENT, INK, NEGATIVE, POSITIVE, categories
from core.figure.powers import power, powers
from core.figure.rows import listed, records
from core.studies.rate_plane.experiment import STABLE

HEIGHT = 335
FLOW, START, CELLS = "gradient flow, end", "at initialization", "gradient descent at this c, end"
COLOURS = {FLOW: NEGATIVE, START: ACCENT, CELLS: POSITIVE}


def figure(sharpening: pd.DataFrame, cells: pd.DataFrame, c: float) -> Figure:
    """Return the figure.

    Args:
        sharpening: alpha, initial_ratio, sharpness_ratio, predicted_ratio.
        cells: alpha, c, outcome, sharpness_ratio of the plane; c: the learning rate that is chosen.
    """
    row = cells[cells["c"] == c]
    dots = [
        *_rows(sharpening["alpha"], sharpening["initial_ratio"], START),
        *_rows(sharpening["alpha"], sharpening["sharpness_ratio"], FLOW),
        *_rows(row["alpha"], row["sharpness_ratio"], CELLS),
    ]
    dots = [one for one in dots if one["value"] is not None and one["value"] > 0]
    law = _rows(sharpening["alpha"], sharpening["predicted_ratio"], FLOW)
    tables: dict[str, Rows] = {
        "dots": dots,
        "law": [one for one in law if one["value"] is not None],
        "cap": [{"value": STABLE / c, "text": f"2/η at c = {c:.3g}"}],
    }
    most = max([10.0, STABLE / c, *(one["value"] for one in dots)])
    least = min([0.5, STABLE / c, *(one["value"] for one in dots)])
    ends = {"low": 0.6 * least, "high": 2.5 * most}
    x = [float(np.log2(end)) for end in (sharpening["alpha"].min(), sharpening["alpha"].max())]
    params = {"x_min": x[0] - 0.5, "x_max": x[1] + 0.5} | {name: float(f"{end:.3g}") for name, end in ends.items()}
    return Figure.of(chart(), tables, params)


def _rows(alpha: pd.Series, values: pd.Series, name: str) -> list[dict[str, Any]]:
    columns = {"x": np.log2(alpha.to_numpy(np.float64)).round(3).tolist(), "value": listed(values)}
    return [row | {"name": name} for row in records(columns)]


@specification(height=HEIGHT, params={"x_min": -6, "x_max": 6, "low": 0.5, "high": 1000})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x = alt.X("x:Q", title="α", scale=between("x_min", "x_max", zero=False), axis=powers())
    look = alt.Axis(grid=False, format="~g", tickCount=6)
    y = alt.Y("value:Q", title="S / λ₀", scale=between("low", "high", type="log"), axis=look)
    legend = alt.Legend(title=None, orient="bottom", columns=1, symbolOpacity=1, symbolSize=60)
    rows = marks_of("dots").transform_calculate(
        said=f"datum.name + ', α = ' + {power('datum.x')} + ': ' + format(datum.value, '.3~g')"
    )
    dashed: dict[str, Any] = {"strokeDash": [5, 4], "strokeWidth": 1.6, "clip": True}
    layers = [
        across(1, y),
        *level(marks_of("cap"), y, POSITIVE),
        marks_of("law").mark_line(color=INK, **dashed).encode(x=x, y=y, order="x:Q"),
        *(
            dot(rows.transform_filter(f"{which} (datum.name == '{CELLS}')"), size=size).encode(
                x=x, y=y, color=categories("name", COLOURS, legend), tooltip="said:N"
            )
            for which, size in (("!", 120), ("", 40))  # smaller and above: where the two agree both are seen
        ),
    ]
    return alt.layer(*layers)
