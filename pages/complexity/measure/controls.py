"""The controls of what mu_Y measures. Their keys begin with `m_`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from pages.complexity.measure.view import CASES, POINTS, RANGES, View, from_query

SLIDERS = (*RANGES, "points")


def start() -> None:
    """Fill the controls: from the link on a visit's first run, and after a look at something else, as they were."""
    if "m_kept" not in st.session_state:
        view, st.session_state["m_said"] = from_query(st.query_params.to_dict())
        show(view)
    elif "m_points" not in st.session_state:  # Streamlit drops the widgets that another page does not draw
        show(st.session_state["m_kept"])


def said(view: View) -> list[str]:
    """Return what was wrong with the link that led to `view`, until the visitor moves on from it."""
    if new := st.session_state.pop("m_said", []):
        st.session_state["m_notices"] = (view, new)
    about, kept = st.session_state.get("m_notices", (view, []))
    return list(kept) if about == view else []


def show(view: View) -> None:
    """Set every control to `view`."""
    st.session_state["m_kept"] = view
    for name in (*SLIDERS, "case"):
        st.session_state[f"m_{name}"] = getattr(view, name)


def current() -> View:
    """Return what the controls say."""
    view = View(**{name: st.session_state[f"m_{name}"] for name in (*SLIDERS, "case")})
    st.session_state["m_kept"] = view
    return view


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
    st.session_state["m_case"] = ""


def clicked(pick: dict[str, object]) -> None:
    """Go to the place on the curve that the reader clicked."""
    fields = pick["fields"]
    if pick["chart"] == "overlap" and isinstance(fields, dict):
        st.session_state["m_place"] = float(fields["place"])
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
            st.button(title, key=f"m_case_{name}", on_click=show, args=(to,), help=HELP[name], type="tertiary")


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
