"""Networks in training, a part of the Complexity page, as Streamlit runs it, without a browser."""

import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import core.studies.complexity.explained as shown_of
from core.choices import IMAGES
from core.datasets import CATALOGUE, register_csv
from core.experiment import NO_TABLE, Experiment, digest
from core.explainers.names import ANOTHER_SEED, available
from core.jobs import Job, Jobs
from core.studies.complexity.charts.staircase import MEASURES
from core.studies.complexity.experiment import LIMITS, MOST_SEEDS, NETWORKS, Complexity
from core.studies.complexity.presets import PRESETS as COMPLEXITY
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.trajectory import UNFINISHED
from pages.complexity.complexity import part
from pages.complexity.complexity.controls import LEARNING_RATES, NOISES
from pages.complexity.complexity.part import LESSONS
from pages.complexity.complexity.view import CHOICES, FIRST, View, from_query, to_query
from pages.shared import library
from pages.shared.library import Found
from tests.pages.conftest import trained
from tests.pages.visiting import REPOSITORY, charts, fine, link, open_page, player, sentences

FLAT = ["explained", "boundary", "shares", "staircase", "accuracies", "four_cells"]
OTHERS = ["explained", "shares", "staircase", "accuracies", "four_cells", "examples"]
SMALL = Complexity(dataset="xor", n_train=60, width=8, seeds=(0, 1), step_limit=60, learning_rate=0.1, test_points=300)
DIGITS = Complexity(n_train=60, width=8, seeds=(0,), step_limit=60, learning_rate=0.1, test_points=200)


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


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_shows_its_view(lesson: Any) -> None:
    at = look_at(explainer="tree")
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert seen(at) == lesson.view
    assert player(at)["clock"]["steps"][-1] == lesson.view.experiment.step_limit


@pytest.mark.parametrize("end", ["min", "max"])
@pytest.mark.parametrize("name", ["n_train", "width", "depth", "batch_size", "step_limit", "data_seed"])
def test_every_number_at_its_ends(name: str, end: str, slow: None, asked: list[Experiment]) -> None:
    base = replace(SMALL, data_seed=3)
    library.jobs().store.save(found(base))
    at = look_at(base)
    box = at.number_input(key=f"c_{name}")
    value = int(getattr(box, end))
    assert LIMITS[name].low <= value <= LIMITS[name].high
    fine(box.set_value(value).run())
    batch = min(base.batch_size, value) if name == "n_train" else base.batch_size
    assert seen(at).experiment == replace(base, **{"batch_size": batch} | {name: value})
    assert list(charts(at)) == FLAT
    assert asked == []
    assert "Not on screen yet; the charts still show the training before." in sentences(at)
    assert at.button(key="train-These networks").label.startswith("These networks: train: about ")


def test_a_batch_larger_than_the_training_set_is_lowered_and_said(slow: None) -> None:
    library.jobs().store.save(found())
    at = look_at()
    fine(at.number_input(key="c_n_train").set_value(8).run())
    assert "Batch size is now 8, as the other settings need." in sentences(at)
    assert seen(at).experiment == replace(SMALL, n_train=8, batch_size=8)


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize(("name", "choices"), [("learning_rate", LEARNING_RATES), ("label_noise", NOISES)])
def test_every_slider_at_its_ends(name: str, choices: tuple[float, ...], end: int, asked: list[Experiment]) -> None:
    base = replace(SMALL, label_noise=0.05)
    at = look_at(base)
    fine(at.select_slider(key=f"c_{name}").set_value(choices[end]).run())
    assert asked == [base, replace(base, **{name: choices[end]})]
    assert list(charts(at)) == FLAT


def test_what_draws_the_training_set_asks_for_another_training(asked: list[Experiment]) -> None:
    at = look_at()
    before = rows(at, "accuracies", "curves")
    fine(at.select_slider(key="c_label_noise").set_value(0.4).run())
    fine(at.number_input(key="c_n_train").set_value(100).run())
    fine(next(button for button in at.button if button.label == "New training set").click().run())
    assert [(e.label_noise, e.n_train) for e in asked] == [(0.0, 60), (0.4, 60), (0.4, 100), (0.4, 100)]  # type: ignore[union-attr]
    assert asked[-1].data_seed > 0  # type: ignore[union-attr]
    assert not rows(at, "accuracies", "curves").equals(before)


def test_seeds_are_added_to_those_of_the_link(asked: list[Experiment], slow: None) -> None:
    at = look_at(replace(SMALL, seeds=(7, 1)))
    for count, seeds in ((4, (7, 1, 0, 2)), (1, (7,)), (MOST_SEEDS, (7, 1, 0, 2, 3, 4, 5, 6, 8))):
        fine(at.number_input(key="c_count").set_value(count).run())
        assert seen(at).experiment.seeds == seeds
    assert asked == []


def test_another_explainer_changes_what_is_explained_and_trains_nothing(asked: list[Experiment]) -> None:
    at = look_at()
    linear = player(at)
    fine(at.selectbox(key="c_explainer").set_value("tree").run())
    tree = player(at)
    assert asked == [SMALL]
    assert tree["clock"] == linear["clock"]
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


