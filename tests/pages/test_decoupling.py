"""The part on Spectral Decoupling of the Learning dynamics page as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import Source
from core.experiment import Experiment
from core.jobs import Job, Jobs
from core.studies.moons.experiment import Moons
from core.studies.moons.presets import PRESETS as MOONS
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.presets import PRESETS as STRENGTHS
from pages.learning_dynamics.decoupling.controls import MOON_CHOICES, S_1, STRENGTH_CHOICES
from pages.learning_dynamics.decoupling.part import MOON_LESSONS, STRENGTH_LESSONS
from pages.learning_dynamics.decoupling.view import (
    FIRST_MOONS,
    MoonView,
    StrengthView,
    moon_query,
    moons_from,
    strength_query,
    strengths_from,
)
from tests.pages.visiting import charts, fine, link, player

SMALL = Moons(n_train=20, width=8, seeds=(0, 1), step_limit=30)
FEW = Strengths(strengths=(2.0, 4.0), step_limit=60)
SCRIPT = "from pages.learning_dynamics.decoupling import part\npart.draw()\n"
MOON_CHARTS = ["none", "weight_decay", "spectral_decoupling", "curves", "responses"]


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def moons_at(experiment: Moons = SMALL, **others: Any) -> AppTest:
    return visit(**moon_query(MoonView(experiment=experiment, **others)))


def strengths_at(experiment: Strengths = FEW, **others: Any) -> AppTest:
    return visit(**strength_query(StrengthView(experiment=experiment, **others)))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_two_moons_with_their_charts_and_link() -> None:
    at = moons_at(margin=0.1, step=20)
    assert list(charts(at)) == MOON_CHARTS
    assert moons_from(link(at)) == (MoonView(experiment=SMALL, step=20), [])
    assert link(at)["part"] == "decoupling"
    assert "At Δ = 0.1, after 30 epochs" in said(at)
    assert "STMOZOO" in said(at)
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 20) <= 3


def test_a_first_visit_offers_the_training_or_shows_it(asked: list[Experiment], monkeypatch: Any) -> None:
    monkeypatch.setattr("pages.shared.progress.STARTUP_SECONDS", 0)
    at = visit(part="decoupling")
    assert at.get("button") or list(charts(at)) == MOON_CHARTS
    assert moons_from(link(at)) == (MoonView(experiment=FIRST_MOONS), [])


def test_theory_stands_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(jobs: Jobs, experiment: Experiment, source: Source, watcher: str = "", *, queue: str | None = None) -> Job:
        job = Job(experiment, source, jobs.store.folder / "jobs" / "none", "quick", "cpu")
        job.state = "cancelled"
        jobs._jobs["none"] = job
        return job

    monkeypatch.setattr(Jobs, "submit", never)
    at = strengths_at()
    assert list(charts(at)) == ["plane", "fixed", "time"]
    assert charts(at)["plane"]["badge"] == {"text": "theory alone", "tone": "quiet"}
    assert "theory has z₂ = **1.467** under ridge" in said(at)
    assert len(charts(at)["fixed"]["tables"]["response"]["rows"]) > 100
    assert charts(at)["plane"]["tables"]["paths"]["rows"] == []


def test_descents_are_laid_over_theory() -> None:
    at = strengths_at(s_1=4.0)
    found = charts(at)
    assert found["plane"]["badge"] is None
    assert len(found["plane"]["tables"]["balls"]["rows"]) == 4
    assert len(found["fixed"]["tables"]["slope_now"]["rows"]) == 2
    assert strengths_from(link(at)) == (StrengthView(experiment=FEW), [])
    assert "Gradient descent is at" in said(at)


def test_descents_that_diverge_are_said_and_drawn() -> None:
    at = strengths_at(replace(FEW, learning_rate=2.0, decoupling=1.0, strengths=(4.0, 20.0)))
    assert charts(at)["plane"]["badge"]["tone"] == "alert"
    assert "nowhere" in said(at)


def test_networks_that_diverge_are_said_and_drawn() -> None:
    at = moons_at(replace(SMALL, learning_rate=1.0, momentum=0.99, decoupling=1.0, step_limit=300))
    assert "Diverged: spectral decoupling" in said(at)
    assert charts(at)["spectral_decoupling"]["badge"]["tone"] == "alert"


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("name", STRENGTH_CHOICES)
def test_every_slider_of_strengths_at_its_ends(name: str, end: int, asked: list[Experiment]) -> None:
    at = strengths_at()
    value = STRENGTH_CHOICES[name][end]
    fine(at.select_slider(key=f"ds_{name}").set_value(value).run())
    assert asked[-1] == replace(FEW, **{name: value})
    assert len(charts(at)) == 3


@pytest.mark.parametrize("name", ["decoupling", "weight_decay", "noise", "momentum"])
def test_sliders_of_moons(name: str, asked: list[Experiment]) -> None:
    at = moons_at()
    value = MOON_CHOICES[name][0]
    fine(at.select_slider(key=f"dm_{name}").set_value(value).run())
    assert asked[-1] == replace(SMALL, **{name: value})
    assert list(charts(at)) == MOON_CHARTS


def test_a_margin_that_is_there_is_shown_and_another_is_trained(asked: list[Experiment]) -> None:
    at = moons_at()
    fine(at.select_slider(key="dm_margin").set_value(-0.1).run())
    assert asked == [SMALL]
    assert "At Δ = -0.1" in said(at)
    fine(at.select_slider(key="dm_margin").set_value(0.3).run())
    assert asked[-1] == replace(SMALL, margins=(-0.1, 0.3))
    fine(at.select_slider(key="dm_margin").set_value(0.0).run())  # keys pass it on the way to -0.1
    fine(at.select_slider(key="dm_margin").set_value(-0.1).run())
    assert at.session_state["dm_kept"].experiment == SMALL  # the first pair again, not what a step on the way left


def test_a_strength_is_added_while_the_slider_is_on_it(asked: list[Experiment]) -> None:
    at = strengths_at()
    fine(at.select_slider(key="ds_s_1").set_value(7.0).run())
    assert asked[-1] == replace(FEW, strengths=(2.0, 4.0, 7.0))
    fine(at.select_slider(key="ds_s_1").set_value(S_1[0]).run())
    assert asked[-1] == replace(FEW, strengths=(0.5, 2.0, 4.0))


def test_the_other_look_and_back() -> None:
    at = strengths_at()
    fine(at.select_slider(key="ds_angle").set_value(10.0).run())
    at.session_state["dm_kept"] = MoonView(experiment=SMALL)
    fine(at.segmented_control(key="d_show").set_value("moons").run())
    assert list(charts(at)) == MOON_CHARTS
    fine(at.segmented_control(key="d_show").set_value("strengths").run())
    assert strengths_from(link(at))[0].experiment == replace(FEW, angle=10)


@pytest.mark.parametrize("name", STRENGTHS)
def test_every_preset_of_strengths(name: str) -> None:
    at = strengths_at()
    fine(at.button(key=f"preset-{name}").click().run())
    assert strengths_from(link(at))[0].experiment == STRENGTHS[name].experiment


@pytest.mark.parametrize("lesson", STRENGTH_LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_of_strengths_shows_its_view(lesson: Any) -> None:
    at = strengths_at()
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert strengths_from(link(at)) == (lesson.view, [])


@pytest.mark.parametrize("lesson", MOON_LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_of_moons_is_a_link(lesson: Any) -> None:
    assert moons_from(moon_query(lesson.view)) == (lesson.view, [])
    assert lesson.view.margin in lesson.view.experiment.margins


def test_presets_are_named_after_the_page() -> None:
    assert all(name.startswith("learning_dynamics/") for name in (*MOONS, *STRENGTHS))


@pytest.mark.parametrize(
    "words",
    [
        {"strengths": "3,2", "angle": "90", "s_1": "99", "step": "soon", "ridge": "nan"},
        {"angle": "![x](http://example.org/x.png)"},
        {"v": "7"},
        {f"word{i}": "x" for i in range(60)},
    ],
)
def test_a_broken_link_gives_sentences_and_still_plays(words: dict[str, str]) -> None:
    at = visit(part="decoupling", show="strengths", **words)
    assert len(at.warning) == 1
    assert "](http" not in at.warning[0].value
    assert len(charts(at)) == 3
    assert strengths_from(link(at))[0] == StrengthView()


def test_a_hand_edited_link_to_moons_loses_only_the_bad_field() -> None:
    view, sentences = moons_from(moon_query(MoonView(experiment=SMALL)) | {"noise": "9", "margin": "7"})
    assert view == MoonView(experiment=SMALL)
    assert [sentence.partition(":")[0] for sentence in sentences] == ["noise", "margin"]
    assert moons_from({"part": "modes", "noise": "9"}) == (MoonView(), [])
    assert strengths_from({"part": "modes", "show": "strengths", "angle": "90"}) == (StrengthView(), [])


def test_what_can_be_taken_away() -> None:
    names = [button.proto.label for button in moons_at().get("download_button")]
    assert names == ["moons.csv", "boundary.csv", "responses.csv", "points.csv", "runs.csv", "Everything (zip)"]
    names = [button.proto.label for button in strengths_at().get("download_button")]
    assert names == ["strengths.csv", "fixed_points.csv", "ends.csv", "Everything (zip)"]
