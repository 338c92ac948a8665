"""What a part of a page keeps of a visit, whether or not its widgets are on screen."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from core.field import Field, declared
from core.part import Part
from core.values import ExperimentError, as_text
from core.view import COMPARED, PLAYED, View, from_query, leads_to, to_query
from pages.shared.link import arrived

Seen = TypeVar("Seen", bound=View)

NEWS_SECONDS = 1.0
"""For so long after controls were set a browser may still say what they were before: it has not heard yet."""


@dataclass(frozen=True)
class Session(Generic[Seen]):
    """A part's view and widgets in the session; its keys begin with the part's own."""

    part: Part[Seen]

    def key(self, name: str) -> str:
        """Return the session's key of a field's widget."""
        return f"{self.part.key}_{name}"

    def __getitem__(self, name: str) -> Any:
        return st.session_state[self.key(name)]

    def __setitem__(self, name: str, value: object) -> None:
        due = self.get("due") or {}
        if name in due:
            due[name] = value
        else:
            st.session_state[self.key(name)] = value

    def get(self, name: str, otherwise: Any = None) -> Any:
        """Return a value, or another if there is none."""
        return st.session_state.get(self.key(name), otherwise)

    def values(self) -> dict[str, Any]:
        """Return what all widgets show."""
        return {name: self.get(name) for name in fields_of(self.view)}

    @property
    def view(self) -> Seen:
        """The view as the controls last had it whole."""
        due = self.get("due") or {}
        view: Seen = due["kept"] if "kept" in due else self["kept"]
        return view

    @property
    def played(self) -> dict[str, Any]:
        """Where the player is, as it was last heard of."""
        return {name: self.get(name) for name in PLAYED}

    @property
    def beside(self) -> dict[str, Any]:
        """What another preset or lesson leaves as it is: where the player is, and pinned runs."""
        return {name: getattr(self.view, name) for name in COMPARED.values()} | self.played

    def start(self) -> None:
        """Fill the controls: from the link to which a person has come, and after a look elsewhere as they were."""
        self._catch_up()
        self._hold()
        query = arrived()
        came = query is not None and leads_to(self.part.view, query)
        if came or self.get("kept") is None:
            view, self["said"] = from_query(self.part.view, query if query is not None else st.query_params.to_dict())
            self.show(view)
            self._catch_up()
        if came or self.key("player") not in st.session_state:
            self.lead()
        for name, value in widget_values(self.view).items():
            # Streamlit drops widgets that were not drawn, and starts one anew whose options or labels change.
            self[name] = self.get(name, value)

    def show(self, view: Seen, *, held: bool = False) -> None:
        """Have the next run set every control to `view`; `held` if a hand is still on what changes it.

        Streamlit may end a run at any look at the session, and half a view would be another one.
        """
        values, before = widget_values(view), self.get("kept")
        known = {} if before is None else widget_values(before)
        outdated = {name: old for name, old in known.items() if name not in PLAYED and old != values.get(name)}
        self["due"] = {"kept": view, "held": to_query(view) if held else None, "outdated": outdated, **values}

    def _catch_up(self) -> None:
        """Set what is due."""
        due = self.get("due")
        if due:
            st.session_state[self.key("shown_at")] = time.monotonic()
        while due:
            name = next(iter(due))
            st.session_state[self.key(name)] = due[name]
            del due[name]
        self["due"] = None

    def _hold(self) -> None:
        """Keep controls as they were set, where a browser says again what they were before.

        Each of its messages has the values of all controls as it knows them. One that ends the run in which they were
        to be drawn anew (the player has come to rest, say) was sent before it could know, and is no edit of theirs.
        """
        now = time.monotonic()
        if now - self.get("shown_at", -NEWS_SECONDS) > NEWS_SECONDS:
            return
        values = widget_values(self.view)
        for name, old in self.get("outdated", {}).items():
            if name in values and self.get(name) == old:
                self[name], self["shown_at"] = values[name], now

    def lead(self) -> None:
        """Have the player do as the view says: from then on its place is the reader's. What was shown of it is over."""
        self["lesson"] = None
        self["led"] = {"token": self.get("led", {"token": 0})["token"] + 1, **played(self.view)}

    def change(self, **values: Any) -> None:
        """Set some controls: what else a view has stays."""
        self.show(self.view.changed(values))

    def current(self) -> Seen:
        """Return what the controls say; what has no control stays as the preset or the link had it.

        Raises:
            ExperimentError: settings that do not go together.
        """
        before, values = self.view, dict[str, Any]()
        shown = widget_values(before)
        for name, field in fields_of(before).items():
            value = value_of(before, name)
            if (given := self.get(name, shown[name])) != shown[name]:
                new = field_value(name, field, given, value)
                values |= {name: new} if new != value else {}  # the same list may be typed in two ways
        view = before.changed(values | self.played)
        self["kept"] = view
        fitted = widget_values(view)
        for name, field in fields_of(view).items():
            if name not in values and fitted[name] != shown[name]:
                self[name] = fitted[name]  # another control has moved it
                if before.limits(name, fitted) is not None:
                    self.say(moved(field, fitted[name]))
        return view

    def settle(self) -> None:
        """Let a control that moved move others, before any is drawn: Streamlit refuses that afterwards."""
        with suppress(ExperimentError):  # what does not go together is said once all controls are drawn
            self.current()

    def said(self, about: object) -> list[str]:
        """Return what was wrong with the link or the entry that led to `about`, until the visitor moves on from it."""
        before, sentences = self.get("notices", (about, []))
        kept = list(sentences) if before == about else []
        if new := st.session_state.pop(self.key("said"), []):
            kept += new
            self["notices"] = (about, kept)
        return kept

    def say(self, sentence: str) -> None:
        """Say a sentence at the next `said`."""
        self["said"] = [*self.get("said", []), sentence]


