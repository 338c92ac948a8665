"""The charts of where training fails: theory for every setting, measurements once there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Figure, Rows
from core.part import Card, Scene, Shown, badge, spoken
from core.studies.basin import tables
from core.studies.basin.charts import cloud as sample_chart
from core.studies.basin.charts import map as map_chart
from core.studies.basin.charts import shares as share_charts
from core.studies.basin.drops import drop_table, drops, full, reached, setting
from core.studies.basin.experiment import EDGE, LOSSES, Basin
from core.studies.basin.theory import FATES, fate, revival, shares, success, time_to_fate
from core.studies.basin.trajectory import BasinTrajectory
from core.studies.basin.view import BasinView
from core.theory.modes import Neurons, curve

Floats = NDArray[np.float64]
Measured = Shown[BasinTrajectory] | None

CARDS: Mapping[str, tuple[str, str]] = {
    "map": (
        "Every initialization has a fate",
        "{Click to add a neuron, drag one to move it, double-click one to remove it.} Lines and dots: theory; filled "
        "dots under the chosen loss, hollow ones under the other, on the same path. Dashed: the boundary of the region "
        "that learns, in closed form. Small marks: initializations that training has not decided (hollow), or that "
        "ended otherwise than theory predicts (filled).",
    ),
    "cloud": (
        "A sample of neurons",
        "Dots: training with both classes, the first seed. Rings: theory, which knows class +1 only, for neurons that "
        "start inactive on the other class. Below: how many learn, will die and are inactive (dead) in theory (pale), "
        "how many of these are active on class +1 now (solid), and the mean over draws (tick).",
    ),
    "success": (
        "A class fails only if all of its neurons do",
        "Line: theory. Dots: networks trained on one class and initialized like the sample, with a standard error.",
    ),
    "revival": (
        "Reactivated by the other class",
        "Of neurons that will die and start inactive on the other class. Line: theory, exact for a neuron alone and "
        "unlimited training. Dots: measured, with a standard error; in a sample of neurons the class is learned before "
        "many have died.",
    ),
}
PLACES = 61
"""Places along each side of the map that can be clicked."""
TIMES = 201
"""Along each side of the picture of times."""
COSINES = np.round(np.linspace(-0.99, 0, 100), 3)
"""At which theory's share of reactivated neurons is drawn."""


def scene(view: BasinView, drawn: Sequence[Measured]) -> Scene:
    """Return the charts of a view, of theory alone before there is a measurement."""
    shown, experiment = drawn[0], view.experiment
    said = verdict(experiment, shown)
    measured = {name: shown.table(name) if shown is not None else None for name in ("success", "revival")}
    of_width = success(np.arange(1, share_charts.WIDEST + 1), experiment.sigma_y, experiment.sigma_z)
    of_angle = revival(COSINES, experiment.sigma_y, experiment.sigma_z)
    figures = {
        "map": _map(view, shown),
        "cloud": _sample(view, shown),
        "success": share_charts.success(of_width, experiment.width, measured["success"]),
        "revival": share_charts.revival(COSINES, of_angle, view.cosine, measured["revival"]),
    }
    return Scene(
        figures=figures,
        cards={name: _card(name, said, view, shown) for name in figures},
        steps=BasinTrajectory.scheduled(experiment),
        verdict=said,
        notes=(f"Time is the step times {experiment.learning_rate:g}.",),
        below="\n\n".join(filter(None, (full(view), drop_table(view, shown)))),
    )


def _card(name: str, said: str, view: BasinView, shown: Measured) -> Card:
    title, caption = CARDS[name]
    about: dict[str, Any] = {"badge": badge("theory only, so far") if shown is None and name == "map" else None}
    if name == "map":
        caption = " ".join(filter(None, (caption, full(view))))
        about |= {"pick": "place", "edit": _edit(view)}
        if shown is not None:
            wrong = int(shown.table("basin")["mismatch"].sum())
            about["badge"] = badge(f"{wrong:,} ended otherwise than in theory", alert=wrong > 0)
    return Card(title=title, caption=caption, alt=spoken(title, said), **about)


