"""The controls of networks over the phase plane. Their keys begin with `n_`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.choices import ACTIVATIONS, IMAGES
from core.choices import SHARED_DATASETS as DATASETS
from core.datasets import CATALOGUE
from core.experiment import with_settings
from core.studies.phase_plane.charts.cells import MEASURES
from core.studies.phase_plane.charts.heat import LINES
from core.studies.phase_plane.experiment import LIMITS, MOST_CONVOLUTIONS, MOST_SEEDS, PhasePlane
from core.studies.phase_plane.presets import PRESETS as PHASE_PLANE
from core.values import ExperimentError
from pages.phase_plane.phase_plane.view import CHOICES, SETTINGS, View, from_query
from pages.shared.kept import Kept, so_many
from pages.shared.lists import listed

HELP: Mapping[str, str] = {
    "dataset": "Every task has two classes, −1 and +1.",
    "n_train": "P, the size of the training set, or several with commas: 256,512,1024.",
    "batch_size": "B, points a step, without replacement, or several with commas. Small: from B* on, noise is no "
    "longer a matter of T alone.",
    "alphas": "Output scales, increasing: 2^-8..2^10/10 are ten powers of two from 2^-8 to 2^10, and 1,4,2^15 three.",
    "temperatures": "T = learning rate / (batch size · width), increasing, in the same ways.",
    "learning_rates": "In the place of T, for a plane of batch size and learning rate. Empty: T counts.",
    "network": "fc: layers of `width` units. cnn: convolutions with stride 2; for images, with relu.",
    "depth": "Hidden layers, or convolutions.",
    "width": "Units of a hidden layer, or filters of the first convolution.",
    "count": "A seed draws the training set, the weights and the batches. Cells are means over the seeds that fitted.",
    "step_limit": "A run that has not fitted its data by then is marked and in no mean.",
    "rectified": "T in units of the largest that fits at that α, so that no part of the plane is spent on divergence.",
}
LISTS = ("n_train", "batch_size", "alphas", "temperatures", "learning_rates")
"""Settings that are typed as lists."""
DIRECT = tuple(name for name in SETTINGS if name not in (*LISTS, "seeds"))


def _controls(view: View) -> dict[str, Any]:
    """Return what the session holds of a view, by name."""
    experiment = view.experiment
    values: dict[str, Any] = {name: getattr(experiment, name) for name in DIRECT}
    values |= {name: listed(getattr(experiment, name)) for name in LISTS}
    values |= {"seeds": experiment.seeds, "count": len(experiment.seeds)}
    values |= {name: getattr(view, name) for name in (*CHOICES, "rectified", "at", "step")}
    values["lines"] = list(view.lines)
    return values


kept = Kept("n", from_query, _controls)


def load(experiment: PhasePlane) -> None:
    """Set the controls of the training; how it is shown stays."""
    kept.show(replace(kept.view, experiment=experiment, at=None, step=None))


def current() -> View:
    """Return what the controls say.

    Raises:
        ExperimentError: a list that cannot be read, or settings that do not fit together.
    """
    words = {name: kept[name].strip() for name in LISTS}
    words |= {name: str(kept[name]) for name in DIRECT}
    words["seeds"] = ",".join(map(str, so_many(kept["count"], kept["seeds"])))
    if words["learning_rates"]:
        del words["temperatures"]
    elif not words["temperatures"]:
        raise ExperimentError("temperatures", "one or more increasing numbers", "")
    view = View(
        experiment=with_settings(kept.view.experiment, words),
        measure=kept["measure"] or CHOICES["measure"][0],
        when=kept["when"] or CHOICES["when"][0],
        lines=tuple(name for name in LINES if name in kept["lines"]),
        rectified=bool(kept["rectified"]),
        at=kept["at"],
        step=kept["step"],
    )
    return kept.keep(view)


def presets() -> None:
    """Draw the presets: each sets the controls."""
    kept.presets(PHASE_PLANE, load)


def sidebar() -> None:
    """Draw the controls of the training."""
    state = st.session_state
    with st.sidebar:
        st.subheader("Data", divider="gray")
        st.selectbox(
            "Dataset",
            list(DATASETS),
            key="n_dataset",
            format_func=lambda name: CATALOGUE[name].title,
            help=HELP["dataset"],
        )
        st.caption(CATALOGUE[state["n_dataset"]].sentence)
        _text("Training points P", "n_train")
        st.subheader("Network", divider="gray")
        images = state["n_dataset"] in IMAGES
        if not images:
            state["n_network"] = "fc"
        convolutional = state["n_network"] == "cnn"
        if convolutional:
            state["n_activation"] = "relu"
        kinds = ["fc", "cnn"] if images else ["fc"]
        st.segmented_control("Network", kinds, key="n_network", required=True, help=HELP["network"])
        left, right = st.columns(2)
        with left:
            _whole(
                "Convolutions" if convolutional else "Hidden layers", "depth", MOST_CONVOLUTIONS if convolutional else 5
            )
        with right:
            _whole("Width", "width")
        known = ["relu"] if convolutional else list(ACTIVATIONS)
        st.segmented_control("Activation", known, key="n_activation", required=True)
        st.subheader("The plane", divider="gray")
        _text("Output scales α", "alphas")
        if state["n_learning_rates"].strip():
            _text("Learning rates", "learning_rates")
        else:
            _text("Temperatures T", "temperatures")
        _text("Batch sizes B", "batch_size")
        left, right = st.columns(2)
        with left:
            st.number_input("Seeds", 1, MOST_SEEDS, key="n_count", help=HELP["count"])
        with right:
            _whole("Step limit", "step_limit")


def _text(label: str, name: str) -> None:
    st.text_input(label, key=f"n_{name}", help=HELP[name])


def _whole(label: str, name: str, most: int | None = None) -> None:
    bounds = LIMITS[name]
    kept.whole(label, name, int(bounds.low), most or int(bounds.high), HELP.get(name))


def chart_controls(view: View) -> None:
    """Draw how the plane is coloured, when, on which axis, and which lines are over it, where there is a plane."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="n-choices"):
        if not view.is_plane and len(view.experiment.batch_size) == 1:
            return
        st.selectbox(
            "Colour", list(MEASURES), key="n_measure", format_func=lambda name: MEASURES[name].title, width=280
        )
        if not view.is_plane:
            return
        st.segmented_control("Shown at", CHOICES["when"], key="n_when", required=True)
        st.pills("Lines", list(LINES), key="n_lines", selection_mode="multi", format_func=lambda name: LINES[name][0])
        st.toggle("T / T_max", key="n_rectified", help=HELP["rectified"])


def choose(cell: tuple[float, ...]) -> None:
    """Play the cell that was clicked."""
    kept["at"] = cell
