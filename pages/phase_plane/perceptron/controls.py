"""The controls of the perceptron. Their keys begin with `p_`, for all pages of a visit share one session."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.charts.perceptron_batches import MEASURES
from core.experiments import Perceptron, log2_grid, with_settings
from core.experiments.perceptron import MOST_SEEDS
from core.presets import PERCEPTRON, settings_text
from pages.phase_plane.perceptron.view import View, from_query

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


def start() -> None:
    """Fill the controls: from the link on a visit's first run, and after a look at something else, as they were."""
    if "p_kept" not in st.session_state:
        view, st.session_state["p_said"] = from_query(st.query_params.to_dict())
        st.session_state["p_link_step"] = view.step
        show(view)
    for key, value in _controls(st.session_state["p_kept"]).items():
        st.session_state.setdefault(key, value)  # Streamlit drops the widgets that were not drawn


def said(experiment: Perceptron | None) -> list[str]:
    """Return what was wrong with the link that led to `experiment`, until the visitor moves on from it."""
    if new := st.session_state.pop("p_said", []):
        st.session_state["p_notices"] = (experiment, new)
    about, kept = st.session_state.get("p_notices", (experiment, []))
    return list(kept) if about == experiment else []


def show(view: View) -> None:
    """Set every control to `view`."""
    st.session_state["p_kept"] = view
    for key, value in _controls(view).items():
        st.session_state[key] = value


def _controls(view: View) -> dict[str, Any]:
    """Return what the session holds of a view, by key."""
    experiment = view.experiment
    values: dict[str, Any] = {name: _text(getattr(experiment, name)) for name in LISTS}
    values |= {name: getattr(experiment, name) for name in ("dimensions", "full_batch", "event_limit", "seeds")}
    values |= {"count": len(experiment.seeds), "measure": view.measure, "lines": view.lines}
    return {f"p_{name}": value for name, value in (values | {"run": view.run, "step": view.step}).items()}


def _text(values: Sequence[float]) -> str:
    """Write a list short: a grid of powers of two as one, other numbers with the digits that read back the same."""
    powers = [math.log2(value) if value > 0 else math.nan for value in values]
    ends = (powers[0], powers[-1])
    whole = len(values) > 3 and isinstance(values[0], float) and all(power % 1 == 0 for power in ends)
    if whole and log2_grid(*ends, len(values)) == tuple(values):
        return f"2^{ends[0]:.0f}..2^{ends[1]:.0f}/{len(values)}"
    return ", ".join(f"{value:g}" if value == float(f"{value:g}") else repr(value) for value in values)


def current() -> View:
    """Return what the controls say.

    Raises:
        ExperimentError: settings that are not allowed, or do not go together.
    """
    state = st.session_state
    kept: View = state["p_kept"]
    seeds: tuple[int, ...] = state["p_seeds"]
    if state["p_count"] != len(seeds):
        seeds = tuple(range(state["p_count"]))
    whole = {name: settings_text(state[f"p_{name}"]) for name in ("dimensions", "full_batch", "event_limit")}
    lists = {name: state[f"p_{name}"] for name in LISTS}
    changed = {name: text for name, text in lists.items() if text != _text(getattr(kept.experiment, name))}
    experiment = with_settings(kept.experiment, {**changed, **whole, "seeds": settings_text(seeds)})
    run = state["p_run"] if experiment == kept.experiment else None
    view = View(
        experiment=experiment, measure=state["p_measure"], lines=state["p_lines"], run=run, step=state["p_step"]
    )
    state["p_kept"], state["p_seeds"], state["p_run"] = view, seeds, run
    return view


def choose(run: int) -> None:
    """Play another run."""
    kept: View = st.session_state["p_kept"]
    st.session_state["p_run"] = run
    st.session_state["p_kept"] = replace(kept, run=run, step=None)
    st.session_state["p_step"] = st.session_state["p_link_step"] = None


def presets() -> None:
    """Draw the presets: each sets the controls."""
    with st.container(horizontal=True, gap="small", key="p-presets"):
        for name, preset in PERCEPTRON.items():
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
        _list("chi")
        _list("n_train")
        _choice("Dimensions d", "dimensions", DIMENSIONS, "Inputs; one has the label, the others are noise.")
        st.subheader("SGD", divider="gray")
        _list("batch_size")
        st.checkbox(
            "Also B = P",
            key="p_full_batch",
            help="Every training set with its full batch, too, at the largest learning rate: there B* can be read off.",
        )
        _list("learning_rates")
        _list("alphas")
        _choice("Cap of steps that move w", "event_limit", EVENTS, "A run that reaches it is marked unfinished.")
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


def _choice(label: str, name: str, choices: Sequence[int], text: str) -> None:
    """Draw a slider over the choices and the present value, which a link may have set between them."""
    offered = sorted({*choices, st.session_state[f"p_{name}"]})
    st.select_slider(label, offered, key=f"p_{name}", format_func="{:,}".format, help=text)
