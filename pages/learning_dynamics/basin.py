"""What the declarations of where training fails cannot say: its angles, and neurons added without a mouse."""

from __future__ import annotations

import streamlit as st

from core.field import declared
from core.studies.basin.drops import full
from core.studies.basin.experiment import EDGE
from core.studies.basin.view import BasinView
from pages.shared.callback import to_its_end
from pages.shared.part import Hooks
from pages.shared.session import Session

Controls = Session[BasinView]
FINE = 0.05
"""Step of the weights in the form."""


def _controls(session: Controls) -> None:
    _angle(session)
    st.button(
        "Keep the latest neuron only",
        key=session.key("clear"),
        disabled=len(session.view.neurons) == 1,
        on_click=to_its_end(_clear),
        args=(session,),
    )
    _new_neuron(session)


def _clear(session: Controls) -> None:
    session.show(session.view.with_latest_neuron())


def _angle(session: Controls) -> None:
    """Draw a choice of the cosines that are trained."""
    field, offered = declared(BasinView)["cosine"], session.view.experiment.cosines
    if len(offered) > 1:
        st.segmented_control(
            field.label, offered, key=session.key("cosine"), format_func="{:g}".format, required=True, help=field.help
        )


def _new_neuron(session: Controls) -> None:
    """Draw a form that adds a neuron to the map."""
    with (
        st.form(session.key("neuron"), border=False),
        st.container(horizontal=True, gap="small", vertical_alignment="bottom"),
    ):
        for name, first in (("z", -0.5), ("y", 1.0)):
            st.number_input(name, -EDGE, EDGE, first, step=FINE, key=session.key(f"new_{name}"), width=120)
        st.form_submit_button(
            "Add a neuron",
            disabled=bool(full(session.view)),
            help=full(session.view) or "Where it starts on the map; a click on the map does the same.",
            on_click=to_its_end(_add),
            args=(session,),
        )


def _add(session: Controls) -> None:
    session.show(session.view.with_neuron(session["new_z"], session["new_y"]))


HOOKS = Hooks(controls=_controls)
