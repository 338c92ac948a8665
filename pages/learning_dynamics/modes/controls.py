"""The controls of the modes. Their keys begin with `lm_`, for all pages of a visit share one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.studies.modes.experiment import COMPARED, HEADS
from core.studies.modes.experiment import MODES as CLASSES
from core.studies.modes.presets import PRESETS as MODES
from pages.learning_dynamics.modes.view import FLAGS, View, from_query
from pages.shared.kept import Kept

CHOICES: Mapping[str, Sequence[float]] = {
    "p": (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
    "norm_plus": (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0),
    "norm_minus": (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0),
    "cosine": (-0.9, -0.7, -0.5, -0.35, -0.2, -0.1, 0.0),
    "width": (2, 4, 10, 20, 50, 100, 200),
    "init": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "learning_rate": (0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
    "last_time": (10.0, 20.0, 40.0, 60.0, 100.0, 140.0, 200.0),
}
"""What the sliders offer; every combination is allowed."""
HELP: Mapping[str, str] = {
    "p": "Share of the data that is of class x₊; the rest is x₋. Frequency is a clock and nothing else.",
    "norm_plus": "|x₊|, the length of the points of class x₊.",
    "norm_minus": "|x₋|, the length of the points of class x₋.",
    "cosine": "Between x₊ and x₋. At 0 theory is exact, also for one layer and for neurons that die.",
    "width": "Hidden units, half of them on for each class.",
    "init": "Standard deviation of the first weights.",
    "heads": "How the output weights begin, times the sign of the neuron's class: z = y; above 0; or of either sign.",
    "learning_rate": "Theory is of infinitely small steps: what is measured comes nearer in proportion to the rate.",
    "last_time": "Steps times the learning rate.",
}
LOSS_NAMES = dict(zip(COMPARED, ("Cross-entropy", "Hinge"), strict=True))
MODE_NAMES = dict(zip(CLASSES, ("x₊", "x₋"), strict=True))
WIDGETS = (*CHOICES, "heads")
SHOWN = ("loss", "mode", *FLAGS, "step")


def _controls(view: View) -> dict[str, Any]:
    settings = {name: getattr(view.experiment, name) for name in WIDGETS}
    return settings | {name: getattr(view, name) for name in SHOWN}


kept = Kept("lm", from_query, _controls)


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it.

    Raises:
        ExperimentError: settings that do not go together.
    """
    experiment = replace(kept.view.experiment, **{name: kept[name] for name in WIDGETS})
    return kept.keep(View(experiment=experiment, **{name: kept[name] for name in SHOWN}))


def presets() -> None:
    """Draw the presets: each sets the controls."""
    kept.presets(MODES, lambda experiment: kept.show(View(experiment=experiment)))


def sidebar() -> None:
    """Draw the controls of a training."""
    with st.sidebar:
        st.subheader("Classes", divider="gray")
        _slider("Frequency p of x₊", "p")
        _slider("Norm |x₊|", "norm_plus")
        _slider("Norm |x₋|", "norm_minus")
        _slider("Cosine of x₊ and x₋", "cosine")
        st.subheader("Network", divider="gray")
        _slider("Width", "width")
        _slider("First weights", "init")
        st.selectbox(
            "Output weights at first", list(HEADS), key="lm_heads", format_func=HEADS.__getitem__, help=HELP["heads"]
        )
        st.subheader("Descent", divider="gray")
        _slider("Learning rate", "learning_rate")
        _slider("Last time", "last_time")
        experiment = kept.view.experiment
        st.caption(
            f"{experiment.dimension} input dimensions, seed {experiment.seed}: the command line and the link take "
            "others. The neurons of x₋ begin as mirror images of those of x₊."
        )


def chart_controls() -> None:
    """Draw what the charts show of the training."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "Loss of the curves", list(LOSS_NAMES), key="lm_loss", format_func=LOSS_NAMES.__getitem__, required=True
        )
        st.segmented_control(
            "Mode in the plane", list(MODE_NAMES), key="lm_mode", format_func=MODE_NAMES.__getitem__, required=True
        )
        st.toggle("Time × frequency", key="lm_together", help="Over t·p: of equal norms, both modes are one curve.")
        st.toggle("Logarithmic time", key="lm_log", help="Of the curves; the player's clock then goes with it.")
        st.toggle("One layer beside", key="lm_contrast", help="N(x) = w·x from w = 0, dashed: no sigmoid.")


def _slider(label: str, name: str, form: str = "{:g}") -> None:
    kept.slider(label, name, CHOICES[name], form, HELP[name])
