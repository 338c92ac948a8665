"""Networks in training, a part of the Complexity page, as Streamlit runs it, without a browser."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import core.comparison.curves as shown_of
from core.comparison.charts.staircase import MEASURES
from core.datasets import CATALOGUE, name_of, register_csv
from core.experiment import NO_TABLE, Experiment, digest
from core.explainers.names import ANOTHER_SEED, DESCRIPTIONS, TITLES, available
from core.field import declared
from core.jobs import Job, Jobs
from core.part import Shown
from core.studies.complexity.experiment import MOST_SEEDS, Complexity
from core.studies.complexity.part import PART
from core.studies.complexity.presets import PRESETS as COMPLEXITY
from core.studies.complexity.scene import NUMBERED
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.studies.complexity.view import FIRST
from core.studies.complexity.view import ComplexityView as View
from core.tables import files
from core.trajectory import UNFINISHED
from core.view import from_query as read
from core.view import to_query
from pages.shared import library
from tests.pages.conftest import trained
from tests.pages.visiting import REPOSITORY, charts, fine, link, open_page, player, sentences

FLAT = ["explained", "boundary", "shares", "staircase", "accuracies", "four_cells"]
LINEAR = DESCRIPTIONS["linear"]
OTHERS = ["explained", "shares", "staircase", "accuracies", "four_cells", "examples"]
SMALL = Complexity(dataset="xor", n_train=60, width=8, seeds=(0, 1), step_limit=60, learning_rate=0.1, test_points=300)
DIGITS = Complexity(n_train=60, width=8, seeds=(0,), step_limit=60, learning_rate=0.1, test_points=200)


BOUNDS = {name: field.bounds for name, field in declared(Complexity).items()}
CHOICES = {name: tuple(field.options) for name, field in declared(View).items()}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    return read(View, query)


def visit(**query: str) -> AppTest:
    return open_page("pages/complexity.py", **query)


def look_at(experiment: Complexity = SMALL, **others: Any) -> AppTest:
    return visit(**to_query(View(experiment=experiment, **others)))


def seen(at: AppTest) -> View:
    """What the page's own link says."""
    view, said = from_query(link(at))
    assert said == []
    return view


def rows(at: AppTest, chart: str, table: str) -> pd.DataFrame:
    return pd.DataFrame(charts(at)[chart]["tables"][table]["rows"])


def found(experiment: Complexity = SMALL) -> ComplexityTrajectory:
    trajectory = trained(experiment)
    assert isinstance(trajectory, ComplexityTrajectory)
    return trajectory


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every training that is not done waits for a press, as if it took long."""
    monkeypatch.setattr("core.cost.LONG_SECONDS", 0.0)


def test_the_first_look_plays_what_ships(asked: list[Experiment]) -> None:
    at = visit()
    payload = player(at)
    assert list(payload["charts"]) == OTHERS
    assert payload["clock"]["autoplay"] is True
    assert payload["clock"]["steps"][-1] == FIRST.step_limit
    assert not [*at.error, *at.warning, *at.info]
    assert asked == []
    assert link(at) == to_query(View())
    assert any("**" in box.value and "of what L knows" in box.value for box in at.markdown)


def test_the_page_never_imports_torch() -> None:
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
at = AppTest.from_file({str(REPOSITORY / "app.py")!r}, default_timeout=60)
at.switch_page("pages/complexity.py")
at.run()
assert not at.exception, at.exception
assert at.get("bidi_component")
assert not {{"torch", "sklearn"}} & set(sys.modules)
"""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("name", [name for name in COMPLEXITY if COMPLEXITY[name].shipped])
def test_every_preset_is_shown_at_once(name: str, asked: list[Experiment]) -> None:
    at = look_at(explainer="quadratic", heat="mu_y")
    fine(at.button(key=f"preset-{name}").click().run())
    experiment = COMPLEXITY[name].experiment
    assert seen(at) == View(experiment=experiment, explainer="quadratic", heat="mu_y")
    assert asked == [SMALL]
    payload = player(at)
    assert payload["clock"]["steps"][-1] == experiment.step_limit
    assert list(payload["charts"]) == (FLAT if CATALOGUE[experiment.dataset].dimension == 3 else OTHERS)
    assert "Not on screen" not in sentences(at)


