"""The perceptron's part of the Phase plane page as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.perceptron.charts.batches import MEASURES
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.presets import PRESETS as PERCEPTRON
from pages.phase_plane.perceptron import part
from pages.phase_plane.perceptron.part import LESSONS
from pages.phase_plane.perceptron.stage import TABLES
from pages.phase_plane.perceptron.view import FIRST, View, from_query, to_query
from tests.pages.visiting import REPOSITORY, charts, fine, link, player, sentences

SMALL = Perceptron(
    n_train=(64,), dimensions=8, batch_size=(1, 4, 16), learning_rates=(0.0625, 0.25, 1.0, 16.0), seeds=(0, 1)
)
SIZES = Perceptron(
    chi=(0.0, 1.0), n_train=(32, 64), dimensions=8, full_batch=True, learning_rates=(0.004, 1.0, 256.0), seeds=(0, 1)
)
SCRIPT = "from pages.phase_plane.perceptron import part\npart.draw()\n"


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: Experiment, **others: Any) -> AppTest:
    assert isinstance(experiment, Perceptron)
    return visit(**to_query(View(experiment=experiment, **others)))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_the_page_opens_on_a_part() -> None:
    at = AppTest.from_file(str(REPOSITORY / "pages/phase_plane/page.py"), default_timeout=60)
    for name, text in to_query(View(experiment=SMALL)).items():
        at.query_params[name] = text
    fine(at.run())
    assert "The perceptron, exact" in at.get("button_group")[0].options
    assert list(charts(at)) == ["batches", "border", "path"]


def test_a_plane_a_border_and_a_path() -> None:
    at = look_at(SMALL)
    shown = charts(at)
    assert list(shown) == ["batches", "border", "path"]
    assert len(shown["batches"]["tables"]["cells"]["rows"]) == 12
    assert shown["path"]["badge"]["text"].startswith("fitted at step ")
    assert from_query(link(at)) == (View(experiment=SMALL), [])
    assert "All 12 cells are fitted" in said(at)
    assert "B = 1, η = 16, seed 0" in said(at)
    steps = player(at)["clock"]["steps"]
    assert shown["path"]["badge"]["text"] == f"fitted at step {steps[-1]:,}"


def test_a_sweep_of_training_sets_shows_power_laws_and_the_collapse() -> None:
    at = look_at(SIZES)
    assert list(charts(at)) == ["border", "path", "growth", "borders", "collapse"]
    assert "w₁ grows as P^**" in said(at)


def test_a_link_comes_back_as_it_was() -> None:
    view = View(experiment=replace(SMALL, alphas=(64.0, 128.0)), measure="lambda", lines=False, run=5, step=3)
    assert from_query(to_query(view)) == (view, [])
    at = visit(**to_query(view))
    assert from_query(link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 3) <= 1
    assert charts(at)["batches"]["tables"]["lines"]["rows"] == []


@pytest.mark.parametrize("measure", MEASURES)
def test_the_plane_has_every_colour(measure: str) -> None:
    at = look_at(SMALL)
    fine(at.selectbox(key="p_measure").set_value(measure).run())
    rows = charts(at)["batches"]["tables"]["cells"]["rows"]
    assert all(row["v"] == row[f"at_{measure}"] for row in rows)
    assert link(at).get("measure", "weight_norm") == measure


def test_a_clicked_cell_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The player calls `on_pick` with the cell's batch size and learning rate."""
    heard: dict[str, Any] = {}

    def play(payload: str, *, key: str, on_pick: Any, on_frame: Any) -> None:
        heard["pick"] = on_pick

    monkeypatch.setattr(part, "play", play)
    at = look_at(SMALL)
    asked: list[int] = []
    monkeypatch.setattr(part.controls, "choose", asked.append)
    heard["pick"]({"fields": {"batch_size": 4, "learning_rate": 1.0}})
    heard["pick"]({"fields": {"batch_size": 4, "learning_rate": 3.0}})
    assert asked == [4 + 2]
    assert SMALL.cells[6][-2:] == (4, 1.0)
    at.session_state["p_run"] = asked[0]
    fine(at.run())
    assert link(at)["run"] == "6"
    assert "B = 4, η = 1, seed 0" in said(at)


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
        ("n_train", "9000", "n_train: a whole number, 8 to 4096; got 9000.0."),
        ("chi", "two", "chi: a number such as 0.25 or 2^-2; got 'two'."),
        ("learning_rates", "", "learning_rates: one or more increasing numbers"),
        ("alphas", "2^-8..2^8/2000", "alphas: one or more increasing numbers"),
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
    assert list(charts(at)) == ["batches", "border", "path"]
    assert link(at) == before


def test_seeds_dimensions_and_the_full_batch(asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    fine(at.slider(key="p_count").set_value(3).run())
    assert asked[-1] == replace(SMALL, seeds=(0, 1, 2))
    fine(at.select_slider(key="p_dimensions").set_value(16).run())
    fine(at.checkbox(key="p_full_batch").set_value(True).run())
    assert asked[-1] == replace(SMALL, seeds=(0, 1, 2), dimensions=16, full_batch=True)


def test_seeds_of_a_link_stay() -> None:
    at = look_at(replace(SMALL, seeds=(7, 3)))
    assert link(at)["seeds"] == "7,3"
    assert "seed 7." in said(at)


def test_a_cap_is_said_and_drawn() -> None:
    experiment = Perceptron(chi=(0.0,), n_train=(512,), learning_rates=(2**-8, 1.0), event_limit=100, seeds=(0,))
    at = look_at(experiment)
    assert charts(at)["path"]["badge"] == {"text": "unfinished after 100 moves", "tone": "alert"}
    assert "0 of 2 cells are fitted" in said(at)


@pytest.mark.parametrize("name", PERCEPTRON)
def test_every_preset_sets_the_controls(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "training", lambda experiment, title: None)
    at = look_at(SMALL)
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(link(at))[0] == View(experiment=PERCEPTRON[name].experiment)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_sets_its_view(lesson: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = look_at(SMALL)
    monkeypatch.setattr(part, "training", lambda experiment, title: None)
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert from_query(link(at)) == (lesson.view, [])
    assert "Not on screen yet" not in sentences(at)  # what the lessons show ships


@pytest.mark.parametrize(
    "words",
    [
        {"chi": "nan", "measure": "beauty", "lines": "perhaps", "run": "1.5", "step": "soon"},
        {"seeds": "![x](http://example.org/x.png)"},
        {"v": "7"},
        {f"word{i}": "x" for i in range(60)},
    ],
)
def test_a_broken_link_gives_sentences(words: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "training", lambda experiment, title: None)
    at = visit(part="perceptron", **words)
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13
    assert "](http" not in at.warning[0].value
    assert from_query(link(at))[0] == View()
    assert charts(at)  # and what ships plays


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert from_query({"part": "networks", "chi": "nan"}) == from_query({}) == (View(), [])
    assert FIRST.runs == 720


def test_what_can_be_taken_away() -> None:
    at = look_at(SMALL)
    names = [button.proto.label for button in at.get("download_button")]
    assert names == [*(f"{name}.csv" for name in TABLES), "Everything (zip)"]
