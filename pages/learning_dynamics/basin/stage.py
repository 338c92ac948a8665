"""The charts of where training fails as the player takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.figure.figure import Figure, Rows
from core.studies.basin import tables as basin
from core.studies.basin.charts import cloud as basin_cloud
from core.studies.basin.charts import map as basin_map
from core.studies.basin.charts import shares as basin_shares
from core.studies.basin.experiment import EDGE, LOSSES, Basin
from core.studies.basin.theory import FATES, fate, revival, shares, success, time_to_fate
from core.studies.basin.trajectory import BasinTrajectory, snapshots
from core.theory.modes import Neurons, curve
from pages.learning_dynamics.basin.drops import drops, reached, setting
from pages.learning_dynamics.basin.view import View
from pages.shared.library import Found
from pages.shared.payload import clock, payload

Floats = NDArray[np.float64]
Shown = Found[BasinTrajectory]

TABLES = {
    "basin": "Every start of the grid: its fate and time by theory, and what training came to.",
    "cloud": "Where the clouds' neurons began and ended, one row a cosine, seed and neuron.",
    "success": "How many networks of each width learned the class.",
    "revival": "How many doomed neurons were reborn, two rows a cosine.",
    "path": "The first seed's clouds at every recorded step.",
}
"""What can be taken away of what is on screen."""

TITLES = {
    "map": "Every start has a fate",
    "cloud": "A cloud of neurons",
    "success": "A class fails only if all of its neurons do",
    "revival": "Reborn for the other class",
}
CAPTIONS = {
    "map": "Click to drop a neuron, drag one to move it, double-click one to remove it. Lines and dots: theory; filled "
    "dots by the loss chosen, hollow ones by the other, on the same path. Dashed: the border of what learns, in closed "
    "form. Small marks: starts that training has not decided (hollow), or decided otherwise than theory (filled).",
    "cloud": "Dots: in training with both classes, the first seed. Rings: theory, which knows class +1 only, of "
    "neurons that the other class does not see at first. Below: how many theory has learn, be doomed and be dead "
    "(pale), how many of these class +1 sees now (solid), and the mean over draws (tick).",
    "success": "Line: theory. Dots: networks of one class from the cloud's distribution, with a standard error.",
    "revival": "Of doomed neurons that the other class does not see at first. Line: theory, exact for a neuron alone "
    "in endless training. Dots: in training, with a standard error; in a cloud the class is learned before many died.",
}
PLACES = 61
"""Places along each side of the map that can be clicked."""
TIMES = 201
"""Along each side of the picture of times."""
CURVE = np.round(np.linspace(-0.99, 0, 100), 3)


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(key: str, name: str, _trajectory: BasinTrajectory) -> pd.DataFrame:
    return basin.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.basin`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def figures(view: View, shown: Shown | None) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand: of theory, and of training if there is one."""
    experiment = view.experiment
    measured = {name: table(shown, name) for name in ("success", "revival")} if shown is not None else {}
    of_width = success(np.arange(1, basin_shares.WIDEST + 1), experiment.sigma_y, experiment.sigma_z)
    of_angle = revival(CURVE, experiment.sigma_y, experiment.sigma_z)
    cosine = experiment.cosines[view.place]
    return {
        "map": _map(view, shown),
        "cloud": _cloud(experiment, view.place, shown),
        "success": basin_shares.success(of_width, experiment.width, measured.get("success")),
        "revival": basin_shares.revival(CURVE, of_angle, cosine, measured.get("revival")),
    }


def _map(view: View, shown: Shown | None) -> Figure:
    experiment = view.experiment
    marks = None
    if shown is not None:
        rows = table(shown, "basin")
        odd = rows["mismatch"] | ((rows["outcome"] == "not yet") & (rows["fate"] != "border"))
        marks = rows[odd][["z", "y", "outcome", "mismatch"]]
    ground = _fates() if view.colour == "fate" else _times(experiment.loss, *setting(experiment).values())
    cells = _cells(*setting(experiment).values())
    return basin_map.figure(ground, cells, drops(view), experiment.loss, marks)


@st.cache_resource(show_spinner=False)
def _fates() -> Rows:
    return basin_map.fates()


@st.cache_resource(max_entries=16, show_spinner=False)
def _times(loss: str, norm: float, rate: float, target: float) -> Rows:
    z, y = _square(TIMES)
    return basin_map.times(time_to_fate(z, y, norm=norm, rate=rate, loss=loss, target=target), fate(z, y), rate)