def test_there_is_no_button_for_a_table_that_nobody_brought() -> None:
    shown = {button.key for button in visit().button}
    assert {
        f"preset-{name}" for name, preset in COMPLEXITY.items() if preset.experiment.csv_digest != NO_TABLE
    } <= shown
    assert "preset-complexity/csv" not in shown


@pytest.mark.parametrize("end", ["min", "max"])
@pytest.mark.parametrize("name", ["n_train", "width", "depth", "batch_size", "step_limit", "data_seed"])
def test_every_number_at_its_ends(name: str, end: str, slow: None, asked: list[Experiment]) -> None:
    base = replace(SMALL, data_seed=3)
    library.jobs().store.save(found(base))
    at = look_at(base)
    box = at.number_input(key=f"c_{name}")
    value = int(getattr(box, end))
    assert BOUNDS[name].low <= value <= BOUNDS[name].high
    fine(box.set_value(value).run())
    changes: dict[str, Any] = {name: value}
    if name == "n_train":
        changes["batch_size"] = min(base.batch_size, value)
    assert seen(at).experiment == replace(base, **changes)
    assert list(charts(at)) == FLAT
    assert asked == []
    assert "Not on screen yet; the charts still show " in sentences(at)
    assert f" {getattr(base, name)} (here {value})" in sentences(at)
    assert at.button(key="train-These networks").label.startswith("Train these networks: about ")


def test_a_batch_larger_than_the_training_set_is_lowered_and_said(slow: None) -> None:
    library.jobs().store.save(found())
    at = look_at()
    fine(at.number_input(key="c_n_train").set_value(8).run())
    assert "Batch size is now 8, as the other settings need." in sentences(at)
    assert seen(at).experiment == replace(SMALL, n_train=8, batch_size=8)


def test_what_draws_the_training_set_asks_for_another_training(asked: list[Experiment]) -> None:
    at = look_at()
    before = rows(at, "accuracies", "curves")
    fine(at.select_slider(key="c_label_noise").set_value(0.4).run())
    fine(at.number_input(key="c_n_train").set_value(100).run())
    fine(next(button for button in at.button if button.label == "New training set").click().run())
    trainings = [experiment for experiment in asked if isinstance(experiment, Complexity)]
    assert [(e.label_noise, e.n_train) for e in trainings] == [(0.0, 60), (0.4, 60), (0.4, 100), (0.4, 100)]
    assert trainings[-1].data_seed > 0
    assert not rows(at, "accuracies", "curves").equals(before)


def test_seeds_are_added_to_those_of_the_link(asked: list[Experiment], slow: None) -> None:
    at = look_at(replace(SMALL, seeds=(7, 1)))
    for count, seeds in ((4, (7, 1, 0, 2)), (1, (7,)), (MOST_SEEDS, (7, 0, 1, 2, 3, 4, 5, 6, 8))):
        fine(at.number_input(key="c_seeds").set_value(count).run())
        assert seen(at).experiment.seeds == seeds
    assert asked == []


def test_another_explainer_changes_what_is_explained_and_trains_nothing(asked: list[Experiment]) -> None:
    at = look_at()
    linear = player(at)
    fine(at.selectbox(key="c_explainer").set_value("tree").run())
    tree = player(at)
    assert asked == [SMALL]
    assert tree["clock"] | {"notes": []} == linear["clock"] | {"notes": []}
    assert [each["clock"]["notes"] for each in (linear, tree)] == [[DESCRIPTIONS[name]] for name in ("linear", "tree")]
    for chart, table in (("explained", "areas"), ("explained", "ceiling"), ("boundary", "explainer")):
        assert tree["charts"][chart]["tables"][table] != linear["charts"][chart]["tables"][table], (chart, table)
    for chart, table in (("boundary", "cells"), ("boundary", "boundary"), ("staircase", "cells")):
        assert tree["charts"][chart]["tables"][table] == linear["charts"][chart]["tables"][table], (chart, table)
    assert all(chart["spec"] == linear["charts"][name]["spec"] for name, chart in tree["charts"].items())
    chosen = rows(at, "staircase", "rows").set_index("explainer")["selected"]
    assert chosen[chosen].index.tolist() == ["tree"]
    assert seen(at) == View(experiment=SMALL, explainer="tree")


