"""How many directions it takes to fit so many points, at equal training loss: dots a run, and the fitted power law."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, marks_of
from core.figure.palette import ACCENT, INK, MUTED, PAPER
from core.figure.rows import records, rounded, short, side_by_side
from core.figure.step_axis import THOUSANDS

HEIGHT = 360
APART = 0.03
"""Dots of one size stand so far apart, as a share of ln n, in the order of their seeds."""

TITLES = {
    "directions": "directions in use (cos > 0.99)",
    "directions_95": "directions in use (cos > 0.95)",
    "directions_999": "directions in use (cos > 0.999)",
    "effective_directions": "effective number of directions",
}
TICKS = [2**power for power in range(14)]


MISSED = "stopped before the target loss"


def figure(counts: pd.DataFrame, fit: pd.DataFrame, measure: str = "directions") -> Figure:
    """Return the figure of one measure over all runs.

    Args:
        counts: n_train, seed, outcome, and the measure.
        fit: measure, low_n, high_n, exponent, standard_error, prefactor, verdict.
        measure: one of `TITLES`.
    """
    known = counts[np.isfinite(counts[measure].astype(float)) & (counts[measure] > 0)]
    fitted = known[known["outcome"] == "interpolated"]
    laws = fit[fit["measure"] == measure].sort_values("low_n", kind="stable")
    tables: dict[str, Rows] = {
        "runs": _run_rows(known, measure),
        "means": _mean_rows(fitted, measure),
        "laws": _law_rows(laws),
        "said": _said_rows(laws),
        "reference": _reference_rows(fitted, measure),
        "title": [{"text": TITLES[measure]}],
    }
    low, high = (float(counts["n_train"].min()) / 1.35, float(counts["n_train"].max()) * 1.35)
    most = float(known[measure].max()) if len(known) else 1.0
    params = {"n_low": round(low, 2), "n_high": round(high, 2), "count_high": round(max(2.0 * most, 4.0), 1)}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params={"n_low": 10, "n_high": 1000, "count_high": 100})
def chart() -> Chart:
    """Return the chart, the same for every measure and experiment; both axes are logarithmic."""
    counts = alt.Axis(values=[10, 20, 50, 100, 200, 500, 1000, 2000, 4000], labelExpr=THOUSANDS, grid=False)
    x = alt.X("n:Q", title="training points P", scale=between("n_low", "n_high", type="log"), axis=counts)
    axis = alt.Axis(values=TICKS, labelExpr=THOUSANDS, grid=False, minExtent=24)
    y = alt.Y("count:Q", title=None, scale=between(0.9, "count_high", type="log", clamp=True), axis=axis)
    slope = marks_of("reference")
    one = slope.mark_line(color=MUTED, strokeDash=[2, 3], clip=True).encode(x=x, y=y, order="n:Q")
    name = slope.transform_filter("datum.text != ''").mark_text(
        fontSize=10, color=MUTED, align="right", baseline="bottom", dx=-3, dy=-4, clip=True
    )
    laws = marks_of("laws").mark_line(color=ACCENT, strokeWidth=2.2, clip=True)
    means = marks_of("means")
    layers = [
        one,
        name.encode(x=x, y=y, text="text:N"),
        means.mark_line(color=INK, strokeWidth=1.2, opacity=0.7).encode(x=x, y=y, order="n:Q"),
        laws.encode(x=x, y=y, detail="law:N", order="n:Q", strokeDash=_dash()),
        _runs(x, y),
        *_words(),
    ]
    return alt.layer(*layers)


def _dash() -> alt.StrokeDash:
    return alt.StrokeDash("law:O", scale=alt.Scale(domain=[0, 1], range=[[1, 0], [6, 3]]), legend=None)


def _runs(x: alt.X, y: alt.Y) -> alt.Chart:
    """Return a dot a run: filled at the target loss, hollow where it was not reached."""
    dots: alt.Chart = (
        marks_of("runs")
        .transform_calculate(
            said="format(datum.size, ',') + ' points, seed ' + datum.seed + ': '"
            f" + format(datum.count, '.3~g') + ', ' + (datum.outcome == 'step_limit' ? '{MISSED}' : datum.outcome)"
        )
        .mark_point(filled=True, size=46, stroke=INK, strokeWidth=1.2, opacity=0.75)
        .encode(
            x=x,
            y=y,
            fill=alt.condition("datum.outcome == 'interpolated'", alt.value(INK), alt.value(PAPER)),
            tooltip="said:N",
        )
    )
    return dots


def _words() -> list[alt.Chart]:
    """Return what is counted, above the plot, and the fitted laws in its upper left corner."""
    said = marks_of("said").transform_calculate(place="12 + 15 * datum.row")
    title = marks_of("title").mark_text(fontSize=11, color=INK, align="left", baseline="bottom")
    return [
        title.encode(x=alt.value(0), y=alt.value(-6), text="text:N"),
        said.mark_text(fontSize=11, color=INK, align="left", baseline="middle").encode(
            x=alt.value(10), y=alt.Y("place:Q", scale=None), text="text:N"
        ),
    ]


def _run_rows(known: pd.DataFrame, measure: str) -> Rows:
    rows: list[dict[str, Any]] = []
    for size, alike in known.groupby("n_train", sort=True):
        n = float(str(size)) * side_by_side(len(alike), APART)
        columns = {"n": rounded(n, 2), "count": rounded(alike[measure].to_numpy(np.float64), 3)}
        columns |= {
            "size": alike["n_train"].tolist(),
            "seed": alike["seed"].tolist(),
            "outcome": list(alike["outcome"]),
        }
        rows += records(columns)
    return rows


def _mean_rows(fitted: pd.DataFrame, measure: str) -> Rows:
    """Return the mean over seeds at each size: of logarithms, as the power law is fitted."""
    logs, n = np.log(fitted[measure].to_numpy(np.float64)), fitted["n_train"].to_numpy()
    return [{"n": int(size), "count": round(float(np.exp(logs[n == size].mean())), 3)} for size in np.unique(n)]


def _law_rows(laws: pd.DataFrame) -> Rows:
    ends = []
    for law, row in enumerate(laws.to_dict("records")):
        for n in (row["low_n"], row["high_n"]):
            ends.append({"law": law, "n": int(n), "count": short(row["prefactor"] * n ** row["exponent"])})
    return ends


def _said_rows(laws: pd.DataFrame) -> Rows:
    rows = []
    for place, row in enumerate(laws.to_dict("records")):
        error = row["standard_error"]
        reach = f" ± {error:.2f}" if np.isfinite(error) else ""
        slope = f"slope {row['exponent']:.2f}{reach}, P = {row['low_n']:,} to {row['high_n']:,}:"
        rows += [{"row": 2 * place + line, "text": text} for line, text in enumerate((slope, row["verdict"]))]
    return rows


def _reference_rows(fitted: pd.DataFrame, measure: str) -> Rows:
    """Return the line of slope 1 through the mean of the smallest size."""
    means = _mean_rows(fitted, measure)
    if not means:
        return []
    first, low, high = means[0]["count"], means[0]["n"], means[-1]["n"]
    middle = round((low * high) ** 0.5, 1)
    ends = ((low, ""), (middle, "in proportion to n"), (high, ""))
    return [{"n": n, "count": round(first * n / low, 3), "text": text} for n, text in ends]
