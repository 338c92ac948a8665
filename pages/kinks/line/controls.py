"""The controls of the Kinks page: widgets whose values are a `View`, and the ways in which something else sets them.

Their keys begin with `k_`, for all pages of a visit share one session.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.experiments import ExperimentError, Kinks
from core.experiments.kinks import LIMITS, LOSSES, rescaled
from core.frames.line import REFERENCES
from core.presets import KINKS
from pages.kinks.line.view import View, from_query, read_points, written

SIGMAS = (*(float(f"{digit}e{power}") for power in range(-8, 2) for digit in (1, 3)), 100.0)
WIDTHS = tuple(2**power for power in range(5, 13))
BALANCES = tuple(2.0**power for power in range(-6, 7))
HELP: Mapping[str, str] = {
    "loss": "Squared: (f − y)²/2. Logistic: log(1 + exp(−y f)) on labels −1 and 1, which no network brings to 0.",
    "width": "Units of the hidden layer. What they can learn grows with the width; what they do learn hardly changes.",
    "sigma": "The scale of the start: (w, b) ~ N(0, σ²/width), |a| = |(w, b)|. Small: directions align before f grows. "
    "Large: lazy, kinks stay where they are.",
    "balance": "|a| / |(w, b)| at the start. Below 1 directions hardly turn, above 1 they turn fast.",
    "paired": "Each (w, b) twice, with a and −a, so that f = 0 at the start. Needed for a fair lazy run.",
    "seed": "Draws the start. The same seed gives the same training.",
    "step_limit": "Gradient descent stops here if it has neither interpolated nor come to rest.",
    "points": "One point a line: x and y, apart by a comma, a semicolon, a tab or a space; 2 to 200 of them. x beyond "
    "[−1, 1] are moved into it, y beyond 10 are divided by the largest.",
}


def start() -> None:
    """Fill the controls: from the link on a visit's first run, and after a look at another page, as they were."""
    if "k_kept" not in st.session_state:
        view, st.session_state["k_said"] = from_query(st.query_params.to_dict())
        st.session_state["k_link_step"] = view.step
        st.session_state["k_kept"] = view
        show(view)
    elif "k_width" not in st.session_state:  # Streamlit drops the widgets that another page does not draw
        show(st.session_state["k_kept"])


WIDGETS = ("loss", "width", "sigma", "balance", "paired", "seed", "step_limit")


def said(experiment: Kinks | None) -> list[str]:
    """Return what was wrong with the link or the edit that led to `experiment`, until the visitor moves on from it."""
    if new := st.session_state.pop("k_said", []):
        st.session_state["k_notices"] = (experiment, new)
    about, kept = st.session_state.get("k_notices", (experiment, []))
    return list(kept) if about == experiment else []


def show(view: View) -> None:
    """Set every control to `view`."""
    use(view.experiment)
    for name in ("twin", "strip"):
        st.session_state[f"k_{name}"] = getattr(view, name)
    st.session_state["k_references"] = list(view.references)
    st.session_state["k_step"] = view.step


def use(experiment: Kinks) -> None:
    """Set the controls of a training."""
    for name in WIDGETS:
        st.session_state[f"k_{name}"] = getattr(experiment, name)
    _place(experiment.x, experiment.y)


def current() -> View:
    """Return what the controls say.

    Raises:
        ExperimentError: settings that do not go together.
    """
    state = st.session_state
    x, y = state["k_points"]
    if state["k_loss"] == "logistic":
        y = tuple(1.0 if value > 0 else -1.0 for value in y)
    experiment = Kinks(x=x, y=y, **{name: state[f"k_{name}"] for name in WIDGETS})
    view = View(
        experiment=experiment,
        references=tuple(name for name in REFERENCES if name in (state["k_references"] or [])),
        twin=state["k_twin"],
        strip=state["k_strip"],
        step=state["k_step"],
    )
    state["k_kept"] = view
    return view


def presets() -> None:
    """Draw the presets: each sets the controls of a training."""
    with st.container(horizontal=True, gap="small", key="k-presets"):
        for name, preset in KINKS.items():
            st.button(
                preset.title,
                key=f"preset-{name}",
                help=preset.sentence,
                on_click=_preset,
                args=(preset.experiment,),
                type="tertiary",
            )


