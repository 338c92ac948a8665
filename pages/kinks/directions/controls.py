"""The controls of networks with more inputs. Their keys begin with `d_`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.datasets import CATALOGUE
from core.studies.directions.experiment import Directions
from core.studies.directions.presets import PRESETS as DIRECTIONS
from pages.kinks.directions.view import View, from_query
from pages.shared.kept import Kept

SIGMAS = (*(float(f"{digit}e{power}") for power in range(-6, 2) for digit in (1, 3)), 100.0)
WIDTHS = tuple(2**power for power in range(4, 11))


def _controls(view: View) -> dict[str, Any]:
    return {"sigma": view.experiment.sigma, "width": view.experiment.width, "step": view.step}


kept = Kept("d", from_query, _controls)


def current() -> View:
    """Return what the controls say; what has no control stays as the preset or the link had it."""
    experiment, width = kept.view.experiment, kept["width"]
    paired = experiment.paired and width % 2 == 0
    experiment = replace(experiment, sigma=kept["sigma"], width=width, paired=paired)
    return kept.keep(View(experiment=experiment, step=kept["step"]))


def presets() -> None:
    """Draw the presets: each sets the controls."""
    kept.presets(DIRECTIONS, lambda experiment: kept.show(View(experiment=experiment)))


def sidebar(experiment: Directions) -> None:
    """Draw the controls."""
    with st.sidebar:
        st.subheader("The start", divider="gray")
        kept.slider("Scale σ", "sigma", SIGMAS, "{:g}", "v ~ N(0, σ²/width) in every coordinate, |a| = |v|.")
        kept.slider("Width", "width", WIDTHS, "{:,}", "Units of the hidden layer.")
        st.subheader("Data", divider="gray")
        sizes = ", ".join(f"{count:,}" for count in experiment.n_train)
        st.caption(
            f"{CATALOGUE[experiment.dataset].title}: {sizes} training points, {len(experiment.seeds)} "
            f"{'seed' if len(experiment.seeds) == 1 else 'seeds'} each. Every network trains to a loss of "
            f"{experiment.target_loss:g} of that of f = 0 ({experiment.loss} loss), so that counts are compared at "
            "equal loss. The command line and the link take any other sizes, seeds and data set."
        )
