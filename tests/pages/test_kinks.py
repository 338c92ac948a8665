"""The Kinks page as Streamlit runs it, without a browser: how points are given, and what the player gets."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.part import Shown
from core.studies.kinks import tables as line
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.part import PART
from core.studies.kinks.points_text import read_points
from core.studies.kinks.presets import PRESETS
from core.studies.kinks.scene import MOST_FRAMES, SEEDS, THIS, played, trainings
from core.studies.kinks.trajectory import KinkTrajectory
from core.studies.kinks.verdict import sentence, verdict
from core.studies.kinks.view import CODES, FIRST, KinksView
from core.view import from_query, to_query
from pages.shared import library
from tests.pages.visiting import fine, link, open_page, player, sentences

ALWAYS = ["network", "trails", "directions", "growth", "loss"]


def visit(**query: str) -> AppTest:
    return open_page("pages/kinks.py", **query)


def look_at(view: KinksView) -> AppTest:
    return visit(**to_query(view))


def small(**fields: Any) -> KinksView:
    return KinksView(experiment=Kinks(**({"width": 32, "sigma": 0.1, "step_limit": 300} | fields)))


def test_the_first_visit_plays_the_zigzag(asked: list[Experiment]) -> None:
    at = visit()
    payload = player(at)
    assert list(payload["charts"]) == ALWAYS
    assert payload["clock"]["autoplay"] is True
    assert not [*at.error, *at.warning]
    assert set(asked) <= {FIRST}
    assert link(at) == to_query(KinksView())
    assert any("distinct kinks" in box.value for box in at.markdown)


def test_a_preset_of_many_seeds_shows_one_and_compares_all() -> None:
    view = small().with_preset(PART.presets["kinks/seeds"].experiment)
    assert (view.experiment.seeds, view.strip) == (1, True)
    assert PART.preset_of(view) == "kinks/seeds"
    assert not small().with_preset(FIRST).strip
    assert replace(small(), twin=True).with_preset(FIRST).twin


@pytest.mark.parametrize(("key", "value"), [("k_seed", 0), ("k_seed", 2**31 - 1), ("k_step_limit", 1)])
def test_every_number_at_its_ends(key: str, value: int, asked: list[Experiment]) -> None:
    at = look_at(small(seed=3))
    fine(at.number_input(key=key).set_value(value).run())
    assert getattr(asked[-1], key.removeprefix("k_")) == value
    player(at)


def test_pairs_and_the_logistic_loss(asked: list[Experiment]) -> None:
    at = look_at(small())
    fine(at.toggle(key="k_paired").set_value(True).run())
    assert asked[-1].paired  # type: ignore[attr-defined]
    at.session_state["k_loss"] = "logistic"
    fine(at.run())
    assert asked[-1].loss == "logistic"  # type: ignore[attr-defined]
    assert set(asked[-1].y) == {-1.0, 1.0}  # type: ignore[attr-defined]
    player(at)


def test_what_is_drawn_for_comparison(asked: list[Experiment]) -> None:
    view = replace(small(), references=tuple(CODES), twin=True)
    at = look_at(view)
    payload = player(at)
    assert list(payload["charts"]) == ["network", "twin", *ALWAYS[1:]]
    rows = payload["charts"]["network"]["tables"]["reference_names"]["rows"]
    assert {row["name"] for row in rows} == set(line.REFERENCES)
    assert asked[1].sigma == 30  # type: ignore[attr-defined]
    assert link(at) == to_query(view)


def test_the_strip_shows_what_seeds_lead_to(asked: list[Experiment]) -> None:
    at = look_at(replace(small(step_limit=50), strip=True))
    fine(at.run())
    assert asked[-1].runs == 64
    assert "seeds" in player(at)["charts"]


HOSTILE: Mapping[str, Mapping[str, str]] = {
    "points": {"x": "0,0", "y": "1,2"},
    "many points": {"x": ",".join(str(k / 1000) for k in range(300)), "y": ",".join("0" for _ in range(300))},
    "lengths": {"x": "0,1", "y": "1,2,3"},
    "long": {"x": "-" * 100_000, "y": "9" * 100_000},
    "together": {"paired": "true", "width": "33"},
    "logistic": {"loss": "logistic"},
    "compared": {"beside": "dots,connect the dots"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_settings_of_a_link_that_do_not_go_together_give_one_sentence(name: str) -> None:
    at = visit(**{"step_limit": "50", **HOSTILE[name]})
    assert len(at.warning) == 1
    assert not at.error
    player(at)
    assert fine(at.run()).warning, "still there at the next run"
    assert not fine(at.number_input(key="k_seed").set_value(5).run()).warning


def test_a_link_restores_everything() -> None:
    experiment = Kinks(x=(-0.9, 0.1, 0.4), y=(1, -2, 0.5), sigma=0.03, width=36, seed=9, step_limit=77, paired=True)
    view = KinksView(experiment=experiment, references=("dots",), step=30)
    at = look_at(view)
    assert link(at) == to_query(view)
    assert from_query(KinksView, link(at)) == (view, [])
    payload = player(at)
    assert payload["clock"]["autoplay"] is False
    assert payload["clock"]["seek"]["frame"] == int(np.abs(np.array(payload["clock"]["steps"]) - 30).argmin())


def text_area(at: AppTest) -> Any:
    (box,) = at.text_area
    return box


def typed(at: AppTest, text: str) -> AppTest:
    return fine(text_area(at).set_value(text).run())


def test_points_as_text(asked: list[Experiment]) -> None:
    at = typed(look_at(small()), "x, y\n0.5; 1\n-0.5\t2\n\n0 -1\n")
    assert (asked[-1].x, asked[-1].y) == ((-0.5, 0.0, 0.5), (2.0, -1.0, 1.0))  # type: ignore[attr-defined]
    assert not at.warning
    assert len(player(at)["charts"]["network"]["tables"]["points"]["rows"]) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0.5, 1", "x: 2 to 200 numbers; got '1 of them'."),
        ("0, 1\n0, 2", "x: different numbers, at least 0.001 apart"),
        ("0, 1\nhello", "points: two numbers a line, x and y; got 'hello'."),
        ("0, 1\n1, nan", "y: finite numbers"),
        ("\n".join(f"{k / 300}, 0" for k in range(201)), "x: 2 to 200 numbers; got '201 of them'."),
        ("", "x: 2 to 200 numbers"),
    ],
)
def test_bad_points_are_one_sentence_and_the_charts_stay(text: str, sentence: str, asked: list[Experiment]) -> None:
    at = look_at(small())
    before = len(asked)
    typed(at, text)
    assert len(at.warning) == 1
    assert sentence in at.warning[0].value.replace("\\", "")
    assert len(asked) == before
    assert len(player(at)["charts"]["network"]["tables"]["points"]["rows"]) == 5


def test_points_of_another_scale_are_moved_and_that_is_said(asked: list[Experiment]) -> None:
    at = typed(look_at(small()), "0, 1000000\n1000000, -2000000\n2000000, 0")
    assert (asked[-1].x, asked[-1].y) == ((-1.0, 0.0, 1.0), (0.5, -1.0, 0.0))  # type: ignore[attr-defined]
    assert "Rescaled" in at.warning[0].value
    assert "2e+06" in at.warning[0].value.replace("\\", "")


def test_the_player_gets_the_numbers_of_the_tables() -> None:
    view = small()
    at = look_at(view)
    found, _ = library.jobs().store.load(view.experiment)
    assert isinstance(found, KinkTrajectory)
    payload, steps = player(at), played(found.steps)
    assert payload["clock"]["steps"] == steps.tolist()
    neurons = payload["charts"]["network"]["tables"]["neurons"]
    assert neurons["version"] == payload["charts"]["growth"]["tables"]["neurons"]["version"]
    table = line.kinks(found)
    for row in neurons["rows"][::7]:
        own = table[table["neuron"] == row["neuron"]].set_index("step").loc[steps]
        np.testing.assert_allclose(np.cos(row["t"] - own["angle"].to_numpy(float)), 1, atol=1e-6)
        np.testing.assert_allclose(row["r"], np.log10(own["radius"].to_numpy(float)), atol=0.006)


def test_a_long_training_waits_for_a_press(asked: list[Experiment], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.cost.LONG_SECONDS", 0.0)
    at = look_at(small())
    assert asked == []
    assert any("Not on screen yet" in box.value for box in at.caption)
    assert list(player(at)["charts"]) == ALWAYS  # the zigzag, which ships
    fine(at.button(key=f"train-{THIS}").click().run())
    assert asked == [small().experiment]
    player(at)


def test_charts_stay_when_the_run_that_they_show_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A point is dragged on before what it asked for has ended: its run is left, and only the charts have it."""
    at = look_at(small())
    before = player(at)["charts"]["trails"]
    monkeypatch.setattr("core.cost.LONG_SECONDS", 0.0)
    monkeypatch.setattr("pages.shared.part.find", lambda experiment: None)
    fine(at.number_input(key="k_seed").set_value(5).run())
    assert "Not on screen yet; the charts still show seed 0 (here 5)." in sentences(at)
    assert player(at)["charts"]["trails"] == before


