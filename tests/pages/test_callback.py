"""Callbacks of widgets are carried out whole, whatever else happens in the browser meanwhile."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

from pages.shared.callback import to_its_end

PAGES = Path(__file__).parents[2] / "pages"
OF_STREAMLIT = {"rerun", "ignore"}


def test_what_newer_messages_end_is_begun_again_and_they_are_handed_on() -> None:
    newer = [RerunException(RerunData(query_string=text)) for text in ("first", "second")]
    waiting, done = iter(newer), list[str]()

    def press(what: str, *, then: str) -> None:
        if (message := next(waiting, None)) is not None:
            raise message
        done.append(f"{what} {then}")

    with pytest.raises(RerunException) as handed_on:
        to_its_end(press)("shown", then="whole")
    assert done == ["shown whole"]
    assert handed_on.value.rerun_data.query_string == "second"
    to_its_end(press)("shown", then="again")
    assert done == ["shown whole", "shown again"]


def test_what_fails_by_itself_is_not_begun_again() -> None:
    begun = []

    def press() -> None:
        begun.append(1)
        raise ValueError

    with pytest.raises(ValueError):
        to_its_end(press)()
    assert begun == [1]


def _callbacks() -> Iterator[tuple[str, ast.expr]]:
    for file in sorted(PAGES.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text())):
            for word in call.keywords if isinstance(call, ast.Call) else ():
                if word.arg and (
                    word.arg == "on_click" or (word.arg.startswith("on_") and word.arg.endswith("change"))
                ):
                    yield f"{file.relative_to(PAGES)}:{word.value.lineno}", word.value


def test_every_callback_of_the_pages_is_carried_to_its_end() -> None:
    found = dict(_callbacks())
    assert len(found) > 20
    for place, value in found.items():
        if isinstance(value, ast.Constant):
            assert value.value in OF_STREAMLIT, place
        else:
            assert isinstance(value, ast.Call), place
            assert ast.unparse(value.func) == "to_its_end", place
