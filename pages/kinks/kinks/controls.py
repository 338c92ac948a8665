"""The controls of the Kinks page: widgets whose values are a `View`, and the ways in which something else sets them.

Their keys begin with `k_`, for all pages of a visit share one session.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.choices import LABEL_LOSSES as LOSSES
from core.studies.kinks.experiment import LIMITS, Kinks, rescaled
from core.studies.kinks.presets import PRESETS as KINKS
from core.studies.kinks.tables import REFERENCES
from core.values import ExperimentError
from pages.kinks.kinks.view import View, from_query, read_points, written
from pages.shared.kept import Kept

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


WIDGETS = ("loss", "width", "sigma", "balance", "paired", "seed", "step_limit")


def _controls(view: View) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(view.experiment, name) for name in WIDGETS}
    x, y = view.experiment.x, view.experiment.y
    values |= {"points": (x, y), "text": written(x, y), "references": list(view.references)}
    return values | {name: getattr(view, name) for name in ("twin", "strip", "step")}


kept = Kept("k", from_query, _controls)


def current() -> View:
    """Return what the controls say.

    Raises:
        ExperimentError: settings that do not go together.
    """
    x, y = kept["points"]
    if kept["loss"] == "logistic":
        y = tuple(1.0 if value > 0 else -1.0 for value in y)
    view = View(
        experiment=Kinks(x=x, y=y, **{name: kept[name] for name in WIDGETS}),
        references=tuple(name for name in REFERENCES if name in (kept["references"] or [])),
        twin=kept["twin"],
        strip=kept["strip"],
        step=kept["step"],
    )
    return kept.keep(view)


def presets() -> None:
    """Draw the presets: each sets the controls of a training; what is drawn beside it stays."""
    kept.presets(KINKS, _preset)


def _preset(experiment: Kinks) -> None:
    view = kept.view
    kept.show(replace(view, experiment=replace(experiment, seeds=1), strip=view.strip or experiment.seeds > 1))


def sidebar() -> None:
    """Draw the controls of a training."""
    with st.sidebar:
        st.subheader("The start", divider="gray")
        kept.slider("Scale σ", "sigma", SIGMAS, "{:g}", HELP["sigma"])
        kept.slider("Width", "width", WIDTHS, "{:,}", HELP["width"])
        kept.slider("Balance |a| / |(w, b)|", "balance", BALANCES, "{:g}", HELP["balance"])
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
    kept["seed"] = seed


def _typed() -> None:
    """Take points as text; what was there stays until they are found good."""
    try:
        given = tuple(tuple(values) for values in read_points(kept["text"]))
        x, y = rescaled(*given)
        found = Kinks(x=x, y=y)
    except ExperimentError as error:
        kept["said"] = [str(error)]
        return
    if (x, y) != given:
        kept["said"] = [_moved(given, (x, y))]
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
    kept["points"], kept["text"] = (x, y), written(x, y)


def _new_seed() -> None:
    kept["seed"] = random.randrange(1, 10_000)
