"""The charts of the Kinks page as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.figure.figure import Figure
from core.figure.neurons import Neurons, neurons
from core.figure.payload import clock, payload
from core.studies.kinks import tables as line
from core.studies.kinks.charts import circle, descent, growth, network_on_line, seed_strip, trails
from core.studies.kinks.experiment import FEWEST_POINTS, MOST_POINTS, NEAREST, Kinks
from core.studies.kinks.trajectory import KinkTrajectory
from pages.kinks.kinks.view import View
from pages.shared.library import Found

Shown = Found[KinkTrajectory]

FRAMES = 100
"""Most snapshots that a page plays; the CSV has all."""


def played(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the snapshots that are played: all, or as many evenly chosen ones, the first and the last among them."""
    if len(steps) <= FRAMES:
        return steps
    return np.asarray(steps[np.linspace(0, len(steps) - 1, FRAMES).round().astype(int)])


@st.cache_resource(max_entries=48, show_spinner=False)
def _table(key: str, name: str, _trajectory: KinkTrajectory) -> pd.DataFrame:
    return line.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.line`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def figures(view: View, shown: Shown, twin: Shown | None, strip: Shown | None) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    steps = played(shown.trajectory.steps)
    found = {"network": _network(shown.stamp, view.references, shown, steps)}
    if twin is not None:
        found["twin"] = _network(twin.stamp + shown.stamp, view.references, twin, steps)
    found |= _motion(shown.stamp, shown, steps)
    if strip is not None:
        found["seeds"] = _strip(strip.stamp, strip, view.experiment.seed)
    return found


@st.cache_resource(max_entries=16, show_spinner=False)
def _neurons(key: str, _shown: Shown, _steps: NDArray[np.int64]) -> Neurons:
    return neurons(table(_shown, "kinks"), table(_shown, "landscape"), _steps)


@st.cache_resource(max_entries=16, show_spinner=False)
def _network(key: str, references: tuple[str, ...], _shown: Shown, _steps: NDArray[np.int64]) -> Figure:
    beside = _references(_shown.trajectory.experiment, references)
    parts = (table(_shown, "kinks"), table(_shown, "function"), table(_shown, "points"))
    return network_on_line.figure(_neurons(key, _shown, _steps), *parts, beside, _steps)


def _references(experiment: Kinks, names: tuple[str, ...]) -> pd.DataFrame:
    """Return what is drawn beside f; each curve depends on the points alone."""
    parts = [_reference(experiment.x, experiment.y, name) for name in names]
    return pd.concat(parts, ignore_index=True) if parts else line.references(experiment, ())


@st.cache_resource(max_entries=64, show_spinner=False)
def _reference(x: tuple[float, ...], y: tuple[float, ...], name: str) -> pd.DataFrame:
    return line.references(Kinks(x=x, y=y), (name,))


@st.cache_resource(max_entries=16, show_spinner=False)
def _motion(key: str, _shown: Shown, _steps: NDArray[np.int64]) -> dict[str, Figure]:
    swarm, points = _neurons(key, _shown, _steps), table(_shown, "points")
    x = line.grid(_shown.trajectory.experiment)
    span = (float(x[0]), float(x[-1]))
    return {
        "trails": trails.figure(table(_shown, "kinks"), points, _steps, span),
        "directions": circle.figure(swarm, _at_every_step(table(_shown, "extremal")), points, _steps),
        "growth": growth.figure(swarm, table(_shown, "landscape"), points, _steps),
        "loss": descent.figure(table(_shown, "loss"), table(_shown, "escapes"), len(points), _steps),
    }


@st.cache_resource(max_entries=16, show_spinner=False)
def _strip(key: str, _strip: Shown, seed: int) -> Figure:
    outcomes = table(_strip, "outcomes")
    return seed_strip.figure(outcomes.assign(chosen=outcomes["seed"] == seed), table(_strip, "outcome_function"))


def _at_every_step(extremal: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every step and place, NaN where there is no extremal direction then."""
    steps, places = (np.unique(extremal[name]) for name in ("step", "place"))
    every = pd.MultiIndex.from_product([steps, places], names=["step", "place"])
    whole = extremal.set_index(["step", "place"]).reindex(every).reset_index()
    return whole.fillna({"kind": 0, "point": -1})


TABLES = {
    "kinks": "The kinks of the run on screen, one row a snapshot and unit.",
    "function": "f, one row a snapshot and x.",
    "loss": "Loss, flow time and counts of kinks, one row a snapshot.",
    "extremal": "Directions at which units come to rest, one row a snapshot and direction.",
    "summary": "How the run ended, and what was measured of it.",
    "points": "The data.",
    "landscape": "G(θ), one row a snapshot and angle.",
}
"""What can be taken away of what is on screen."""

TITLES = {
    "network": "The function, and the kinks it is made of",
    "twin": "The same points, another start",
    "trails": "Where the kinks go",
    "directions": "Directions of the units",
    "growth": "The landscape that they climb",
    "loss": "Loss, and how many kinks are left",
    "seeds": "What other seeds come to",
}
CAPTIONS = {
    "network": "Drag a point; double-click adds one or removes it. Triangles: kinks −b/w at the height of their slope "
    "jump a|w|, pointing to the side on which the unit is active.",
    "twin": "On the same clock.",
    "trails": "Dotted: the data's x. Move over the chart to scrub.",
    "directions": "Angle of (w, b); farther out is larger |a|·|(w, b)|. Marks on the rim: directions that attract "
    "units while the residual is what it is now; filled where units grow.",
    "growth": "G(θ) of the residual now: units with a > 0 climb it, with a < 0 descend it, and grow as fast as they "
    "are high (or deep).",
    "loss": "Dashed: when theory has the first units escape. Move over the chart to scrub.",
    "seeds": "64 starts with these settings. Click one to see it.",
}


def to_player(view: View, charts: dict[str, Figure], shown: Shown, twin: Shown | None) -> str:
    """Return the player's payload as JSON."""
    about = {name: _about(name, charts[name]) for name in charts}
    about["network"] |= {
        "badge": _badge(shown),
        "alt": _said(shown),
        "edit": _edit(charts["network"]),
        "broad": twin is None,
    }
    if twin is not None:
        other = twin.trajectory.experiment
        about["twin"] |= {"badge": _badge(twin), "title": f"The same points from σ = {other.sigma:g}"}
    rest: int | None = st.session_state.get("k_link_step")
    time = clock(played(shown.trajectory.steps), rest=rest)
    return payload(time, [(figure, about[name]) for name, figure in charts.items()])


def _about(name: str, figure: Figure) -> dict[str, Any]:
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": TITLES[name],
        "scrub": {"trails": {"scale": "x", "field": "step"}, "loss": {"scale": "concat_0_x", "field": "step"}}.get(
            name
        ),
        "pick": "cell" if name == "seeds" else None,
        "edit": None,
        "wide": name == "seeds",
        "file": f"trainscope-{name}",
        "badge": None,
    }


def _edit(figure: Figure) -> dict[str, Any]:
    """Say how points are dragged."""
    height = [figure.params["f_min"], figure.params["f_max"]]
    return {
        "table": "points",
        "x": {"scale": "concat_0_x", "field": "x"},
        "y": {"scale": "concat_0_y", "field": "y"},
        "bounds": {"x": [-1, 1], "y": height},
        "fewest": FEWEST_POINTS,
        "most": MOST_POINTS,
        "apart": 2 * NEAREST,
    }


def ending(shown: Shown) -> str:
    """Say how the first seed's run ended."""
    outcome, step = shown.trajectory.outcome(0), int(shown.trajectory["end_step"][0])
    words = {
        "interpolated": "interpolated at step",
        "stationary": "at rest, short of the data, at step",
        "diverged": "diverged by step",
        "step_limit": "stopped at step",
    }
    return f"{words.get(outcome, 'trained to step')} {step:,}"


def _badge(shown: Shown) -> dict[str, str]:
    quiet = shown.trajectory.outcome(0) in ("interpolated", "unfinished")
    return {"text": ending(shown), "tone": "quiet" if quiet else "alert"}


def _said(shown: Shown) -> str:
    """Say in a sentence what the chart shows at the end."""
    last = table(shown, "summary").iloc[0]
    return (
        f"{shown.trajectory.experiment.width} units: {ending(shown)}, with {last['distinct_kinks']} distinct kinks, "
        f"loss {last['loss']:.2g}."
    )


def verdict(shown: Shown) -> str:
    """Say what came out, in Markdown: numbers measured on the run on screen."""
    last, width = table(shown, "summary").iloc[0], shown.trajectory.experiment.width
    counted = (
        f"**{last['distinct_kinks']} distinct kinks** of {width:,} units (N_eff {last['n_eff']:.1f}; bound 2K + 1 = "
        f"{last['kink_bound']})"
    )
    near = (
        f"{last['on_data']:.0%} of all |a w| within 0.02 of a data point" if last["on_data"] == last["on_data"] else ""
    )
    if last["outcome"] == "stationary":
        why = (
            f"no living unit grows, though some direction would at rate {last['free_rate']:.2g}: nobody lives there"
            if last["free_rate"] > 1e-3
            else "no direction would grow"
        )
        return f"At rest at loss {last['loss']:.3g} after {last['steps']:,} steps: {why}. {counted}."
    words = {"interpolated": "Interpolates", "diverged": "Diverged", "step_limit": "Not at rest"}
    how = f"{words.get(last['outcome'], 'In training')} after {last['steps']:,} steps (loss {last['loss']:.2g})"
    return f"{how}: {counted}; {near}." if near else f"{how}: {counted}."
