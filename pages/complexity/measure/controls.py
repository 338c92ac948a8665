"""The controls of what mu_Y measures. Their keys begin with `m_`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.complexity.measure.view import CASES, POINTS, RANGES, View, from_query
from pages.shared.kept import Kept

SLIDERS = (*RANGES, "points")


def _controls(view: View) -> dict[str, Any]:
    return {name: getattr(view, name) for name in (*SLIDERS, "case")}


kept = Kept("m", from_query, _controls)


def current() -> View:
    """Return what the controls say."""
    return kept.keep(View(**{name: kept[name] for name in (*SLIDERS, "case")}))


def sidebar() -> None:
    """Draw the sliders; the place of the joint error stays where it is when an accuracy moves."""
    with st.sidebar:
        st.subheader("Two classifiers", divider="gray")
        _slider("Accuracy of F, the network", "accuracy_f", 0.005, "%.3f")
        _slider("Accuracy of L, the explainer", "accuracy_l", 0.005, "%.3f")
        _slider(
            "Errors in common",
            "place",
            0.5,
            "%g %%",
            "From the fewest points that both can get wrong at these accuracies (0 %) to the most (100 %). "
            "A click on the curve sets it, too.",
        )
        st.subheader("Test set", divider="gray")
        st.select_slider(
            "Points N",
            POINTS,
            key="m_points",
            format_func="{:,}".format,
            help="The numbers are those of the population; N says how far an estimate from so many points may be off.",
        )


def _slider(label: str, name: str, step: float, form: str, text: str | None = None) -> None:
    low, high = RANGES[name]
    key = f"m_{name}"
    st.slider(label, low, high, key=key, step=step, format=form, help=text, on_change=of_the_family)


def of_the_family() -> None:
    """Leave a table that the sliders cannot make: they were moved."""
    kept["case"] = ""


def clicked(pick: dict[str, object]) -> None:
    """Go to the place on the curve that the reader clicked."""
    fields = pick["fields"]
    if pick["chart"] == "overlap" and isinstance(fields, dict):
        kept["place"] = float(fields["place"])
        of_the_family()


def special_cases(view: View) -> None:
    """Draw the special cases: each sets the controls."""
    family = replace(view, case="")
    copied = replace(family, place=family.at("noisy_copy"))
    apart = replace(family, place=family.at("independent"))
    found: dict[str, tuple[str, View | Callable[[], View]]] = {
        "same": ("F = L", replace(family, accuracy_f=view.accuracy_l, place=100.0)),
        "not_l": (CASES["not_l"], replace(family, accuracy_f=view.accuracy_l, place=100.0, case="not_l")),
        "noisy_copy": ("Noisy copy", copied),
        "independent": ("Independent given Y", apart),
        "perfect": ("F = Y", replace(family, accuracy_f=1.0)),
        "constant": (CASES["constant"], replace(family, accuracy_f=0.5, place=50.0, case="constant")),
        "xor": (CASES["xor"], replace(family, accuracy_f=0.5, accuracy_l=0.5, place=50.0, case="xor")),
    }
    with st.container(horizontal=True, gap="small", key="m-cases"):
        for name, (title, to) in found.items():
            st.button(title, key=f"m_case_{name}", on_click=kept.show, args=(to,), help=HELP[name], type="tertiary")


HELP = {
    "same": "Nothing is left once L is known: I(F;Y|L) = 0, and μ_Y = I(F;Y).",
    "not_l": "μ_Y is blind to the names of the labels: the same as F = L, at an accuracy of one minus L's.",
    "noisy_copy": "The worse classifier repeats the better one but for coin flips: μ_Y is as large as these accuracies "
    "allow. Nested errors are not the most.",
    "independent": "What two unrelated classifiers of these accuracies share: the line that a claim has to beat.",
    "perfect": "A perfect F keeps all of I(L;Y), whatever L is: retention says nothing there.",
    "constant": "F says nothing: every term is 0.",
    "xor": "Neither alone says anything about Y, both together say all: μ_Y = −1 bit.",
}