def test_every_explainer_can_be_shown() -> None:
    at = look_at()
    offered = [*available("xor"), "linear_to_early", "linear_to_end", ANOTHER_SEED]
    assert rows(at, "staircase", "rows")["explainer"].tolist() == offered
    for name in offered:
        fine(at.selectbox(key="c_explainer").set_value(name).run())
        areas = rows(at, "explained", "areas")
        wanted = shown_of.curves(found(), name)
        np.testing.assert_allclose(areas["mu"], wanted["mu_y"], atol=6e-4)
        np.testing.assert_allclose(areas["top"] - areas["base"], wanted["conditional_information"], atol=1.1e-3)
        assert areas["step"].tolist() == found().steps.tolist()


def test_a_click_on_a_row_of_the_staircase_chooses_its_explainer() -> None:
    at = look_at()
    (row,) = (row for row in rows(at, "staircase", "rows").to_dict("records") if row["explainer"] == "nearest")
    assert charts(at)["staircase"]["pick"] == "row"
    assert PART.picked is not None
    pick = {"chart": "staircase", "fields": {"explainer": row["explainer"]}, "token": 1}
    assert PART.picked(seen(at), pick) == replace(seen(at), explainer="nearest")


def test_the_estimate_changes_the_numbers_a_little() -> None:
    at = look_at()
    plain = rows(at, "explained", "areas")
    at.segmented_control(key="c_estimate").set_value("miller-madow")
    fine(at.run())
    corrected = rows(at, "explained", "areas")
    wanted = shown_of.curves(found(), "linear", miller_madow=True)
    np.testing.assert_allclose(corrected["mu"], wanted["mu_y"], atol=6e-4)
    assert 0 < np.abs(corrected["top"] - plain["top"]).max() < 0.05
    assert seen(at).estimate == "miller-madow"


def test_every_measure_of_the_staircase_can_be_chosen() -> None:
    assert set(MEASURES) == set(CHOICES["heat"])


@pytest.mark.parametrize("measure", MEASURES)
def test_the_heat_is_the_measure_that_is_chosen(measure: str) -> None:
    at = look_at(heat=measure)
    cells = rows(at, "staircase", "cells")
    heat, _ = shown_of.staircase(found())
    there = cells["v"].notna().to_numpy()
    assert there.any()
    np.testing.assert_allclose(cells["v"].astype(float)[there], heat[measure].to_numpy()[there], atol=6e-4)
    assert (cells["v"].isna() == heat[measure].isna()).all()
    assert (cells["masked"] == heat[measure].isna()).all(), "nothing has diverged: what is not known is masked"
    assert MEASURES[measure] in json.dumps(charts(at)["staircase"]["spec"], ensure_ascii=False)
    assert seen(at).heat == measure


def test_the_plane_is_drawn_where_inputs_are_two_and_pictures_where_they_are_digits() -> None:
    assert list(charts(look_at())) == FLAT
    at = look_at(DIGITS)
    assert list(charts(at)) == OTHERS
    shown = rows(at, "examples", "examples")
    assert len(shown) == 96
    assert shown["url"].str.startswith("data:image/png;base64,").all()
    assert shown["url"].nunique() > 90
    assert "umbers" not in charts(at)["examples"]["caption"]
    assert charts(at)["explained"]["badge"] == {"text": "in the end 0 of 1 fit every training label", "tone": "quiet"}


