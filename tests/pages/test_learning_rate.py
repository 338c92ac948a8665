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
from core.studies.rate_plane.experiment import RatePlane
from core.studies.rate_plane.view import RatePlaneView
from core.studies.stabilization.experiment import Stabilization
from core.studies.stabilization.view import StabilizationView
from core.view import View, from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page, player

FEW = Catapult(n_train=32, width=64, rates=(1.0, 2.5, 30.0), step_limit=40)
FOLLOWED = Stabilization(widths=(8, 6), rate=0.4, noises=(0.0, 1e-6), step_limit=40)
SHORT = Edge(widths=(6, 4), rates=(0.1, 0.4), step_limit=200)
CATAPULT, EDGE = ["plane", "steps", "ends", "peaks"], ["path", "levels"]
PLANE = ["plane", "run", "law"]
CORNERS = RatePlane(width=8, n_train=24, alphas=(0.5, 64.0), rates=(0.5, 300.0), step_limit=60)


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


def test_a_network_is_followed_past_the_edge_and_a_slider_marks_another_noise(asked: list[Experiment]) -> None:
    view = StabilizationView.of(FOLLOWED, noise=0.0, step=20)
    at = look_at(view)
    assert asked == [FOLLOWED]
    assert list(charts(at)) == ["loop", "path", "change", "overshoot"]
    assert from_query(StabilizationView, link(at)) == (view, [])
    fine(at.select_slider(key="rs_noise").set_value(1e-6).run())
    assert from_query(StabilizationView, link(at))[0].noise == 1e-6
    assert asked == [FOLLOWED]
    assert "At η = 0.4 ηS passes 2 at step" in said(at)


def test_the_plane_is_a_part_of_the_page_and_its_sliders_play_another_run(asked: list[Experiment]) -> None:
    view = RatePlaneView.of(CORNERS, alpha=64.0, c=0.5, colour="test_error", step=60)
    at = look_at(view)
    assert asked == [CORNERS]
    assert list(charts(at)) == PLANE
    assert from_query(RatePlaneView, link(at)) == (view, [])
    assert "It is lazy" in said(at)
    assert charts(at)["plane"]["badge"]["text"] == "of 4 runs 3 diverged, 1 not fitted"
    fine(at.select_slider(key="rp_c").set_value(300.0).run())
    assert "training diverged by step" in said(at)
    assert asked == [CORNERS]


def test_rates_at_which_all_diverges_are_drawn_and_said_in_one_sentence() -> None:
    at = look_at(RatePlaneView.of(replace(CORNERS, rates=(300.0, 600.0))))
    assert charts(at)["plane"]["badge"]["text"] == "of 4 runs 4 diverged"
    assert any(
        "Training diverges at every learning rate of this plane" in note for note in player(at)["clock"]["notes"]
    )


def test_minibatches_are_marked_by_their_size() -> None:
    few = Edge(task="digits", n=40, widths=(8,), rates=(0.1,), batch_sizes=(4, 40), every=10, step_limit=60)
    at = look_at(EdgeView.of(few, rate=4.0))
    assert list(charts(at)) == EDGE
    assert "At η = 0.1 and B = 4" in said(at)


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
