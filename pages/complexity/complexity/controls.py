"""The controls of networks and their explainers. Their keys begin with `c_`."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from core.choices import IMAGES
from core.datasets import CATALOGUE
from core.experiment import NO_TABLE
from core.explainers.names import TITLES
from core.studies.complexity.charts.staircase import MEASURES
from core.studies.complexity.experiment import LIMITS, MOST_SEEDS, Complexity
from core.studies.complexity.presets import PRESETS as COMPLEXITY
from core.values import ExperimentError
from pages.complexity.complexity.view import CHOICES, View, from_query
from pages.shared.kept import Kept, so_many
from pages.shared.own_table import most_rows, upload

HELP: Mapping[str, str] = {
    "dataset": "Every task has two classes, −1 and +1.",
    "n_train": "Training points. The test set stays the same.",
    "label_noise": "Share of training labels flipped; test labels stay clean.",
    "network": "mlp: layers of ReLU units. cnn: 3 × 3 convolutions with ReLU, pooling after the first two, then a "
    "dense layer; for images.",
    "depth": "Hidden layers, or convolutions (1 to 4). No hidden layer is a linear network.",
    "width": "Units of a hidden layer; of a cnn, of its dense layer.",
    "filters": "Filters of each convolution.",
    "learning_rate": "Of plain SGD on the mean logistic loss of a batch. Small, so that the early phase can be seen.",
    "batch_size": "Points a step, without replacement.",
    "step_limit": "Steps of every network.",
    "data_seed": "Draws the training set, and which labels are flipped.",
    "count": "Networks that differ by their weights and batches, on one training set.",
}
LEARNING_RATES = tuple(float(f"{digit}e{power}") for power in range(-4, 1) for digit in (1, 2, 5))
NOISES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4)
WHOLE = ("n_train", "width", "depth", "filters", "batch_size", "step_limit", "data_seed")


def _controls(view: View) -> dict[str, Any]:
    """Return what the session holds of a view, by name."""
    experiment = view.experiment
    settings = [f.name for f in fields(Complexity) if f.name not in ("seeds", "csv_digest")]
    values = {name: getattr(experiment, name) for name in settings} | {name: getattr(view, name) for name in CHOICES}
    values["csv"] = "" if experiment.csv_digest == NO_TABLE else experiment.csv_digest
    return values | {"seeds": experiment.seeds, "count": len(experiment.seeds), "step": view.step}


kept = Kept("c", from_query, _controls)


def load(experiment: Complexity) -> None:
    """Set the controls of the training; how it is shown stays."""
    kept.show(replace(kept.view, experiment=experiment, step=None))


def current() -> View:
    """Return what the controls say.

    Raises:
        ExperimentError: the settings do not fit together.
    """
    values: dict[str, Any] = {f.name: kept[f.name] for f in fields(Complexity) if f.name not in ("seeds", "csv_digest")}
    own = values["dataset"] == "csv"
    if own and not kept["csv"]:
        raise ExperimentError("csv", "a table uploaded in the side bar", "none yet")
    view = View(
        experiment=Complexity(
            **values, csv_digest=kept["csv"] if own else "", seeds=so_many(kept["count"], kept["seeds"])
        ),
        explainer=kept["explainer"],
        heat=kept["heat"] or next(iter(MEASURES)),
        estimate=kept["estimate"] or CHOICES["estimate"][0],
        step=kept["step"],
    )
    return kept.keep(view)


def presets() -> None:
    """Draw the presets: each sets the controls."""
    trained = {name: preset for name, preset in COMPLEXITY.items() if preset.experiment.csv_digest != NO_TABLE}
    kept.presets(trained, load)


def sidebar() -> None:
    """Draw the controls of the training."""
    with st.sidebar:
        _data()
        st.subheader("Network and training", divider="gray")
        images = kept["dataset"] in IMAGES
        if not images:
            kept["network"] = "mlp"
        convolutional = kept["network"] == "cnn"
        st.segmented_control(
            "Network",
            ["mlp", "cnn"] if images else ["mlp"],
            key="c_network",
            required=True,
            help=HELP["network"],
        )
        left, right = st.columns(2)
        with left:
            _whole(
                "Convolutions" if convolutional else "Hidden layers", "depth", *((1, 4) if convolutional else (0, 5))
            )
            _whole("Batch size", "batch_size", most=int(kept["n_train"]))
        with right:
            _whole("Width", "width")
            _whole("Steps", "step_limit")
        kept.slider("Learning rate", "learning_rate", LEARNING_RATES, "{:g}", HELP["learning_rate"])
        if convolutional:
            _whole("Filters", "filters")
        left, right = st.columns(2)
        with left:
            st.number_input("Seeds", 1, MOST_SEEDS, key="c_count", help=HELP["count"])
        with right:
            _whole("Training set", "data_seed")
        st.button("New training set", icon=":material/casino:", on_click=_new_set, help="Draw the training set anew.")


def _data() -> None:
    st.selectbox(
        "Dataset",
        list(CATALOGUE),
        key="c_dataset",
        format_func=lambda name: CATALOGUE[name].title,
        help=HELP["dataset"],
    )
    chosen = CATALOGUE[kept["dataset"]]
    st.caption(chosen.sentence)
    most = chosen.n_train_max
    if chosen.name == "csv":
        upload("c_csv")
        most = min(most, most_rows(kept["csv"]) or most)
    _whole("Training points", "n_train", most=most)
    kept.slider("Label noise", "label_noise", NOISES, "{:.0%}", HELP["label_noise"])


def _whole(label: str, name: str, least: int | None = None, most: int | None = None) -> None:
    bounds = LIMITS[name]
    low, high = max(int(bounds.low), least or 0), min(int(bounds.high), most or int(bounds.high))
    kept.whole(label, name, low, high, HELP[name])


def _new_set() -> None:
    kept["data_seed"] = random.randrange(1, 10_000)


def explainer_choice(known: tuple[str, ...], *, settled: bool) -> str:
    """Draw the choice of the explainer, and of how information is estimated; return the explainer to show.

    One that is not known stays chosen, and the first is shown, unless it is `settled` that there will be no other.
    """
    chosen: str = kept["explainer"]
    if chosen not in known and settled:
        none = f"explainer: these networks have none called {TITLES[chosen]}; {TITLES[known[0]]} is shown."
        kept["said"], kept["explainer"] = [none], known[0]
        st.rerun()
    offered = [*known, *({chosen} - set(known))]
    with st.container(horizontal=True, vertical_alignment="bottom", key="c-choices"):
        st.selectbox("Explainer L", offered, key="c_explainer", format_func=TITLES.__getitem__, width=340)
        st.segmented_control(
            "Colour of the staircase", list(MEASURES), key="c_heat", format_func=MEASURES.__getitem__, required=True
        )
        st.segmented_control(
            "Estimate",
            CHOICES["estimate"],
            key="c_estimate",
            required=True,
            help="Plain frequencies overestimate information a little, which Miller and Madow's correction takes off; "
            "error bars matter more.",
        )
    if chosen in known:
        return chosen
    st.caption(f"Not known yet: {TITLES[chosen]}; the charts show {TITLES[known[0]]}.")
    return known[0]


def choose(explainer: str) -> None:
    """Compare with the explainer that was clicked."""
    kept["explainer"] = explainer
