"""The part of the Kinks page on more inputs as Streamlit runs it, without a browser."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.directions.experiment import Directions
from core.studies.directions.presets import PRESETS as DIRECTIONS
from core.study import presets
from pages.kinks.directions.view import FIRST, View, from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page

SMALL = Directions(dataset="two_moons", n_train=(16,), seeds=(0,), width=16, sigma=0.1, step_limit=60)


def visit(**query: str) -> AppTest:
    return open_page("pages/kinks.py", **query)


def look_at(experiment: Directions) -> AppTest:
    return visit(**to_query(View(experiment=experiment)))


def test_two_inputs_are_lines_in_the_plane(asked: list[Experiment]) -> None:
    at = visit(part="inputs")
    assert list(charts(at)) == ["lines", "alignment"]
    assert asked == []  # it ships
    assert from_query(link(at)) == (View(), [])


@pytest.mark.parametrize("name", DIRECTIONS)
def test_every_preset_can_be_shown(name: str, asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    assert asked == [SMALL]
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(link(at))[0].experiment == presets()[name].experiment
    if presets()[name].shipped:
        assert ("counting" in charts(at)) == (len(DIRECTIONS[name].experiment.n_train) > 1)


@pytest.mark.parametrize(("key", "value"), [("d_sigma", 100.0), ("d_sigma", 1e-6), ("d_width", 1024), ("d_width", 16)])
def test_every_slider_at_its_ends(key: str, value: float, asked: list[Experiment]) -> None:
    at = look_at(replace(SMALL, width=32))
    fine(at.select_slider(key=key).set_value(value).run())
    assert getattr(asked[-1], key[2:]) == value
    charts(at)


@pytest.mark.parametrize("measure", ["directions_95", "directions_999", "effective_directions"])
def test_every_count(measure: str) -> None:
    at = look_at(DIRECTIONS["kinks/digits_count"].experiment)
    fine(at.selectbox(key="d_measure").set_value(measure).run())
    assert "counting" in charts(at)
    assert "grows as" in "".join(box.value for box in at.markdown)


def test_mnist_without_files_is_played_from_what_ships_and_says_how_to_get_them_otherwise() -> None:
    mnist = DIRECTIONS["kinks/mnist_count"].experiment
    assert not look_at(mnist).info
    at = look_at(replace(mnist, width=32))
    assert "MNIST" in at.info[0].value
    assert not at.get("bidi_component") or charts(at)


@pytest.mark.parametrize(
    "words",
    [
        {"width": "nan", "sigma": "0", "n_train": "40,20", "seeds": "1,1", "target_loss": "2", "step": "soon"},
        {"dataset": "![x](http://example.org/x.png)", "loss": "hinge"},
        {"step": "1e300"},
        {"v": "7"},
        {f"word{i}": "x" for i in range(60)},
    ],
)
def test_a_broken_link_gives_sentences_and_still_plays(words: dict[str, str]) -> None:
    at = visit(part="inputs", **words)
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13
    assert "](http" not in at.warning[0].value
    assert "lines" in charts(at)
    assert from_query(link(at))[0].experiment == FIRST


def test_parts_keep_their_settings_while_the_other_is_looked_at() -> None:
    at = look_at(SMALL)
    at.session_state["k_part"] = "line"
    fine(at.run())
    assert link(at)["part"] == "line"
    assert "network" in charts(at)
    at.session_state["k_part"] = "inputs"
    fine(at.run())
    assert from_query(link(at))[0].experiment == SMALL
