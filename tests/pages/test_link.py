"""The link in the address: when it is a new entry of the browser's history, and how a page follows it."""

from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest

from core.studies.kinks.experiment import Kinks
from core.studies.kinks.view import KinksView
from core.view import to_query
from pages.shared.link import code, lasting
from tests.pages.visiting import fine, link, open_page, player

SMALL = KinksView(experiment=Kinks(width=64), step=300)


@pytest.fixture
def at() -> AppTest:
    return open_page("pages/kinks.py", **to_query(SMALL))


def entries(at: AppTest) -> int:
    """How many changes have an entry of their own beside the first."""
    return int(at.session_state["link_entries"]) if "link_entries" in at.session_state else 0


def follow(at: AppTest, query: Mapping[str, str]) -> None:
    """Do as the browser does that finds the server without a memory of its visit; Back comes out the same."""
    at.session_state["link_found"] = "&".join(f"{word}={text}" for word, text in query.items())
    fine(at.run())


def test_the_first_link_of_a_visit_is_no_change(at: AppTest) -> None:
    assert link(at) == to_query(SMALL)
    fine(at.run())
    assert entries(at) == 0


def test_a_setting_is_one_change_and_the_players_place_is_none(at: AppTest) -> None:
    for name, value in {"step": 100, "speed": 2.0, "loop": False}.items():
        at.session_state[f"k_{name}"] = value
    fine(at.run())
    assert link(at) == to_query(SMALL) | {"step": "100", "speed": "2", "loop": "false"}
    assert entries(at) == 0
    at.session_state["k_width"] = 32
    fine(at.run())
    fine(at.run())
    assert (link(at)["width"], entries(at)) == ("32", 1)


def test_a_link_that_was_written_before_is_followed(at: AppTest) -> None:
    before = link(at)
    at.session_state["k_width"] = 32
    at.session_state["k_speed"] = 4.0
    fine(at.run())
    seen = player(at)["clock"]
    follow(at, before)
    assert link(at) == before
    assert at.select_slider(key="k_width").value == 64
    assert entries(at) == 1, "to follow a link is no change"
    clock = player(at)["clock"]
    assert clock["seek"]["token"] != seen["seek"]["token"], "the player is told where to go"
    assert (clock["speed"], clock["steps"][clock["seek"]["frame"]]) == (1, seen["steps"][seen["seek"]["frame"]])
    at.session_state["k_width"] = 128
    fine(at.run())
    assert (link(at)["width"], entries(at)) == ("128", 2)


def test_the_player_is_told_nothing_new_while_a_person_stays(at: AppTest) -> None:
    before = player(at)["clock"]["seek"]["token"]
    at.session_state["k_width"] = 32
    fine(at.run())
    assert player(at)["clock"]["seek"]["token"] == before


def test_a_link_to_another_part_of_the_page_turns_to_it(at: AppTest) -> None:
    at.session_state["k_width"] = 32
    fine(at.run())
    follow(at, {"v": "1", "part": "inputs"})
    assert at.segmented_control(key="k_part").value == "inputs"
    fine(at.segmented_control(key="k_part").set_value("line").run())
    assert link(at)["width"] == "32", "the other part was left as it was"


def test_what_lasts_of_a_link_is_all_but_the_players_place() -> None:
    assert lasting({"width": "8", "step": "3", "speed": "2", "loop": "false"}) == {"width": "8"}


def test_the_qr_code_leads_to_the_link_and_one_that_is_too_long_has_none() -> None:
    image = code("http://x.invalid/kinks?a=1&b=%22%3E")
    assert 'data-link="http://x.invalid/kinks?a=1&amp;b=%22%3E"' in image
    assert 'src="data:image/svg+xml' in image
    assert code("http://x.invalid/kinks?" + "a" * 4000) == ""
