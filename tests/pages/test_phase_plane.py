"""The networks of the Phase plane page as Streamlit runs them, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.phase_plane.charts.cells import MEASURES
from core.studies.phase_plane.charts.heat import LINES
from core.studies.phase_plane.experiment import PhasePlane
from core.studies.phase_plane.presets import PRESETS as PHASE_PLANE
from pages.phase_plane.phase_plane.part import LESSONS
from pages.phase_plane.phase_plane.view import View, from_query, listed, to_query
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
SCRIPT = "from pages.phase_plane.networks import part\npart.draw()\n"


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: PhasePlane, **others: Any) -> AppTest:
    return visit(**to_query(View(experiment=experiment, **others)))


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


def test_the_tables_of_cells_are_sent_once_for_two_charts() -> None:
    both = charts(look_at(SMALL))
    versions = {both[name]["tables"]["cells"]["version"] for name in ("plane", "sections")}
    assert len(versions) == 1


def test_power_laws_where_there_are_training_set_sizes() -> None:
    at = look_at(SIZES)
    found = charts(at)
    assert "plane" not in found
    assert "errors" in found
    assert list(found)[2:], "at least one power law"
    assert "Measured: " in said(at)


def test_batch_sizes_against_learning_rates() -> None:
    at = look_at(BATCHES)
    found = charts(at)
    assert next(iter(found)) == "batches"
    assert len(found["batches"]["tables"]["cells"]["rows"]) == 9
    assert found["batches"]["pick"] == "cell"


def test_a_link_comes_back_as_it_was() -> None:
    place = (32.0, 4.0, 4.0, 0.5)
    view = View(experiment=SMALL, measure="steps", when="played step", lines=("gd_to_noise",), at=place, step=30)
    assert from_query(to_query(view)) == (view, [])
    at = visit(**to_query(view))
    assert from_query(link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 30) <= 3
    assert "frame" in {param["name"] for param in charts(at)["plane"]["spec"]["params"]}


@pytest.mark.parametrize("experiment", [preset.experiment for preset in PHASE_PLANE.values()], ids=list(PHASE_PLANE))
def test_every_preset_survives_its_link_and_its_text_fields(experiment: PhasePlane) -> None:
    assert from_query(to_query(View(experiment=experiment))) == (View(experiment=experiment), [])


def test_lists_are_short_and_exact() -> None:
    assert listed(PhasePlane().alphas) == "2^-8..2^10/10"
    assert listed((0.1, 0.7, 2.0**15)) == "0.1,0.7,2^15"
    assert listed((256, 512)) == "256,512"
    assert listed(()) == ""


@pytest.mark.parametrize("measure", MEASURES)
def test_every_colour(measure: str) -> None:
    at = look_at(SMALL)
    fine(at.selectbox(key="n_measure").set_value(measure).run())
    assert len(charts(at)["plane"]["tables"]["cells"]["rows"]) == 9


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_switched_off_by_a_param(name: str) -> None:
    at = look_at(SMALL)
    before = charts(at)["plane"]
    assert before["params"][f"show_{name}"] == 1
    fine(at.pills(key="n_lines").set_value([other for other in LINES if other != name]).run())
    after = charts(at)["plane"]
    assert after["params"][f"show_{name}"] == 0
    assert after["spec"] == before["spec"]


def test_the_axis_in_units_of_the_largest_temperature() -> None:
    at = look_at(SMALL)
    plain = charts(at)["plane"]
    fine(at.toggle(key="n_rectified").set_value(True).run())
    assert link(at)["rectified"] == "true"
    turned = charts(at)["plane"]
    assert turned["spec"] != plain["spec"]
    assert len(turned["tables"]["cells"]["rows"]) <= 9


def test_a_clicked_cell_is_played() -> None:
    at = look_at(SMALL)
    from pages.phase_plane.phase_plane.view import View as Seen

    first = charts(at)["errors"]["tables"]["curves"]["version"]
    at.session_state["n_at"] = (32.0, 4.0, 0.25, 2.0**-5)
    fine(at.run())
    assert from_query(link(at))[0] == Seen(experiment=SMALL, at=(32.0, 4.0, 0.25, 2.0**-5))
    assert charts(at)["errors"]["tables"]["curves"]["version"] != first


def test_a_diverged_cell_is_said_to_be() -> None:
    at = look_at(SMALL, at=(32.0, 4.0, 0.25, 2.0**6))
    assert charts(at)["errors"]["badge"] == {"text": "2 of 2 diverged", "tone": "alert"}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_is_a_link(lesson: Any) -> None:
    assert from_query(to_query(lesson.view)) == (lesson.view, [])
    assert lesson.view.cell in lesson.view.experiment.cells


def test_no_files_no_training_but_a_sentence(asked: list[Experiment]) -> None:
    at = look_at(replace(SMALL, dataset="mnist_parity"))
    assert not asked
    assert "mnist" in sentences(at).lower()


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("n_alphas", "4,2", "alphas: one or more increasing numbers"),
        ("n_alphas", "2^-8..2^10/200", "at most"),
        ("n_temperatures", "2^40", "temperatures: "),
        ("n_temperatures", "", "temperatures: one or more increasing numbers"),
        ("n_n_train", "32.5", "n_train: "),
        ("n_n_train", "1000000", "n_train: "),
        ("n_batch_size", "64", "batch_size: at most the smallest n_train"),
        ("n_batch_size", "four", "batch_size: "),
    ],
)
def test_bad_input_is_a_sentence_and_the_charts_stay(key: str, text: str, sentence: str) -> None:
    at = look_at(SMALL)
    if text == "2^-8..2^10/200":
        fine(at.text_input(key="n_temperatures").set_value("2^-9..2^0/100").run())
    fine(at.text_input(key=key).set_value(text).run())
    assert sentence in at.error[0].value.replace("\\", "")
    assert "plane" in charts(at)


@pytest.mark.parametrize(
    "words",
    [
        {"n_train": "nan", "lines": "all", "measure": "beauty", "rectified": "perhaps", "step": "soon"},
        {"at_alpha": "1"},
        {"dataset": "![x](http://example.org/x.png)"},
        {"v": "7"},
        {f"word{i}": "x" for i in range(60)},
    ],
)
def test_a_broken_link_gives_sentences(words: dict[str, str]) -> None:
    at = visit(part="networks", **words)
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13
    assert "](http" not in at.warning[0].value
    assert from_query(link(at))[0] == View()


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert from_query({"part": "perceptron", "alphas": "nan"}) == from_query({}) == (View(), [])


def test_what_can_be_taken_away() -> None:
    at = look_at(SMALL)
    names = [button.proto.label for button in at.get("download_button")]
    assert names == ["plane.csv", "scaling.csv", "exponents.csv", "lines.csv", "history.csv", "Everything (zip)"]


def test_a_point_of_a_power_law_is_played() -> None:
    at = look_at(SIZES)
    laws = [chart for name, chart in charts(at).items() if name not in ("errors", "changes")]
    picked = [chart for chart in laws if chart["pick"] == "cell"]
    assert picked
    for chart in picked:
        assert {"n_train", "batch_size", "alpha", "temperature"} <= set(chart["tables"]["points"]["rows"][0])


def test_the_chosen_cell_is_the_nearest_one() -> None:
    assert View(experiment=SMALL, at=(32.0, 4.0, 5.0, 0.4)).cell[1:] == (32, 4, 4.0, 0.5)
    assert View(experiment=BATCHES, at=(32.0, 16.0, 2.0**12, 1.0)).cell.batch_size == 16
