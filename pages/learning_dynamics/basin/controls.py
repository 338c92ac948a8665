"""The controls of where training fails. Their keys begin with `lb_`, for all pages of a visit share one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.studies.basin.experiment import EDGE, LOSSES, Basin
from core.studies.basin.presets import PRESETS as BASIN
from pages.learning_dynamics.basin.view import COLOURS, FIRST, MOST_DROPS, View, from_query
from pages.shared.kept import Kept

CHOICES: Mapping[str, Sequence[float]] = {
    "share": tuple(part / 100 for part in (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99)),
    "norm": (0.25, 0.5, 1.0, 2.0, 4.0),
    "target": (0.1, 0.25, 0.5, 1.0),
    "width": (1, 2, 4, 8, 16, 32, 64, 100, 200, 400),
    "sigma_y": (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0),
    "sigma_z": (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0),
    "learning_rate": (0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    "time_limit": (10.0, 30.0, 60.0, 120.0, 200.0),
}
HELP: Mapping[str, str] = {
    "loss": "The fates are the same: only the clock differs. Hinge stops at N = 1, cross-entropy never does.",
    "share": "p, the class's share of the data. The clock runs at R = p |x|.",
    "norm": "|x|, of both classes. N = |x| z y.",
    "target": "The class counts as learned when its logit N is this.",
    "width": "h, neurons of the cloud.",
    "sigma_y": "The first layer's start is N(0, σ²) along x / |x|.",
    "sigma_z": "The output weights' start is N(0, σ²).",
    "learning_rate": "Step of gradient descent; time is step times this.",
    "time_limit": "When training ends. What is not decided by then is called not yet.",
    "colour": "The fate, or the time to it: the sooner, the stronger.",
    "cosine": "Of the angle between the classes of the cloud in training. At 0 neither moves the other's neurons.",
}
NAMES = {"cross_entropy": "cross-entropy", "hinge": "hinge"}


def _controls(view: View) -> dict[str, Any]:
    values = {name: getattr(view.experiment, name) for name in ("loss", *CHOICES)}
    cosine = view.experiment.cosines[view.place]
    return values | {"drops": view.drops, "colour": view.colour, "cosine": cosine, "step": view.step}


kept = Kept("lb", from_query, _controls)


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it.

    Raises:
        ExperimentError: settings that do not go together.
    """
    changes = {name: kept[name] for name in ("loss", *CHOICES)}
    own = {name: kept[name] for name in ("drops", "colour", "cosine", "step")}
    return kept.keep(View(experiment=replace(kept.view.experiment, **changes), **own))


def presets() -> None:
    """Draw the presets: each sets the controls, and shows the cloud of its first angle where it has no map."""
    kept.presets(BASIN, use)


def use(experiment: Basin) -> None:
    """Set the controls of an experiment."""
    angle = FIRST.cosines[-1] if experiment.cosines == FIRST.cosines else experiment.cosines[0]
    kept.show(View(experiment=experiment, cosine=angle))


def sidebar() -> None:
    """Draw the controls of the experiment."""
    with st.sidebar:
        st.subheader("The class", divider="gray")
        st.segmented_control(
            "Loss", LOSSES, key="lb_loss", required=True, format_func=NAMES.__getitem__, help=HELP["loss"]
        )
        _slider("Share of the data p", "share", "{:g}")
        _slider("Norm |x|", "norm", "{:g}")
        _slider("Learned at N", "target", "{:g}")
        st.subheader("The cloud", divider="gray")
        _slider("Width h", "width", "{:,}")
        _slider("First layer σ_y", "sigma_y", "{:g}")
        _slider("Output weights σ_z", "sigma_z", "{:g}")
        _angle(kept.view.experiment.cosines)
        st.subheader("Training", divider="gray")
        _slider("Learning rate", "learning_rate", "{:g}")
        _slider("Time", "time_limit", "{:g}")
        experiment = kept.view.experiment
        st.caption(
            f"{experiment.grid**2:,} single neurons, clouds of {len(experiment.seeds)} seeds. Grid, angles and seeds: "
            "the command line and the link take others."
        )


def chart_controls() -> None:
    """Draw what the map shows, and a way to take the neurons off it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="lb-chart-controls"):
        st.segmented_control("Map", COLOURS, key="lb_colour", required=True, help=HELP["colour"])
        st.button("Keep the latest neuron only", key="lb-clear", on_click=_clear)


def dropped(z: float, y: float) -> None:
    """Drop a neuron on the map; the eldest makes room for one too many."""
    if (z, y) not in kept["drops"]:
        kept["drops"] = (*kept["drops"], (z, y))[-MOST_DROPS:]


def moved(rows: Sequence[Mapping[str, Any]]) -> None:
    """Take the neurons as the chart has them."""
    drops = [tuple(min(max(float(row[name]), -EDGE), EDGE) for name in ("z", "y")) for row in rows]
    kept["drops"] = tuple(dict.fromkeys(drops))[-MOST_DROPS:]


def _clear() -> None:
    kept["drops"] = kept["drops"][-1:]


def _angle(cosines: Sequence[float]) -> None:
    if len(cosines) > 1:  # a slider needs a choice
        st.select_slider(
            "Cosine of the classes", cosines, key="lb_cosine", format_func="{:g}".format, help=HELP["cosine"]
        )


def _slider(label: str, name: str, form: str) -> None:
    kept.slider(label, name, CHOICES[name], form, HELP[name])