@st.cache_resource(max_entries=16, show_spinner=False)
def _cells(norm: float, rate: float, target: float) -> pd.DataFrame:
    """Return what the map says under the pointer, one row a place."""
    z, y = (part.ravel() for part in _square(PLACES))
    codes = fate(z, y)
    columns = {
        loss: time_to_fate(z, y, norm=norm, rate=rate, loss=loss, target=reached(loss, target)) for loss in LOSSES
    }
    return pd.DataFrame({"z": z, "y": y, "fate": np.array(FATES, dtype=object)[codes], **columns})


def _square(size: int) -> tuple[Floats, Floats]:
    edge = np.arange(-(size // 2), size // 2 + 1) * (EDGE / (size // 2))
    y, z = np.meshgrid(edge, edge, indexing="ij")
    return z, y


def _cloud(experiment: Basin, place: int, shown: Shown | None) -> Figure:
    cloud = basin.first_cloud(experiment, experiment.cosines[place])
    times = snapshots(experiment) * experiment.learning_rate
    neurons = Neurons(cloud["y"].to_numpy(), cloud["z"].to_numpy(), experiment.norm)
    first, head = neurons.weights(curve(neurons, experiment.rate, experiment.loss, float(times[-1])).clock_at(times))
    measured = None
    if shown is not None:
        moved = shown.trajectory["cloud"][:, place].astype(np.float64)  # (snapshot, neuron, coordinate)
        measured = (moved[..., 0].T, moved[..., 1].T)
    expected = dict(zip(FATES, shares(experiment.sigma_y, experiment.sigma_z), strict=False))
    return basin_cloud.figure(cloud, (head, first), measured, expected)


def to_player(charts: dict[str, Figure], view: View, shown: Shown | None, rest: int | None) -> str:
    """Return the player's payload as JSON."""
    time = clock(snapshots(view.experiment), rest=rest)
    time["notes"] = [f"Time is step times {view.experiment.learning_rate:g}."]
    return payload(time, [(figure, _about(name, view, shown)) for name, figure in charts.items()])


def _about(name: str, view: View, shown: Shown | None) -> dict[str, Any]:
    about: dict[str, Any] = {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": f"{TITLES[name]}. {verdict(view.experiment, shown).replace('**', '')}",
        "scrub": None,
        "pick": None,
        "file": f"trainscope-{name}",
        "badge": None if shown is not None else {"text": "theory; not trained yet", "tone": "quiet"},
    }
    if name == "map":
        bounds = [-EDGE, EDGE]
        about |= {
            "pick": "place",
            "edit": {
                "table": "drops",
                "x": {"scale": "x", "field": "z"},
                "y": {"scale": "y", "field": "y"},
                "bounds": {"x": bounds, "y": bounds},
                "fewest": 1,
                "most": len(view.drops),  # a click adds, and not a double click besides
                "apart": 0,
            },
        }
        if shown is not None:
            about["badge"] = _badge(shown)
    return about


def _badge(shown: Shown) -> dict[str, str]:
    wrong = int(table(shown, "basin")["mismatch"].sum())
    return {"text": f"{wrong:,} decided otherwise than theory", "tone": "alert" if wrong else "quiet"}


def view_frame(view: View) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = snapshots(view.experiment)
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(experiment: Basin, shown: Shown | None) -> str:
    """Say what theory has and what came out, in Markdown."""
    learns, doomed, dead = shares(experiment.sigma_y, experiment.sigma_z)
    theory = (
        f"By theory **{learns:.1%}** of neurons learn, {doomed:.1%} are doomed and {dead:.0%} are dead from the start"
    )
    if shown is None:
        return f"{theory}; a class fails at width {experiment.width} with probability {_failure(experiment):.2g}."
    rows = table(shown, "basin")
    wrong, later = int(rows["mismatch"].sum()), int((rows["outcome"] == "not yet").sum())
    learned = int((rows["outcome"] == "learned").sum())
    return (
        f"{theory}. Of {len(rows):,} single neurons in training {learned:,} learned, **{wrong:,} decided otherwise "
        f"than theory**, and {later:,} are not decided by t = {experiment.time_limit:g}."
    )


def _failure(experiment: Basin) -> float:
    return float((1 - shares(experiment.sigma_y, experiment.sigma_z)[0]) ** experiment.width)