def _edit(view: BasinView) -> dict[str, Any]:
    bounds = [-EDGE, EDGE]
    return {
        "table": "drops",
        "x": {"scale": "x", "field": "z"},
        "y": {"scale": "y", "field": "y"},
        "bounds": {"x": bounds, "y": bounds},
        "fewest": 1,
        "most": len(view.neurons),  # a click adds one, and a double click is not to add another
        "apart": 0,
    }


def _map(view: BasinView, shown: Measured) -> Figure:
    experiment = view.experiment
    marks = None if shown is None else shown.once("marks", lambda: _marks(shown.table("basin")))
    theory = tuple(setting(experiment).values())
    ground = _fates() if view.colour == "fate" else _times(experiment.loss, *theory)
    return map_chart.figure(ground, _places(*theory), drops(view), experiment.loss, marks)


def _marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the initializations that training has not decided, or decided otherwise than theory."""
    odd = rows["mismatch"] | ((rows["outcome"] == "not yet") & (rows["fate"] != "border"))
    return rows[odd][["z", "y", "outcome", "mismatch"]]


@cache
def _fates() -> Rows:
    return map_chart.fates()


@lru_cache(maxsize=16)
def _times(loss: str, norm: float, rate: float, target: float) -> Rows:
    z, y = _square(TIMES)
    return map_chart.times(time_to_fate(z, y, norm=norm, rate=rate, loss=loss, target=target), fate(z, y), rate)


@lru_cache(maxsize=16)
def _places(norm: float, rate: float, target: float) -> pd.DataFrame:
    """Return what the map says under the pointer, one row a place."""
    z, y = (part.ravel() for part in _square(PLACES))
    times = {loss: time_to_fate(z, y, norm=norm, rate=rate, loss=loss, target=reached(loss, target)) for loss in LOSSES}
    return pd.DataFrame({"z": z, "y": y, "fate": np.array(FATES, dtype=object)[fate(z, y)], **times})


def _square(size: int) -> tuple[Floats, Floats]:
    """Return z and y of places that have the axes among them, (row, column) by y, then z."""
    edge = np.arange(-(size // 2), size // 2 + 1) * (EDGE / (size // 2))
    y, z = np.meshgrid(edge, edge, indexing="ij")
    return z, y


def _sample(view: BasinView, shown: Measured) -> Figure:
    """Return the sample at the view's angle: in theory, and as the first seed's moved in training."""
    experiment = view.experiment
    sample = tables.first_sample(experiment, view.cosine)
    times = BasinTrajectory.scheduled(experiment) * experiment.learning_rate
    neurons = Neurons(sample["y"].to_numpy(), sample["z"].to_numpy(), experiment.norm)
    first, head = neurons.weights(curve(neurons, experiment.rate, experiment.loss, float(times[-1])).clock_at(times))
    measured = None
    if shown is not None:
        moved = shown.trajectory["cloud"][:, view.place].astype(np.float64)  # (snapshot, neuron, coordinate)
        measured = (moved[..., 0].T, moved[..., 1].T)
    expected = dict(zip(FATES, shares(experiment.sigma_y, experiment.sigma_z), strict=False))
    return sample_chart.figure(sample, (head, first), measured, expected)


def verdict(experiment: Basin, shown: Measured) -> str:
    """Say what theory predicts and what came out, in Markdown."""
    learns, dies, dead = shares(experiment.sigma_y, experiment.sigma_z)
    said = (
        f"In theory **{learns:.1%}** of neurons learn, {dies:.1%} will die and {dead:.0%} are inactive (dead) from the "
        "start"
    )
    if shown is None:
        failure = float((1 - learns) ** experiment.width)
        return f"{said}; a class fails at width {experiment.width} with probability {failure:.2g}."
    rows = shown.table("basin")
    wrong, later = int(rows["mismatch"].sum()), int((rows["outcome"] == "not yet").sum())
    learned = int((rows["outcome"] == "learned").sum())
    return (
        f"{said}. Of {len(rows):,} single neurons in training {learned:,} learned, **{wrong:,} ended otherwise than "
        f"theory predicts**, and {later:,} are undecided at t = {experiment.time_limit:g}."
    )
