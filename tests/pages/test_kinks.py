"""The Kinks page as Streamlit runs it, without a browser: every control, broken input, and what the player gets."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.kinks import tables as line
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.presets import PRESETS as KINKS
from core.studies.kinks.trajectory import KinkTrajectory
from core.study import presets
from pages.kinks.kinks.stage import FRAMES, played
from pages.kinks.kinks.view import FIRST, View, from_query, read_points, to_query
from pages.shared import library
from tests.pages.visiting import fine, link, open_page, player

ALWAYS = ["network", "trails", "directions", "growth", "loss"]


def visit(**query: str) -> AppTest:
    return open_page("pages/kinks.py", **query)


def look_at(view: View) -> AppTest:
    return visit(**to_query(view))


def small(**fields: Any) -> View:
    return View(experiment=Kinks(**({"width": 32, "sigma": 0.1, "step_limit": 300} | fields)))


def test_the_first_visit_plays_the_zigzag(asked: list[Experiment]) -> None:
    at = visit()
    payload = player(at)
    assert list(payload["charts"]) == ALWAYS
    assert payload["clock"]["autoplay"] is True
    assert not [*at.error, *at.warning]
    assert set(asked) <= {FIRST}
    assert link(at) == to_query(View())
    assert "distinct kinks" in at.markdown[-1].value or any("distinct kinks" in box.value for box in at.markdown)


@pytest.mark.parametrize("name", KINKS)
def test_every_preset_can_be_shown(name: str) -> None:
    at = look_at(small())
    fine(at.button(key=f"preset-{name}").click().run())
    wanted = replace(presets()[name].experiment, seeds=1)
    found, said = from_query(link(at))
    assert found.experiment == wanted
    assert not said
    points = player(at)["charts"]["network"]["tables"]["points"]["rows"]
    assert [row["x"] for row in points] == pytest.approx(wanted.x, abs=1e-3)


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("k_sigma", 30.0, "sigma"),
        ("k_sigma", 1e-8, "sigma"),
        ("k_width", 4096, "width"),
        ("k_balance", 2.0**-6, "balance"),
        ("k_balance", 64.0, "balance"),
    ],
)
def test_every_slider_at_its_ends(key: str, value: float, field: str, asked: list[Experiment]) -> None:
    at = look_at(small())
    fine(at.select_slider(key=key).set_value(value).run())
    assert getattr(asked[-1], field) == value
    player(at)


@pytest.mark.parametrize(("key", "value"), [("k_seed", 0), ("k_seed", 2**31 - 1), ("k_step_limit", 1)])
def test_every_number_at_its_ends(key: str, value: int, asked: list[Experiment]) -> None:
    at = look_at(small())
    fine(at.number_input(key=key).set_value(value).run())
    assert value in (asked[-1].seed, asked[-1].step_limit)  # type: ignore[union-attr]
    player(at)


def test_pairs_and_the_logistic_loss(asked: list[Experiment]) -> None:
    at = look_at(small())
    fine(at.toggle(key="k_paired").set_value(True).run())
    assert asked[-1].paired  # type: ignore[union-attr]
    at.session_state["k_loss"] = "logistic"
    fine(at.run())
    assert asked[-1].loss == "logistic"  # type: ignore[union-attr]
    assert set(asked[-1].y) == {-1.0, 1.0}  # type: ignore[union-attr]
    player(at)


def test_what_is_drawn_beside(asked: list[Experiment]) -> None:
    view = replace(small(), references=tuple(line.REFERENCES), twin=True)
    at = look_at(view)
    payload = player(at)
    assert list(payload["charts"]) == ["network", "twin", *ALWAYS[1:]]
    rows = payload["charts"]["network"]["tables"]["reference_names"]["rows"]
    assert {row["name"] for row in rows} == set(line.REFERENCES)
    assert asked[1].sigma == 30  # type: ignore[union-attr]
    assert link(at) == to_query(view)


def test_the_strip_shows_what_seeds_come_to(asked: list[Experiment]) -> None:
    at = look_at(replace(small(step_limit=50), strip=True))
    fine(at.run())
    assert asked[-1].runs == 64
    assert "seeds" in player(at)["charts"]


HOSTILE = {
    "numbers": {"width": "nan", "sigma": "-1", "seed": "1e30", "step": "soon", "balance": "0"},
    "points": {"x": "0,0", "y": "1,2"},
    "many points": {"x": ",".join(str(k / 1000) for k in range(300)), "y": ",".join("0" for _ in range(300))},
    "lengths": {"x": "0,1", "y": "1,2,3"},
    "names": {"loss": "hinge", "paired": "perhaps", "beside": "![x](http://example.org/x.png)", "twin": "1"},
    "schema": {"v": "2", "width": "16"},
    "unknown": {f"word{i}": "x" for i in range(200)},
    "long": {"x": "-" * 100_000, "y": "9" * 100_000},
    "together": {"paired": "true", "width": "33"},
    "logistic": {"loss": "logistic"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_link_gives_sentences_and_still_plays(name: str) -> None:
    at = visit(**({"step_limit": "50"} | HOSTILE[name]))
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13
    assert not at.error
    player(at)
    assert link(at)["v"] == "1"
    assert "](http" not in at.warning[0].value
    assert fine(at.run()).warning, "still there at the next run"
    assert not fine(at.number_input(key="k_seed").set_value(5).run()).warning


def test_a_link_restores_everything() -> None:
    experiment = Kinks(x=(-0.9, 0.1, 0.4), y=(1, -2, 0.5), sigma=0.03, width=36, seed=9, step_limit=77, paired=True)
    view = View(experiment=experiment, references=("connect the dots",), step=30)
    at = look_at(view)
    assert link(at) == to_query(view)
    assert from_query(link(at)) == (view, [])
    payload = player(at)
    assert payload["clock"]["autoplay"] is False
    assert payload["clock"]["seek"]["frame"] == int(np.abs(np.array(payload["clock"]["steps"]) - 30).argmin())


def typed(at: AppTest, text: str) -> AppTest:
    return fine(at.text_area(key="k_text").set_value(text).run())


def test_points_as_text(asked: list[Experiment]) -> None:
    at = typed(look_at(small()), "x, y\n0.5; 1\n-0.5\t2\n\n0 -1\n")
    assert (asked[-1].x, asked[-1].y) == ((-0.5, 0.0, 0.5), (2.0, -1.0, 1.0))  # type: ignore[union-attr]
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
    assert (asked[-1].x, asked[-1].y) == ((-1.0, 0.0, 1.0), (0.5, -1.0, 0.0))  # type: ignore[union-attr]
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
    fine(at.button(key="train-This training").click().run())
    assert asked == [small().experiment]
    player(at)


def test_played_frames_are_few_and_have_both_ends() -> None:
    many = np.arange(1000) ** 2
    found = played(many)
    assert len(found) == FRAMES
    assert (found[0], found[-1]) == (many[0], many[-1])
    assert (np.diff(found) > 0).all()
    assert played(many[:50]).tolist() == many[:50].tolist()


def test_reading_points_takes_what_spreadsheets_give() -> None:
    assert read_points("a\tb\n1\t2\n3\t4") == ([1.0, 3.0], [2.0, 4.0])
    assert read_points("-1e-1,.5\r\n+2 , 3.") == ([-0.1, 2.0], [0.5, 3.0])
