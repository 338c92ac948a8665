"""How the perceptron's end grows with the training set: a dot a seed, fitted power laws, and theory's slopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, ends, marks_of, rimmed, stacked
from core.figure.palette import INK, MUTED
from core.figure.rows import listed, short, side_by_side

HEIGHT = 190
SHORT = "format(datum.value, datum.value < 1 ? '~g' : '~s')"
"""Axis labels over many decades."""
DECADES = [10.0**power for power in range(-9, 16)]
TICKS = [digit * decade for decade in DECADES for digit in (1, 2, 3, 5)]
APART = 0.02
"""Dots of one size stand so far apart, as a share of ln n, in the order of their seeds."""

TITLES = {
    "signal": "signal w₁ / T",
    "time": "time to fit t* / T",
    "noise_norm": "noise |w⊥| / T",
    "test_error": "test error",
    "gd_norm": "|w| / κ of gradient descent",
    "critical_temperature": "T_c / κ",
    "critical_batch": "B*",
}
"""Quantities of `frames.perceptron_scaling` against n_train."""

COLOURS = ("#2B8CC4", "#DD6B1F", "#009E73", "#4B5A69", "#0FD2D2", "#874B2D")
"""Of the values of chi, in ascending order; more begin again."""


def figure(scaling: pd.DataFrame, exponents: pd.DataFrame, both: tuple[str, str]) -> Figure:
    """Return the figure of two quantities, one above the other.

    Args:
        scaling: chi, quantity, against, size, seed, value; exponents: quantity, against, chi, exponent, standard_error,
            theory, low, high, prefactor.
        both: keys of `TITLES`.
    """
    sized, laws = scaling[scaling["against"] == "n_train"], exponents[exponents["against"] == "n_train"]
    chis = sorted(set(scaling["chi"].tolist()))
    colours = {chi: COLOURS[i % len(COLOURS)] for i, chi in enumerate(chis)}
    tables: dict[str, Rows] = {}
    params: dict[str, float | str] = {}
    sizes = sized["size"].to_numpy(np.float64)
    low, high = (float(sizes.min()), float(sizes.max())) if sizes.size else (1.0, 10.0)
    params |= {"n_low": round(low / 1.3, 2), "n_high": round(high * 1.3, 2)}
    for place, name in enumerate(both):
        of, own = sized[sized["quantity"] == name], laws[laws["quantity"] == name]
        tables |= {
            f"dots_{place}": _dot_rows(of, colours),
            f"laws_{place}": [row for law in own.to_dict("records") for row in _law_rows(law, colours)],
            f"said_{place}": [_said(law, row, colours) for row, law in enumerate(own.to_dict("records"))],
            f"title_{place}": [{"text": TITLES[name]}],
        }
        values = of["value"].to_numpy(np.float64)
        ends = (values.min(), values.max()) if values.size else (1.0, 10.0)
        room = max(1.5, (ends[1] / ends[0]) ** 0.1)
        params |= {f"low_{place}": short(ends[0] / room, 3), f"high_{place}": short(ends[1] * room, 3)}
    return Figure.of(chart(), tables, params)


@specification(
    padding=76,
    params=ends("n") | {f"{end}_{place}": value for place in (0, 1) for end, value in (("low", 1), ("high", 10))},
)
def chart() -> Chart:
    """Return the chart, the same for all quantities; all axes are logarithmic."""
    return stacked(_panel(0), _panel(1), spacing=26)


def _panel(place: int) -> Chart:
    x = alt.X(
        "n:Q",
        title="training points P" if place else None,
        scale=between("n_low", "n_high", type="log"),
        axis=alt.Axis(values=[2**power for power in range(3, 13)], format=",", grid=False, labelOverlap="greedy"),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=between(f"low_{place}", f"high_{place}", type="log"),
        axis=alt.Axis(labelExpr=SHORT, values=TICKS, grid=False, minExtent=44, maxExtent=44, labelOverlap="greedy"),
    )
    hue = alt.Color("hue:N", scale=None)
    laws = marks_of(f"laws_{place}")
    dots = marks_of(f"dots_{place}").transform_calculate(
        said="'χ = ' + datum.chi + ', P = ' + datum.size + ', seed ' + datum.seed + ': ' + format(datum.value, '.3~g')"
    )
    said = marks_of(f"said_{place}").transform_calculate(place="11 + 15 * datum.row")
    said = said.encode(x=alt.value(8), y=alt.Y("place:Q", scale=None), text="text:N")
    title = marks_of(f"title_{place}").mark_text(fontSize=11, align="left", baseline="bottom", color=INK)
    text: dict[str, Any] = {"fontSize": 10.5, "align": "left", "baseline": "middle"}
    line: dict[str, Any] = {"x": x, "y": y, "detail": "law:N"}
    theory = laws.transform_filter("datum.of == 'theory'").mark_line(
        color=MUTED, strokeDash=[4, 3], strokeWidth=1.4, clip=True
    )
    fit = laws.transform_filter("datum.of == 'fit'").mark_line(strokeWidth=2, clip=True)
    rim, _ = rimmed(said, **text)
    layers = [
        theory.encode(**line),
        fit.encode(**line, color=hue),
        dots.mark_point(filled=True, size=30, opacity=0.75, clip=True).encode(x=x, y=y, color=hue, tooltip="said:N"),
        rim,
        said.mark_text(**text).encode(color=hue),
        title.encode(x=alt.value(0), y=alt.value(-5), text="text:N"),
    ]
    return alt.layer(*layers).properties(height=HEIGHT)


def _dot_rows(of: pd.DataFrame, colours: dict[float, str]) -> Rows:
    seeds = sorted(set(of["seed"].tolist()))
    shift = dict(zip(seeds, side_by_side(len(seeds), APART).tolist(), strict=True))
    return [
        {
            "n": round(float(row["size"]) * shift[row["seed"]], 2),
            "value": short(row["value"]),
            "size": int(row["size"]),
            "seed": int(row["seed"]),
            "chi": f"{row['chi']:g}",
            "hue": colours[row["chi"]],
        }
        for row in of.to_dict("records")
    ]


def _law_rows(law: Mapping[Any, Any], colours: dict[float, str]) -> list[dict[str, Any]]:
    """Return the ends of the fitted law and of theory's slope, both through the middle of the window."""
    middle = (law["low"] * law["high"]) ** 0.5
    level = law["prefactor"] * middle ** law["exponent"]
    rows = []
    for of, power in (("fit", law["exponent"]), ("theory", law["theory"])):
        values = listed([level * (n / middle) ** power for n in (law["low"], law["high"])])
        for n, value in zip((law["low"], law["high"]), values, strict=True):
            rows.append({"law": f"{of}{law['chi']:g}", "of": of, "n": n, "value": value, "hue": colours[law["chi"]]})
    return rows


def _said(law: Mapping[Any, Any], row: int, colours: dict[float, str]) -> dict[str, Any]:
    reach = f" ± {law['standard_error']:.2f}" if np.isfinite(law["standard_error"]) else ""
    text = f"χ = {law['chi']:g}: P^{law['exponent']:.2f}{reach}, theory {law['theory']:.2g}"
    return {"row": row, "text": text.replace("-", "−"), "hue": colours[law["chi"]]}
