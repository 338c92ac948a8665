"""The controls of two moons, whose keys begin with `dm_`, and of feature strengths, `ds_`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.studies.moons.experiment import MOST_MARGINS, Moons
from core.studies.moons.presets import PRESETS as MOONS
from core.studies.strengths.experiment import MOST_STRENGTHS, Strengths
from core.studies.strengths.presets import PRESETS as STRENGTHS
from pages.learning_dynamics.decoupling.view import (
    FIRST_MOONS,
    FIRST_STRENGTHS,
    MoonView,
    StrengthView,
    moons_from,
    strengths_from,
)
from pages.shared.kept import Kept

REFERENCE = -0.1
"""The margin that is trained beside the one on screen."""
MARGINS = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.5)
MOON_CHOICES: Mapping[str, Sequence[float]] = {
    "decoupling": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
    "weight_decay": (0.0001, 0.001, 0.01, 0.1),
    "noise": (0.0, 0.05, 0.1, 0.15, 0.2),
    "width": (50, 100, 200, 500, 1000),
    "learning_rate": (0.003, 0.01, 0.03, 0.1),
    "momentum": (0.0, 0.5, 0.9),
    "step_limit": (300, 1000, 3000, 10_000),
}
S_1 = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0)
STRENGTH_CHOICES: Mapping[str, Sequence[float]] = {
    "second": (0.5, 1.0, 2.0, 3.0, 4.0, 6.0),
    "angle": (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0),
    "ridge": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
    "decoupling": (0.0005, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1),
    "step_limit": (500, 5000, 20_000),
}
HELP: Mapping[str, str] = {
    "margin": "Half of the gap between the moons' halves of the plane. At -0.1 no straight line separates them. The "
    "margin -0.1 is always trained too.",
    "moons decoupling": "c of c · mean(f²) under Spectral Decoupling.",
    "weight_decay": "On all weights and biases, under weight decay.",
    "noise": "Standard deviation of the normal noise on every coordinate.",
    "width": "Hidden ReLU units.",
    "learning_rate": "Of full-batch gradient descent.",
    "momentum": "Share of the last step that goes on.",
    "step_limit": "Full-batch steps.",
    "s_1": "Strength of the first feature that is marked in the charts.",
    "second": "Strength of the second feature.",
    "angle": "How the two samples mix the features: U is a rotation. At 0 each sample has a feature of its own.",
    "ridge": "λ of (λ/2)|θ|².",
    "strengths decoupling": "λ of (λ/2)|ŷ|², on the sum over samples.",
}


def _moon_controls(view: MoonView) -> dict[str, Any]:
    values = {name: getattr(view.experiment, name) for name in MOON_CHOICES}
    return values | {"margin": view.margin, "step": view.step}


def _strength_controls(view: StrengthView) -> dict[str, Any]:
    values = {name: getattr(view.experiment, name) for name in STRENGTH_CHOICES}
    return values | {"s_1": view.s_1, "step": view.step}


moons = Kept("dm", moons_from, _moon_controls)
strengths = Kept("ds", strengths_from, _strength_controls)


def current_moons() -> MoonView:
    """Return what the controls say; what has no control stays as the preset or the link had it.

    Raises:
        ExperimentError: settings that do not go together.
    """
    before, margin = moons.view.experiment, float(moons["margin"])
    margins = before.margins
    if margin not in margins or (margin == REFERENCE != moons.view.margin and len(margins) == 2):  # it was moved there
        margins = tuple(sorted({REFERENCE, margin if margin != REFERENCE else FIRST_MOONS.margins[-1]}))
    experiment = replace(before, margins=margins, **{name: moons[name] for name in MOON_CHOICES})
    return moons.keep(MoonView(experiment=experiment, margin=margin, step=moons["step"]))


def current_strengths() -> StrengthView:
    """Return what the controls say, likewise; an s_1 that is not among those trained is trained too, while it is there.

    Raises:
        ExperimentError: settings that do not go together.
    """
    before, s_1 = strengths.view, float(strengths["s_1"])
    trained = before.experiment.strengths
    if s_1 not in trained:
        kept = {one for one in trained if one != before.s_1 or one in FIRST_STRENGTHS.strengths}
        trained = tuple(sorted({*kept, s_1}))
    trained = trained if len(trained) <= MOST_STRENGTHS else tuple(sorted({*FIRST_STRENGTHS.strengths, s_1}))
    experiment = replace(before.experiment, strengths=trained, **{name: strengths[name] for name in STRENGTH_CHOICES})
    return strengths.keep(StrengthView(experiment=experiment, s_1=s_1, step=strengths["step"]))


def moon_presets() -> None:
    """Draw the presets: each sets the controls."""
    moons.presets(MOONS, lambda experiment: moons.show(of_moons(experiment)))


def strength_presets() -> None:
    """Draw the presets: each sets the controls."""
    strengths.presets(STRENGTHS, lambda experiment: strengths.show(StrengthView(experiment=experiment)))


def of_moons(experiment: Moons) -> MoonView:
    """Return the first look at an experiment: its largest margin."""
    return MoonView(experiment=experiment, margin=experiment.margins[-1])


def moon_sidebar() -> None:
    """Draw the controls of a training on two moons."""
    with st.sidebar:
        st.subheader("Data", divider="gray")
        offered = MARGINS if len(moons.view.experiment.margins) <= MOST_MARGINS else ()
        moons.slider("Margin Δ", "margin", (*offered, *moons.view.experiment.margins), "{:g}", HELP["margin"])
        _moon("Noise", "noise")
        st.subheader("Penalties", divider="gray")
        _moon("Spectral Decoupling c", "decoupling")
        _moon("Weight decay", "weight_decay")
        st.subheader("Network and descent", divider="gray")
        _moon("Width", "width")
        _moon("Learning rate", "learning_rate")
        _moon("Momentum", "momentum")
        _moon("Epochs", "step_limit", "{:,}")
        experiment: Moons = moons.view.experiment
        seeds = f"{len(experiment.seeds)} {'seed' if len(experiment.seeds) == 1 else 'seeds'}"
        st.caption(
            f"{seeds}: a seed draws the noise on {experiment.n_train} points and the first weights. The planes show "
            "the first."
        )


def strength_sidebar() -> None:
    """Draw the controls of feature strengths."""
    with st.sidebar:
        st.subheader("Features", divider="gray")
        trained: Strengths = strengths.view.experiment
        strengths.slider("s₁", "s_1", (*S_1, *trained.strengths), "{:g}", HELP["s_1"])
        _strength("s₂", "second")
        _strength("Angle of U, degrees", "angle")
        st.subheader("Penalties", divider="gray")
        _strength("Ridge λ", "ridge")
        strengths.slider(
            "Spectral Decoupling λ",
            "decoupling",
            STRENGTH_CHOICES["decoupling"],
            "{:g}",
            HELP["strengths decoupling"],
        )
        st.subheader("Descent", divider="gray")
        _strength("Steps", "step_limit", "{:,}")
        st.caption(f"Gradient descent from θ = 0, learning rate {trained.learning_rate:g}; nothing is random.")


def _moon(label: str, name: str, form: str = "{:g}") -> None:
    text = HELP["moons decoupling"] if name == "decoupling" else HELP[name]
    moons.slider(label, name, MOON_CHOICES[name], form, text)


def _strength(label: str, name: str, form: str = "{:g}") -> None:
    strengths.slider(label, name, STRENGTH_CHOICES[name], form, HELP[name])