def _preset(experiment: Kinks) -> None:
    use(replace(experiment, seeds=1))
    if experiment.seeds > 1:
        st.session_state["k_strip"] = True


def sidebar() -> None:
    """Draw the controls of a training."""
    with st.sidebar:
        st.subheader("The start", divider="gray")
        _slider("Scale σ", "sigma", SIGMAS, "{:g}")
        _slider("Width", "width", WIDTHS, "{:,}")
        _slider("Balance |a| / |(w, b)|", "balance", BALANCES, "{:g}")
        st.toggle("Units in pairs of opposite sign", key="k_paired", help=HELP["paired"])
        st.number_input(
            "Seed", int(LIMITS["seed"].low), int(LIMITS["seed"].high), key="k_seed", step=1, help=HELP["seed"]
        )
        st.button("New seed", icon=":material/casino:", key="k-new-seed", on_click=_new_seed)
        st.subheader("Data", divider="gray")
        st.caption("Drag points in the chart; double-click adds one, or removes the one you hit.")
        st.segmented_control("Loss", LOSSES, key="k_loss", required=True, help=HELP["loss"])
        with st.expander("Points as text"):
            st.text_area("x, y", key="k_text", height=180, on_change=_typed, help=HELP["points"])
        with st.expander("More"):
            bounds = LIMITS["step_limit"]
            st.number_input(
                "Step limit", int(bounds.low), int(bounds.high), key="k_step_limit", step=1000, help=HELP["step_limit"]
            )


def chart_controls() -> None:
    """Draw what is drawn beside the training."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="k-chart-controls"):
        st.pills("Draw beside f", list(REFERENCES), selection_mode="multi", key="k_references")
        st.toggle(
            "The other regime beside it", key="k_twin", help="The same points from a large start (σ = 30, pairs)."
        )
        st.toggle(
            "64 seeds", key="k_strip", help="Which functions come out of 64 starts, and how often. Takes seconds."
        )


def edited(rows: Sequence[Mapping[str, Any]]) -> None:
    """Take points from the chart."""
    points = sorted((float(row["x"]), float(row["y"])) for row in rows)
    _place(tuple(point[0] for point in points), tuple(point[1] for point in points))


def choose_seed(seed: int) -> None:
    """Train another seed."""
    st.session_state["k_seed"] = seed


def _typed() -> None:
    """Take points as text; what was there stays until they are found good."""
    try:
        given = tuple(tuple(values) for values in read_points(st.session_state["k_text"]))
        x, y = rescaled(*given)
        found = Kinks(x=x, y=y)
    except ExperimentError as error:
        st.session_state["k_said"] = [str(error)]
        return
    if (x, y) != given:
        st.session_state["k_said"] = [_moved(given, (x, y))]
    _place(found.x, found.y)


def _moved(given: tuple[Sequence[float], ...], taken: tuple[Sequence[float], ...]) -> str:
    """Say how points were brought into range."""
    (x, y), (new_x, new_y) = given, taken
    words = []
    if tuple(x) != tuple(new_x):
        words.append(f"x from [{min(x):g}, {max(x):g}] to [{min(new_x):g}, {max(new_x):g}]")
    if tuple(y) != tuple(new_y):
        words.append(f"largest |y| from {max(map(abs, y)):g} to {max(map(abs, new_y)):g}")
    return f"Rescaled to where the training takes points: {'; '.join(words)}."


def _place(x: tuple[float, ...], y: tuple[float, ...]) -> None:
    st.session_state["k_points"] = (x, y)
    st.session_state["k_text"] = written(x, y)


def _slider(label: str, name: str, choices: Sequence[float], form: str) -> None:
    """Draw a slider over the choices and the present value, which a link may have set between them."""
    offered = sorted({*choices, st.session_state[f"k_{name}"]})
    st.select_slider(label, offered, key=f"k_{name}", format_func=form.format, help=HELP[name])


def _new_seed() -> None:
    st.session_state["k_seed"] = random.randrange(1, 10_000)
