"""The part on Spectral Decoupling of the Learning dynamics page as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.jobs import Job, Jobs
from core.part import Shown
from core.studies.moons.experiment import PENALTIES, Moons
from core.studies.moons.scene import verdict as moons_verdict
from core.studies.moons.view import FIRST, MoonsView
from core.studies.strengths.experiment import MOST_STRENGTHS, Strengths
from core.studies.strengths.scene import verdict as strengths_verdict
from core.studies.strengths.tables import fixed_points_of
from core.studies.strengths.view import StrengthsView
from core.theory.decoupling import decoupled_margin
from core.view import from_query, to_query
from tests.pages.conftest import trained
from tests.pages.visiting import charts, fine, link, open_page, player

SMALL = Moons(n_train=20, width=8, seeds=(0, 1), step_limit=30)
FEW = Strengths(strengths=(2.0, 4.0), step_limit=60)
MOON_CHARTS = ["none", "weight_decay", "spectral_decoupling", "curves", "responses"]


def moons_at(experiment: Moons = SMALL, **others: Any) -> AppTest:
    view = MoonsView.of(experiment, **others)
    return open_page("pages/learning_dynamics.py", **to_query(view))


def strengths_at(experiment: Strengths = FEW, **others: Any) -> AppTest:
    view = StrengthsView.of(experiment, **others)
    return open_page("pages/learning_dynamics.py", **to_query(view))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_two_moons_with_their_charts_and_link() -> None:
    at = moons_at(margin=0.1, step=20)
    assert list(charts(at)) == MOON_CHARTS
    assert from_query(MoonsView, link(at)) == (MoonsView(experiment=SMALL, step=20), [])
    found: Shown[Any] = Shown(trained(SMALL))
    assert moons_verdict(MoonsView.of(SMALL), found) in said(at)
    assert "STMOZOO" in said(at), "who finds it otherwise"
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 20) <= 3


def test_the_verdict_on_moons_is_of_the_margin_on_screen() -> None:
    found: Shown[Any] = Shown(trained(SMALL))
    runs = found.table("runs")
    for margin in SMALL.margins:
        text = moons_verdict(MoonsView.of(SMALL, margin=margin), found)
        for penalty in PENALTIES:
            mine = runs[(runs["margin"] == margin) & (runs["penalty"] == penalty)]
            assert f"{mine['residual'].mean():.3f}" in text
        assert f"{mine['mean_logit'].mean():.3f}" in text
        assert f"{float(decoupled_margin(2 * SMALL.decoupling)):.3f}" in text


def test_a_first_visit_offers_the_training_or_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.shared.progress.STARTUP_SECONDS", 0)
    at = open_page("pages/learning_dynamics.py", part="decoupling")
    assert list(charts(at)) == MOON_CHARTS
    assert from_query(MoonsView, link(at)) == (MoonsView(), [])


def test_theory_stands_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(jobs: Jobs, experiment: Experiment, source: Any, *_: Any, **__: Any) -> Job:
        job = Job(experiment, source, jobs.store.folder / "jobs" / "none", "quick", "cpu")
        job.state = "cancelled"
        jobs._jobs["none"] = job
        return job

    monkeypatch.setattr(Jobs, "submit", never)
    at = strengths_at()
    assert list(charts(at)) == ["plane", "fixed", "time"]
    assert charts(at)["plane"]["badge"]["tone"] == "quiet"
    assert strengths_verdict(StrengthsView.of(FEW), None) in said(at)
    assert len(charts(at)["fixed"]["tables"]["response"]["rows"]) > 100
    assert charts(at)["plane"]["tables"]["paths"]["rows"] == []


def test_runs_are_laid_over_theory() -> None:
    at = strengths_at(s_1=4.0)
    found = charts(at)
    assert found["plane"]["badge"] is None
    assert len(found["plane"]["tables"]["balls"]["rows"]) == 4
    assert len(found["fixed"]["tables"]["slope_now"]["rows"]) == 2
    assert from_query(StrengthsView, link(at)) == (StrengthsView(experiment=FEW), [])


def test_the_verdict_on_strengths_has_theory_and_the_ends() -> None:
    view = StrengthsView.of(FEW, s_1=2.0)
    found: Shown[Any] = Shown(trained(FEW))
    known = fixed_points_of(FEW)
    text = strengths_verdict(view, found)
    for z_2 in known[known["s_1"] == 2.0]["z_2"]:
        assert f"**{z_2:.3f}**" in text
    for z_2 in found.table("ends").query("s_1 == 2")["z_2"]:
        assert f"{z_2:.3f}" in text
    assert len(strengths_verdict(view, None)) < len(text)


def test_runs_that_diverge_are_said_and_drawn() -> None:
    at = strengths_at(replace(FEW, learning_rate=2.0, decoupling=1.0, strengths=(4.0, 20.0)))
    assert charts(at)["plane"]["badge"]["tone"] == "alert"
    assert "nowhere" in said(at)


def test_networks_that_diverge_are_said_and_drawn() -> None:
    at = moons_at(replace(SMALL, learning_rate=1.0, momentum=0.99, decoupling=1.0, step_limit=300))
    assert "Diverged: spectral decoupling" in said(at)
    assert charts(at)["spectral_decoupling"]["badge"]["tone"] == "alert"


def test_a_margin_that_is_there_is_shown_and_another_is_trained(asked: list[Experiment]) -> None:
    at = moons_at()
    fine(at.select_slider(key="dm_margin").set_value(-0.1).run())
    assert asked == [SMALL]
    assert "At Δ = -0.1" in said(at)
    fine(at.select_slider(key="dm_margin").set_value(0.3).run())
    assert asked[-1] == replace(SMALL, margins=(-0.1, 0.3))
    fine(at.select_slider(key="dm_margin").set_value(0.0).run())  # keys pass it on the way to -0.1
    fine(at.select_slider(key="dm_margin").set_value(-0.1).run())
    assert from_query(MoonsView, link(at))[0].experiment == SMALL  # the first pair again, not what was passed


def test_a_link_to_the_reference_keeps_its_other_margin() -> None:
    view = MoonsView(experiment=replace(SMALL, margins=(-0.1, 0.2)), margin=-0.1)
    assert from_query(MoonsView, to_query(view)) == (view, [])


def test_a_strength_is_added_while_the_slider_is_on_it(asked: list[Experiment]) -> None:
    at = strengths_at()
    fine(at.select_slider(key="ds_s_1").set_value(7.0).run())
    assert asked[-1] == replace(FEW, strengths=(2.0, 4.0, 7.0))
    fine(at.select_slider(key="ds_s_1").set_value(0.5).run())
    assert asked[-1] == replace(FEW, strengths=(0.5, 2.0, 4.0))


def test_one_strength_too_many_leaves_the_usual_ones() -> None:
    every = replace(FEW, strengths=tuple(2.0 + 0.01 * place for place in range(MOST_STRENGTHS)))
    view = StrengthsView.of(every, s_1=2.0).changed({"s_1": 7.0})
    assert view.experiment.strengths == (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)


def test_a_slider_offers_what_is_trained_too(asked: list[Experiment]) -> None:
    at = moons_at(replace(SMALL, margins=(-0.25, 0.15)), margin=0.15)
    fine(at.select_slider(key="dm_margin").set_value(-0.25).run())
    assert asked == [replace(SMALL, margins=(-0.25, 0.15))]


def test_each_keeps_its_settings_while_the_other_is_on_screen() -> None:
    at = strengths_at()
    fine(at.select_slider(key="ds_angle").set_value(10.0).run())
    at.session_state["dm_kept"] = MoonsView(experiment=SMALL)
    fine(at.segmented_control(key="d_show").set_value("moons").run())
    assert list(charts(at)) == MOON_CHARTS
    fine(at.segmented_control(key="d_show").set_value("strengths").run())
    assert from_query(StrengthsView, link(at))[0].experiment == replace(FEW, angle=10)


def test_a_hand_edited_link_loses_only_the_bad_field() -> None:
    view, sentences = from_query(MoonsView, to_query(MoonsView(experiment=SMALL)) | {"noise": "9", "margin": "7"})
    assert view == MoonsView(experiment=SMALL)
    assert [sentence.partition(":")[0] for sentence in sentences] == ["noise", "margin"]


def test_a_link_without_a_margin_shows_the_largest_or_the_usual_one() -> None:
    assert MoonsView.of(FIRST).margin == 0.1
    assert MoonsView.of(replace(SMALL, margins=(-0.1, 0.5))).margin == 0.5
    assert StrengthsView.of(replace(FEW, strengths=(2.0, 5.0))).s_1 == 5.0
