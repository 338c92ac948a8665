"""The controls of the perceptron. Their keys begin with `p_`, for all pages of a visit share one session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.experiment import with_settings
from core.presets import settings_text
from core.studies.perceptron.charts.batches import MEASURES
from core.studies.perceptron.experiment import MOST_SEEDS
from core.studies.perceptron.presets import PRESETS as PERCEPTRON
from pages.phase_plane.perceptron.view import View, from_query
from pages.shared.kept import Kept, so_many
from pages.shared.lists import listed

LISTS: Mapping[str, tuple[str, str]] = {
    "chi": (
        "χ, density at the border",
        "x₁ has the density |x₁|^χ exp(−x₁²/2): the larger χ, the fewer points lie near the border and the easier they "
        "are told apart. −0.9 to 8; several are compared.",
    ),
    "n_train": ("Training points P", "8 to 4,096; several give power laws."),
    "batch_size": (
        "Batch sizes B",
        "Drawn without replacement, at most P. Two or more make a plane with the learning rates.",
    ),
    "learning_rates": ("Learning rates η", "T = η / B. A list, or a grid such as 2^-5..2^6/12."),
    "alphas": (
        "Output scales α",
        "The hinge margin is κ = 1/α. Only T α matters: (κ, η) → (c κ, c η) multiplies w by c, and that is all.",
    ),
}
"""Fields that are lists, entered as text: label and help."""
DIMENSIONS = (8, 16, 32, 64, 128, 256, 512)
EVENTS = (20_000, 50_000, 200_000, 1_000_000, 5_000_000)


def _controls(view: View) -> dict[str, Any]:
    """Return what the session holds of a view, by name."""
    experiment = view.experiment
    values: dict[str, Any] = {name: listed(getattr(experiment, name)) for name in LISTS}
    values |= {name: getattr(experiment, name) for name in ("dimensions", "full_batch", "event_limit", "seeds")}
    values |= {"count": len(experiment.seeds), "measure": view.measure, "lines": view.lines}
    return values | {"run": view.run, "step": view.step}


kept = Kept("p", from_query, _controls)


def current() -> View:
    """Return what the controls say.

    Raises:
        ExperimentError: settings that are not allowed, or do not go together.
    """
    before, seeds = kept.view, so_many(kept["count"], kept["seeds"])
    whole = {name: settings_text(kept[name]) for name in ("dimensions", "full_batch", "event_limit")}
    changed = {name: kept[name] for name in LISTS if kept[name] != listed(getattr(before.experiment, name))}
    experiment = with_settings(before.experiment, {**changed, **whole, "seeds": settings_text(seeds)})
    run = kept["run"] if experiment == before.experiment else None
    kept["seeds"], kept["run"] = seeds, run
    view = View(experiment=experiment, measure=kept["measure"], lines=kept["lines"], run=run, step=kept["step"])
    return kept.keep(view)


def choose(run: int) -> None:
    """Play another run."""
    kept.keep(replace(kept.view, run=run, step=None))
    kept["run"], kept["step"], kept["link_step"] = run, None, None


def presets() -> None:
    """Draw the presets: each sets the controls."""
    kept.presets(PERCEPTRON, lambda experiment: kept.show(View(experiment=experiment)))


def sidebar() -> None:
    """Draw the controls of a training."""
    with st.sidebar:
        st.subheader("Data", divider="gray")
        _list("chi")
        _list("n_train")
        kept.slider(
            "Dimensions d", "dimensions", DIMENSIONS, "{:,}", "Inputs; one has the label, the others are noise."
        )
        st.subheader("SGD", divider="gray")
        _list("batch_size")
        st.checkbox(
            "Also B = P",
            key="p_full_batch",
            help="Every training set with its full batch, too, at the largest learning rate: there B* can be read off.",
        )
        _list("learning_rates")
        _list("alphas")
        kept.slider(
            "Cap of steps that move w", "event_limit", EVENTS, "{:,}", "A run that reaches it is marked unfinished."
        )
        st.slider(
            "Seeds",
            1,
            MOST_SEEDS,
            key="p_count",
            help="A seed draws the training set and the batches; the first seed's runs can be watched.",
        )


def chart_controls() -> None:
    """Draw how the plane is shown."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="p-charts"):
        st.selectbox(
            "Colour of the plane",
            list(MEASURES),
            key="p_measure",
            format_func=lambda name: MEASURES[name].title,
            width=240,
        )
        st.toggle("Lines between the phases", key="p_lines", help="Measured in the corners of the plane on screen.")


def _list(name: str) -> None:
    label, text = LISTS[name]
    st.text_input(label, key=f"p_{name}", help=text)
