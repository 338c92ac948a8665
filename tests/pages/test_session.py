"""What a part keeps of a visit holds together, wherever Streamlit ends the run that changes it."""

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from core.studies.kinks.experiment import Kinks
from core.studies.kinks.part import PART
from core.studies.kinks.points_text import written
from core.studies.kinks.view import KinksView
from core.view import to_query
from pages.kinks.kinks import _name_of, _read_text
from pages.shared.session import Session


class EndedError(Exception):
    """The run was ended, for the visitor has done something else."""


class State(dict[str, Any]):
    """A session in which a run ends after so many looks at it."""

    looks = 10**6

    def _look(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            raise EndedError

    def __getitem__(self, name: str) -> Any:
        self._look()
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: object) -> None:
        self._look()
        super().__setitem__(name, value)

    def get(self, name: str, otherwise: Any = None) -> Any:
        self._look()
        return super().get(name, otherwise)


BEFORE = KinksView(experiment=Kinks(width=64))
AFTER = KinksView(experiment=Kinks(x=(-0.5, 0.25, 1.0), y=(1.0, -0.5, 0.25), width=32, sigma=0.1), step=7, twin=True)


@pytest.mark.parametrize("held", [False, True])
def test_a_view_is_shown_whole_or_not_at_all(held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.shared.session.arrived", lambda: None)
    ended = 0
    for looks in range(100):
        state, session = State(), Session(PART)
        monkeypatch.setattr(st, "session_state", state)
        session.show(BEFORE)
        session.start()
        shown = BEFORE
        state.looks = looks
        try:
            session.show(AFTER, held=held)
            shown = AFTER
            session.start()
        except EndedError:
            ended += 1
        state.looks = 10**6
        session.start()
        assert session.view == session.current() == shown, looks
        assert session.get("held") == (to_query(AFTER) if held and shown is AFTER else None), looks
    assert 10 < ended < 100


def test_what_is_heard_after_a_view_is_due_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    state, session = State(), Session(PART)
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr("pages.shared.session.arrived", lambda: None)
    session.show(BEFORE)
    session.start()
    session.show(AFTER)
    session["step"] = 9  # the player's report comes in the same run as the press
    session.start()
    assert session.current() == replace(AFTER, step=9)


def test_a_text_of_points_that_were_there_before_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.shared.session.arrived", lambda: None)
    monkeypatch.setattr(st, "session_state", State())
    session = Session(PART)
    session.show(BEFORE)
    session.start()
    before, now = (written(view.experiment.x, view.experiment.y) for view in (BEFORE, AFTER))
    session.show(AFTER)
    session.start()
    for name, text in ((_name_of(before), before), (_name_of(now), now.replace("0.25", "0.5"))):
        session[name] = text
    _read_text(session, _name_of(before))
    assert session.view == AFTER
    _read_text(session, _name_of(now))
    assert session.view.experiment.x == (-0.5, 0.5, 1.0)


def test_what_a_browser_says_before_it_can_know_is_no_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that was on its way when a view was shown has all controls as they were before; a second later they are
    edits, and so is any other value at once."""
    monkeypatch.setattr("pages.shared.session.arrived", lambda: None)
    now = 100.0
    monkeypatch.setattr("pages.shared.session.time.monotonic", lambda: now)
    state, session = State(), Session(PART)
    monkeypatch.setattr(st, "session_state", state)
    session.show(BEFORE)
    session.start()
    known = {name: state[session.key(name)] for name in ("width", "sigma", "twin")}
    session.show(AFTER)
    session.start()
    for _ in range(3):  # also where the run that restored them was ended in its turn
        now += 0.7
        state.update({session.key(name): value for name, value in known.items()})
        session.start()
        assert session.current() == session.view == AFTER
    state[session.key("width")] = 128
    session.start()
    assert session.current().experiment.width == 128
    now += 1.1
    state[session.key("width")] = known["width"]
    session.start()
    assert session.current().experiment.width == BEFORE.experiment.width
