"""Unit by unit, as Streamlit runs it, without a browser."""

from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.greedy.experiment import Greedy
from core.studies.greedy.view import FIRST, GreedyView
from core.view import to_query
from tests.pages.visiting import link, open_page, player

CHARTS = ["descent", "units", "counts"]


def look_at(view: GreedyView) -> AppTest:
    return open_page("pages/kinks.py", **to_query(view))


def test_what_ships_is_played(asked: list[Experiment]) -> None:
    at = look_at(GreedyView())
    payload = player(at)
    assert list(payload["charts"]) == CHARTS
    assert link(at) == to_query(GreedyView())
    assert not [*at.error, *at.warning]
    assert set(asked) <= {FIRST}
    assert any("On 512 points the greedy" in box.value for box in at.markdown)


def test_another_size_is_played_of_the_same_networks(asked: list[Experiment]) -> None:
    at = look_at(GreedyView(size=64.0))
    assert any("On 64 points the greedy" in box.value for box in at.markdown)
    assert set(asked) <= {FIRST}


def test_a_tiny_construction_is_trained_and_drawn() -> None:
    at = look_at(GreedyView(experiment=Greedy(n_train=(12,), seeds=(0,), width=8, step_limit=200), size=12.0))
    assert list(player(at)["charts"]) == CHARTS
    assert not [*at.error, *at.warning]
