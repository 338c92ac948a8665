"""What the charts of the catapult share: a colour for each regime of c, and the axis of eta lambda."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from core.figure.graded import EXTENT
from core.figure.marks import between
from core.figure.palette import ACCENT, NEGATIVE, POSITIVE, categories
from core.studies.catapult.experiment import LARGEST, STABLE

REGIMES: Mapping[str, str] = {"c ≤ 2": NEGATIVE, "2 < c ≤ 4": POSITIVE, "c > 4": ACCENT}
"""Name, colour."""
MOST = 60.0


def regime(c: float) -> str:
    """Return the name of the regime of c."""
    return tuple(REGIMES)[int(c > STABLE) + int(c > LARGEST)]


def colour(legend: alt.Legend | None = None) -> alt.Color:
    """Return the colour of a regime, with a legend if there is one."""
    return categories("regime", REGIMES, legend)


def dots() -> alt.Legend:
    """Return a legend of dots, under the chart."""
    return alt.Legend(title=None, orient="bottom", columns=3, symbolOpacity=1, symbolSize=60)


def curvature_axis(title: str) -> alt.Y:
    """Return the axis of eta lambda, from 0, logarithmic far above 1."""
    axis = alt.Axis(values=[0, 1, 2, 4, 10, 20, 60], format="d", grid=False, **EXTENT)
    scale = between(-0.1, MOST, type="symlog", constant=1)
    return alt.Y("value:Q", title=title, scale=scale, axis=axis)