def test_a_click_on_a_row_of_the_staircase_chooses_its_explainer(monkeypatch: pytest.MonkeyPatch) -> None:
    at = look_at()
    (row,) = (row for row in rows(at, "staircase", "rows").to_dict("records") if row["explainer"] == "nearest")
    assert charts(at)["staircase"]["pick"] == "row"
    with monkeypatch.context() as patched:  # the callback runs before the script, with the session's state
        patched.setattr("streamlit.session_state", at.session_state)
        part.picked({"chart": "staircase", "fields": {"explainer": row["explainer"]}, "token": 1})
    fine(at.run())
    assert at.selectbox(key="c_explainer").value == "nearest"
    assert seen(at).explainer == "nearest"


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
    assert charts(at)["explained"]["badge"] == {"text": "0 of 1 fit every training label", "tone": "quiet"}


def test_inputs_without_pictures_have_numbers() -> None:
    at = look_at(replace(SMALL, dataset="sinusoid"))
    shown = rows(at, "examples", "examples")
    assert "url" not in shown
    assert shown["example"].str.fullmatch(r"\d+").all()


def test_a_convolutional_network_and_back(slow: None) -> None:
    small = replace(DIGITS, network="cnn", depth=1, filters=2)
    at = look_at(small)
    assert at.number_input(key="c_filters").value == 2
    at.segmented_control(key="c_network").set_value("mlp")
    fine(at.run())
    fine(at.number_input(key="c_width").set_value(9).run())
    assert seen(at).experiment == replace(small, network="mlp", width=9)
    assert "c_filters" not in [box.key for box in at.number_input]
    fine(at.number_input(key="c_depth").set_value(5).run())
    at.segmented_control(key="c_network").set_value("cnn")
    fine(at.run())
    assert "Convolutions is now 4, as the other settings need." in sentences(at)
    assert seen(at).experiment == replace(small, width=9, depth=4, filters=seen(at).experiment.filters)
    fine(at.selectbox(key="c_dataset").set_value("xor").run())
    assert seen(at).experiment == replace(small, dataset="xor", network="mlp", width=9, depth=4)
    assert charts(at), "what ships stays on screen"


def test_an_explainer_that_a_task_has_not_is_said_and_another_shown() -> None:
    at = look_at(DIGITS, explainer="cnn_1")
    assert seen(at).explainer == "cnn_1"
    fine(at.selectbox(key="c_dataset").set_value("xor").run())
    assert "explainer: these networks have none called 1 convolution; linear is shown." in sentences(at)
    assert seen(at).explainer == at.selectbox(key="c_explainer").value == "linear"
    assert list(charts(at)) == FLAT


def test_an_explainer_stays_chosen_while_it_is_not_fitted_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {name: array.copy() for name, array in found().arrays.items()}
    arrays["outcome"][:] = UNFINISHED
    arrays["explainer_train_accuracy"][2:] = np.nan
    half = ComplexityTrajectory(SMALL, arrays)
    monkeypatch.setattr(part, "find", lambda experiment: Found(half, "half"))
    monkeypatch.setattr(Jobs, "submit", lambda jobs, *_, **__: None)
    at = look_at(explainer="tree")
    assert charts(at)["explained"]["badge"]["text"] == "in training"
    assert rows(at, "staircase", "rows")["explainer"].tolist() == ["linear", "quadratic"]
    assert "Not known yet: decision tree; the charts show linear." in sentences(at)
    assert seen(at).explainer == "tree"
    monkeypatch.setattr(part, "find", lambda experiment: Found(found(), "whole"))
    fine(at.run())
    assert at.selectbox(key="c_explainer").value == "tree"
    assert "Not known yet" not in sentences(at)


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


def table(count: int = 60) -> bytes:
    points = np.random.default_rng(0).normal(size=(count, 3))
    lines = [f"{a:.4f},{b:.4f},{c:.4f},{'yes' if a + b > 0 else 'no'}" for a, b, c in points]
    return ("width,height,age,label\n" + "\n".join(lines) + "\n").encode()


