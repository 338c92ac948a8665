"""Widgets of declared fields: what a field's declaration says is all that its widget knows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.field import Field, declared
from pages.shared.callback import to_its_end
from pages.shared.session import Session, fields_of, moved

Extra = Callable[[], None]
SHORT = 44
"""Letters of all of a choice's options that fit beside each other."""


def anew(session: Session[Any], name: str, label: str, said: str) -> None:
    """Draw the button that gives a seed another value."""

    def draw_one() -> None:
        session[name] = random.randrange(1, 10_000)

    key, icon = session.key(f"new-{name}"), ":material/casino:"
    st.button(label, icon=icon, key=key, on_click=to_its_end(draw_one), help=said)


def headings(session: Session[Any]) -> dict[str, DeltaGenerator]:
    """Draw the headings of the controls of a training; return a place for the controls of each."""
    named = (field.section for field in fields_of(session.view).values() if field.section and not field.hidden)
    places = {}
    for section in dict.fromkeys((*session.part.sections, *named)):
        st.sidebar.subheader(section, divider="gray")
        places[section] = st.sidebar.container()
    return places


def sidebar(
    session: Session[Any],
    places: Mapping[str, DeltaGenerator],
    extras: Mapping[str, Extra],
    instead: Mapping[str, Extra],
) -> None:
    """Draw the controls of a training under their headings; an extra stands at the end of its section.

    A field named by `instead` is drawn by that; an extra of no section stands below all.
    """
    for section, place in places.items():
        with place:
            for name, field in fields_of(session.view).items():
                if field.section == section and not field.hidden:
                    instead.get(name, partial(draw, session, name))()
            if section in extras:
                extras[section]()
    with st.sidebar:
        for section, extra in extras.items():
            if section not in places:
                extra()


def chart_controls(session: Session[Any], extras: Sequence[Extra] = ()) -> None:
    """Draw what the charts show of the training: the view's own fields that stand in no section; extras after them."""
    fields = declared(type(session.view)).items()
    own = [name for name, field in fields if not field.section and not field.hidden and session.view.uses(name)]
    if own or extras:
        with st.container(
            horizontal=True, gap="medium", vertical_alignment="bottom", key=session.key("chart-controls")
        ):
            for name in own:
                draw(session, name)
            for extra in extras:
                extra()


def draw(session: Session[Any], name: str) -> None:
    """Draw the widget of a field."""
    field, key = fields_of(session.view)[name], session.key(name)
    label, text = field.label or name, field.help or None
    offered = session.view.offered(name, session.values())
    if offered is not None and len(offered) < 2:
        return
    if field.kind == "flag":
        st.toggle(label, key=key, help=text)
    elif field.kind == "choice":
        _choice(session, name, offered)
    elif field.kind == "choices":
        st.pills(label, list(field.options), key=key, format_func=_title(field), selection_mode="multi", help=text)
    elif field.offered:
        trained = getattr(session.view.experiment, field.of) if field.kind == "entry" else ()
        slider(session, name, (*field.offered, *trained), field.form)
    elif field.kind == "entry":
        offered = list(getattr(session.view.experiment, field.of))
        st.segmented_control(label, offered, key=key, format_func=field.form.format, required=True, help=text)
    elif field.kind == "whole" or field.counted == "how many":
        low, high = field.counts if field.counted else (int(field.bounds.low), int(field.bounds.high))
        low, high = session.view.limits(name, session.values()) or (low, high)
        whole(session, name, low, high)
    elif field.kind == "number":
        st.number_input(label, field.bounds.low, field.bounds.high, key=key, help=text)
    else:
        st.text_input(label, key=key, help=text)


def slider(session: Session[Any], name: str, choices: Iterable[float], form: str) -> None:
    """Draw a slider over the choices and the present value, which a link may have set between them."""
    field, present = fields_of(session.view)[name], session[name]
    apart = {value for value in choices if form.format(value) != form.format(present)}  # or two would read the same
    offered = sorted({*apart, present})
    st.select_slider(
        field.label or name, offered, key=session.key(name), format_func=form.format, help=field.help or None
    )


def whole(session: Session[Any], name: str, low: int, high: int) -> None:
    """Draw a whole-number field; a value that another control has put out of bounds is moved, and that is said."""
    field, value = fields_of(session.view)[name], session[name]
    label = field.label or name
    if value is None or not low <= value <= high:
        session[name] = low if value is not None and value < low else high
        if value is not None:
            session.say(moved(field, session[name]))
    st.number_input(label, low, high, key=session.key(name), step=1, help=field.help or None)


def _choice(session: Session[Any], name: str, offered: Sequence[str] | None) -> None:
    """Draw the choice of a word: all options, or those that are offered and the one that is chosen."""
    field, key = fields_of(session.view)[name], session.key(name)
    options = [word for word in field.options if offered is None or word in (*offered, session[name])]
    label, text, titles = field.label or name, field.help or None, _title(field)
    if len(options) <= 4 and sum(len(field.options[word]) for word in options) <= SHORT:
        st.segmented_control(label, options, key=key, format_func=titles, required=True, help=text)
    else:
        st.selectbox(label, options, key=key, format_func=titles, help=text)


def _title(field: Field) -> Callable[[str], str]:
    return lambda option: field.options[option]


def presets(session: Session[Any], takes: Callable[[Any], str]) -> None:
    """Draw the part's presets as buttons: each sets the controls; the one whose settings these are is marked.

    A button says what its view takes if it is not trained yet.
    """
    there = session.part.preset_of(session.view)
    with st.container(horizontal=True, gap="small", key=session.key("presets")):
        for name, preset in session.part.presets.items():
            st.button(
                " · ".join(filter(None, [preset.title, takes(session.view.with_preset(preset.experiment))])),
                key=f"preset-{name}",
                help=preset.sentence,
                on_click=to_its_end(_use),
                args=(session, preset.experiment),
                type="secondary" if name == there else "tertiary",
            )


def _use(session: Session[Any], experiment: Any) -> None:
    session.show(replace(session.view.with_preset(experiment), **session.beside))
    session["lesson"] = None
