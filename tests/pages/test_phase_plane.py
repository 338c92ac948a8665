"""Networks, a part of the Phase plane page, as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.field import declared
from core.observables.power_laws import NARROWEST
from core.part import Shown
from core.studies.phase_plane.charts.cells import MEASURES
from core.studies.phase_plane.charts.heat import LINES
from core.studies.phase_plane.experiment import MOST_CONVOLUTIONS, PhasePlane
from core.studies.phase_plane.laws import LAZY, TOO_NARROW
from core.studies.phase_plane.part import INTRODUCTION, LESSONS, PART
from core.studies.phase_plane.presets import PRESETS
from core.studies.phase_plane.scene import GREY, RECTIFIED, UNCHANGED, scene
from core.studies.phase_plane.view import AT, PLACE, PhasePlaneView
from core.trajectory import FITTED, STEP_LIMIT
from core.view import from_query, to_query
from tests.pages.conftest import trained
from tests.pages.visiting import charts, fine, link, player, sentences

SMALL = PhasePlane(
    n_train=(32,),
    width=8,
    depth=1,
    batch_size=(4,),
    alphas=(0.25, 4.0, 1024.0),
    temperatures=(2.0**-5, 2.0**-1, 2.0**6),
    seeds=(0, 1),
    step_limit=300,
)
SIZES = replace(SMALL, n_train=(16, 32, 64), alphas=(2.0**12,), temperatures=(2.0**-4, 2.0**-3, 2.0**-2, 0.5))
BATCHES = replace(SMALL, batch_size=(1, 4, 16), alphas=(2.0**12,), temperatures=(), learning_rates=(0.5, 2.0, 8.0))
SCRIPT = "from core.studies.phase_plane.part import PART\nfrom pages.shared.part import draw\ndraw(PART)\n"
HOT = {"at_alpha": 0.25, "at_temperature": 2.0**6}
"""A cell of `SMALL` that diverges."""


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: PhasePlane, **others: Any) -> AppTest:
    return visit(**to_query(PhasePlaneView.of(experiment, **others)))


def view_of(at: AppTest) -> PhasePlaneView:
    view, said = from_query(PhasePlaneView, link(at))
    assert said == []
    return view


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def outcomes(at: AppTest) -> set[str]:
    return {row["outcome"] for row in charts(at)["plane"]["tables"]["cells"]["rows"]}


def test_a_plane_its_sections_and_the_run_of_a_cell() -> None:
    at = look_at(SMALL)
    assert list(charts(at))[:5] == ["plane", "sections", "errors", "changes", "collapse"]
    assert len(charts(at)["plane"]["tables"]["cells"]["rows"]) == 9
    assert len(outcomes(at)) > 1, "not every cell fits, and what does not is told apart"
    assert charts(at)["plane"]["pick"] == "cell"
    assert charts(at)["plane"]["cursor"] == "hover"
    assert "test error" in said(at)
    assert INTRODUCTION in said(at)
    assert "learning rate / (batch size · width)" in INTRODUCTION


def test_the_tables_of_cells_are_sent_once_for_two_charts() -> None:
    both = charts(look_at(SMALL))
    versions = {both[name]["tables"]["cells"]["version"] for name in ("plane", "sections")}
    assert len(versions) == 1


def test_power_laws_where_there_are_training_set_sizes() -> None:
    at = look_at(SIZES)
    found = charts(at)
    assert "plane" not in found
    assert list(found)[-2:] == ["errors", "changes"]
    assert list(found)[:-2], "at least one power law"
    assert "Measured: " in said(at)


def test_batch_sizes_against_learning_rates() -> None:
    found = charts(look_at(BATCHES))
    assert next(iter(found)) == "batches"
    assert len(found["batches"]["tables"]["cells"]["rows"]) == 9
    assert found["batches"]["pick"] == "cell"


def test_a_link_rests_at_its_step() -> None:
    view = PhasePlaneView.of(
        SMALL, measure="steps", when="played step", lines=("gd_to_noise",), at_alpha=4.0, at_temperature=0.5, step=30
    )
    at = visit(**to_query(view))
    assert view_of(at) == view
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 30) <= 3
    assert "frame" in {param["name"] for param in charts(at)["plane"]["spec"]["params"]}


@pytest.mark.parametrize("measure", MEASURES)
def test_every_colour(measure: str) -> None:
    at = look_at(SMALL)
    other = next(name for name in MEASURES if name != measure)
    fine(at.selectbox(key="n_measure").set_value(other).run())
    before = charts(at)["plane"]["tables"]["cells"]["rows"]
    fine(at.selectbox(key="n_measure").set_value(measure).run())
    after = charts(at)["plane"]["tables"]["cells"]["rows"]
    assert view_of(at).measure == measure
    assert len(after) == 9
    assert after != before


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_switched_off_by_a_param(name: str) -> None:
    at = look_at(SMALL)
    before = charts(at)["plane"]
    assert before["params"][f"show_{name}"] == 1
    fine(at.pills(key="n_lines").set_value([other for other in LINES if other != name]).run())
    after = charts(at)["plane"]
    assert after["params"][f"show_{name}"] == 0
    assert after["spec"] == before["spec"]
    fine(at.pills(key="n_lines").set_value([]).run())
    assert view_of(at).lines == ()


def test_the_axis_in_units_of_the_largest_temperature() -> None:
    at = look_at(SMALL)
    plain = charts(at)["plane"]
    fine(at.toggle(key="n_rectified").set_value(True).run())
    turned = charts(at)["plane"]
    assert turned["spec"] != plain["spec"]
    assert 0 < len(turned["tables"]["cells"]["rows"]) <= 9
    assert turned["caption"] == plain["caption"] + RECTIFIED


@pytest.mark.parametrize(
    ("experiment", "widgets"),
    [(SMALL, {"measure", "when", "lines", "rectified"}), (BATCHES, {"measure"}), (SIZES, set())],
    ids=["plane", "batches", "sizes"],
)
def test_a_control_is_there_where_it_changes_something(experiment: PhasePlane, widgets: set[str]) -> None:
    view = PhasePlaneView.of(experiment)
    shown = {name for name in ("measure", "when", "lines", "rectified") if view.uses(name)}
    assert shown == widgets
    at = look_at(experiment)
    assert bool(at.selectbox(key="n_measure") if "measure" in widgets else False) == ("measure" in widgets)
    assert len(at.pills) == ("lines" in widgets)


@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_grey_while_the_plane_plays_is_said(measure: str) -> None:
    at = look_at(SMALL, measure=measure, when="played step")
    plane = charts(at)["plane"]
    first = {row["v"][0] for row in plane["tables"]["cells"]["rows"]}
    words = GREY.get(measure, UNCHANGED)
    assert bool(words) == (None in first)
    assert plane["caption"].endswith(words)
    still = charts(look_at(SMALL, measure=measure))["plane"]
    assert "grey" not in still["caption"]


def test_a_clicked_cell_is_played() -> None:
    view = PhasePlaneView.of(SMALL, measure="steps")
    assert PART.picked is not None
    clicked = PART.picked(view, {"fields": {"alpha": 0.25, "temperature": 2.0**-5}})
    assert clicked == replace(view, at_alpha=0.25, at_temperature=2.0**-5)
    assert clicked.cell == (0, 32, 4, 0.25, 2.0**-5)
    one, other = (charts(visit(**to_query(seen)))["errors"]["tables"]["curves"] for seen in (view, clicked))
    assert one["version"] != other["version"]


def test_a_clicked_cell_of_batch_sizes_is_played() -> None:
    view = PhasePlaneView.of(BATCHES)
    assert PART.picked is not None
    for cell in BATCHES.cells[: BATCHES.cell_count]:
        fields = {"alpha": cell.alpha, "temperature": cell.temperature, "batch_size": cell.batch_size}
        assert PART.picked(view, {"fields": fields}).cell == cell


def test_the_chosen_cell_is_the_nearest_one() -> None:
    assert PhasePlaneView.of(SMALL, at_alpha=5.0, at_temperature=0.4).cell[1:] == (32, 4, 4.0, 0.5)
    assert PhasePlaneView.of(BATCHES, at_batch_size=16, at_temperature=1.0).cell.batch_size == 16
    moved = PhasePlaneView.of(SMALL, at_alpha=4.0).changed({"alphas": (0.5, 16.0)})
    assert moved.at_alpha in moved.experiment.alphas
    assert {name: getattr(moved, name) for name in AT} == dict(zip(AT, moved.cell[1:], strict=True))


def test_a_run_that_passes_through_infinity_is_drawn() -> None:
    found = trained(SMALL)
    change = found["relative_weight_change"].copy()
    change[3] = np.inf
    drawn = scene(
        PhasePlaneView.of(SMALL), [Shown(type(found)(SMALL, {**found.arrays, "relative_weight_change": change}))]
    )
    assert all(np.isfinite(value) for figure in drawn.figures.values() for value in figure.params.values())


def test_a_diverging_run_does_not_stretch_the_colours_of_the_plane_that_plays() -> None:
    found = trained(SMALL)
    view = PhasePlaneView.of(SMALL, measure="relative_weight_change", when="played step", **HOT)
    change = found["relative_weight_change"].copy()
    change[1, [run for run, cell in enumerate(found.cells) if cell[1:] == view.cell[1:]]] = 1e16
    drawn = scene(view, [Shown(type(found)(SMALL, {**found.arrays, "relative_weight_change": change}))])
    ends = [row["last"] for row in drawn.figures["plane"].tables["cells"].rows if row["last"] is not None]
    assert drawn.figures["plane"].params["c_max"] == pytest.approx(max(ends), rel=0.01)


def test_how_a_cell_ends_is_said_as_its_end() -> None:
    """The badge stands there from the first step on, while the chart plays."""
    assert charts(look_at(SMALL, **HOT))["errors"]["badge"] == {
        "text": "in the end 2 of 2 seeds diverged",
        "tone": "alert",
    }
    found = trained(SMALL)
    view = PhasePlaneView.of(SMALL, at_temperature=2.0**-5)
    for outcome, words in (
        (FITTED, "in the end 2 of 2 seeds fitted"),
        (STEP_LIMIT, "in the end 2 of 2 seeds not fitted"),
    ):
        arrays = {**found.arrays, "outcome": np.full(SMALL.runs, outcome, np.int8)}
        drawn = scene(view, [Shown(type(found)(SMALL, arrays))])
        badge = drawn.cards["errors"].badge
        assert badge is not None
        assert badge["text"].startswith(words)
        assert "step_limit" not in badge["text"]


def test_a_window_too_narrow_for_an_exponent_is_said() -> None:
    near = replace(SIZES, n_train=(16, 32), temperatures=(2.0**-4, 2.0**-3))
    assert near.n_train[1] / near.n_train[0] < NARROWEST
    at = look_at(near)
    laws = {name: chart for name, chart in charts(at).items() if name in LAZY}
    assert laws
    for chart in laws.values():
        assert chart["badge"]["text"] == TOO_NARROW
        assert chart["tables"]["said"]["rows"] == chart["tables"]["laws"]["rows"] == []
    assert "nan" not in said(at)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_a_lesson_shows_a_cell_of_what_ships(lesson: Any) -> None:
    assert lesson.view.cell in lesson.view.experiment.cells
    assert lesson.view.experiment in [preset.experiment for preset in PRESETS.values() if preset.shipped]


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if not preset.shipped])
def test_a_preset_that_has_to_be_trained_says_so(name: str) -> None:
    assert "Not trained in advance" in PRESETS[name].sentence


def test_no_files_no_training_but_a_sentence(asked: list[Experiment]) -> None:
    at = look_at(replace(SMALL, dataset="mnist_parity"))
    assert not asked
    assert "mnist" in sentences(at).lower()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("alphas", "4,2", f"alphas: {declared(PhasePlane)['alphas'].allowed}; got"),
        ("temperatures", "2^40", f"temperatures: {declared(PhasePlane)['temperatures'].allowed}; got"),
        ("temperatures", "", "temperatures: one or more where no learning rates are given"),
        ("n_train", "32.5", f"n_train: {declared(PhasePlane)['n_train'].allowed}; got 32.5."),
        ("n_train", "1000000", f"n_train: {declared(PhasePlane)['n_train'].allowed}; got 1000000"),
        ("batch_size", "64", "batch_size: at most the smallest n_train"),
        ("batch_size", "four", "batch_size: "),
    ],
)
def test_bad_input_is_a_sentence_and_the_charts_stay(field: str, text: str, sentence: str) -> None:
    at = look_at(SMALL)
    fine(at.text_input(key=f"n_{field}").set_value(text).run())
    assert sentence in at.error[0].value.replace("\\", "")
    assert "plane" in charts(at)


def test_too_many_cells_are_refused_in_a_sentence() -> None:
    at = look_at(SMALL)
    at.text_input(key="n_alphas").set_value("2^-8..2^10/200")
    fine(at.text_input(key="n_temperatures").set_value("2^-9..2^0/100").run())
    assert "at most 4096 cells; got 20000" in at.error[0].value


def test_a_learning_rate_takes_the_place_of_t_and_t_that_of_a_learning_rate() -> None:
    view = PhasePlaneView.of(SMALL).changed({"learning_rates": (0.5, 2.0)})
    assert view.experiment.temperatures == ()
    back = view.changed({"temperatures": SMALL.temperatures})
    assert back.experiment == SMALL
    at = look_at(SMALL)
    fine(at.text_input(key="n_learning_rates").set_value("0.5,2").run())
    assert at.text_input(key="n_temperatures").value == ""
    fine(at.text_input(key="n_temperatures").set_value("2^-5,2^-1").run())
    assert at.text_input(key="n_learning_rates").value == ""
    assert view_of(at).experiment.temperatures == (2.0**-5, 0.5)


def test_convolutions_take_what_they_need_and_give_way_where_there_are_no_images() -> None:
    images = PhasePlaneView.of(replace(SMALL, dataset="digits_parity", depth=5))
    convolutional = images.changed({"network": "cnn"})
    assert (convolutional.experiment.activation, convolutional.experiment.depth) == ("relu", MOST_CONVOLUTIONS)
    assert convolutional.limits("depth", {"network": "cnn"}) == (1, MOST_CONVOLUTIONS)
    assert convolutional.changed({"dataset": "two_moons"}).experiment.network == "fc"
    at = look_at(replace(SMALL, depth=5))
    fine(at.segmented_control(key="n_network").set_value("cnn").run())
    assert not at.error
    assert at.segmented_control(key="n_activation").value == "relu"
    assert view_of(at).experiment.depth == MOST_CONVOLUTIONS
    fine(at.selectbox(key="n_dataset").set_value("two_moons").run())
    assert at.segmented_control(key="n_network").value == "fc"


def test_seeds_are_counted() -> None:
    at = look_at(replace(SMALL, seeds=(7, 3)))
    fine(at.number_input(key="n_seeds").set_value(3).run())
    assert view_of(at).experiment.seeds == (7, 3, 0)


def test_a_preset_is_drawn_as_the_plane_before() -> None:
    view = PhasePlaneView.of(SMALL, measure="steps", when="played step", lines=(), rectified=True)
    shown = view.with_preset(PRESETS["phase_plane/mnist"].experiment)
    assert (shown.measure, shown.when, shown.lines, shown.rectified) == ("steps", "played step", (), True)
    assert shown.cell == PhasePlaneView.of(shown.experiment).cell


def test_a_point_of_a_power_law_is_played() -> None:
    laws = {name: chart for name, chart in charts(look_at(SIZES)).items() if name not in ("errors", "changes")}
    picked = [chart for chart in laws.values() if chart["pick"] == "cell"]
    assert picked
    for chart in picked:
        assert set(PLACE) <= set(chart["tables"]["points"]["rows"][0])
