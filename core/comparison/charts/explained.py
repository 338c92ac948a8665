"""I(F;Y) over the steps of training, divided into what L explains, mu_Y(F;L), and what F knows beyond L, I(F;Y|L).

Nakkiran et al. 2019 (1905.11604): mu_Y(F;L) = I(F;Y) - I(F;Y|L), in bits, from hard predictions on the test points.
Where mu_Y is negative it is drawn below zero, and I(F;Y|L) above zero with its whole height, so that the two areas
together still give I(F;Y).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.charts import reference_lines
from core.figure import over_seeds
from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import across, marks_of, on_screen
from core.figure.over_seeds import Curve
from core.figure.palette import INK, MUTED, NEGATIVE, POSITIVE
from core.figure.rows import listed, over_frames, records

HEIGHT = 320
ROOM = 1.04
"""The axis reaches so far above the highest value."""

MU = Curve("mu_y", "μ_Y(F;L), explained by L", POSITIVE, read=True)
CURVES = (
    Curve("mutual_information_test", "I(F;Y), test", INK, read=True),
    MU,
    Curve("mutual_information_train", "I(F;Y), train", MUTED, width=1.1),
    Curve("conditional_information", "I(F;Y|L), beyond L", NEGATIVE, drawn=False),
    Curve("mu_y_independent", "μ_Y if independent", POSITIVE, dash=(2, 3), width=1.5),
)


def figure(curves: pd.DataFrame, facts: Mapping[str, Any], steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one explainer.

    Args:
        curves: step, and in bits, mean over seeds: mutual_information_test, mutual_information_train,
            conditional_information, mu_y, mu_y_independent; `_low` and `_high` of the lowest and highest seed;
            bootstrap_low, bootstrap_high of mu_y.
        facts: explainer, explainer_information, noise_floor (bits), matched_step.
        steps: the snapshots, (frame,).
    """
    mu, beyond = (over_frames(curves, name, steps)[0] for name in ("mu_y", "conditional_information"))
    low, high = _range(curves, facts["explainer_information"], mu, beyond)
    scale = HEIGHT / (high - low)
    floor, ceiling = float(facts["noise_floor"]), float(facts["explainer_information"])
    tables = over_seeds.tables(CURVES, curves, steps, scale) | {
        "areas": _area_rows(steps, mu, beyond),
        "whisker": _whisker_rows(curves, steps),
        "ceiling": reference_lines.level_rows(ceiling, f"I(L;Y) of L, {facts['explainer']}: {ceiling:.2g} bit", scale),
        "floor": reference_lines.level_rows(floor, "noise floor of I(F;Y|L)", scale, align="right"),
        "matched": reference_lines.matched_rows(float(facts["matched_step"]), int(steps[-1])),
    }
    params = {"last_step": int(steps[-1]), "y_low": low, "y_high": high}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params=over_seeds.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every run."""
    x, y = over_seeds.axes("bits")
    scale = y["scale"]
    layers = [
        *_areas(x, scale),
        across(0, y, 0.6),
        over_seeds.bands(CURVES, x, y),
        *reference_lines.levels(y, "floor", dash=[1, 2], colour=MUTED, halo=False),
        *reference_lines.matched(x),
        *over_seeds.lines(CURVES, x, y),
        *reference_lines.levels(y, "ceiling", dash=[6, 4]),
        _whisker(x, scale),
        *over_seeds.clock(CURVES, x, y, ".2f"),
    ]
    return alt.layer(*layers)


def _areas(x: alt.X, scale: alt.Scale) -> list[alt.Chart]:
    rows = marks_of("areas")
    parts = (("zero", "mu", POSITIVE, 0.42), ("base", "top", NEGATIVE, 0.36))
    return [
        rows.mark_area(color=hue, opacity=opacity, clip=True).encode(
            x=x, y=alt.Y(f"{low}:Q", scale=scale), y2=f"{high}:Q"
        )
        for low, high, hue, opacity in parts
    ]


def _whisker(x: alt.X, scale: alt.Scale) -> alt.Chart:
    """Return the interval of mu_Y over draws of the test points, at the clock."""
    now = marks_of("whisker").transform_calculate(step=moving("steps"), low=moving("from"), high=moving("to"))
    now = now.transform_filter("isValid(datum.low) && isValid(datum.high)")
    rule: alt.Chart = now.mark_rule(color=POSITIVE, strokeWidth=4, opacity=0.75, clip=True).encode(
        x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"
    )
    return on_screen(rule)


def _area_rows(steps: NDArray[np.int64], mu: NDArray[np.float64], beyond: NDArray[np.float64]) -> Rows:
    """Return mu_Y from zero up or down, and I(F;Y|L) on top of whichever is higher."""
    base = np.maximum(mu, 0)
    known = [None if value is None else 0 for value in listed(mu)]
    columns = {"step": steps.tolist(), "zero": known, "mu": listed(mu)}
    return records(columns | {"base": listed(base), "top": listed(base + beyond)})


def _whisker_rows(curves: pd.DataFrame, steps: NDArray[np.int64]) -> Rows:
    low, high = (listed(over_frames(curves, f"bootstrap_{end}", steps)[0]) for end in ("low", "high"))
    return [{"steps": steps.tolist(), "from": low, "to": high}]


def _range(
    curves: pd.DataFrame, ceiling: float, mu: NDArray[np.float64], beyond: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the ends of the axis: from zero or below mu_Y to one bit or what is higher."""
    names = [curve.column for curve in CURVES]
    banded = [f"{name}_{end}" for name in names for end in ("low", "high") if f"{name}_{end}" in curves]
    seen = np.concatenate([curves[[*names, *banded]].to_numpy(np.float64).ravel(), np.maximum(mu, 0) + beyond])
    seen = np.append(seen[np.isfinite(seen)], [0.0, 1.0] + ([ceiling] if np.isfinite(ceiling) else []))
    low, high = float(seen.min()), float(seen.max())
    return round(1.1 * low - 0.01, 3), round(ROOM * high, 3)