def test_played_frames_are_few_and_have_both_ends() -> None:
    many = np.arange(1000) ** 2
    found = played(many)
    assert len(found) == MOST_FRAMES
    assert (found[0], found[-1]) == (many[0], many[-1])
    assert (np.diff(found) > 0).all()
    assert played(many[:50]).tolist() == many[:50].tolist()


def test_reading_points_takes_what_spreadsheets_give() -> None:
    assert read_points("a\tb\n1\t2\n3\t4") == ((1.0, 3.0), (2.0, 4.0))
    assert read_points("-1e-1,.5\r\n+2 , 3.") == ((-0.1, 2.0), (0.5, 3.0))


DRAGGED = """
import streamlit as st
from core.studies.kinks.part import PART
from pages.kinks.kinks import HOOKS
from pages.shared.part import _edited, draw
from pages.shared.session import Session

if "points" in st.session_state:
    st.button("Drag", on_click=lambda: _edited(Session(PART), {"rows": st.session_state["points"], "done": True}))
draw(PART, HOOKS)
"""


def dragged(*points: tuple[float, float], view: KinksView | None = None, at: AppTest | None = None) -> AppTest:
    """A page on which the points were dragged to where these are."""
    if at is None:
        at = AppTest.from_string(DRAGGED, default_timeout=30)
        for name, text in to_query(view or small()).items():
            at.query_params[name] = text
        fine(at.run())
    at.session_state["points"] = [{"x": x, "y": y} for x, y in points]
    fine(at.run())
    return fine(next(button for button in at.button if button.label == "Drag").click().run())


