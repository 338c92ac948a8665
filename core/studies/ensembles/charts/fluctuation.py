"""The relative fluctuation of trained networks over initializations against their width, with theory's slope."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, dot, ends, marks_of
from core.figure.palette import MUTED
from core.figure.rows import listed, records, short
from core.studies.ensembles.charts.marks import EXTENT, colour, width_axis, width_ends

HEIGHT = 320
TICKS = [float(f"{digit}e{power}") for power in range(-4, 3) for digit in (1, 2, 5)]


def figure(ensembles: pd.DataFrame, exponents: pd.DataFrame) -> Figure:
    """Return the figure.

    Args:
        ensembles: alpha, width, relative_fluctuation, its means over training sets; what is not a positive number is
            left out.
        exponents: alpha, theory, low, high: a law an output scale.
    """
    known = ensembles[ensembles["relative_fluctuation"] > 0]
    names = [name_of(alpha) for alpha in known["alpha"]]
    values = listed(known["relative_fluctuation"])
    said = [
        f"{name}, h = {width:,}: {value:g}" for name, width, value in zip(names, known["width"], values, strict=True)
    ]
    points = {"alpha": names, "h": known["width"].tolist(), "y": values, "said": said}
    tables: dict[str, Rows] = {"points": records(points), "laws": _law_rows(known, exponents)}
    low, high = (min(values, default=0.1), max(values, default=1.0))
    params = {"y_low": short(low / 1.4), "y_high": short(high * 1.4)}
    scale = ensembles if len(known) == 0 else known
    return Figure.of(chart(), tables, params | width_ends(scale))


def name_of(alpha: float) -> str:
    """Return an output scale as a legend has it."""
    return f"{alpha:,.4g}"


@specification(height=HEIGHT, params=ends("h", "y"))
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    label = "format(datum.value, '~g')"
    axis = alt.Axis(values=TICKS, labelExpr=label, grid=False, labelOverlap="greedy", labelSeparation=6, **EXTENT)
    y = alt.Y(
        "y:Q",
        title="standard deviation / amplitude of αF",
        scale=between("y_low", "y_high", type="log"),
        axis=axis,
    )
    x, hue, points = width_axis(), colour("alpha", "α"), marks_of("points")
    layers = [
        marks_of("laws")
        .mark_line(color=MUTED, strokeDash=[5, 4], strokeWidth=1.6, clip=True)
        .encode(x=x, y=y, detail="alpha:N", order="h:Q"),
        points.mark_line(strokeWidth=1.5, clip=True).encode(x=x, y=y, color=hue, order="h:Q"),
        dot(points, size=70).encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)


def _law_rows(known: pd.DataFrame, exponents: pd.DataFrame) -> Rows:
    """Return the ends of lines with theory's slope through the mean of each output scale's fitted points."""
    rows = []
    for law in exponents.drop_duplicates("alpha").to_dict("records"):
        inside = (known["alpha"] == law["alpha"]) & known["width"].between(law["low"], law["high"])
        own = known[inside]
        if len(own) < 2:
            continue
        x, y = np.log(own["width"].to_numpy(np.float64)), np.log(own["relative_fluctuation"].to_numpy(np.float64))
        for end in (x.min(), x.max()):
            height = short(float(np.exp(y.mean() + law["theory"] * (end - x.mean()))), 5)
            rows.append({"alpha": name_of(law["alpha"]), "h": round(float(np.exp(end)), 2), "y": height})
    return rows
