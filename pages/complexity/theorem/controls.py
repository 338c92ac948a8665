"""The controls of the linear model. Their keys begin with `t_`, for all pages of a visit share one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.experiments import LinearModel
from core.presets import THEOREM
from pages.complexity.theorem.view import View, from_query

CHOICES: Mapping[str, Sequence[float]] = {
    "d_over_n": (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0),
    "eta": tuple(share / 100 for share in range(0, 50, 5)),
    "n": (50, 100, 200, 400),
    "sigma": (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
    "rate": (0.1, 0.25, 0.5, 1.0, 1.5, 1.9, 2.2, 3.0),
    "step_limit": (400, 1600, 6400, 20_000, 50_000),
}
HELP: Mapping[str, str] = {
    "d_over_n": "Dimensions of noise for every training point. Above 1 every labelling can be fitted.",
    "eta": "Share of training labels that are flipped. New points are judged by their true labels.",
    "n": "Training points.",
    "sigma": "z ~ N(0, σ²) in every dimension of noise; the true label is worth ±1.",
    "rate": "Share of the residual of the point at hand that a step removes: the learning rate is this over 1 + σ²d. "
    "From 2 on SGD diverges.",
    "step_limit": "SGD steps, one training point each.",
}


def start() -> None:
    """Fill the controls: from the link on a visit's first run, and after a look at something else, as they were."""
    if "t_kept" not in st.session_state:
        view, st.session_state["t_said"] = from_query(st.query_params.to_dict())
        st.session_state["t_link_step"] = view.step
        show(view)
    elif "t_eta" not in st.session_state:  # Streamlit drops the widgets that another part does not draw
        show(st.session_state["t_kept"])


def said(experiment: LinearModel | None) -> list[str]:
    """Return what was wrong with the link that led to `experiment`, until the visitor moves on from it."""
    if new := st.session_state.pop("t_said", []):
        st.session_state["t_notices"] = (experiment, new)
    about, kept = st.session_state.get("t_notices", (experiment, []))
    return list(kept) if about == experiment else []


def show(view: View) -> None:
    """Set every control to `view`."""
    st.session_state["t_kept"] = view
    for name in CHOICES:
        st.session_state[f"t_{name}"] = getattr(view.experiment, name)
    st.session_state["t_clean"] = view.clean
    st.session_state["t_step"] = view.step


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it.

    Raises:
        ExperimentError: settings that do not go together.
    """
    state = st.session_state
    kept: View = state["t_kept"]
    experiment = replace(kept.experiment, **{name: state[f"t_{name}"] for name in CHOICES})
    view = View(experiment=experiment, clean=state["t_clean"], step=state["t_step"])
    state["t_kept"] = view
    return view


def presets() -> None:
    """Draw the presets: each sets the controls."""
    with st.container(horizontal=True, gap="small", key="t-presets"):
        for name, preset in THEOREM.items():
            st.button(
                preset.title,
                key=f"preset-{name}",
                help=preset.sentence,
                on_click=show,
                args=(View(experiment=preset.experiment),),
                type="tertiary",
            )


def sidebar() -> None:
    """Draw the controls of a training."""
    with st.sidebar:
        st.subheader("Data", divider="gray")
        _slider("Dimensions over points, d/n", "d_over_n", "{:g}")
        _slider("Label noise η", "eta", "{:g}")
        _slider("Training points n", "n", "{:,}")
        _slider("Noise σ", "sigma", "{:g}")
        st.subheader("SGD", divider="gray")
        _slider("Step size", "rate", "{:g}")
        _slider("Steps", "step_limit", "{:,}")
        kept: View = st.session_state["t_kept"]
        ratios = ", ".join(f"{ratio:g}" for ratio in kept.experiment.ratios)
        st.caption(
            f"{kept.experiment.runs} seeds; a seed draws the points, which labels are flipped, and the order of the "
            f"steps. d/n compared: {ratios}. The command line and the link take any others."
        )


def chart_controls() -> None:
    """Draw which labels mu_Y is measured by."""
    st.toggle(
        "Measure μ_Y by true labels",
        key="t_clean",
        help="Off: Y is the label of a new point, flipped as often as the training labels are. On: its true label.",
    )


def _slider(label: str, name: str, form: str) -> None:
    """Draw a slider over the choices and the present value, which a link may have set between them."""
    offered = sorted({*CHOICES[name], st.session_state[f"t_{name}"]})
    st.select_slider(label, offered, key=f"t_{name}", format_func=form.format, help=HELP[name])
