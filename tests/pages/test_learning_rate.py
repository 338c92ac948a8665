"""The Learning rate page as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.jobs import Jobs
from core.studies.catapult.experiment import Catapult
from core.studies.catapult.view import CatapultView
from core.studies.edge.experiment import Edge
from core.studies.edge.view import EdgeView
from core.view import View, from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page, player

FEW = Catapult(n_train=32, width=64, rates=(1.0, 2.5, 30.0), step_limit=40)
SHORT = Edge(widths=(6, 4), rates=(0.1, 0.4), step_limit=200)
CATAPULT, EDGE = ["plane", "steps", "ends", "peaks"], ["path", "levels"]


def look_at(view: View) -> AppTest:
    return open_page("pages/learning_rate.py", **to_query(view))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_a_first_visit_shows_the_catapult_and_makes_a_link_of_it() -> None:
    at = open_page("pages/learning_rate.py")
    assert list(charts(at)) == CATAPULT
    assert from_query(CatapultView, link(at)) == (CatapultView(), [])
    assert "At c = 2.5 the toy's loss peaks" in said(at)
    assert "The ReLU network's loss peaked" in said(at)


def test_the_edge_is_a_part_of_the_page_and_rests_where_its_link_says() -> None:
    view = EdgeView(experiment=SHORT, rate=0.4, step=100)
    at = look_at(view)
    assert list(charts(at)) == EDGE
    assert from_query(EdgeView, link(at)) == (view, [])
    time = player(at)["clock"]
    assert time["steps"][time["seek"]["frame"]] == 100


def test_the_toy_is_drawn_before_a_network_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    long = type("Long", (), {"long": True, "usual": 100.0, "at_most": 200.0})()
    monkeypatch.setattr(Jobs, "estimate", lambda jobs, asked: long)
    at = look_at(CatapultView(experiment=replace(FEW, width=16), c=2.5))
    assert charts(at)["steps"]["badge"] == {"text": "toy only, so far", "tone": "quiet"}
    assert charts(at)["ends"]["pick"] is None
    assert "network" not in said(at).partition("At c = 2.5")[2]


def test_the_slider_marks_another_learning_rate_and_trains_nothing(asked: list[Experiment]) -> None:
    at = look_at(CatapultView(experiment=FEW, c=1.0))
    assert asked == [FEW]
    fine(at.select_slider(key="rc_c").set_value(30.0).run())
    assert from_query(CatapultView, link(at)) == (CatapultView(experiment=FEW, c=30.0), [])
    assert asked == [FEW]
    assert "of its units dead" in said(at)


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (CatapultView(experiment=replace(FEW, activation="linear", rates=(1.0, 6.0)), c=6.0), "1 diverged"),
        (CatapultView(experiment=replace(FEW, rates=(1.0, 24.0), step_limit=60), c=24.0), "1 dead"),
    ],
)
def test_divergence_and_death_are_said_and_drawn(view: CatapultView, text: str) -> None:
    at = look_at(view)
    assert charts(at)["steps"]["badge"] == {"text": f"of 2 networks {text}", "tone": "alert"}
    lost: list[Any] = charts(at)["ends"]["tables"]["lost"]["rows"]
    assert [row["c"] for row in lost] == ([6.0] if "diverged" in text else [])
