"""Test errors of single networks and of the mean of their outputs, against the width."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, dot, ends, marks_of
from core.figure.palette import ACCENT, POSITIVE, categories, strokes
from core.figure.rows import listed, records, short
from core.studies.ensembles.charts.marks import EXTENT, width_axis, width_ends

HEIGHT = 320
KINDS = {"single networks": POSITIVE, "their mean output": ACCENT}


def figure(ensembles: pd.DataFrame) -> Figure:
    """Return the figure of one output scale.

    Args:
        ensembles: width, test_error and its deviation, ensemble_test_error; NaN: too few networks fitted.
    """
    known = ensembles[ensembles["test_error"].notna()]
    widths = known["width"].tolist()
    single, spread = known["test_error"], known["test_error_deviation"]
    columns = dict(zip(KINDS, (single, known["ensemble_test_error"]), strict=True))
    points = [
        row | {"said": f"{kind}, h = {row['h']:,}: {row['y']:g}"}
        for kind, values in columns.items()
        for row in records({"kind": [kind] * len(known), "h": widths, "y": listed(values)})
    ]
    band = {"h": widths, "low": listed((single - spread).clip(lower=0)), "high": listed(single + spread)}
    tables: dict[str, Rows] = {"points": points, "band": records(band)}
    high = max((row["high"] for row in tables["band"]), default=0.5)
    return Figure.of(chart(), tables, {"y_high": short(1.15 * high)} | width_ends(known if widths else ensembles))


@specification(height=HEIGHT, params=ends("h") | {"y_high": 0.1})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x = width_axis()
    y = alt.Y("y:Q", title="test error", scale=between(0, "y_high"), axis=alt.Axis(grid=False, tickCount=5, **EXTENT))
    hue, points = categories("kind", KINDS, strokes()), marks_of("points")
    band = marks_of("band").mark_area(opacity=0.16, color=POSITIVE, clip=True)
    layers = [
        band.encode(x=x, y=alt.Y("low:Q", scale=y["scale"], title=None), y2="high:Q"),
        points.mark_line(strokeWidth=1.8, clip=True).encode(x=x, y=y, color=hue, order="h:Q"),
        dot(points, size=70).encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)