def moved(field: Field, value: int) -> str:
    """Say that a number was moved."""
    return f"{field.label} is now {value:,}, as the other settings need."


def fields_of(view: View) -> Mapping[str, Field]:
    """Return the fields that have widgets: those of the view, and those of the experiment that have a section."""
    own = declared(type(view))
    settings = {name: field for name, field in declared(type(view.experiment)).items() if field.section}
    return {**settings, **own}


def value_of(view: View, name: str) -> Any:
    """Return a field of the view, or else of its experiment."""
    return getattr(view if name in declared(type(view)) else view.experiment, name)


def widget_values(view: View) -> dict[str, Any]:
    """Return what each widget shows of a view, by the name of its field."""
    found = {name: widget_value(field, value_of(view, name)) for name, field in fields_of(view).items()}
    return found | played(view)


def played(view: View) -> dict[str, Any]:
    """Return what a view says of the player."""
    return {name: getattr(view, name) for name in PLAYED}


def widget_value(field: Field, value: Any) -> Any:
    """Return a field's value as its widget has it: a list as text, or by one number."""
    if field.counted:
        return value[-1] if field.counted == "up to" else len(value)
    if field.kind in ("wholes", "numbers"):
        return as_text(value)
    return list(value) if field.kind == "choices" else value


def field_value(name: str, field: Field, given: Any, before: Any) -> Any:
    """Return the value that a widget gives; `before` is the one that it had.

    Raises:
        ExperimentError: text that is not a list of numbers.
    """
    if field.counted == "up to":
        return tuple(range(int(field.bounds.low), int(given) + 1))
    if field.counted == "how many":
        return so_many(int(given), before)
    if field.kind in ("wholes", "numbers"):
        return field.read(name, given)
    if field.kind == "choices":
        return tuple(given or ())
    return before if given is None else given


def so_many(count: int, seeds: tuple[int, ...]) -> tuple[int, ...]:
    """Return so many seeds, those of the preset or the link first."""
    more = (seed for seed in range(count + len(seeds)) if seed not in seeds)
    return (*seeds[:count], *(next(more) for _ in range(count - len(seeds))))
