"""The collapse in the lazy regime: alpha |dw| / |w0| against T alpha is one curve, whatever alpha is.

The gradient of the hinge loss max(0, 1/alpha - y F) contains alpha only through the margin, so in the linearised
network (1/alpha, T) -> (c / alpha, c T) multiplies the change of the weights by c: exactly so for the perceptron
(Sclocchi, Geiger, Wyart 2023, 2301.13703, whose convention this is). A point off the curve has left the lazy regime.
"""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, ends, marks_of
from core.figure.palette import INK, MUTED, PAPER
from core.figure.rows import listed, records, short
from core.studies.phase_plane.charts.power_law import decades, series_colour, shades

HEIGHT = 300
ROOM = 1.4


def figure(plane: pd.DataFrame, least: float = 1.0, chosen: float | None = None) -> Figure:
    """Return the figure of every alpha from `least` on.

    Args:
        plane: alpha, temperature, relative_weight_change and its deviation; a cell without a value is left out.
        chosen: the alpha whose points are ringed.
    """
    change = plane["relative_weight_change"].to_numpy(np.float64)
    known = plane[np.isfinite(change) & (change > 0) & (plane["alpha"].to_numpy() >= least)]
    known = known.sort_values(["alpha", "temperature"], kind="stable")
    alpha, heat = (known[name].to_numpy(np.float64) for name in ("alpha", "temperature"))
    x, y = alpha * heat, alpha * known["relative_weight_change"].to_numpy(np.float64)
    spread = alpha * known["relative_weight_change_deviation"].to_numpy(np.float64)
    columns = (x, y, np.log2(alpha), np.maximum(y - spread, y / 100), y + spread)
    points = records(dict(zip(("x", "y", "s", "low", "high"), (listed(column) for column in columns), strict=True)))
    ring = chosen and round(float(np.log2(chosen)), 3)
    points = [{**row, "ring": row["s"] == ring} for row in points]
    params: dict[str, float | str] = {}
    for name, values in (("x", x), ("y", y)):
        low, high = (float(values.min()), float(values.max())) if values.size else (0.1, 1.0)
        params |= {f"{name}_low": short(low / ROOM), f"{name}_high": short(high * ROOM)}
    params |= shades(alpha)
    return Figure.of(chart(), {"points": points, "reference": _reference_rows(x, y)}, params)


@specification(height=HEIGHT, params=ends("x", "y", "s"))
def chart() -> Chart:
    """Return the chart, the same for every plane; both axes are logarithmic."""
    titles = {"x": "T · α", "y": "α |Δw| / |w₀|"}
    across, up = (between(f"{name}_low", f"{name}_high", type="log") for name in "xy")
    x = alt.X("x:Q", title=titles["x"], scale=across, axis=decades())
    y = alt.Y("y:Q", title=titles["y"], scale=up, axis=decades(minExtent=36))
    colour = series_colour("α")
    points = marks_of("points")
    slope = marks_of("reference")
    layers = [
        slope.mark_line(color=MUTED, strokeDash=[2, 3], clip=True).encode(x=x, y=y, order="x:Q"),
        slope.transform_filter("datum.text != ''")
        .mark_text(fontSize=10.5, color=MUTED, align="left", baseline="top", dx=8, clip=True)
        .encode(x=x, y=y, text="text:N"),
        points.mark_line(strokeWidth=1, opacity=0.45, clip=True).encode(
            x=x, y=y, color=colour, detail="s:N", order="x:Q"
        ),
        points.mark_rule(strokeWidth=1.2, opacity=0.7, clip=True).encode(
            x=x, y=alt.Y("low:Q", scale=up, title=None), y2="high:Q", color=colour
        ),
        points.mark_point(filled=True, size=38, opacity=1, stroke=PAPER, strokeWidth=0.6, clip=True).encode(
            x=x,
            y=y,
            color=colour,
            tooltip=[
                alt.Tooltip("s:Q", title="log₂ α"),
                alt.Tooltip("x:Q", title="T α", format=".3~g"),
                alt.Tooltip("y:Q", title="α |Δw| / |w₀|", format=".3~g"),
            ],
        ),
        points.transform_filter("datum.ring")
        .mark_point(size=95, strokeWidth=1.4, color=INK, opacity=1, clip=True)
        .encode(x=x, y=y),
    ]
    return alt.layer(*layers)


def _reference_rows(x: np.ndarray, y: np.ndarray) -> Rows:
    """Return the line of slope 1 through the median point of the hotter half."""
    if not x.size:
        return []
    hot = x >= np.median(x)
    through = float(np.exp(np.median(np.log(y[hot]) - np.log(x[hot]))))
    low, high = float(x.min()), float(x.max())
    ends = ((low, ""), (float(np.sqrt(low * high)), "in proportion to T"), (high, ""))
    return [{"x": short(at, 5), "y": short(through * at, 5), "text": text} for at, text in ends]
