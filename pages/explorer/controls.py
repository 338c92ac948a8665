"""What the Explorer's declarations cannot say: sliders around a plane's grid, and an upload."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise

import streamlit as st

from core.field import declared
from core.studies.explorer.view import ExplorerView
from pages.shared import own_table
from pages.shared.part import Hooks
from pages.shared.session import Session
from pages.shared.widgets import anew

Controls = Session[ExplorerView]


def _plane_slider(session: Controls, name: str, grid: tuple[float, ...]) -> None:
    """Draw a slider over the grid, a value between each two and some beyond it.

    Its stops read as powers of two whatever the other controls say: a slider whose labels change starts anew.
    """
    exponents = [round(math.log2(value), 2) for value in grid]
    between = [round((a + b) / 2, 2) for a, b in pairwise(exponents)]
    bounds = declared(ExplorerView)[name].bounds
    offered = {2.0**e for e in [*between, exponents[0] - 1, exponents[-1] + 1]} | set(grid)
    within = {value for value in offered if bounds.low <= value <= bounds.high}
    present: float = session[name]
    stops = sorted({value for value in within if abs(math.log2(value / present)) > 0.005} | {present})
    field = declared(ExplorerView)[name]
    st.select_slider(field.label, stops, key=session.key(name), format_func=power, help=field.help)


def _alpha(session: Controls) -> None:
    _plane_slider(session, "alpha", session.view.experiment.alphas)


def _temperature(session: Controls) -> None:
    _plane_slider(session, "temperature", session.view.experiment.temperatures)
    rate = session["temperature"] * (session["batch_size"] or 0) * (session["width"] or 0)
    st.caption(f"Learning rate T · batch size · width = **{rate:.4g}**")


def power(value: float) -> str:
    """Write a number as a power of two, or plainly when it is none with two decimals."""
    exponent = round(math.log2(value), 2)
    if 2.0**exponent != value:
        return f"{value:.4g}"
    raised = f"{exponent:g}".translate(str.maketrans("-0123456789.", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹·"))
    return f"2{raised}"


HOOKS = Hooks(
    instead={"dataset": own_table.dataset, "n_train": own_table.n_train, "alpha": _alpha, "temperature": _temperature},
    sections={"Network and training": partial(anew, name="seed", label="New seed", said="The same settings anew.")},
)
