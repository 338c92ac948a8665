"""The controls of the linear model. Their keys begin with `t_`, for all pages of a visit share one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.studies.linear_model.presets import PRESETS as THEOREM
from pages.complexity.linear_model.view import View, from_query
from pages.shared.kept import Kept

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


def _controls(view: View) -> dict[str, Any]:
    values = {name: getattr(view.experiment, name) for name in CHOICES}
    return values | {"clean": view.clean, "step": view.step}


kept = Kept("t", from_query, _controls)


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it.

    Raises:
        ExperimentError: settings that do not go together.
    """
    experiment = replace(kept.view.experiment, **{name: kept[name] for name in CHOICES})
    return kept.keep(View(experiment=experiment, clean=kept["clean"], step=kept["step"]))


def presets() -> None:
    """Draw the presets: each sets the controls."""
    kept.presets(THEOREM, lambda experiment: kept.show(View(experiment=experiment)))


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
        experiment = kept.view.experiment
        ratios = ", ".join(f"{ratio:g}" for ratio in experiment.ratios)
        st.caption(
            f"{experiment.runs} seeds; a seed draws the points, which labels are flipped, and the order of the "
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
    kept.slider(label, name, CHOICES[name], form, HELP[name])
