"""The charts of networks with more inputs as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.figure.figure import Figure
from core.figure.payload import clock, payload
from core.studies.directions import tables as directions
from core.studies.directions.charts import alignment, counting, kink_lines
from core.studies.directions.trajectory import DirectionTrajectory
from pages.kinks.directions.view import View
from pages.shared.library import Found

Shown = Found[DirectionTrajectory]

TABLES = {
    "directions": "The units of the first run, one row a snapshot and unit.",
    "loss": "Loss and counts of directions, one row a snapshot.",
    "counts": "One row a run: how it ended, and its directions there.",
    "fit": "The fitted power laws.",
    "points": "The training points of the first run, where they have two inputs.",
    "extremal": "The directions that units of the first run turn to.",
}
"""What can be taken away of what is on screen."""


@st.cache_resource(max_entries=24, show_spinner=False)
def _table(key: str, name: str, _trajectory: DirectionTrajectory) -> pd.DataFrame:
    return directions.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.directions`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def figures(shown: Shown, measure: str) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    found = {}
    if len(shown.trajectory.experiment.n_train) > 1:
        found["counting"] = _counting(shown.stamp, measure, shown)
    return found | _motion(shown.stamp, shown, shown.trajectory.steps)


@st.cache_resource(max_entries=12, show_spinner=False)
def _counting(key: str, measure: str, _shown: Shown) -> Figure:
    return counting.figure(table(_shown, "counts"), table(_shown, "fit"), measure)


@st.cache_resource(max_entries=12, show_spinner=False)
def _motion(key: str, _shown: Shown, _steps: NDArray[np.int64]) -> dict[str, Figure]:
    units, found = table(_shown, "directions"), {}
    if _shown.trajectory.flat:
        found["lines"] = kink_lines.figure(units, table(_shown, "extremal"), table(_shown, "points"), _steps)
    return found | {"alignment": alignment.figure(units, table(_shown, "loss"), _steps)}


TITLES = {
    "counting": "Directions in use against training points",
    "lines": "The kinks of the units are lines",
    "alignment": "How far each unit still is from its extremal direction",
}
CAPTIONS = {
    "counting": "One dot a network, each trained to the same loss; hollow ones did not come to it. Green: power laws "
    "fitted to the logarithms, over all sizes and (dashed) the largest. Dotted: a count that grows with the data.",
    "lines": "A unit is active on the side of its line to which the tick points. Colour: the sign of a; the darker, "
    "the more the unit matters. Dashed: the lines to which units turn while f is zero.",
    "alignment": "Angle of v to the direction it turns to while f is zero, over the steps of the first run. "
    "Move over the chart to scrub.",
}


def to_player(view: View, charts: dict[str, Figure], shown: Shown) -> str:
    """Return the player's payload as JSON."""
    rest: int | None = st.session_state.get("d_link_step")
    return payload(
        clock(shown.trajectory.steps, rest=rest), [(figure, _about(name, shown)) for name, figure in charts.items()]
    )


def _about(name: str, shown: Shown) -> dict[str, Any]:
    outcome = shown.trajectory.outcome(0)
    tone = "quiet" if outcome in ("interpolated", "unfinished") else "alert"
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": TITLES[name] if name != "counting" else verdict(shown),
        "scrub": {"scale": "x", "field": "step"} if name == "alignment" else None,
        "pick": None,
        "file": f"trainscope-{name}",
        "badge": {"text": outcome.replace("_", " "), "tone": tone} if name == "lines" else None,
    }


def verdict(shown: Shown) -> str:
    """Say what was measured."""
    counts, fit = table(shown, "counts"), table(shown, "fit")
    reached = int((counts["outcome"] == "interpolated").sum())
    words = [f"{reached} of {len(counts)} networks came to the target loss" if len(counts) > 1 else "One network"]
    for law in fit[fit["measure"] == "directions"].to_dict("records"):
        words.append(
            f"from {law['low_n']} to {law['high_n']} points the number of directions grows as "
            f"n^{law['exponent']:.2f} ± {law['standard_error']:.2f} ({law['verdict']})"
        )
    if fit.empty:
        last = counts.iloc[0]
        words.append(
            f"the first ends at {last['loss']:.2g} ({last['outcome'].replace('_', ' ')}) with {last['directions']:.0f} "
            f"directions of {shown.trajectory.experiment.width} units"
        )
    return "; ".join(words) + "."
