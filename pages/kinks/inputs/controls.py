"""The controls of networks with more inputs. Their keys begin with `d_`."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.datasets import CATALOGUE
from core.experiments import Directions
from core.presets import DIRECTIONS
from pages.kinks.inputs.view import View, from_query

SIGMAS = (*(float(f"{digit}e{power}") for power in range(-6, 2) for digit in (1, 3)), 100.0)
WIDTHS = tuple(2**power for power in range(4, 11))


def start() -> None:
    """Fill the controls: from the link on a visit's first run, and after a look at something else, as they were."""
    if "d_kept" not in st.session_state:
        view, st.session_state["d_said"] = from_query(st.query_params.to_dict())
        st.session_state["d_link_step"] = view.step
        show(view)
    elif "d_sigma" not in st.session_state:  # Streamlit drops the widgets that another page does not draw
        show(st.session_state["d_kept"])


def said(experiment: Directions) -> list[str]:
    """Return what was wrong with the link that led to `experiment`, until the visitor moves on from it."""
    if new := st.session_state.pop("d_said", []):
        st.session_state["d_notices"] = (experiment, new)
    about, kept = st.session_state.get("d_notices", (experiment, []))
    return list(kept) if about == experiment else []


def show(view: View) -> None:
    """Set every control to `view`."""
    st.session_state["d_kept"] = view
    st.session_state["d_sigma"] = view.experiment.sigma
    st.session_state["d_width"] = view.experiment.width
    st.session_state["d_step"] = view.step


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it."""
    kept: View = st.session_state["d_kept"]
    width = st.session_state["d_width"]
    experiment = replace(
        kept.experiment,
        sigma=st.session_state["d_sigma"],
        width=width,
        paired=kept.experiment.paired and width % 2 == 0,
    )
    view = View(experiment=experiment, step=st.session_state["d_step"])
    st.session_state["d_kept"] = view
    return view


def presets() -> None:
    """Draw the presets: each sets the controls."""
    with st.container(horizontal=True, gap="small", key="d-presets"):
        for name, preset in DIRECTIONS.items():
            st.button(
                preset.title,
                key=f"preset-{name}",
                help=preset.sentence,
                on_click=show,
                args=(View(experiment=preset.experiment),),
                type="tertiary",
            )


def sidebar(experiment: Directions) -> None:
    """Draw the controls."""
    with st.sidebar:
        st.subheader("The start", divider="gray")
        _slider("Scale σ", "d_sigma", SIGMAS, "{:g}", "v ~ N(0, σ²/width) in every coordinate, |a| = |v|.")
        _slider("Width", "d_width", WIDTHS, "{:,}", "Units of the hidden layer.")
        st.subheader("Data", divider="gray")
        sizes = ", ".join(f"{count:,}" for count in experiment.n_train)
        st.caption(
            f"{CATALOGUE[experiment.dataset].title}: {sizes} training points, {len(experiment.seeds)} "
            f"{'seed' if len(experiment.seeds) == 1 else 'seeds'} each. Every network trains to a loss of "
            f"{experiment.target_loss:g} of that of f = 0 ({experiment.loss} loss), so that counts are compared at "
            "equal loss. The command line and the link take any other sizes, seeds and data set."
        )


def _slider(label: str, key: str, choices: tuple[float, ...], form: str, text: str) -> None:
    """Draw a slider over the choices and the present value, which a link may have set between them."""
    st.select_slider(label, sorted({*choices, st.session_state[key]}), key=key, format_func=form.format, help=text)
