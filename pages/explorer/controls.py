"""The Explorer's controls: widgets whose values are a `View`, and the ways in which something else sets them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any

import streamlit as st

from core.choices import ACTIVATIONS
from core.datasets import CATALOGUE
from core.studies.explorer.charts.cells import MEASURES
from core.studies.explorer.experiment import LIMITS
from core.studies.explorer.presets import PRESETS as EXPLORER
from core.values import ExperimentError
from pages.explorer.view import ALPHAS, CHOICES, Settings, View, from_query, read_line
from pages.shared.own_table import most_rows, upload
from pages.shared.words import plain

HELP: Mapping[str, str] = {
    "dataset": "Every task has two classes, −1 and +1.",
    "n_train": "Training points P. The test set stays the same.",
    "width": "Units in each hidden layer; each has one kink on the data line.",
    "depth": "Hidden layers.",
    "activation": "ReLU has a kink where it switches on; GELU switches smoothly at the same place.",
    "alpha": "The output scale: the hinge loss asks for y F ≥ 1/α. Large α barely moves the weights (lazy); "
    "small α makes the network learn features.",
    "temperature": "The step size on the mean loss of a batch. What matters is "
    "T = learning rate / (batch size · width), the noise of SGD.",
    "batch_size": "Points a step, without replacement. As many as there are points is gradient descent without noise.",
    "seed": "Draws the training set, the weights and the batches. The same seed gives the same run.",
    "step_limit": "A run that has not fitted every point by then is stopped and drawn as such.",
    "line": "Kinks are drawn on the line through the two class means, or through two training points that you name.",
}


def start() -> None:
    """Fill the controls: from the link on a visit's first run, and after a look at another page, as they were."""
    if "kept" not in st.session_state:
        view, st.session_state["said"] = from_query(st.query_params.to_dict())
        st.session_state["link_step"] = view.step
        st.session_state["kept"] = view
        show(view)
    elif "width" not in st.session_state:  # Streamlit drops the widgets that another page does not draw
        show(st.session_state["kept"])


def notices(run: Settings) -> list[str]:
    """Return what was wrong with the settings that led to `run`, until the visitor moves on from it."""
    if said := st.session_state.pop("said", []):
        st.session_state["notices"] = (run, said)
    about, kept = st.session_state.get("notices", (run, []))
    return list(kept) if about == run else []


def show(view: View) -> None:
    """Set every control to `view`."""
    use(view.run)
    for name in ("colour", "when", "axis"):
        st.session_state[name] = getattr(view, name)
    st.session_state["step"] = view.step
    st.session_state["pinned"] = view.pinned


def use(run: Settings) -> None:
    """Set the controls of a run."""
    for f in fields(Settings):
        value = getattr(run, f.name)
        st.session_state[f.name] = "-".join(map(str, value)) if f.name == "line" else value
    st.session_state["line_read"] = run.line


def current() -> View:
    """Return what the controls say."""
    state = st.session_state
    values: dict[str, Any] = {f.name: state[f.name] for f in fields(Settings) if f.name != "line"}
    values["line"] = state["line_read"]
    view = View(
        run=Settings(**values),
        colour=state["colour"],
        when=state["when"] or CHOICES["when"][0],
        axis=state["axis"] or "log",
        step=state["step"],
        pinned=state["pinned"],
    )
    state["kept"] = view
    return view


def presets() -> None:
    """Draw the presets: each sets the run's controls."""
    with st.container(horizontal=True, gap="small", key="presets"):
        for name, preset in EXPLORER.items():
            st.button(
                preset.title,
                key=f"preset-{name}",
                help=preset.sentence,
                on_click=use,
                args=(Settings.of(preset.experiment),),
                type="tertiary",
            )


