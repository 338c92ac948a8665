"""Gradient starvation, a part of the Learning dynamics page, as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.jobs import Job, Jobs
from core.part import Shown
from core.studies.shades.experiment import Shades
from core.studies.shades.scene import verdict as shades_verdict
from core.studies.shades.view import ShadesView
from core.studies.starvation.experiment import MODELS, Starvation
from core.studies.starvation.scene import verdict
from core.studies.starvation.theory import level
from core.studies.starvation.view import StarvationView
from core.view import View, from_query, to_query
from tests.pages.conftest import trained
from tests.pages.visiting import charts, fine, link, open_page, player, sentences

SMALL = Starvation(p=(0.5,), seeds=(4, 1), width=8, delta=0.2, step_limit=900)
DIGITS = Shades(p=(0.5, 1.0), n_train=40, width=8, seeds=(3,), step_limit=40)


def look_at(view: View) -> AppTest:
    return open_page("pages/learning_dynamics.py", **to_query(view))


def models(experiment: Starvation = SMALL, **others: Any) -> StarvationView:
    return StarvationView(experiment=experiment, **others)


def digits(experiment: Shades = DIGITS, **others: Any) -> ShadesView:
    return ShadesView(experiment=experiment, **{"shown_p": 1.0, **others})


def shown(at: AppTest) -> StarvationView:
    view, said = from_query(StarvationView, link(at))
    assert not said
    return view


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def rows(at: AppTest, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = charts(at)[chart]["tables"][table]["rows"]
    return found


@pytest.fixture
def nothing_trained(monkeypatch: pytest.MonkeyPatch) -> list[Experiment]:
    """What was asked for, all of which fails at once."""
    waiting: list[Experiment] = []

    def submit(jobs: Jobs, experiment: Experiment, source: Any, *_: Any, **__: Any) -> Job:
        waiting.append(experiment)
        jobs._jobs["none"] = job = Job(experiment, source, jobs.store.folder, "quick", "cpu")
        job.state = "failed"
        return job

    monkeypatch.setattr(Jobs, "submit", submit)
    return waiting


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
        assert found[name]["badge"]["tone"] == "quiet"


def test_theory_waits_for_no_training(nothing_trained: list[Experiment]) -> None:
    at = look_at(models())
    assert nothing_trained == [SMALL]
    for name in MODELS:
        assert rows(at, name, "dots") == rows(at, name, "measured") == []
        assert len(rows(at, name, "theory")) > 100
        assert len(rows(at, name, "curve")) > 40
    assert verdict(SMALL, None) in said(at)
    assert not at.get("download_button")


def test_the_verdict_has_theory_and_what_was_measured() -> None:
    found: Shown[Any] = Shown(trained(SMALL))
    table = found.table("starvation")
    mine = table[(table["p"] == SMALL.frequency) & table["logit_weak"].notna()]
    for model, rows_of in mine.groupby("model"):
        means = rows_of.groupby("source")["logit_weak"].mean()
        for source in ("theory", "measured"):
            assert f"{means[source]:.3f}" in verdict(SMALL, found), (model, source)
    assert f"{level(SMALL.loss, SMALL.delta):.3g}" in verdict(SMALL, None)


@pytest.mark.parametrize("p", [0.05, 1.0])
@pytest.mark.parametrize("alone", [0.0, 1 / 3, 0.9])
def test_two_sliders_span_the_shares(p: float, alone: float) -> None:
    view = models().changed({"frequency": p, "alone": alone})
    mixed = view.experiment
    assert (view.frequency, view.alone) == (p, alone), "no widget moves by itself"
    assert mixed.q_s + mixed.q_w + mixed.q_sw == pytest.approx(1)
    assert (mixed.frequency, mixed.q_w) == pytest.approx((p, alone * p), abs=1e-6)
    assert from_query(StarvationView, to_query(view))[0].experiment == mixed


def test_a_view_of_another_mixture_says_its_shares() -> None:
    view = models(replace(SMALL, q_s=0.4, q_w=0.15, q_sw=0.45))
    assert (view.frequency, view.alone) == (0.6, 0.25)
    assert replace(view, experiment=SMALL) == models()


def test_the_sliders_say_the_shares_at_once() -> None:
    at = look_at(models())
    fine(at.select_slider(key="ls_frequency").set_value(0.8).run())
    fine(at.select_slider(key="ls_alone").set_value(0.25).run())
    assert (shown(at).experiment.q_s, shown(at).experiment.q_w, shown(at).experiment.q_sw) == (0.2, 0.2, 0.6)
    (note,) = (box.value for box in at.sidebar.caption if "0.6" in box.value)
    assert note.count("0.2") == 2


def test_the_losses_have_rates_of_their_own() -> None:
    at = look_at(models())
    fine(at.segmented_control(key="ls_loss").set_value("hinge").run())
    assert shown(at).experiment == replace(SMALL, loss="hinge", rate=0.005)
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
    mixed = replace(SMALL, q_w=0.3, q_sw=0.0)
    at = look_at(models(mixed))
    assert {row["bound"] for row in rows(at, "private", "curve")} == {None}
    ratio = f"**{mixed.q_s / mixed.q_w:.3g}** times"
    assert ratio in said(at)
    assert "times" not in verdict(SMALL, None)


def test_settings_that_do_not_go_together_are_a_sentence_and_the_charts_stay() -> None:
    at = look_at(models(replace(SMALL, q_s=0.5, q_w=0.5, q_sw=0.0)))
    fine(at.select_slider(key="ls_frequency").set_value(1.0).run())
    assert "q_w: " in sentences(at)
    assert len(charts(at)) == 3


@pytest.mark.parametrize("view", [models(long=True, step=20), digits(shown_p=0.5, step=12)])
def test_a_link_comes_back_as_it_was(view: View) -> None:
    at = look_at(view)
    assert from_query(type(view), link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - (view.step or 0)) <= 2


def test_only_what_is_bad_in_a_link_is_lost() -> None:
    query = {"part": "starvation", "q_s": "0.5", "q_sw": "0.5", "delta": "2", "loss": "hinge"}
    view, found = from_query(StarvationView, query)
    assert len(found) == 1
    assert view.experiment == replace(StarvationView().experiment, q_s=0.5, q_sw=0.5, loss="hinge")


def test_models_and_digits_keep_their_settings_while_the_other_is_on_screen() -> None:
    at = look_at(models(long=True))
    fine(at.segmented_control(key="ls_look").set_value("shades").run())
    assert list(charts(at)) == ["frequency", "steps"]
    fine(at.segmented_control(key="ls_look").set_value("models").run())
    assert shown(at) == models(long=True)
    assert list(charts(at)) == list(MODELS)


def test_digits_say_what_was_measured() -> None:
    at = look_at(digits())
    found: Shown[Any] = Shown(trained(DIGITS))
    assert shades_verdict(found) in said(at)
    ends = found.table("shades")
    mine = ends[(ends["penalty"] == "none") & (ends["p"] == 1.0)]
    assert f"**{mine['reversed_accuracy'].mean():.2f}** at p = 1" in said(at)
    assert len(rows(at, "frequency", "means")) == 2 * 2 * 3
    assert {row["p"] for row in rows(at, "frequency", "means")} == {"0.5", "1"}


def test_the_right_chart_is_of_the_chosen_p() -> None:
    at = look_at(digits())
    before = rows(at, "steps", "curves")
    fine(at.segmented_control(key="ls_shade_shown_p").set_value(0.5).run())
    assert from_query(ShadesView, link(at)) == (digits(shown_p=0.5), [])
    assert charts(at)["steps"]["title"].endswith("p = 0.5")
    assert rows(at, "steps", "curves") != before
