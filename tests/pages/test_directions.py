"""The part of the Kinks page on more inputs as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.part import Shown
from core.studies.directions.experiment import Directions
from core.studies.directions.part import DIGITS, LESSONS, MNIST
from core.studies.directions.presets import PRESETS
from core.studies.directions.trajectory import DirectionTrajectory
from core.studies.directions.view import FIRST, DirectionsView
from core.view import from_query, to_query
from pages.shared import library
from tests.pages.visiting import charts, fine, link, open_page

SMALL = Directions(dataset="two_moons", n_train=(16,), seeds=(0,), width=16, sigma=0.1, step_limit=60)


def visit(**query: str) -> AppTest:
    return open_page("pages/kinks.py", **query)


def look_at(experiment: Directions, **others: Any) -> AppTest:
    return visit(**to_query(DirectionsView(experiment=experiment, **others)))


def shipped(experiment: Directions) -> Shown[DirectionTrajectory]:
    found, _ = library.jobs().store.load(experiment)
    assert isinstance(found, DirectionTrajectory)
    return Shown(found)


def test_two_inputs_are_lines_in_the_plane(asked: list[Experiment]) -> None:
    at = visit(part="inputs")
    assert list(charts(at)) == ["lines", "alignment"]
    assert asked == []  # it ships
    assert from_query(DirectionsView, link(at)) == (DirectionsView(), [])
    assert "5 directions** of 256 units" in "".join(box.value for box in at.markdown)
    assert not at.selectbox(key="d_dataset").disabled
    assert "d_measure" not in {box.key for box in at.selectbox}, "one size: nothing is counted"


@pytest.mark.parametrize("name", PRESETS)
def test_directions_are_counted_where_there_are_several_sizes(name: str) -> None:
    at = look_at(SMALL)
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(DirectionsView, link(at))[0].experiment == PRESETS[name].experiment
    if PRESETS[name].shipped:
        assert ("counting" in charts(at)) == (len(PRESETS[name].experiment.n_train) > 1)


@pytest.mark.parametrize("measure", ["directions_95", "directions_999", "effective_directions"])
def test_every_count(measure: str) -> None:
    at = look_at(DIGITS)
    before = charts(at)["counting"]["tables"]["runs"]
    fine(at.selectbox(key="d_measure").set_value(measure).run())
    assert charts(at)["counting"]["tables"]["runs"] != before
    assert from_query(DirectionsView, link(at))[0].measure == measure
    assert "**1.06 ± 0.02** within .99" in "".join(box.value for box in at.markdown)


def test_sizes_are_written_and_seeds_counted(asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    fine(at.text_input(key="d_n_train").set_value("16, 32").run())
    fine(at.number_input(key="d_seeds").set_value(2).run())
    assert asked[-1] == replace(SMALL, n_train=(16, 32), seeds=(0, 1))
    assert "4 networks are trained" in "".join(box.value for box in at.caption)
    assert list(charts(at)) == ["counting", "lines", "alignment"]
    fine(at.text_input(key="d_n_train").set_value("32, 16").run())
    assert "n_train: 1 to 16 increasing whole numbers" in at.error[0].value.replace("\\", "")
    assert list(charts(at)) == ["counting", "lines", "alignment"], "the charts stay"


def test_mnist_without_files_is_played_from_what_ships_and_says_how_to_get_them_otherwise() -> None:
    assert not look_at(MNIST).info
    at = look_at(replace(MNIST, width=32))
    assert "MNIST" in at.info[0].value
    assert not at.get("bidi_component") or charts(at)


def test_parts_keep_their_settings_while_the_other_is_looked_at() -> None:
    at = look_at(SMALL)
    at.session_state["k_part"] = "line"
    fine(at.run())
    assert link(at)["part"] == "line"
    assert "network" in charts(at)
    at.session_state["k_part"] = "inputs"
    fine(at.run())
    assert from_query(DirectionsView, link(at))[0].experiment == SMALL


def mean_counts(measure: str, rows: pd.DataFrame) -> dict[int, float]:
    return {int(str(size)): float(of[measure].mean()) for size, of in rows.groupby("n_train")}


def test_what_the_lesson_on_lines_says_is_so() -> None:
    """Lines turn to two directions, one for each sign of a, while the loss has fallen little; five in the end."""
    shown = shipped(FIRST)
    loss, units, extremal = (shown.table(name) for name in ("loss", "directions", "extremal"))
    assert extremal["sign"].tolist() == [-1, 1]
    begun = loss[loss["loss"] < 0.99 * loss["loss"].iloc[0]].iloc[0]
    angle = units[units["step"] == begun["step"]]["angle_to_extremal"]
    assert np.nanmedian(angle) < 5 < np.nanmedian(units[units["step"] == 0]["angle_to_extremal"]) / 10
    assert shown.table("counts")["directions"].tolist() == [5]


def test_what_the_lessons_on_counts_say_is_so() -> None:
    digits, mnist = (shipped(experiment) for experiment in (DIGITS, MNIST))
    of_digits, of_mnist = (mean_counts("directions", shown.table("counts")) for shown in (digits, mnist))
    assert [round(of_digits[n]) for n in (20, 40)] == [2, 2]
    assert of_digits[640] / of_digits[320] == pytest.approx(2, rel=0.1)
    fit = digits.table("fit").drop_duplicates("measure").set_index("measure")  # over all sizes
    assert fit["exponent"]["directions"] == pytest.approx(1, abs=0.1)
    assert fit["verdict"]["effective_directions"].startswith("sub-linear on average")
    assert [round(of_mnist[n]) for n in (32, 64, 128)] == [2, 2, 2]
    assert of_mnist[1024] == pytest.approx(50, abs=3)
    assert {lesson.view.measure for lesson in LESSONS} == {"directions", "effective_directions"}
