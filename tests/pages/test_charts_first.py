"""A visitor who arrives gets charts before controls; whatever moves meanwhile, the charts show the end of it."""

from collections.abc import Callable
from typing import Any

import pytest

from pages.shared import part as drawing
from pages.shared import widgets
from tests.pages.visiting import fine, open_page, player

PAGES = ("pages/explorer.py", "pages/kinks.py", "pages/phase_plane.py", "pages/learning_rate.py")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn, in order: charts, controls, and runs that begin anew."""
    found: list[str] = []

    def noting(name: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **named: Any) -> Any:
            found.append(name)
            return done(*args, **named)

        return noted

    monkeypatch.setattr(drawing, "play", noting("charts", drawing.play))
    monkeypatch.setattr(widgets, "sidebar", noting("controls", widgets.sidebar))
    monkeypatch.setattr(drawing.st, "rerun", noting("anew", drawing.st.rerun))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_charts_come_first_at_arrival_and_in_one_run(page: str, drawn: list[str]) -> None:
    at = open_page(page)
    assert drawn == ["charts", "controls"]
    drawn.clear()
    fine(at.run())
    assert drawn == ["controls", "charts"], "a control may move what the charts show"


def test_charts_and_controls_stand_where_they_would_otherwise() -> None:
    at = open_page("pages/explorer.py")
    before = [element.type for element in at.main]
    fine(at.run())
    assert [element.type for element in at.main] == before


def test_what_has_changed_behind_the_charts_is_drawn(drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = drawing._ahead

    def of_less(*given: Any) -> Any:
        found = ahead(*given)
        return found and (found[0], ("of less",))

    monkeypatch.setattr(drawing, "_ahead", of_less)
    at = open_page("pages/explorer.py")
    assert drawn == ["charts", "controls", "anew", "controls", "charts"]
    assert player(at)["charts"]


def test_what_is_still_to_be_trained_waits_for_its_controls(drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "find", lambda _: None)
    open_page("pages/explorer.py")
    assert "charts" not in drawn