def test_points_as_text_follow_points_that_are_dragged(asked: list[Experiment]) -> None:
    at = dragged((0.5, 1.25), (-0.25, 0.5))
    assert text_area(at).value == "-0.25, 0.5\n0.5, 1.25"
    assert asked[-1].x == (-0.25, 0.5)  # type: ignore[attr-defined]
    at = typed(at, "0, 1\n0.75, 2\n")
    assert from_query(KinksView, link(at))[0].experiment.x == (0, 0.75)
    at = dragged((0.1, 1), (0.75, 2), at=at)
    assert text_area(at).value == "0.1, 1\n0.75, 2"


def test_text_that_is_no_points_stays_to_be_mended() -> None:
    at = typed(look_at(small()), "0, 1\nhello")
    assert text_area(fine(at.run())).value == "0, 1\nhello"


def test_points_dragged_onto_each_other_are_a_sentence_and_those_before_stay(asked: list[Experiment]) -> None:
    at = dragged((0.5, 1), (0.5, 2))
    assert "x: different numbers, at least 0.001 apart" in at.warning[0].value.replace("\\", "")
    assert {experiment.x for experiment in asked} == {small().experiment.x}  # type: ignore[attr-defined]


def test_points_come_from_a_file() -> None:
    at = look_at(small())
    text = "\ufeffx,y\n-1,0\n0.5,2\n".encode()
    fine(at.file_uploader(key="k_file").set_value(("points.csv", text, "text/csv")).run())
    assert from_query(KinksView, link(at))[0].experiment.x == (-1, 0.5)
    assert text_area(at).value == "-1, 0\n0.5, 2"


