"""Gradient starvation, a part of the Learning dynamics page, as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import Source
from core.experiment import Experiment
from core.jobs import Job, Jobs
from core.studies.shades.experiment import Shades
from core.studies.shades.presets import PRESETS as SHADES
from core.studies.starvation.experiment import MODELS, Starvation
from core.studies.starvation.presets import PRESETS as STARVATION
from pages.learning_dynamics.starvation.controls import CHOICES, SHADE_CHOICES
from pages.learning_dynamics.starvation.part import LESSONS, SHADE_LESSONS
from pages.learning_dynamics.starvation.view import View, from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page, player, sentences

SMALL = Starvation(p=(0.5,), seeds=(4, 1), width=8, delta=0.2, step_limit=900)
DIGITS = Shades(p=(0.5, 1.0), n_train=40, width=8, seeds=(3,), step_limit=40)
SCRIPT = "from pages.learning_dynamics.starvation import part\npart.draw()\n"


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(view: View) -> AppTest:
    return visit(**to_query(view))


def models(experiment: Starvation = SMALL, **others: Any) -> View:
    return View(experiment=experiment, **others)


def digits(experiment: Shades = DIGITS, **others: Any) -> View:
    return View(look="shades", shades=experiment, **{"shown_p": 1.0, **others})


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def rows(at: AppTest, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = charts(at)[chart]["tables"][table]["rows"]
    return found


def test_the_page_leads_here_by_its_link() -> None:
    at = open_page("pages/learning_dynamics.py", **to_query(models()))
    assert list(charts(at)) == list(MODELS)
    assert from_query(link(at)) == (models(), [])


def test_each_model_is_named_on_its_plot() -> None:
    at = look_at(models())
    found = charts(at)
    assert [chart["params"]["model_name"] for chart in found.values()] == list(MODELS.values())
    assert len({str(chart["spec"]) for chart in found.values()}) == 1
    limits = [
        {name: value for name, value in chart["params"].items() if name != "model_name"} for chart in found.values()
    ]
    assert limits[0] == limits[1] == limits[2]
    for name in MODELS:
        assert len(rows(at, name, "dots")) == 4
        assert found[name]["badge"] == {"text": "learned at every p", "tone": "quiet"}
    assert "networks" in said(at)


def test_theory_waits_for_no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[Experiment] = []

    def submit(
        jobs: Jobs, experiment: Experiment, source: Source, watcher: str = "", *, queue: str | None = None
    ) -> Job:
        waiting.append(experiment)
        jobs._jobs["none"] = job = Job(experiment, source, jobs.store.folder, "quick", "cpu")
        job.state = "failed"
        return job

    monkeypatch.setattr(Jobs, "submit", submit)
    at = look_at(models())
    assert waiting == [SMALL]
    for name in MODELS:
        assert charts(at)[name]["badge"]["text"] == "theory alone"
        assert rows(at, name, "dots") == rows(at, name, "measured") == []
        assert len(rows(at, name, "theory")) > 100
        assert len(rows(at, name, "curve")) > 40
    assert "networks 0" not in said(at)
    assert not at.get("download_button")


@pytest.mark.parametrize("name", STARVATION)
def test_every_preset_of_the_models_can_be_shown(name: str, asked: list[Experiment]) -> None:
    at = look_at(models())
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(link(at))[0].experiment == STARVATION[name].experiment
    assert len(charts(at)) == 3


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("name", [name for name in CHOICES if name != "step_limit"])
def test_every_slider_at_its_ends(name: str, end: int, asked: list[Experiment]) -> None:
    at = look_at(models())
    value = CHOICES[name][end]
    fine(at.select_slider(key=f"ls_{name}").set_value(value).run())
    now = from_query(link(at))[0].experiment
    assert getattr(now, name) == value
    assert now.q_s + now.q_w + now.q_sw == pytest.approx(1)
    assert len(charts(at)) == 3
    assert not at.error


def test_the_losses_have_rates_of_their_own() -> None:
    at = look_at(models())
    fine(at.segmented_control(key="ls_loss").set_value("hinge").run())
    assert from_query(link(at))[0].experiment == replace(SMALL, loss="hinge", rate=0.005)
    assert rows(at, "linear", "level")[0]["value"] == 1


def test_time_may_go_on_for_ever() -> None:
    at = look_at(models())
    before = charts(at)["linear"]["params"]
    fine(at.toggle(key="ls_long").set_value(True).run())
    after = charts(at)["linear"]["params"]
    assert before["t_high"] == 45
    assert after["t_high"] == 1e12
    assert after["logit_high"] > 2 * before["logit_high"]


def test_features_that_never_meet_have_no_bound_and_a_clock() -> None:
    at = look_at(models(replace(SMALL, q_w=0.3, q_sw=0.0)))
    assert {row["bound"] for row in rows(at, "private", "curve")} == {None}
    assert "the weak one takes **2.33** times as long" in said(at)


def test_settings_that_do_not_go_together_are_a_sentence_and_the_charts_stay() -> None:
    at = look_at(models(replace(SMALL, q_s=0.5, q_w=0.5, q_sw=0.0)))
    fine(at.select_slider(key="ls_frequency").set_value(1.0).run())
    assert "how often the strong feature is seen" in sentences(at)
    assert len(charts(at)) == 3


@pytest.mark.parametrize("lesson", [*LESSONS, *SHADE_LESSONS], ids=lambda lesson: lesson.title)
def test_every_lesson_shows_its_view(lesson: Any) -> None:
    at = look_at(replace(lesson.view, experiment=SMALL, shades=DIGITS, shown_p=1.0))
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert from_query(link(at)) == (lesson.view, [])


@pytest.mark.parametrize("view", [models(long=True, step=20), digits(shown_p=0.5, step=12)])
def test_a_link_comes_back_as_it_was(view: View) -> None:
    assert from_query(to_query(view)) == (view, [])
    at = look_at(view)
    assert from_query(link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - (view.step or 0)) <= 2


def test_digits_are_a_turn_away() -> None:
    at = look_at(replace(digits(), look="models", experiment=SMALL))
    fine(at.segmented_control(key="ls_look").set_value("shades").run())
    assert list(charts(at)) == ["frequency", "steps"]
    fine(at.segmented_control(key="ls_look").set_value("models").run())
    assert from_query(link(at))[0].experiment == SMALL
    assert list(charts(at)) == list(MODELS)


def test_digits_say_what_was_measured() -> None:
    at = look_at(digits())
    assert "Images shaded the other way are right in a share of" in said(at)
    assert "Spectral decoupling" in said(at)
    assert len(rows(at, "frequency", "means")) == 2 * 2 * 3
    assert {row["p"] for row in rows(at, "frequency", "means")} == {"0.5", "1"}
    fine(at.select_slider(key="ls_shown_p").set_value(0.5).run())
    assert link(at)["shown_p"] == "0.5"
    assert charts(at)["steps"]["title"] == "Over the steps, p = 0.5"


@pytest.mark.parametrize("name", SHADE_CHOICES)
def test_every_slider_of_the_digits(name: str) -> None:
    at = look_at(digits())
    value = SHADE_CHOICES[name][0]
    fine(at.select_slider(key=f"ls_shade_{name}").set_value(value).run())
    assert getattr(from_query(link(at))[0].shades, name) == value
    assert len(charts(at)) == 2


@pytest.mark.parametrize("name", SHADES)
def test_every_preset_of_the_digits_can_be_shown(name: str) -> None:
    at = look_at(digits())
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(link(at))[0].shades == SHADES[name].experiment


@pytest.mark.parametrize(
    "words",
    [
        {"q_s": "0.9", "delta": "nan", "strong_norm": "-1", "loss": "squared", "long": "perhaps", "step": "soon"},
        {"p": "![x](http://example.org/x.png)"},
        {"look": "elsewhere"},
        {"v": "7"},
    ],
)
def test_a_broken_link_gives_sentences_and_still_plays(words: dict[str, str]) -> None:
    at = visit(part="starvation", **words)
    assert len(at.warning) == 1
    assert "](http" not in at.warning[0].value
    assert from_query(link(at))[0] == View()
    assert len(charts(at)) == 3


def test_only_what_is_bad_in_a_link_is_lost() -> None:
    view, sentences = from_query({"part": "starvation", "q_s": "0.5", "q_sw": "0.5", "delta": "2", "loss": "hinge"})
    assert len(sentences) == 1
    assert view.experiment == replace(View().experiment, q_s=0.5, q_sw=0.5, loss="hinge")


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert from_query({"part": "basin", "delta": "nan"}) == from_query({}) == (View(), [])


@pytest.mark.parametrize(
    ("view", "names"),
    [
        (models(), ["starvation.csv", "starvation_path.csv", "exclusive.csv", "Everything (zip)"]),
        (digits(), ["shades.csv", "shades_path.csv", "Everything (zip)"]),
    ],
)
def test_what_can_be_taken_away(view: View, names: list[str]) -> None:
    at = look_at(view)
    assert [button.proto.label for button in at.get("download_button")] == names
