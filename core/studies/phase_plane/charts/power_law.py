"""Power laws: points on logarithmic axes, the fitted lines over the windows that they were fitted in, and theory.

Least squares on logarithms pass through the mean of the points; so does each series' fitted line here, over the window,
and the line with theory's slope beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, ends, marks_of, rimmed
from core.figure.palette import INK, MUTED, PAPER
from core.figure.powers import powers
from core.figure.rows import listed, records, short

HEIGHT = 300
ROOM, SAID = 1.25, 0.12
"""The axes reach so many times beyond the points, and upward this share of their length more."""

TITLES = {
    "temperature": "T  (learning rate / (batch · width))",
    "n_train": "training points P",
    "alpha": "α  (output scale; margin 1/α)",
    "relative_weight_change": "relative weight change |Δw| / |w₀|",
    "time": "time to fit t*  (learning rate · steps)",
    "steps": "steps to fit",
    "critical_temperature": "T_c, where |Δw| / |w₀| passes its threshold",
    "largest_temperature": "largest T that fitted",
    "learning_rate": "learning rate",
    "signal": "signal w₁",
    "noise_norm": "noise |w⊥|",
    "test_error": "test error",
}

CELL = ("n_train", "batch_size", "alpha", "temperature")
"""The columns of the points that the selection `cell` picks, where there are all."""
SYMBOLS = {"n_train": "P", "temperature": "T", "alpha": "α"}


@dataclass(frozen=True)
class Axes:
    """What is drawn against what: columns of the points, and the column that tells one series from another."""

    quantity: str
    against: str
    series: str


def figure(points: pd.DataFrame, exponents: pd.DataFrame, axes: Axes) -> Figure:
    """Return the figure of one power law.

    Args:
        points: the columns of `axes`, and `<quantity>_deviation` over seeds where there is one; values that are not
            finite and positive are left out, as no logarithm has them. A column `used`, where there is one: whether
            the law was fitted to this point (it was not where the temperature is outside of the window).
        exponents: quantity, against, exponent, standard_error, theory (NaN if none), low, high (the window).
    """
    known = points[np.isfinite(points[axes.quantity].to_numpy(np.float64)) & (points[axes.quantity] > 0)]
    known = known.sort_values([axes.series, axes.against], kind="stable")
    here = (exponents["quantity"] == axes.quantity) & (exponents["against"] == axes.against)
    laws = exponents[here].reset_index(drop=True)
    tables: dict[str, Rows] = {
        "points": _point_rows(known, axes),
        "windows": records({name: listed(np.log2(laws[name])) for name in ("low", "high")}),
        "laws": _law_rows(known, laws, axes),
        "said": _said_rows(laws),
        "titles": [{"y": TITLES.get(axes.quantity, axes.quantity), "x": TITLES.get(axes.against, axes.against)}],
    }
    params: dict[str, float | str] = {}
    for axis, name in (("x", axes.against), ("y", axes.quantity)):
        values = known[name].to_numpy(np.float64)
        ends = np.array([values.min() / ROOM, values.max() * ROOM]) if values.size else np.array([0.1, 1.0])
        if axis == "x":
            ends = np.log2(ends)
        else:
            ends[1] *= (ends[1] / ends[0]) ** SAID  # room for what is said of the slopes
        params |= dict(zip((f"{axis}_low", f"{axis}_high"), (short(end) for end in ends), strict=True))
    params |= shades(known[axes.series].to_numpy(np.float64))
    return Figure.of(chart(axes.series), tables, params)


@specification(height=HEIGHT, params=ends("x", "y", "s"))
def chart(series: str) -> Chart:
    """Return the chart, the same for every power law whose series differ in the same column."""
    across = between("x_low", "x_high", zero=False)
    up = between("y_low", "y_high", type="log")
    x = alt.X("x:Q", title=None, scale=across, axis=powers())
    y = alt.Y("y:Q", title=None, scale=up, axis=decades(minExtent=36))
    colour = series_colour(SYMBOLS.get(series, series))
    pick = alt.selection_point(name="cell", fields=list(CELL), on="click", toggle=False, clear=False)
    points = marks_of("points")
    windows = marks_of("windows").mark_rect(color=MUTED, opacity=0.11, clip=True)
    laws = marks_of("laws")
    line: dict[str, Any] = {"x": x, "y": y, "detail": "line:N", "order": "x:Q"}
    measured = laws.transform_filter("!datum.theory").mark_line(strokeWidth=2, color=INK, clip=True)
    theory = laws.transform_filter("datum.theory").mark_line(strokeWidth=1.6, strokeDash=[5, 4], color=MUTED, clip=True)
    layers = [
        windows.encode(x=alt.X("low:Q", title=None), x2="high:Q"),
        points.transform_filter("datum.joined")
        .mark_line(strokeWidth=1, opacity=0.5, clip=True)
        .encode(x=x, y=y, color=colour, detail="s:N", order="x:Q"),
        points.mark_rule(strokeWidth=1.2, opacity=0.7, clip=True).encode(
            x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=colour
        ),
        points.mark_point(filled=True, size=42, opacity=1, stroke=PAPER, strokeWidth=0.6, clip=True, cursor="pointer")
        .encode(x=x, y=y, color=colour, tooltip="said:N")
        .add_params(pick),
        theory.encode(**line),
        measured.encode(**line),
        *_words(),
    ]
    return alt.layer(*layers)


def decades(**look: Any) -> alt.Axis:
    """Return a logarithmic axis with labels at 1, 2 and 5 times the powers of ten."""
    values = [float(f"{digit}e{power}") for power in range(-9, 10) for digit in (1, 2, 5)]
    label = "abs(log(datum.value) / LN10) > 3.5 ? format(datum.value, '.0e') : format(datum.value, ',~g')"
    return alt.Axis(values=values, labelExpr=label, grid=False, labelOverlap="greedy", labelSeparation=6, **look)


def series_colour(title: str) -> alt.Color:
    """Return the colour of a series by the field `s`, the logarithm to base 2 of what tells it from another."""
    shown = alt.SchemeParams(name="viridis", extent=[0.2, 0.95])  # the ends are lost on a dark or a light page
    scale = alt.Scale(scheme=shown, domain=[expr("s_low"), expr("s_high")], nice=False)
    legend = alt.Legend(
        title=f"log₂ {title}",
        orient="bottom",
        direction="horizontal",
        offset=30,
        symbolSize=50,
        format="d",
        values=expr("sequence(ceil(s_low), s_high + 0.4, max(1, ceil((s_high - s_low) / 6)))"),
    )
    return alt.Color("s:Q", scale=scale, legend=legend)


def _words() -> list[alt.Chart]:
    """Return what is measured, above the plot, what it is against, below, and the exponents in the plot."""
    titles = marks_of("titles")
    said = marks_of("said").transform_calculate(place="(12 + 16 * datum.row) * type_scale")
    at = said.encode(x=alt.value(8), y=alt.Y("place:Q", scale=None, title=None), text="text:N")
    title: dict[str, Any] = {"fontSize": 12, "color": INK}
    below = titles.mark_text(align="center", baseline="top", **title)
    return [
        titles.mark_text(align="left", baseline="bottom", **title).encode(x=alt.value(0), y=alt.value(-6), text="y:N"),
        below.encode(x=alt.value(expr("width / 2")), y=alt.value(expr("height + 24 * type_scale")), text="x:N"),
        *rimmed(at, fontSize=11, align="left", baseline="middle"),
    ]


def shades(series: NDArray[np.float64]) -> dict[str, float]:
    """Return the params of `series_colour`."""
    at = np.log2(series) if series.size else np.zeros(1)
    return {"s_low": float(at.min()), "s_high": float(at.max() + 0.5 * (at.min() == at.max()))}


def _point_rows(known: pd.DataFrame, axes: Axes) -> Rows:
    values = known[axes.quantity].to_numpy(np.float64)
    name = f"{axes.quantity}_deviation"
    spread = known[name].to_numpy(np.float64) if name in known else np.full(len(known), np.nan)
    ends = (values - spread, values + spread)
    low, high = (np.where(np.isfinite(end), np.maximum(end, values * 1e-2), np.nan) for end in ends)
    places = [np.log2(known[name].to_numpy(np.float64)) for name in (axes.against, axes.series)]
    x, s, y, *spans = (listed(column) for column in (*places, values, low, high))
    joined = not known.duplicated([axes.series, axes.against]).any()
    said = [f"{_at(axes.against, a)}, {_at(axes.series, c)}: {b:g}" for a, b, c in zip(x, y, s, strict=True)]
    columns: dict[str, Any] = {"x": x, "y": y, "s": s, "low": spans[0], "high": spans[1], "joined": [joined] * len(x)}
    columns |= {name: known[name].tolist() for name in known.columns.intersection(list(CELL))}
    return records(columns | {"said": said})


def _at(name: str, logarithm: float) -> str:
    """Return a value of a setting in its symbol, from its logarithm to base 2."""
    return f"{SYMBOLS.get(name, TITLES.get(name, name))} = {2**logarithm:.4g}"


def _law_rows(known: pd.DataFrame, laws: pd.DataFrame, axes: Axes) -> Rows:
    """Return the ends of each series' lines in each window: fitted, and of theory's slope."""
    rows: list[dict[str, Any]] = []
    for law in laws.to_dict("records"):
        used = known[known["used"]] if "used" in known else known
        inside = used[(used[axes.against] >= law["low"] * 0.999) & (used[axes.against] <= law["high"] * 1.001)]
        for _, part in inside.groupby(axes.series, sort=True):
            x, y = (np.log2(part[name].to_numpy(np.float64)) for name in (axes.against, axes.quantity))
            if len(x) < 2:
                continue
            for slope, theory in ((law["exponent"], False), (law["theory"], True)):
                line = len(rows) // 2
                for end in (x.min(), x.max()) if np.isfinite(slope) else ():
                    height = short(2 ** (y.mean() + slope * (end - x.mean())), 5)
                    rows.append({"x": round(float(end), 4), "y": height, "line": line, "theory": theory})
    return rows


def _said_rows(laws: pd.DataFrame) -> Rows:
    rows = []
    for place, law in enumerate(laws.to_dict("records")):
        error = f" ± {law['standard_error']:.2f}" if np.isfinite(law["standard_error"]) else ""
        theory = f"; theory {law['theory']:z.2f} (dashed)" if np.isfinite(law["theory"]) else ""
        text = f"slope {law['exponent']:z.2f}{error}{theory}".replace("-", "−")
        rows.append({"row": place, "text": text})
    return rows
