"""The perceptron's part of the Phase plane page as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.field import declared
from core.studies.perceptron.charts.batches import MEASURES
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.part import INTRODUCTION, LESSONS, PART
from core.studies.perceptron.presets import PRESETS
from core.studies.perceptron.scene import CARDS
from core.studies.perceptron.view import FIRST, PerceptronView
from core.view import from_query, to_query
from tests.pages.visiting import REPOSITORY, charts, fine, link, player, sentences

SMALL = Perceptron(
    n_train=(64,), dimensions=8, batch_size=(1, 4, 16), learning_rates=(0.0625, 0.25, 1.0, 16.0), seeds=(0, 1)
)
SIZES = Perceptron(
    chi=(0.0, 1.0), n_train=(32, 128), dimensions=8, full_batch=True, learning_rates=(0.004, 1.0, 256.0), seeds=(0, 1)
)
SCRIPT = "from core.studies.perceptron.part import PART\nfrom pages.shared.part import draw\ndraw(PART)\n"
FIELDS = declared(Perceptron)


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: Experiment, **others: Any) -> AppTest:
    assert isinstance(experiment, Perceptron)
    return visit(**to_query(PerceptronView.of(experiment, **others)))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_the_page_opens_on_a_part() -> None:
    at = AppTest.from_file(str(REPOSITORY / "pages/phase_plane/page.py"), default_timeout=60)
    for name, text in to_query(PerceptronView.of(SMALL)).items():
        at.query_params[name] = text
    fine(at.run())
    assert "The perceptron, exact" in at.get("button_group")[0].options
    assert list(charts(at)) == ["batches", "boundary", "path"]


def test_a_plane_a_border_and_a_path() -> None:
    at = look_at(SMALL)
    shown = charts(at)
    assert list(shown) == ["batches", "boundary", "path"]
    assert len(shown["batches"]["tables"]["cells"]["rows"]) == 12
    assert shown["path"]["badge"]["text"].startswith("fitted from step ")
    assert from_query(PerceptronView, link(at)) == (PerceptronView.of(SMALL), [])
    assert "All 12 cells are fitted" in said(at)
    assert "B = 1, η = 16, seed 0" in said(at)
    steps = player(at)["clock"]["steps"]
    assert shown["path"]["badge"]["text"] == f"fitted from step {steps[-1]:,} on"


def test_a_sweep_of_training_sets_shows_power_laws_and_the_collapse() -> None:
    at = look_at(SIZES)
    assert list(charts(at)) == ["boundary", "path", "growth", "phases", "collapse"]
    assert "w₁ scales as P^**" in said(at)


def test_a_link_rests_at_its_step() -> None:
    experiment = replace(SMALL, alphas=(64.0, 128.0))
    view = PerceptronView.of(experiment, measure="lambda", lines=False, run=5, step=3)
    at = visit(**to_query(view))
    assert from_query(PerceptronView, link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 3) <= 1
    assert charts(at)["batches"]["tables"]["lines"]["rows"] == []


def test_a_step_beyond_the_limit_of_moves_is_one_to_rest_at() -> None:
    """Only steps that move w are limited: a run of B = 1 takes many more."""
    view = PerceptronView(step=50 * FIRST.event_limit)
    assert view.step == 50 * FIRST.event_limit
    assert from_query(PerceptronView, to_query(view)) == (view, [])


def test_t_is_defined_and_the_lesson_and_the_preset_agree_on_where_noise_matters() -> None:
    assert "learning rate / batch size; there is no width" in INTRODUCTION
    said = PRESETS["phase_plane/perceptron"].sentence
    assert "T_c, in units of the margin, stays where it is" in said
    assert "T_c does not move with P" in LESSONS[-1].text
    assert "the training set does not move it" in CARDS["phases"][1]


def test_a_window_too_narrow_for_an_exponent_is_said() -> None:
    at = look_at(replace(SIZES, n_train=(32, 64)))
    for name in ("growth", "phases"):
        chart = charts(at)[name]
        assert chart["badge"]["text"].startswith("no exponent")
        assert chart["tables"]["laws_0"]["rows"] == chart["tables"]["said_1"]["rows"] == []
    assert "scales as" not in said(at).replace(INTRODUCTION, "")
    assert charts(look_at(SIZES))["growth"]["badge"] is None


@pytest.mark.parametrize("measure", MEASURES)
def test_the_plane_has_every_colour(measure: str) -> None:
    at = look_at(SMALL)
    fine(at.segmented_control(key="p_measure").set_value(measure).run())
    rows = charts(at)["batches"]["tables"]["cells"]["rows"]
    assert all(row["v"] == row[f"at_{measure}"] for row in rows)
    assert link(at)["measure"] == measure


def test_a_clicked_cell_is_played() -> None:
    view = PerceptronView.of(SMALL, step=2)
    assert PART.picked is not None
    clicked = PART.picked(view, {"fields": {"batch_size": 4, "learning_rate": 1.0}})
    assert (clicked.run, clicked.step) == (4 + 2, None)
    assert clicked.cell[-2:] == (4, 1.0)
    assert PART.picked(view, {"fields": {"batch_size": 4, "learning_rate": 3.0}}) == view
    assert "B = 4, η = 1, seed 0" in said(visit(**to_query(clicked)))


def test_another_experiment_is_watched_at_a_run_of_its_own() -> None:
    view = PerceptronView.of(SMALL, run=3)
    assert view.changed({"measure": "steps"}).run == 3
    other = view.changed({"batch_size": (1,)})
    assert other.run == other.experiment.watched
    _, sentence = from_query(PerceptronView, to_query(other) | {"run": "11"})
    assert sentence == ["run: a whole number, 0 to 3; got 11."]


def test_the_plane_has_controls_where_there_is_one() -> None:
    assert len(look_at(SMALL).segmented_control) == 1
    assert not look_at(SIZES).segmented_control


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("n_train", "32, 64", "n_train", (32, 64)),
        ("batch_size", "2", "batch_size", (2,)),
        ("chi", "0, 3", "chi", (0.0, 3.0)),
        ("alphas", "2^4", "alphas", (16.0,)),
        ("learning_rates", "2^-2..2^2/3", "learning_rates", (0.25, 1.0, 4.0)),
    ],
)
def test_a_list_is_typed(name: str, text: str, field: str, value: Any, asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    fine(at.text_input(key=f"p_{name}").set_value(text).run())
    assert asked[-1] == replace(SMALL, **{field: value})
    assert len(charts(at)) >= 2
    assert not at.error


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("batch_size", "1, 4, 128", "batch_size: at most 64, for n_train begins at 64; got 128."),
        ("n_train", "9000", f"n_train: {FIELDS['n_train'].allowed}; got 9000.0."),
        ("chi", "two", "chi: a number such as 0.25 or 2^-2; got 'two'."),
        ("learning_rates", "", f"learning_rates: {FIELDS['learning_rates'].allowed}; got ()."),
        ("alphas", "2^-8..2^8/2000", f"alphas: {FIELDS['alphas'].allowed}; got"),
        ("alphas", "2^-8..2^8/400", "grid: at most 4,096 cells; got 4800."),
        ("alphas", "![x](http://example.org)", "alphas: a number such as"),
    ],
)
def test_a_wrong_list_is_a_sentence_and_the_charts_stay(name: str, text: str, sentence: str) -> None:
    at = look_at(SMALL)
    before = link(at)
    fine(at.text_input(key=f"p_{name}").set_value(text).run())
    assert len(at.error) == 1
    assert sentence in sentences(at)
    assert "](http" not in at.error[0].value
    assert list(charts(at)) == ["batches", "boundary", "path"]
    assert link(at) == before


def test_seeds_dimensions_and_the_full_batch(asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    fine(at.number_input(key="p_seeds").set_value(3).run())
    assert asked[-1] == replace(SMALL, seeds=(0, 1, 2))
    fine(at.select_slider(key="p_dimensions").set_value(16).run())
    fine(at.toggle(key="p_full_batch").set_value(True).run())
    assert asked[-1] == replace(SMALL, seeds=(0, 1, 2), dimensions=16, full_batch=True)


def test_seeds_of_a_link_stay() -> None:
    at = look_at(replace(SMALL, seeds=(7, 3)))
    assert link(at)["seeds"] == "7,3"
    assert "seed 7." in said(at)


def test_a_cap_is_said_and_drawn() -> None:
    experiment = Perceptron(chi=(0.0,), n_train=(512,), learning_rates=(2**-8, 1.0), event_limit=100, seeds=(0,))
    at = look_at(experiment)
    assert charts(at)["path"]["badge"] == {"text": "not fitted within 100 steps that move w", "tone": "alert"}
    assert "0 of 2 cells are fitted" in said(at)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_what_a_lesson_shows_ships(lesson: Any) -> None:
    assert lesson.view.experiment in [preset.experiment for preset in PRESETS.values() if preset.shipped]


def test_the_tables_of_a_run_are_those_of_the_one_that_is_played() -> None:
    from core.part import Shown
    from tests.pages.conftest import trained

    view = PerceptronView.of(SMALL, run=1)
    tables = PART.more_tables(view, [Shown(trained(SMALL))])
    rows = tables["path"][1]()
    assert set(rows["batch_size"]) == {1}
    assert set(rows["learning_rate"]) == {SMALL.learning_rates[1]}
