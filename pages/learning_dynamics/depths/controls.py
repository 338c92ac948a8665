"""The controls of depth and the loss. Their keys begin with `ld_`, for all pages of a visit share one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.studies.depths.experiment import COMPARED, Depths
from core.studies.depths.presets import PRESETS as DEPTH
from pages.learning_dynamics.depths.view import View, fitting, from_query, nearest_depth
from pages.shared.kept import Kept

CHOICES: Mapping[str, Sequence[float]] = {
    "start": (1e-4, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    "deepest": (1, 2, 3, 4, 5, 6, 7, 8),
    "end": (1.0, 2.0, 3.0, 4.0, 5.0),
    "p": (0.01, 0.05, 0.1, 0.2, 0.5, 0.7, 1.0),
    "norm": (0.25, 0.5, 1.0, 2.0, 4.0),
    "width": (1, 4, 16, 64, 128),
    "noise": (0.0, 0.1, 0.2, 0.5, 1.0),
    "learning_rate": (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    "last_time": (10.0, 12.0, 25.0, 60.0, 100.0, 200.0),
}
"""What the sliders offer; every combination is allowed."""
HELP: Mapping[str, str] = {
    "start": "N₀, the logit at time 0: every layer's norm is (N₀/|x|)^(1/D).",
    "deepest": "Layers of weights, from one up to this.",
    "end": "Logit that times are measured to; under the hinge loss 1 and under the squared loss 0.95 if that is less.",
    "p": "Share of the data that is x. It is a clock and nothing else.",
    "norm": "|x|. It enters the pace as |x|^(2/D): one layer gains most of it.",
    "width": "Units of every hidden layer. Theory does not know it.",
    "noise": "Random weights on top of the aligned ones, as a share of a layer's norm. Theory is of 0.",
    "learning_rate": "Theory is of infinitely small steps: what is measured comes nearer in proportion to the rate.",
    "last_time": "Steps times the learning rate.",
}
LOSS_NAMES = dict(zip(COMPARED, ("Cross-entropy", "Hinge", "Squared"), strict=True))
MEASURE_NAMES = {"error": "Soft error", "logit": "Logit"}
WIDGETS = ("end", "p", "norm", "width", "noise", "learning_rate", "last_time")
SHOWN = ("start", "measure", "loss", "layers", "together", "step")


def _controls(view: View) -> dict[str, Any]:
    settings = {name: getattr(view.experiment, name) for name in WIDGETS}
    shown = {name: getattr(view, name) for name in SHOWN}
    return settings | shown | {"deepest": view.experiment.depths[-1]}


kept = Kept("ld", from_query, _controls)


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it.

    A start that is not among the experiment's takes their place, and so does another depth: all from one up to it.

    Raises:
        ExperimentError: settings that do not go together.
    """
    before, start, deepest = kept.view.experiment, kept["start"], kept["deepest"]
    experiment: Depths = replace(
        before,
        starts=before.starts if start in before.starts else (start,),
        depths=before.depths if deepest == before.depths[-1] else tuple(range(1, deepest + 1)),
        **{name: kept[name] for name in WIDGETS},
    )
    shown = {name: kept[name] for name in SHOWN}
    shown["layers"] = kept["layers"] = nearest_depth(experiment, kept["layers"])
    return kept.keep(View(experiment=experiment, **shown))


def presets() -> None:
    """Draw the presets: each sets the controls."""
    kept.presets(DEPTH, lambda experiment: kept.show(fitting(experiment)))


def sidebar() -> None:
    """Draw the controls of a training."""
    with st.sidebar:
        st.subheader("Start", divider="gray")
        _slider("First logit N₀", "start")
        _slider("Noise on the layers", "noise")
        st.subheader("Network", divider="gray")
        _slider("Layers up to", "deepest")
        _slider("Width", "width")
        st.subheader("Data", divider="gray")
        _slider("Frequency p of x", "p")
        _slider("Norm |x|", "norm")
        st.subheader("Descent", divider="gray")
        _slider("Learned at N =", "end")
        _slider("Learning rate", "learning_rate")
        _slider("Last time", "last_time")
        experiment = kept.view.experiment
        strengths = ", ".join(f"{value:g}" for value in experiment.strengths)
        st.caption(
            f"Singular values of the linear networks: {strengths}. Seed {experiment.seed}. The command line and the "
            "link take others."
        )


def chart_controls(experiment: Depths) -> None:
    """Draw what the charts show of the training."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "Curves of", list(MEASURE_NAMES), key="ld_measure", format_func=MEASURE_NAMES.__getitem__, required=True
        )
        st.segmented_control(
            "Times to learn under", list(LOSS_NAMES), key="ld_loss", format_func=LOSS_NAMES.__getitem__, required=True
        )
        st.segmented_control("Layers of the linear network", list(experiment.depths), key="ld_layers", required=True)
        st.toggle("One axis of time", key="ld_together", help="For all three losses, to compare their times.")


def _slider(label: str, name: str, form: str = "{:g}") -> None:
    kept.slider(label, name, CHOICES[name], form, HELP[name])