BAD = {
    "broken": (b"\x00\xff\xfe" * 400, "csv"),
    "text": (b"a,label\n" + b"x,1\ny,0\n" * 30, "column 'a' has text in row 2"),
    "one class": (b"a,label\n" + b"1,1\n" * 30, "label"),
    "few of a class": (b"a,label\n" + b"1,1\n" * 30 + b"2,0\n", "at least 5 rows of each label"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_is_one_sentence_and_the_charts_stay(name: str, asked: list[Experiment]) -> None:
    at = look_at()
    before, content = charts(at), BAD[name]
    fine(at.selectbox(key="c_dataset").set_value("csv").run())
    assert [box.value for box in at.info] == ["Your own table: upload a file at the left to train on it."]
    assert charts(at) == before
    fine(at.file_uploader[0].set_value(("own.csv", content[0], "text/csv")).run())
    (error,) = at.error
    assert content[1] in error.value.replace("\\", "")
    assert error.value.count(".") <= 2
    assert charts(at) == before
    assert asked == [SMALL]
    assert seen(at).experiment == SMALL, "a link that would not be read back is not written"


def test_a_table_is_uploaded_trained_and_explained(asked: list[Experiment]) -> None:
    at = look_at()
    fine(at.selectbox(key="c_dataset").set_value("csv").run())
    fine(at.file_uploader[0].set_value(("own.csv", table(), "text/csv")).run())
    mine = asked[-1]
    assert isinstance(mine, Complexity)
    assert mine == replace(SMALL, dataset="csv", csv_digest=mine.csv_digest, n_train=42)
    assert "Training points is now 42" in sentences(at)
    assert list(charts(at)) == OTHERS
    assert rows(at, "examples", "examples")["said"].str.contains("lower label|higher label").all()
    assert seen(at).experiment == mine
    fine(at.file_uploader[0].set_value(("own.csv", BAD["text"][0], "text/csv")).run())
    assert len(at.error) == 1
    assert list(charts(at)) == OTHERS
    assert asked[-1] == mine


def test_a_link_to_a_table(asked: list[Experiment]) -> None:
    name = register_csv(table(), library.jobs().store.uploads)
    mine = replace(SMALL, dataset="csv", csv_digest=name, n_train=30, batch_size=8)
    at = look_at(mine)
    assert asked == [mine]
    assert list(charts(at)) == OTHERS
    assert seen(at).experiment == mine
    assert not [*at.error, *at.warning]


def test_a_link_to_a_table_that_is_elsewhere_is_one_sentence() -> None:
    at = look_at(replace(SMALL, dataset="csv", csv_digest="ab" * 32, n_train=30, batch_size=8))
    (error,) = at.error
    assert "is not on this machine; upload the file again" in error.value
    assert charts(at), "what ships stays on screen"


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


BROKEN: dict[str, dict[str, str]] = {
    "numbers": {"n_train": "nan", "learning_rate": "-1", "seeds": "1,1", "step": "soon"},
    "steps": {"step": "1e300"},
    "between": {"step": "2.5"},
    "far": {"n_train": "9" * 400, "width": "2^99"},
    "words": {"explainer": "forest", "heat": "hot", "estimate": "best", "network": "transformer"},
    "schema": {"v": "7", "width": "16"},
    "together": {"network": "cnn", "dataset": "sinusoid"},
    "no table": {"dataset": "csv"},
    "unknown": {f"word{i}": "x" for i in range(60)},
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
    at = visit(**to_query(View(experiment=SMALL)), explainer="forest", heat="mu_y", step="13", colour="red")
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


@st.composite
def views(draw: st.DrawFn) -> View:
    def whole(name: str, most: int | None = None) -> int:
        return draw(st.integers(int(LIMITS[name].low), min(int(LIMITS[name].high), most or 2**31)))

    def number(name: str) -> float:
        return draw(st.floats(LIMITS[name].low, LIMITS[name].high, allow_nan=False))

    network = draw(st.sampled_from(NETWORKS))
    dataset = draw(st.sampled_from(IMAGES if network == "cnn" else sorted(CATALOGUE)))
    n_train = whole("n_train")
    experiment = Complexity(
        dataset=dataset,
        csv_digest="0123456789abcdef" * 4 if dataset == "csv" else "",
        n_train=n_train,
        label_noise=number("label_noise"),
        test_points=whole("test_points"),
        network=network,
        depth=draw(st.integers(1, 4)) if network == "cnn" else whole("depth"),
        width=whole("width"),
        filters=whole("filters"),
        learning_rate=number("learning_rate"),
        batch_size=whole("batch_size", n_train),
        data_seed=whole("data_seed"),
        seeds=tuple(draw(st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=MOST_SEEDS, unique=True))),
        step_limit=whole("step_limit"),
    )
    chosen = {name: draw(st.sampled_from(allowed)) for name, allowed in CHOICES.items()}
    step = draw(st.none() | st.integers(0, int(LIMITS["step_limit"].high)))
    return View(experiment=experiment, step=step, **chosen)


@given(views())
def test_every_view_survives_its_link(view: View) -> None:
    assert from_query(to_query(view)) == (view, [])


@given(st.dictionaries(st.sampled_from([*to_query(View(step=3)), *CHOICES]) | st.text(), st.text(max_size=12)))
def test_no_link_breaks_the_reading(query: dict[str, str]) -> None:
    view, said = from_query(query)
    assert from_query(to_query(view)) == (view, [])
    assert all(said)


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert from_query({"part": "theorem", "n": "nan"}) == from_query({}) == (View(), [])


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
    tables = [f"{name}.csv" for name in ("curves", "information", "explainers", "four_cells", "examples", "boundary")]
    assert names == [*tables, "Everything (zip)"]
    assert not at.dataframe  # a closed expander sends nothing
    at.session_state["tables"] = True
    fine(at.run())
    assert at.dataframe[0].value.equals(shown_of.curves(found(), "linear"))
