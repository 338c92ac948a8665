"""Sigmoids and modes, a part of the Learning dynamics page, as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.field import declared
from core.jobs import Jobs
from core.studies.modes.experiment import HEADS, Modes
from core.studies.modes.part import LESSONS
from core.studies.modes.presets import PRESETS
from core.studies.modes.view import ModesView
from core.view import from_query, to_query
from tests.pages.visiting import fine, link, player

SMALL = Modes(width=4, dimension=3, init=0.2, learning_rate=0.05, last_time=10)
SCRIPT = "from core.studies.modes.part import PART\nfrom pages.shared.part import draw\ndraw(PART)\n"


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: Modes, **others: Any) -> AppTest:
    return visit(**to_query(ModesView(experiment=experiment, **others)))


def charts(at: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = player(at, most=1_000_000)["charts"]
    return found


def rows(at: AppTest, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = charts(at)[chart]["tables"][table]["rows"]
    return found


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_a_first_visit_shows_three_charts_and_makes_a_link_of_it() -> None:
    at = visit()
    assert list(charts(at)) == ["curves", "plane", "clocks"]
    assert charts(at)["curves"]["badge"] is None
    assert from_query(ModesView, link(at)) == (ModesView(), [])
    assert link(at)["part"] == "modes"
    assert "Measured: under cross-entropy" in said(at)
    assert "**2.33 times** as long" in said(at)


def test_theory_is_drawn_whole_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "submit", lambda *_, **__: None)
    at = look_at(SMALL)
    assert charts(at)["curves"]["badge"]["text"] == "theory only, so far"
    assert rows(at, "curves", "measured") == rows(at, "clocks", "measured") == []
    assert len(rows(at, "curves", "theory")) > 100
    assert len(rows(at, "plane", "places")) == 4  # two neurons of the mode, two losses
    assert "In theory: under cross-entropy" in said(at)
    assert not at.get("download_button")


def test_what_is_measured_is_laid_over_theory() -> None:
    at = look_at(SMALL)
    measured = {(row["mode"], row["x"]): row["logit"] for row in rows(at, "curves", "measured")}
    theory = {(row["mode"], row["x"]): row["logit"] for row in rows(at, "curves", "theory")}
    assert len(measured) > 40
    assert set(measured) <= set(theory)
    assert measured != {place: theory[place] for place in measured}
    assert all(abs(measured[place] - theory[place]) < 0.1 for place in measured)
    words = rows(at, "clocks", "now")[1]["said"]
    assert "zero loss from t =" in words[-1]
    assert "zero loss" not in words[0]


@pytest.mark.parametrize("heads", HEADS)
def test_every_way_that_output_weights_begin(heads: str) -> None:
    at = look_at(SMALL)
    fine(at.selectbox(key="lm_heads").select(heads).run())
    assert link(at)["heads"] == heads
    assert len(charts(at)) == 3


def test_no_two_sliders_shut_each_other_out() -> None:
    offered = {name: field.offered for name, field in declared(Modes).items()}
    assert replace(SMALL, learning_rate=offered["learning_rate"][0], last_time=offered["last_time"][-1]).step_limit
    assert all(width % 2 == 0 for width in offered["width"])


def test_the_clock_follows_the_axis_of_time() -> None:
    at = look_at(SMALL)
    time = player(at)["clock"]
    assert time["pace"] == pytest.approx([step / time["steps"][-1] for step in time["steps"]], abs=1e-4)
    fine(at.toggle(key="lm_log").set_value(True).run())
    pace = player(at)["clock"]["pace"]
    assert pace[1] == 0, "the first step"
    assert pace[len(pace) // 2] > 0.6


def test_time_by_frequency_puts_the_modes_on_one_curve() -> None:
    at = look_at(replace(SMALL, p=0.9))
    fine(at.toggle(key="lm_together").set_value(True).run())
    ends = [row["xs"][-1] for row in rows(at, "curves", "now")]
    assert ends[0] == pytest.approx(9 * ends[1])
    fine(at.toggle(key="lm_log").set_value(True).run())
    assert min(row["x"] for row in rows(at, "curves", "theory")) > 0
    assert link(at)["log"] == link(at)["together"] == "true"


def test_classes_at_an_angle_have_no_theory_of_one_layer() -> None:
    at = look_at(replace(SMALL, cosine=-0.5))
    assert rows(at, "curves", "one_layer") == []
    assert len(rows(at, "curves", "measured")) > 40


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_a_lesson_whose_preset_ships_shows_the_measurement(lesson: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ships = {preset.experiment for preset in PRESETS.values() if preset.shipped}
    monkeypatch.setattr(Jobs, "submit", lambda *_, **__: None)
    at = look_at(SMALL)
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert bool(rows(at, "curves", "measured")) == (lesson.view.experiment in ships)


def test_what_is_not_reached_is_said() -> None:
    at = look_at(replace(SMALL, p=0.99, last_time=1, init=0.001))
    assert "x₊ reaches N = 1 not before t = 1" in said(at)
    assert "times** as long" not in said(at)
