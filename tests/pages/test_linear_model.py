"""The linear model's part of the Complexity page as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.linear_model.experiment import LinearModel
from core.studies.linear_model.part import INTRODUCTION
from core.studies.linear_model.presets import PRESETS as THEOREM
from core.studies.linear_model.view import FIRST, LinearView
from core.view import from_query, to_query
from pages.shared.session import fields_of
from tests.pages.visiting import fine, link, player, sentences

SMALL = LinearModel(n=50, d_over_n=3, ratios=(2.0, 5.0), seeds=(0, 1), step_limit=400)
SCRIPT = "from core.studies.linear_model.part import PART\nfrom pages.shared.part import draw\ndraw(PART)\n"
OFFERED = {name: field.offered for name, field in fields_of(LinearView()).items() if field.offered}


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: LinearModel, **others: Any) -> AppTest:
    return visit(**to_query(LinearView(experiment=experiment, **others)))


def charts(at: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = player(at, most=1_000_000)["charts"]
    return found


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_a_first_visit_shows_the_three_charts_and_makes_a_link_of_it() -> None:
    at = visit()
    assert list(charts(at)) == ["path", "ends", "explained"]
    assert charts(at)["path"]["badge"] == {"text": "in the end every label fitted", "tone": "quiet"}
    assert from_query(LinearView, link(at)) == (LinearView(), [])
    assert link(at)["part"] == "theorem"
    assert "**1.000** from the simple classifier" in said(at)
    assert INTRODUCTION in said(at)


def test_a_link_rests_where_it_says() -> None:
    view = LinearView(experiment=replace(SMALL, eta=0.25), clean=True, step=30)
    at = visit(**to_query(view))
    assert from_query(LinearView, link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 30) <= 3
    assert at.toggle(key="t_clean").value


@pytest.mark.parametrize("name", THEOREM)
def test_every_preset_can_be_shown(name: str, asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    assert asked == [SMALL]
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(LinearView, link(at))[0].experiment == THEOREM[name].experiment
    assert len(charts(at)) == 3


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("name", OFFERED)
def test_every_slider_at_its_ends_is_trained(name: str, end: int, asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    value = OFFERED[name][end]
    fine(at.select_slider(key=f"t_{name}").set_value(value).run())
    assert asked[-1] == replace(SMALL, **{name: value})
    assert len(charts(at)) == 3
    assert not at.error


def test_no_two_sliders_shut_each_other_out() -> None:
    for n in OFFERED["n"]:
        assert replace(FIRST, n=n, d_over_n=OFFERED["d_over_n"][-1]).runs


def test_the_labels_that_it_is_measured_by() -> None:
    at = look_at(SMALL)
    before = charts(at)["explained"]["params"]["bits"]
    fine(at.toggle(key="t_clean").set_value(True).run())
    assert charts(at)["explained"]["params"]["bits"] > before
    assert link(at)["clean"] == "true"


def test_what_has_no_control_is_said() -> None:
    assert "2 seeds; " in sentences(look_at(SMALL))
    assert "d/n compared: 2, 5." in sentences(look_at(SMALL))


def test_divergence_is_said_and_drawn() -> None:
    at = look_at(replace(SMALL, rate=4))
    assert charts(at)["path"]["badge"]["tone"] == "alert"
    assert "2 of 2 seeds diverged" in said(at)


def test_labels_that_are_not_fitted_yet() -> None:
    at = look_at(replace(SMALL, step_limit=10))
    assert charts(at)["path"]["badge"]["text"] == "in the end not every label fitted"
    assert "of the training labels are fitted" in said(at)


def test_settings_that_do_not_go_together_are_a_sentence_and_the_charts_stay() -> None:
    at = look_at(replace(SMALL, ratios=(2.0, 100.0)))
    fine(at.select_slider(key="t_n").set_value(400).run())
    assert "ratios: at most 20,000 dimensions" in at.error[0].value.replace("\\", "")
    assert len(charts(at)) == 3
