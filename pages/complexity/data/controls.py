"""The controls of networks and their explainers. Their keys begin with `c_`."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

from core.charts.staircase import MEASURES
from core.datasets import CATALOGUE
from core.experiments import Complexity, ExperimentError
from core.experiments.complexity import IMAGES, LIMITS, MOST_SEEDS
from core.explainers.names import TITLES
from core.presets import COMPLEXITY, NO_TABLE
from pages.complexity.data.view import CHOICES, View, from_query
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


def start() -> None:
    """Fill the controls: from the link on a visit's first run, and after a look at something else, as they were."""
    if "c_kept" not in st.session_state:
        view, st.session_state["c_said"] = from_query(st.query_params.to_dict())
        st.session_state["c_link_step"] = view.step
        show(view)
    for key, value in _controls(st.session_state["c_kept"]).items():
        st.session_state.setdefault(key, value)  # Streamlit drops the widgets that were not drawn


def said(experiment: Complexity | None) -> list[str]:
    """Return what was wrong with the link that led to `experiment`, until the visitor moves on from it."""
    about, before = st.session_state.get("c_notices", (experiment, []))
    kept = list(before) if about == experiment else []
    if new := st.session_state.pop("c_said", []):
        kept += new
        st.session_state["c_notices"] = (experiment, kept)
    return kept


def show(view: View) -> None:
    """Set every control to `view`."""
    st.session_state["c_kept"] = view
    for key, value in _controls(view).items():
        st.session_state[key] = value


def _controls(view: View) -> dict[str, Any]:
    """Return what the session holds of a view, by key."""
    experiment = view.experiment
    settings = [f.name for f in fields(Complexity) if f.name not in ("seeds", "csv_digest")]
    values = {name: getattr(experiment, name) for name in settings} | {name: getattr(view, name) for name in CHOICES}
    values["csv"] = "" if experiment.csv_digest == NO_TABLE else experiment.csv_digest
    values |= {"seeds": experiment.seeds, "count": len(experiment.seeds), "step": view.step}
    return {f"c_{name}": value for name, value in values.items()}


def load(experiment: Complexity) -> None:
    """Set the controls of the training; how it is shown stays."""
    kept: View = st.session_state["c_kept"]
    show(View(experiment=experiment, explainer=kept.explainer, heat=kept.heat, estimate=kept.estimate))


def current() -> View:
    """Return what the controls say.

    Raises:
        ExperimentError: the settings do not fit together.
    """
    state = st.session_state
    values: dict[str, Any] = {
        f.name: state[f"c_{f.name}"] for f in fields(Complexity) if f.name not in ("seeds", "csv_digest")
    }
    own = values["dataset"] == "csv"
    if own and not state["c_csv"]:
        raise ExperimentError("csv", "a table uploaded in the side bar", "none yet")
    view = View(
        experiment=Complexity(**values, csv_digest=state["c_csv"] if own else "", seeds=_seeds(state["c_count"])),
        explainer=state["c_explainer"],
        heat=state["c_heat"] or next(iter(MEASURES)),
        estimate=state["c_estimate"] or CHOICES["estimate"][0],
        step=state["c_step"],
    )
    state["c_kept"] = view
    return view


def _seeds(count: int) -> tuple[int, ...]:
    """Return so many seeds, those of the preset or the link first."""
    kept: tuple[int, ...] = st.session_state["c_seeds"]
    more = (seed for seed in range(MOST_SEEDS * 2) if seed not in kept)
    return (*kept[:count], *(next(more) for _ in range(count - len(kept))))


def presets() -> None:
    """Draw the presets: each sets the controls."""
    with st.container(horizontal=True, gap="small", key="c-presets"):
        for name, preset in COMPLEXITY.items():
            if preset.experiment.csv_digest != NO_TABLE:
                st.button(
                    preset.title,
                    key=f"preset-{name}",
                    help=preset.sentence,
                    on_click=load,
                    args=(preset.experiment,),
                    type="tertiary",
                )


def sidebar() -> None:
    """Draw the controls of the training."""
    with st.sidebar:
        _data()
        st.subheader("Network and training", divider="gray")
        images = st.session_state["c_dataset"] in IMAGES
        if not images:
            st.session_state["c_network"] = "mlp"
        convolutional = st.session_state["c_network"] == "cnn"
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
            _whole("Batch size", "batch_size", most=int(st.session_state["c_n_train"]))
        with right:
            _whole("Width", "width")
            _whole("Steps", "step_limit")
        _slider("Learning rate", "learning_rate", LEARNING_RATES, "{:g}")
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
    chosen = CATALOGUE[st.session_state["c_dataset"]]
    st.caption(chosen.sentence)
    most = chosen.n_train_max
    if chosen.name == "csv":
        upload("c_csv")
        most = min(most, most_rows(st.session_state["c_csv"]) or most)
    _whole("Training points", "n_train", most=most)
    _slider("Label noise", "label_noise", NOISES, "{:.0%}")


def _whole(label: str, name: str, least: int | None = None, most: int | None = None) -> None:
    """Draw a whole-number field; a value that another control has put out of bounds is moved, and that is said."""
    bounds, key = LIMITS[name], f"c_{name}"
    low, high = max(int(bounds.low), least or 0), min(int(bounds.high), most or int(bounds.high))
    value = st.session_state[key]
    if value is None or not low <= value <= high:
        st.session_state[key] = low if value is not None and value < low else high
        if value is not None:
            moved = f"{label} is now {st.session_state[key]:,}, as the other settings need."
            st.session_state["c_said"] = [*st.session_state.get("c_said", []), moved]
    st.number_input(label, low, high, key=key, step=1, help=HELP[name])


def _slider(label: str, name: str, choices: tuple[float, ...], form: str) -> None:
    """Draw a slider over the choices and the present value, which a link may have set between them."""
    present = st.session_state[f"c_{name}"]
    apart = {value for value in choices if form.format(value) != form.format(present)}  # or two would read the same
    st.select_slider(label, sorted({*apart, present}), key=f"c_{name}", format_func=form.format, help=HELP[name])


def _new_set() -> None:
    st.session_state["c_data_seed"] = random.randrange(1, 10_000)


def explainer_choice(known: tuple[str, ...], *, settled: bool) -> str:
    """Draw the choice of the explainer, and of how information is estimated; return the explainer to show.

    One that is not known stays chosen, and the first is shown, unless it is `settled` that there will be no other.
    """
    chosen: str = st.session_state["c_explainer"]
    if chosen not in known and settled:
        none = f"explainer: these networks have none called {TITLES[chosen]}; {TITLES[known[0]]} is shown."
        st.session_state["c_said"] = [none]
        st.session_state["c_explainer"] = known[0]
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
    st.session_state["c_explainer"] = explainer