def test_inputs_without_pictures_have_numbers() -> None:
    at = look_at(replace(SMALL, dataset="sinusoid"))
    shown = rows(at, "examples", "examples")
    assert NUMBERED not in charts(at)["examples"]["caption"], "there are no images"
    assert "url" not in shown
    assert shown["example"].str.fullmatch(r"\d+").all()


def test_a_convolutional_network_and_back(slow: None) -> None:
    small = replace(DIGITS, network="cnn", depth=1, filters=2)
    at = look_at(small)
    assert at.number_input(key="c_filters").value == 2
    at.segmented_control(key="c_network").set_value("mlp")
    fine(at.run())
    assert at.session_state["c_filters"] == 32, "of no meaning now"
    fine(at.number_input(key="c_width").set_value(9).run())
    assert seen(at).experiment == replace(small, network="mlp", width=9)
    assert "c_filters" not in [box.key for box in at.number_input]
    fine(at.number_input(key="c_depth").set_value(5).run())
    at.segmented_control(key="c_network").set_value("cnn")
    fine(at.run())
    assert "Depth is now 4, as the other settings need." in sentences(at)
    assert seen(at).experiment == replace(small, width=9, depth=4, filters=seen(at).experiment.filters)
    fine(at.selectbox(key="c_dataset").set_value("xor").run())
    assert seen(at).experiment == replace(small, dataset="xor", network="mlp", width=9, depth=4)
    assert charts(at), "what ships stays on screen"
    assert "c_network" not in [control.key for control in at.segmented_control], "there is one choice only"


def notes(at: AppTest) -> str:
    return " ".join(player(at)["clock"]["notes"])


def test_an_explainer_that_a_task_has_not_is_said_and_another_shown() -> None:
    at = look_at(DIGITS, explainer="cnn_1")
    assert seen(at).explainer == "cnn_1"
    fine(at.selectbox(key="c_dataset").set_value("xor").run())
    assert notes(at) == f"These networks have no explainer called 1 convolution; the charts show linear. {LINEAR}"
    assert list(charts(at)) == FLAT
    offered = at.selectbox(key="c_explainer").options
    assert offered == [TITLES[name] for name in (*available("xor"), "cnn_1", "linear_to_early", "linear_to_end")]
    fine(at.selectbox(key="c_explainer").set_value("tree").run())
    assert notes(at) == DESCRIPTIONS["tree"]
    assert TITLES["cnn_1"] not in at.selectbox(key="c_explainer").options


def test_an_explainer_stays_chosen_while_it_is_not_fitted_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {name: array.copy() for name, array in found().arrays.items()}
    arrays["outcome"][:] = UNFINISHED
    arrays["explainer_train_accuracy"][2:] = np.nan
    half = ComplexityTrajectory(SMALL, arrays)
    monkeypatch.setattr("pages.shared.part.find", lambda experiment: Shown(half, "half"))
    monkeypatch.setattr(Jobs, "submit", lambda jobs, *_, **__: None)
    at = look_at(explainer="tree")
    assert charts(at)["explained"]["badge"]["text"] == "in training"
    assert rows(at, "staircase", "rows")["explainer"].tolist() == ["linear", "quadratic"]
    assert notes(at) == f"Not fitted yet: decision tree; the charts show linear. {LINEAR}"
    assert seen(at).explainer == "tree"
    monkeypatch.setattr("pages.shared.part.find", lambda experiment: Shown(found(), "whole"))
    fine(at.run())
    assert at.selectbox(key="c_explainer").value == "tree"
    assert notes(at) == DESCRIPTIONS["tree"]


