"""The controls of gradient starvation. Their keys begin with `ls_`, for all pages of a visit share one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.studies.shades.presets import PRESETS as SHADES
from core.studies.starvation.experiment import STARVATION_LOSSES, Starvation
from core.studies.starvation.presets import PRESETS as STARVATION
from pages.learning_dynamics.starvation.view import LOOKS, View, from_query, nearest
from pages.shared.kept import Kept

CHOICES: Mapping[str, Sequence[float]] = {
    "frequency": (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
    "alone": (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0),
    "strong_norm": (0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0),
    "weak_norm": (0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0),
    "delta": (0.0001, 0.001, 0.01, 0.05, 0.1, 0.2),
    "start": (0.0001, 0.001, 0.01, 0.1),
    "shared_start": (1e-7, 1e-5, 1e-3, 1e-2, 1e-1),
    "width": (10, 20, 50, 100),
    "step_limit": (2000, 4000, 12_000, 21_000, 50_000),
}
SHADE_CHOICES: Mapping[str, Sequence[float]] = {
    "shade": (0.05, 0.1, 0.25, 0.5, 0.75, 1.0),
    "coefficient": (0.001, 0.01, 0.05, 0.1, 0.3),
    "n_train": (50, 100, 200, 300),
    "width": (16, 32, 64, 128),
    "step_limit": (200, 500, 1000, 2000),
}
OWN = ("strong_norm", "weak_norm", "delta", "start", "shared_start", "width", "step_limit", "loss")
"""Fields with a control of the same name."""
RATES = {"cross_entropy": 0.05, "hinge": 0.005}
"""Hinge is over soon and ends within a step: it takes smaller ones."""
LOSS_NAMES = dict(zip(STARVATION_LOSSES, ("Cross-entropy", "Hinge"), strict=True))
HELP: Mapping[str, str] = {
    "frequency": "p = q_w + q_sw: the share of samples that have the weak feature.",
    "alone": "Of the samples with the weak feature, the share that have nothing else. At 1 the two never meet.",
    "strong_norm": "n_s, the length of the strong feature.",
    "weak_norm": "n_w, the length of the weak feature.",
    "delta": "A sample counts as learned when its class has a probability above 1 - δ; under hinge at a margin of 1.",
    "start": "Logit that the private neurons (M2) of either feature begin with.",
    "shared_start": "How large the shared neurons (M3) begin. The curve of theory is that of a very small start.",
    "width": "Neurons of M2, half of them for each feature, and of M3.",
    "step_limit": "Full-batch steps of gradient descent.",
    "shade": "b, added to or taken from every pixel; pixels go from 0 to 1.",
    "coefficient": "c of spectral decoupling: c times the mean of f² is added to the loss.",
    "n_train": "Training images; the rest of the 357 are for the test.",
}


def _controls(view: View) -> Mapping[str, Any]:
    """Return the values of the controls that show a view, by name."""
    mixed = {name: getattr(view.experiment, name) for name in ("frequency", "alone", *OWN)}
    shaded = {f"shade_{name}": getattr(view.shades, name) for name in SHADE_CHOICES}
    others = {"look": view.look, "long": view.long, "shown_p": view.shown_p, "step": view.step}
    return mixed | shaded | others


kept = Kept("ls", from_query, _controls)


def look() -> None:
    """Draw the choice of what is looked at."""

    def turn() -> None:
        kept.show(replace(kept.view, look=kept["look"] or kept.view.look, step=None))

    st.segmented_control(
        "Look at",
        list(LOOKS),
        key="ls_look",
        format_func=LOOKS.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=turn,
    )


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it.

    Raises:
        ExperimentError: settings that do not go together.
    """
    before = kept.view
    if before.look == "models":
        return kept.keep(replace(before, experiment=_mixture(before.experiment), long=kept["long"], step=kept["step"]))
    shades = replace(before.shades, **{name: kept[f"shade_{name}"] for name in SHADE_CHOICES})
    return kept.keep(replace(before, shades=shades, shown_p=nearest(kept["shown_p"], shades), step=kept["step"]))


def _mixture(before: Starvation) -> Starvation:
    """Return `before` with what the sliders say; two of them span the shares, so that these always add up to 1."""
    changes = {name: kept[name] for name in OWN}
    if changes["loss"] != before.loss:
        changes["rate"] = RATES[changes["loss"]]
    p, alone = kept["frequency"], kept["alone"]
    if (p, alone) != (before.frequency, before.alone):
        q_w = round(alone * p, 6)
        changes |= {"q_s": round(1 - p, 6), "q_w": q_w, "q_sw": round(p - q_w, 6)}
    return replace(before, **changes)


def presets() -> None:
    """Draw the presets of what is looked at: each sets the controls."""
    if kept.view.look == "models":
        kept.presets(STARVATION, lambda made: kept.show(View(experiment=made)))
    else:
        kept.presets(SHADES, lambda made: kept.show(View(look="shades", shades=made)))


def sidebar() -> None:
    """Draw the controls of a training."""
    with st.sidebar:
        if kept.view.look == "models":
            _models()
        else:
            _shades()


def _models() -> None:
    st.subheader("Samples", divider="gray")
    _slider("Frequency p of the weak feature", "frequency", "{:g}")
    _slider("Of these, alone", "alone", "{:g}")
    p, alone = kept["frequency"], kept["alone"]
    st.caption(f"only strong {1 - p:.3g}, only weak {alone * p:.3g}, both {p - alone * p:.3g}")
    _slider("Length of the strong feature", "strong_norm", "{:g}")
    _slider("Length of the weak feature", "weak_norm", "{:g}")
    st.subheader("Training", divider="gray")
    st.segmented_control("Loss", list(LOSS_NAMES), key="ls_loss", format_func=LOSS_NAMES.__getitem__, required=True)
    _slider("Learned at δ", "delta", "{:g}")
    _slider("M2's first logits", "start", "{:g}")
    _slider("M3's first size", "shared_start", "{:g}")
    _slider("Neurons", "width", "{:g}")
    _slider("Steps", "step_limit", "{:,}")
    compared = ", ".join(f"{p:g}" for p in kept.view.experiment.frequencies)
    st.caption(f"{kept.view.experiment.runs} seeds draw the first weights. Networks are trained at p = {compared}.")


def _shades() -> None:
    st.subheader("Images", divider="gray")
    _shade_slider("Shade b", "shade", "{:g}")
    _shade_slider("Training images", "n_train", "{:g}")
    st.subheader("Network", divider="gray")
    _shade_slider("Spectral decoupling c", "coefficient", "{:g}")
    _shade_slider("Neurons", "width", "{:g}")
    _shade_slider("Steps", "step_limit", "{:,}")
    st.caption(f"{kept.view.shades.runs} seeds draw the images, their shades and the first weights.")


def chart_controls() -> None:
    """Draw what the charts show of the training."""
    if kept.view.look == "models":
        st.toggle("Time up to 10¹²", key="ls_long", help="Far beyond any training: only theory goes there.")
    else:
        offered = list(kept.view.shades.p)
        st.select_slider(
            "p of the right chart", offered, key="ls_shown_p", help="Share of training images with their class's shade."
        )


def _slider(label: str, name: str, form: str) -> None:
    kept.slider(label, name, CHOICES[name], form, HELP[name])


def _shade_slider(label: str, name: str, form: str) -> None:
    kept.slider(label, f"shade_{name}", SHADE_CHOICES[name], form, HELP[name])