def sidebar() -> None:
    """Draw the controls of a run."""
    with st.sidebar:
        _data_controls()
        st.subheader("Where in the plane", divider="gray")
        st.select_slider(
            "Output scale α", _choices(ALPHAS, "alpha"), key="alpha", format_func=power, help=HELP["alpha"]
        )
        temperatures = Settings(coldest=st.session_state["coldest"]).plane().temperatures
        st.select_slider(
            "Learning rate",
            _choices(temperatures, "temperature"),
            key="temperature",
            format_func=_learning_rates(),
            help=HELP["temperature"],
        )
        st.caption(f"T = learning rate / (batch · width) = **{power(st.session_state['temperature'])}**")
        st.subheader("Network and training", divider="gray")
        left, right = st.columns(2)
        with left:
            _number("Width", "width")
            _number("Batch size", "batch_size", most=int(st.session_state["n_train"]))
        with right:
            _number("Hidden layers", "depth")
            st.selectbox("Activation", ACTIVATIONS, key="activation", help=HELP["activation"])
        _number("Seed", "seed")
        st.button("New seed", icon=":material/casino:", on_click=_new_seed, help="Train the same settings anew.")
        with st.expander("More"):
            _number("Step limit", "step_limit")
            st.text_input("Line through training points", key="line", placeholder="e.g. 3-17", help=HELP["line"])
            try:
                st.session_state["line_read"] = read_line(st.session_state["line"].strip())
            except ExperimentError as error:
                st.error(plain(str(error)))


def _data_controls() -> None:
    st.selectbox(
        "Dataset", list(CATALOGUE), key="dataset", format_func=lambda name: CATALOGUE[name].title, help=HELP["dataset"]
    )
    chosen = CATALOGUE[st.session_state["dataset"]]
    st.caption(chosen.sentence)
    most = min(chosen.n_train_max, int(LIMITS["n_train"].high))
    if st.session_state["dataset"] == "csv":
        upload("csv")
        most = min(most, most_rows(st.session_state["csv"]) or most)
    else:
        st.session_state["csv"] = ""
    _number("Training points", "n_train", most=most)


def _number(label: str, name: str, most: int | None = None) -> None:
    """Draw a whole-number field; a value that another control has made too large is lowered, and that is said."""
    bounds = LIMITS[name]
    top = min(int(bounds.high), most or int(bounds.high))
    if st.session_state[name] is None or st.session_state[name] > top:
        if st.session_state[name] is not None:
            lowered = f"{label} is now {top:,}, the most that the other settings allow."
            st.session_state["said"] = [*st.session_state.get("said", []), lowered]
        st.session_state[name] = top
    st.number_input(label, int(bounds.low), top, key=name, step=1, help=HELP[name])


def _choices(grid: tuple[float, ...], name: str) -> list[float]:
    """Return the grid, a value between each two and some beyond it, and the present one, in order."""
    exponents = [round(math.log2(value), 2) for value in grid]
    between = [round((a + b) / 2, 2) for a, b in pairwise(exponents)]
    beyond = [exponents[0] - 1, exponents[-1] + 1]
    present: float = st.session_state[name]
    bounds = LIMITS[name]
    offered = {2.0**e for e in between + beyond} | set(grid)
    apart = {value for value in offered if abs(math.log2(value / present)) > 0.005}  # or two would read the same
    return sorted(value for value in apart | {present} if bounds.low <= value <= bounds.high)


def power(value: float) -> str:
    """Write a number as a power of two, or plainly when it is none with two decimals."""
    exponent = round(math.log2(value), 2)
    if 2.0**exponent != value:
        return f"{value:.4g}"
    raised = f"{exponent:g}".translate(str.maketrans("-0123456789.", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹·"))
    return f"2{raised}"


def _learning_rates() -> Callable[[float], str]:
    """Return how a temperature reads as a learning rate; Streamlit also asks when there is no session to look into."""
    points = st.session_state["batch_size"] * st.session_state["width"]
    return lambda temperature: f"{temperature * points:.4g}"


def _new_seed() -> None:
    st.session_state["seed"] = random.randrange(1, 10_000)


def choose_cell(alpha: float, temperature: float) -> None:
    """Move the controls to a cell of the plane."""
    st.session_state["alpha"], st.session_state["temperature"] = alpha, temperature


def chart_controls(pinned: Settings | None) -> None:
    """Draw how the charts are shown, and the pin."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="chart-controls"):
        st.selectbox(
            "Colour of the plane",
            list(MEASURES),
            key="colour",
            format_func=lambda name: MEASURES[name].title,
            width=290,
        )
        st.segmented_control("Coloured at", CHOICES["when"], key="when", required=True)
        st.segmented_control("Step axis", CHOICES["axis"], key="axis", required=True)
        if pinned is None:
            st.button(
                "Pin this run", icon=":material/keep:", on_click=_pin, help="Keep it on the charts beside the next."
            )
        else:
            st.button("Unpin", icon=":material/keep_off:", on_click=_unpin)


def _pin() -> None:
    st.session_state["pinned"] = st.session_state.get("on_screen") or current().run


def _unpin() -> None:
    st.session_state["pinned"] = None