def test_nothing_is_drawn_before_there_is_an_explainer(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {name: array.copy() for name, array in found().arrays.items()}
    arrays["outcome"][:] = UNFINISHED
    arrays["explainer_train_accuracy"][:] = np.nan
    half, whole = ComplexityTrajectory(SMALL, arrays), library.jobs().store.load(FIRST)[0]
    assert whole is not None
    there = {SMALL: Shown(half, "none"), FIRST: Shown(whole, "first")}
    monkeypatch.setattr("pages.shared.part.find", there.get)
    monkeypatch.setattr(Jobs, "submit", lambda jobs, *_, **__: None)
    at = look_at()
    assert "Not on screen yet" in sentences(at)
    assert list(charts(at)) == OTHERS


def test_a_training_that_fails_leaves_what_is_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    at = look_at(heat="mu_y")
    before = charts(at)

    def submit(jobs: Jobs, experiment: Experiment, *_: Any, **__: Any) -> None:
        failed = Job(experiment, library.source(), jobs.store.folder, "quick", "cpu", state="failed")
        failed.error = "no *memory* [left]"
        jobs._jobs[digest(experiment)] = failed

    monkeypatch.setattr(Jobs, "submit", submit)
    fine(at.number_input(key="c_data_seed").set_value(5).run())
    assert [box.value.replace("\\", "") for box in at.error] == ["These networks: no *memory* [left]"]
    assert charts(at) == before


@pytest.mark.parametrize("dataset", ["digits_halves", "xor"])
def test_a_diverged_training_is_drawn(dataset: str, asked: list[Experiment]) -> None:
    wild = replace(SMALL, dataset=dataset, n_train=200, learning_rate=10, depth=3, width=128, batch_size=32)
    at = look_at(wild)
    assert asked == [wild]
    assert charts(at)["explained"]["badge"] == {"text": "2 of 2 diverged", "tone": "alert"}
    assert "nan" not in charts(at)["explained"]["alt"]
    areas, cells = rows(at, "explained", "areas"), rows(at, "staircase", "cells")
    assert areas["mu"].notna().iloc[0]
    assert areas["mu"].isna().iloc[-1]
    last = cells[cells["step"] == wild.step_limit]
    assert (last["said"] == f"step {wild.step_limit}: diverged").all()
    assert not last["masked"].any()
    if dataset == "xor":
        assert rows(at, "boundary", "cells")["v"].str.endswith("-").all()
    for explainer in ("tree", "linear_to_end"):
        fine(at.selectbox(key="c_explainer").set_value(explainer).run())
        assert "nan" not in charts(at)["explained"]["alt"]


def table(count: int = 60, header: str = "width,height,age,label", labels: tuple[str, str] = ("no", "yes")) -> bytes:
    points = np.random.default_rng(0).normal(size=(count, 3))
    lines = [f"{a:.4f},{b:.4f},{c:.4f},{labels[int(a + b > 0)]}" for a, b, c in points]
    return "\n".join([*([header] if header else []), *lines, ""]).encode()


def on_a_table(content: bytes, name: str = "own.csv") -> AppTest:
    """The page after an upload."""
    at = look_at()
    fine(at.selectbox(key="c_dataset").set_value("csv").run())
    return upload(at, content, name)


def upload(at: AppTest, content: bytes, name: str = "own.csv") -> AppTest:
    return fine(at.file_uploader[0].set_value((name, content, "text/csv")).run())


def about_the_table(at: AppTest) -> str:
    """What the side bar says of the table, its file's name first."""
    boxes = [*at.sidebar.markdown, *at.sidebar.caption]
    return "\n".join(box.value for box in boxes).replace("\\", "")


def test_of_a_table_of_three_classes_text_and_gaps_one_chooses_what_is_learned(asked: list[Experiment]) -> None:
    colours, kinds = ("red", "blue", ""), ("setosa", "virginica", "other", "setosa")
    rows = "".join(f"{n % 7}.5,{colours[n % 3]},{kinds[n % 4]}\n" for n in range(90))
    at = on_a_table(f"size,colour,species\n{rows}".encode(), "flowers.csv")
    (error,) = at.error
    assert "Choose below what to learn" in error.value
    assert not any(experiment.dataset == "csv" for experiment in asked)
    fine(at.selectbox(key="c_own-one").set_value("virginica").run())
    fine(at.selectbox(key="c_own-other").set_value("setosa").run())
    said = about_the_table(at)
    assert "22 rows of other classes" in said
    assert "for each value of 'colour'" in said
    fine(at.button(key="c_own-learn").click().run())
    assert not at.error
    assert asked[-1].dataset == "csv"
    said = about_the_table(at)
    assert "flowers.csv, species: virginica" in said
    assert "'setosa'" in said
    assert "46 rows of 3 columns" in said
    assert "Left out, as text" not in said


BAD = {
    "broken": (b"\x00\xff\xfe" * 400, "a text file"),
    "text": (b"a,label\n" + b"x,1\ny,0\n" * 30, "column 'a' has text in row 2"),
    "one class": (b"a,label\n" + b"1,1\n" * 30, "label"),
    "few of a class": (b"a,label\n" + b"1,1\n" * 30 + b"2,0\n", "at least 5 rows of each label"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_is_said_and_the_charts_stay(name: str, asked: list[Experiment]) -> None:
    at = look_at()
    before, content = charts(at), BAD[name]
    fine(at.selectbox(key="c_dataset").set_value("csv").run())
    assert [box.value for box in at.info] == ["Your own table: upload a file on the left to train on it."]
    assert charts(at) == before
    upload(at, content[0], "bad.csv")
    (error,) = at.error
    assert error.value.replace("\\", "").startswith("bad.csv is refused: ")
    assert content[1] in error.value.replace("\\", "")
    assert "stays" not in error.value
    assert at.file_uploader[0].value is None
    assert charts(at) == before
    assert asked == [SMALL]
    assert seen(at).experiment == SMALL, "a link that would not be read back is not written"


def test_a_table_is_uploaded_trained_and_explained(asked: list[Experiment]) -> None:
    at = on_a_table(table())
    mine = asked[-1]
    assert isinstance(mine, Complexity)
    assert mine == replace(SMALL, dataset="csv", csv_digest=mine.csv_digest, n_train=42)
    assert mine.csv_digest == hashlib.sha256(table()).hexdigest()
    assert "Training points P is now 42" in sentences(at)
    assert list(charts(at)) == OTHERS
    assert rows(at, "examples", "examples")["said"].str.contains("lower label|higher label").all()
    assert seen(at).experiment == mine
    said = about_the_table(at)
    assert "**own.csv**" in said
    assert "60 rows of 3 columns and a label, 'label'." in said
    assert "+1 is 'yes'" in said
    assert "18 rows are the test set; up to 42 are trained on." in said
    assert "Read with" not in said


def test_a_refused_file_leaves_the_table_before_and_its_name(asked: list[Experiment]) -> None:
    at = on_a_table(table(), "good.csv")
    mine, before = asked[-1], charts(at)
    upload(at, BAD["text"][0], "bad.csv")
    (error,) = at.error
    assert error.value.replace("\\", "").startswith("bad.csv is refused: ")
    assert error.value.replace("\\", "").endswith(" good.csv stays.")
    assert "**good.csv**" in about_the_table(at)
    assert at.file_uploader[0].value is None
    assert charts(at) == before
    assert asked[-1] == mine
    upload(at, table(80), "better.csv")
    assert not at.error
    assert "**better.csv**" in about_the_table(at)
    assert asked[-1] != mine


def test_a_table_without_a_header_keeps_its_first_row() -> None:
    said = about_the_table(on_a_table(table(header="")))
    assert "60 rows of 3 columns" in said
    assert "no header line" in said


def test_a_table_of_another_form_is_read_and_said(asked: list[Experiment]) -> None:
    content = table(header="width,Größe,age,label").decode().replace(",", ";").replace(".", ",").encode("latin-1")
    said = about_the_table(on_a_table(content))
    assert "Read with semicolons between columns, decimal commas and Latin-1 text." in said
    plain = register_csv(table(header="width,Größe,age,label"), library.jobs().store.uploads)
    assert isinstance(asked[-1], Complexity)
    assert asked[-1].csv_digest == plain, "it is stored as the plain file would be"


def test_a_column_that_numbers_the_rows_is_said_and_can_be_left_out(asked: list[Experiment]) -> None:
    lines = table().decode().splitlines()
    numbered = [f"id,{lines[0]}", *(f"{k},{line}" for k, line in enumerate(lines[1:]))]
    at = on_a_table("\n".join(numbered).encode())
    whole = asked[-1]
    assert isinstance(whole, Complexity)
    assert "it looks like a number of the row: 'id'." in about_the_table(at)
    fine(at.toggle(key="c_left_out").set_value(True).run())
    left = asked[-1]
    assert isinstance(left, Complexity)
    assert left == replace(whole, csv_digest=left.csv_digest)
    assert left.csv_digest != whole.csv_digest
    assert "number of the row" not in about_the_table(at)
    assert name_of(left.csv_digest, library.jobs().store.uploads) == "own.csv"
    fine(at.toggle(key="c_left_out").set_value(False).run())
    assert seen(at).experiment == whole


def test_a_table_is_there_again_after_a_look_at_another_task(asked: list[Experiment]) -> None:
    at = on_a_table(table())
    mine = asked[-1]
    fine(at.selectbox(key="c_dataset").set_value("xor").run())
    assert seen(at).experiment.dataset == "xor"
    fine(at.selectbox(key="c_dataset").set_value("csv").run())
    assert seen(at).experiment == mine
    assert not at.info


def test_a_link_to_a_table(asked: list[Experiment]) -> None:
    name = register_csv(table(), library.jobs().store.uploads)
    mine = replace(SMALL, dataset="csv", csv_digest=name, n_train=30, batch_size=8)
    at = look_at(mine)
    assert asked == [mine]
    assert list(charts(at)) == OTHERS
    assert seen(at).experiment == mine
    assert not [*at.error, *at.warning]
    assert "The table of this link" in about_the_table(at)
    assert "60 rows" in about_the_table(at)


def test_a_link_to_a_table_that_is_elsewhere_is_one_sentence() -> None:
    at = look_at(replace(SMALL, dataset="csv", csv_digest="ab" * 32, n_train=30, batch_size=8))
    (error,) = at.error
    assert "is not on this machine; upload the file again" in error.value
    assert charts(at), "what ships stays on screen"


def test_the_table_of_a_link_that_is_uploaded_is_trained_on(tmp_path: Path) -> None:
    """What failed for want of the file is begun again, once, when the file has come."""
    own = table()
    mine = replace(SMALL, dataset="csv", csv_digest=register_csv(own, tmp_path), n_train=30, batch_size=8)
    at = look_at(mine)
    assert "is not on this machine; upload the file again" in at.error[0].value
    fine(at.file_uploader[0].set_value(("own.csv", own, "text/csv")).run())
    assert not at.error
    assert library.has(mine)


def test_mnist_without_files_says_how_to_get_them(asked: list[Experiment]) -> None:
    at = look_at()
    before = charts(at)
    fine(at.selectbox(key="c_dataset").set_value("mnist_halves").run())
    assert [box.value.replace("\\", "")[:5] for box in at.info] == ["MNIST"]
    assert "of the official release (plain or .gz) not found" in sentences(at)
    assert any(button.label == "Download mnist from OpenML" for button in at.button)
    assert charts(at) == before
    assert asked == [SMALL]
    fine(at.text_input(key="data_dir").set_value("~nobody-of-that-name/x").run())
    assert charts(at) == before
    fine(at.button(key="preset-complexity/mnist").click().run())
    assert not at.info, "what ships needs no files"
    assert "url" not in rows(at, "examples", "examples"), "pictures do"
    caption = charts(at)["examples"]["caption"]
    assert caption.endswith("The data files of MNIST, 0-4 or 5-9 are not on this machine, so numbers stand for images.")


BROKEN: dict[str, dict[str, str]] = {
    "numbers": {"n_train": "nan", "learning_rate": "-1", "seeds": "1,1", "step": "soon"},
    "far": {"n_train": "9" * 400, "width": "2^99"},
    "words": {"explainer": "forest", "heat": "hot", "estimate": "best", "network": "transformer"},
    "together": {"network": "cnn", "dataset": "sinusoid"},
    "no table": {"dataset": "csv"},
    "Markdown": {"dataset": "![x](http://example.org/x.png)", "explainer": "[y](http://example.org)"},
    "names": {"<b>x</b>": "1", "[z](http://example.org)": "2"},
    "unicode": {"n_train": "٣²", "estimate": "\u202eدفتر"},
    "long": {"seeds": "1," * 50_000, "csv_digest": "a" * 100_000, "heat": "x" * 100_000},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_link_gives_sentences_and_still_plays(name: str, asked: list[Experiment]) -> None:
    at = visit(part="data", **BROKEN[name])
    (box,) = at.warning
    assert 1 <= box.value.count("\n\n") + 1 <= 13
    assert len(box.value) < 3_000
    assert "](http" not in box.value
    assert "<b>" not in box.value
    assert not at.error
    assert list(charts(at)) == OTHERS
    assert seen(at) == View()
    assert asked == []
    assert fine(at.run()).warning, "still there at the next run"
    fine(at.button(key="preset-complexity/xor").click().run())
    assert not at.warning


def test_what_a_link_has_right_is_kept() -> None:
    words = {"explainer": "forest", "heat": "mu_y", "step": "13", "colour": "red"}
    at = visit(**to_query(View(experiment=SMALL)) | words)
    assert seen(at) == View(experiment=SMALL, heat="mu_y", step=13)
    assert at.warning[0].value.count("\n\n") == 1


@pytest.mark.parametrize(("name", "value"), [("label_noise", "0.101"), ("learning_rate", "0.10000001")])
def test_values_that_read_alike_are_offered_once(name: str, value: str, asked: list[Experiment]) -> None:
    at = visit(**to_query(View(experiment=SMALL)) | {name: value})
    options = at.select_slider(key=f"c_{name}").options
    assert len(options) == len(set(options))
    assert getattr(asked[-1], name) == float(value)
    fine(at.run())
    assert link(at)[name] == value


def test_a_link_restores_everything() -> None:
    view = View(experiment=SMALL, explainer="mlp_4", heat="retained_share", estimate="miller-madow", step=30)
    at = look_at(**{f.name: getattr(view, f.name) for f in fields(View)})
    assert seen(at) == view
    time = player(at)["clock"]
    assert time["autoplay"] is False
    assert time["seek"]["frame"] == int(np.abs(np.array(time["steps"]) - 30).argmin())


def test_parts_keep_their_settings_while_another_is_looked_at(asked: list[Experiment]) -> None:
    view = View(experiment=SMALL, explainer="tree", heat="mu_y", estimate="miller-madow", step=13)
    at = visit(**to_query(view))
    for name, shown in (("measure", "mosaic"), ("theorem", "path")):
        at.session_state["c_part"] = name
        fine(at.run())
        fine(at.run())
        assert shown in charts(at)
        assert link(at)["part"] != "data"
    at.session_state["c_part"] = "data"
    fine(at.run())
    assert seen(at) == view
    assert [experiment for experiment in asked if isinstance(experiment, Complexity)] == [SMALL]


def test_what_can_be_taken_away() -> None:
    at = look_at()
    names = [button.proto.label for button in at.get("download_button")]
    tables = [f"{name}.csv" for name in ("information", "explainers", "four_cells", "examples", "boundary", "curves")]
    assert names == [*tables, "Playing page (html)", "Everything (zip)"]
    assert not at.dataframe  # a closed expander sends nothing
    at.session_state["tables"] = True
    fine(at.run())
    at.segmented_control(key="table-information").set_value("curves")
    fine(at.run())
    assert at.dataframe[0].value.equals(shown_of.curves(found(), "linear"))


def test_a_plane_is_exported_where_there_is_one() -> None:
    assert all(
        "boundary.csv" in dict(files(found(*kind))) for kind in ((), (DIGITS,))
    )  # the command line's, with its header
    at = look_at(DIGITS)
    assert "boundary.csv" not in [button.proto.label for button in at.get("download_button")]