def test_the_logistic_loss_gives_heights_back(asked: list[Experiment]) -> None:
    at = look_at(small())
    for loss in ("logistic", "squared"):
        fine(at.segmented_control(key="k_loss").set_value(loss).run())
    assert from_query(KinksView, link(at))[0].experiment.y == small().experiment.y
    at = dragged(
        (0.1, 1),
        (0.75, -2),
        view=KinksView(experiment=replace(small().experiment, loss="logistic", y=(1, -1, 1, -1, 1))),
    )
    assert from_query(KinksView, link(at))[0].experiment.y == (1, -1)
    fine(at.segmented_control(key="k_loss").set_value("squared").run())
    assert from_query(KinksView, link(at))[0].experiment.y == (1, -1), "no heights of other points"


def test_what_differs_is_said_with_the_names_and_forms_of_the_controls() -> None:
    one = KinksView(step=30)
    other = KinksView(experiment=replace(FIRST, sigma=0.1, step_limit=300, paired=True, x=(-1, 1), y=(0, 1), seed=4242))
    differs = PART.differs
    assert differs is not None
    assert differs(one, replace(one, step=2, references=("dots",), twin=True)) == []
    assert differs(one, other) == [
        "the points",
        "scale σ 0.1 (here 0.001)",
        "units in pairs of opposite sign on (here off)",
        "seed 4242 (here 0)",
        "step limit 300 (here 20,000)",
    ]


def summary(shown: Shown[KinkTrajectory], **values: Any) -> Shown[KinkTrajectory]:
    """The same run with other measurements."""
    table = shown.table("summary").assign(**values)
    return Shown(shown.trajectory, "other", {("table", "summary"): table})


def test_counts_are_said_in_the_singular_too() -> None:
    found, _ = library.jobs().store.load(FIRST)
    assert isinstance(found, KinkTrajectory)
    shown = Shown(found, "zigzag")
    for count, words in ((1, "1 distinct kink"), (0, "0 distinct kinks"), (4, "4 distinct kinks")):
        one = summary(shown, distinct_kinks=count)
        assert f"**{words}** of 512 units" in verdict(one)
        assert f"with {words}, loss" in sentence(one)
    stuck = summary(shown, outcome="stationary", free_rate=0.25)
    assert "a direction would grow, at rate 0.25, but no active unit has it" in verdict(stuck)
    assert "no direction would grow" in verdict(summary(stuck, free_rate=0.0))


def test_whether_a_direction_would_grow_is_no_matter_of_units() -> None:
    """With y a hundredth, every rate is: what is said is the same."""
    found, _ = library.jobs().store.load(PRESETS["kinks/bf3"].experiment)
    assert isinstance(found, KinkTrajectory)
    rate = Shown(found).table("summary")["free_rate"][0]
    arrays = {**found.arrays, "end_output": found["end_output"] / 100}
    experiment = replace(found.experiment, y=tuple(y / 100 for y in found.experiment.y))
    small_one = Shown(KinkTrajectory(experiment, arrays))
    assert small_one.table("summary")["free_rate"][0] == pytest.approx(rate / 100)
    assert "a direction would grow" in verdict(Shown(found))
    assert "a direction would grow" in verdict(small_one)


def test_under_the_logistic_loss_nothing_is_interpolated() -> None:
    experiment = PRESETS["kinks/classes"].experiment
    found, _ = library.jobs().store.load(experiment)
    assert isinstance(found, KinkTrajectory)
    shown = Shown(found)
    assert np.abs(found["end_output"][0]).min() > 10, "labels are -1 and 1"
    assert verdict(shown).startswith("Has every point on its side after")
    assert "interpolate" not in f"{verdict(shown)} {sentence(shown)}".lower()
    view = KinksView(experiment=experiment, references=("dots",))
    assert "belong to the squared loss" in PART.scene(view, [shown]).verdict


def test_a_click_on_what_a_seed_leads_to_shows_that_seed() -> None:
    view = replace(small(), strip=True, twin=True)
    assert PART.picked is not None
    assert PART.picked(view, {"fields": {"seed": 7}}) == replace(view, experiment=replace(view.experiment, seed=7))
    assert list(trainings(view)) == [THIS, "The other regime", SEEDS]
    assert trainings(small(sigma=30.0).changed({"twin": True}))["The other regime"].sigma == FIRST.sigma
