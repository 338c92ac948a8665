"""The Explorer as Streamlit runs it, without a browser: every control, every broken input, and what the player gets."""

import html
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import core
from core.datasets import Source
from core.experiment import Experiment, digest
from core.field import declared
from core.figure.palette import PINNED
from core.jobs import Job, Jobs
from core.store import SHIPPED, Store
from core.studies.explorer import tables as frames
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.presets import PRESETS
from core.studies.explorer.trajectory import PlaneTrajectory
from core.studies.explorer.view import FIRST, ExplorerView
from core.sweeps import train
from core.trajectory import DIVERGED, UNFINISHED, Trajectory
from core.view import View, to_query
from pages.shared import library, progress
from tests.pages.visiting import REPOSITORY, fine, link, open_page, refuse, sentences

EXPLORER = list(PRESETS)
DEFAULT = FIRST
CHOICES = {
    name: list(field.options) for name, field in (declared(Explorer) | declared(ExplorerView)).items() if field.options
}
BOUNDS = {name: field.bounds for name, field in (declared(Explorer) | declared(ExplorerView)).items()}


def run(**settings: Any) -> ExplorerView:
    """A view of a run: the default one with other settings of the plane or of the view."""
    return ExplorerView().changed(settings)


WHOLE = ("n_train", "width", "depth", "batch_size", "seed", "step_limit")


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Experiment]:
    """What the page asked to be trained; nothing is, and its jobs wait for ever."""
    found: list[Experiment] = []

    def submit(
        jobs: Jobs, experiment: Experiment, source: Source, watcher: str = "", *, queue: str | None = None
    ) -> Job:
        found.append(experiment)
        job = Job(experiment, source, jobs.store.folder / "jobs" / digest(experiment), "quick", "cpu")
        job.watchers.add(watcher)
        jobs._jobs[digest(experiment)] = job
        return job

    monkeypatch.setattr(Jobs, "submit", submit)
    monkeypatch.setattr(progress, "PROMPT_SECONDS", 0.0)
    return found


def visit(**query: str) -> AppTest:
    """A visit by a link at the root, or to the Explorer as it comes at its own address."""
    at = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=30)
    if not query:
        at.switch_page("pages/explorer.py")
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


CHARTS = ["kinks", "information", "plane"]


def look_at(view: View) -> AppTest:
    return visit(**to_query(view))


def player(at: AppTest) -> dict[str, Any]:
    """The payload of the player on the page."""
    parts = [part.proto for part in at.get("bidi_component") if part.proto.component_name == "player.charts"]
    assert len(parts) == 1
    assert len(parts[0].bytes) < 2_000_000
    payload: dict[str, Any] = json.loads(parts[0].bytes, parse_constant=refuse)
    names = [chart["id"] for chart in payload["charts"]]
    assert names in (CHARTS, [*CHARTS, "simplicity"])
    for chart in payload["charts"]:
        for table in chart["tables"].values():
            table["rows"] = payload["rows"][table["version"]]
    return payload


def chart(at: AppTest, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(chart for chart in player(at)["charts"] if chart["id"] == name)
    return found


@pytest.fixture(scope="session")
def plane() -> Trajectory:
    found, said = Store(Path("no such folder")).load(DEFAULT)
    assert found is not None, said
    return found


def cells(plane: Trajectory, outcome: int) -> list[tuple[float, float]]:
    rows = np.flatnonzero(plane["outcome"] == outcome)
    return [(plane.cells[row].alpha, plane.cells[row].temperature) for row in rows]


def test_the_first_run_plays_the_default_preset(asked: list[Experiment]) -> None:
    at = visit()
    payload = player(at)
    assert payload["clock"]["autoplay"] is True
    assert payload["clock"]["seek"]["frame"] is None
    assert payload["clock"]["steps"][-1] == FIRST.step_limit
    assert not [*at.error, *at.warning, *at.info]
    assert asked == []
    assert link(at) == to_query(ExplorerView())


def test_the_app_never_imports_torch() -> None:
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
for page in ("app.py", "pages/explorer.py"):
    at = AppTest.from_file({str(REPOSITORY / "app.py")!r}, default_timeout=60)
    at.switch_page(page).run()
    assert not at.exception, at.exception
    assert at.get("bidi_component")
assert "torch" not in sys.modules
assert not any("torch" in line for line in open("/proc/self/maps"))
"""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("name", EXPLORER)
def test_every_preset_sets_the_controls(name: str, asked: list[Experiment]) -> None:
    preset = PRESETS[name]
    at = fine(visit().button(key=f"preset-{name}").click().run())
    wanted = ExplorerView.of(preset.experiment)
    assert link(at) == to_query(wanted)
    player(at)
    if library.jobs().store.has(preset.experiment):
        assert asked == []
        assert "Not on screen" not in sentences(at)
        assert player(at)["clock"]["steps"][-1] == wanted.experiment.step_limit
    else:
        assert "Not on screen yet; the charts still show" in sentences(at)
        starts = [button for button in at.button if button.key in ("train-This run", "train-The plane around it")]
        assert asked or starts or "official release" in sentences(at)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("end", ["min", "max"])
def test_every_number_at_its_ends(name: str, end: str, asked: list[Experiment]) -> None:
    at = visit()
    box = at.number_input(key=f"e_{name}")
    value = box.min if end == "min" else box.max
    assert BOUNDS[name].low <= value <= BOUNDS[name].high
    fine(box.set_value(value).run())
    assert at.session_state[f"e_{name}"] == value
    assert link(at)[name] == str(int(value))
    player(at)
    starts = [button for button in at.button if button.key in ("train-This run", "train-The plane around it")]
    assert asked or starts or "Not on screen" not in sentences(at)


@pytest.mark.parametrize("name", ["alpha", "temperature"])
@pytest.mark.parametrize("end", [0, 1, 2, -1])
def test_every_slider_at_its_ends_and_between_cells(name: str, end: int, asked: list[Experiment]) -> None:
    at = visit()
    grid = DEFAULT.alphas if name == "alpha" else DEFAULT.temperatures
    low, high = BOUNDS[name].low, BOUNDS[name].high
    offered = [
        max(grid[0] / 2, low),
        grid[0],
        2.0 ** round((np.log2(grid[0] * grid[1])) / 2, 2),
        min(grid[-1] * 2, high),
    ]
    value = offered[end]
    assert len(at.select_slider(key=f"e_{name}").options) == len(set(at.select_slider(key=f"e_{name}").options))
    fine(at.select_slider(key=f"e_{name}").set_value(value).run())
    assert at.session_state[f"e_{name}"] == value
    payload = player(at)
    assert (value in grid) == (asked == [])
    assert payload["charts"][2]["tables"]["point"]["rows"] == []  # what is on screen stays a cell


@pytest.mark.parametrize("name", sorted(CHOICES["dataset"]))
def test_every_dataset(name: str) -> None:
    at = visit()
    fine(at.selectbox(key="e_dataset").set_value(name).run())
    player(at)
    assert all("Training points is now" in warning.value for warning in at.warning)


@pytest.mark.parametrize("colour", CHOICES["colour"])
def test_every_colour_at_either_time_on_either_axis(colour: str) -> None:
    at = visit()
    fine(at.selectbox(key="e_colour").set_value(colour).run())
    for when in CHOICES["when"]:
        for axis in CHOICES["axis"]:
            at.segmented_control(key="e_when").set_value(when)
            fine(at.segmented_control(key="e_axis").set_value(axis).run())
            cells = chart(at, "plane")["tables"]["cells"]["rows"]
            assert len(cells) == 144
            assert any(value is not None for row in cells for value in row["v"])
            assert chart(at, "plane")["params"]["played"] == (when == "played step")
            assert ("simplicity" in {one["id"] for one in player(at)["charts"]}) == (colour == "mu_y_share")
            assert (link(at)["colour"], link(at)["when"], link(at)["axis"]) == (colour, when, axis)


HOSTILE = {
    "numbers": {"width": "nan", "depth": "inf", "n_train": "-1", "alpha": "2^99", "seed": "1e30", "step": "soon"},
    "names": {"dataset": "imagenet", "activation": "tanh", "colour": "![x](http://example.org/x.png)", "axis": ""},
    "schema": {"v": "2", "width": "16"},
    "unknown": {f"word{i}": "x" for i in range(200)},
    "long": {"csv": "a" * 100_000, "line": "-" * 100_000, "pin": ";:" * 50_000},
    "unicode": {"dataset": "\u202eدفتر", "alpha": "٣", "line": "²-³", "pin": "💥:💥"},
    "together": {"batch_size": "8192", "n_train": "8", "line": "9-10"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_link_gives_sentences_and_still_plays(name: str) -> None:
    at = visit(**HOSTILE[name])
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13
    assert not at.error
    player(at)
    assert link(at)["v"] == "1"
    assert "](http" not in at.warning[0].value
    assert fine(at.run()).warning, "still there while it trains"
    assert not fine(at.select_slider(key="e_alpha").set_value(DEFAULT.alphas[0]).run()).warning


def test_a_link_restores_everything() -> None:
    place = {"alpha": DEFAULT.alphas[9], "temperature": DEFAULT.temperatures[2]}
    view = run(**place, colour="steps", when="played step", axis="linear", step=300, pinned=ExplorerView().pin())
    at = look_at(view)
    assert link(at) == to_query(view)
    payload = player(at)
    assert payload["clock"]["autoplay"] is False
    steps = payload["clock"]["steps"]
    assert payload["clock"]["seek"]["frame"] == int(np.abs(np.array(steps) - 300).argmin())
    assert at.select_slider(key="e_alpha").value == view.alpha


def test_a_batch_larger_than_the_training_set_is_lowered_and_said() -> None:
    at = visit(n_train="64", batch_size="32", width="16")
    fine(at.number_input(key="e_n_train").set_value(8).run())
    assert at.session_state["e_batch_size"] == 8
    assert "Batch size is now 8" in sentences(at)
    assert link(at)["batch_size"] == "8"


def test_temperature_stays_when_the_width_changes() -> None:
    at = visit()
    before = at.session_state["e_temperature"]
    fine(at.number_input(key="e_width").set_value(128).run())
    assert at.session_state["e_temperature"] == before
    assert at.select_slider(key="e_temperature").value == before


def test_values_that_read_alike_are_offered_once() -> None:
    near = DEFAULT.alphas[5] * 1.0001
    at = visit(**to_query(run(alpha=near, temperature=DEFAULT.temperatures[5] * 1.0001)))
    for name in ("alpha", "temperature"):
        options = at.select_slider(key=f"e_{name}").options
        assert len(options) == len(set(options))
    assert at.session_state["e_alpha"] == near
    assert link(fine(at.run()))["alpha"] == repr(near)


@pytest.mark.parametrize("text", ["x", "3", "3,3", "3,4000", "²,³", "1,2,3", "-" * 10_000, "9" * 5_000 + ",1"])
def test_a_line_that_is_none_is_said_and_the_view_stays(text: str) -> None:
    at = visit()
    before = player(at)["charts"]
    fine(at.text_input(key="e_line").set_value(text).run())
    assert len(at.error) == 1
    assert at.error[0].value.startswith("line: ")
    assert player(at)["charts"] == before


def test_a_line_through_two_points_is_trained(asked: list[Experiment]) -> None:
    fine(visit().text_input(key="e_line").set_value(" 3, 17 ").run())
    assert [experiment.line for experiment in asked] == [(3, 17)]


def table(rows: int = 40) -> bytes:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(rows, 2))
    lines = [f"{a:.4f},{b:.4f},{'yes' if a + b > 0 else 'no'}" for a, b in points]
    return ("width,height,label\n" + "\n".join(lines) + "\n").encode()


def test_own_table_needs_a_file_and_the_view_stays(asked: list[Experiment]) -> None:
    at = visit()
    before = player(at)["charts"]
    fine(at.selectbox(key="e_dataset").set_value("csv").run())
    assert [info.value for info in at.info] == ["Your own table: upload a file on the left to train on it."]
    assert player(at)["charts"] == before
    assert asked == []
    assert link(at)["dataset"] == "digits_parity", "a link that would not be read back is not written"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "csv"),
        (b"\x00\xff\xfe" * 400, "csv"),
        (b"a,label\n" + b"x,1\n" * 30, "a"),
        (b"a,label\n" + b"nan,1\n2,0\n" * 30, "a"),
        (b"a,label\n" + b"1,1\n" * 30, "label"),
        (b"a,label\n1,0\n2,1\n", "row"),
        ((",".join(f"c{i}" for i in range(100_000)) + "\n").encode(), "column"),
    ],
    ids=["empty", "binary", "text", "NaN", "one class", "two rows", "100,000 columns"],
)
def test_a_bad_table_is_one_sentence_and_the_view_stays(content: bytes, word: str, asked: list[Experiment]) -> None:
    at = visit()
    before = player(at)["charts"]
    at.selectbox(key="e_dataset").set_value("csv").run()
    fine(at.file_uploader[0].set_value(("own.csv", content, "text/csv")).run())
    said = [error.value for error in at.error]
    assert len(said) == 1
    assert word in said[0]
    assert len(said[0]) < 300
    assert player(at)["charts"] == before
    assert asked == []


def test_a_good_table_is_trained_and_a_bad_one_after_it_leaves_it(asked: list[Experiment]) -> None:
    at = visit()
    at.selectbox(key="e_dataset").set_value("csv").run()
    fine(at.file_uploader[0].set_value(("own.csv", table(), "text/csv")).run())
    assert len(asked) == 1
    assert asked[0].dataset == "csv"
    assert asked[0].n_train == 28, "as many as the table has besides its test set"
    fine(at.file_uploader[0].set_value(("own.csv", b"a,b\n1,2\n", "text/csv")).run())
    assert len(at.error) == 1
    assert at.session_state["e_csv_digest"] == asked[0].csv_digest


def test_mnist_without_files_says_how_to_get_them(asked: list[Experiment], monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        return subprocess.CompletedProcess(command, 2, "", "core: MNIST: could not be fetched from OpenML.\n")

    at = visit(dataset="mnist_parity", n_train="777")
    monkeypatch.setattr(subprocess, "run", run)
    assert [info.value.replace("\\", "")[:5] for info in at.info] == ["MNIST"]
    assert "of the official release (plain or .gz) not found" in sentences(at)
    assert player(at)
    assert (asked, calls) == ([], [])
    press = next(button for button in at.button if button.label == "Download mnist from OpenML")
    fine(at.text_input(key="data_dir").set_value("~nobody-of-that-name/x").run())
    fine(at.text_input(key="data_dir").set_value("y" * 5_000).run())
    assert calls == []
    press = next(button for button in at.button if button.label == "Download mnist from OpenML")
    fine(press.click().run())
    assert [command[1:5] for command in calls] == [["-m", "core", "download", "mnist"]]
    assert "could not be fetched from OpenML" in at.error[0].value
    player(at)


def test_a_named_folder_is_enough(tmp_path: Path, asked: list[Experiment]) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    names = [f"{part}-{kind}" for part in ("train", "t10k") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")]
    for name in names:
        (folder / name).write_bytes(b"")
    at = visit(dataset="mnist_parity", n_train="777")
    fine(at.text_input(key="data_dir").set_value(str(folder)).run())
    assert not at.info
    assert asked or any(button.key == "train-This run" for button in at.button)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store of the app, with a copy of the shipped digits that may be damaged."""
    store = Store(tmp_path / "cache", shipped=tmp_path / "shipped")
    store.shipped.mkdir()
    shutil.copy(SHIPPED / f"explorer-{digest(DEFAULT)}.npz", store.shipped)
    monkeypatch.setattr(Store, "default", classmethod(lambda cls, folder=None: store))
    library._shown.clear()
    yield store
    library._shown.clear()


@pytest.mark.parametrize("how", ["cut", "altered", "empty"])
@pytest.mark.parametrize("where", ["shipped", "local"])
def test_a_damaged_snapshot_is_set_aside_trained_again_and_said(
    how: str, where: str, copied: Store, asked: list[Experiment]
) -> None:
    path = copied.paths(DEFAULT)[0]
    content = bytearray(path.read_bytes())
    if where == "local":
        copied.folder.mkdir()
        path = path.rename(copied.paths(DEFAULT)[1])
    content[len(content) // 2] ^= how == "altered"
    path.write_bytes({"cut": content[:-1000], "altered": content, "empty": b""}[how])
    at = visit()
    assert "was damaged" in at.warning[0].value
    assert "set aside and trained again" in at.warning[0].value
    assert path.with_suffix(".damaged").exists()
    assert DEFAULT in asked
    fine(at.run())
    assert asked.count(DEFAULT) == 1


def test_a_failed_training_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def submit(
        jobs: Jobs, experiment: Experiment, source: Source, watcher: str = "", *, queue: str | None = None
    ) -> Job:
        job = Job(experiment, source, jobs.store.folder, "quick", "cpu", state="failed", error="no *memory* [left]")
        jobs._jobs[digest(experiment)] = job
        return job

    monkeypatch.setattr(Jobs, "submit", submit)
    at = fine(visit().number_input(key="e_seed").set_value(5).run())
    assert [error.value.replace("\\", "") for error in at.error] == ["This run: no *memory* [left]"]
    assert "Not on screen yet; the charts still show seed 0 (here 5)." in sentences(at)
    player(at)
    assert any(button.key == "train-This run" for button in at.button), "it can be tried again"


def test_changed_settings_are_said_until_they_are_on_screen(asked: list[Experiment]) -> None:
    at = visit()
    before = player(at)["charts"]
    fine(at.number_input(key="e_seed").set_value(5).run())
    assert "Not on screen yet; the charts still show seed 0 (here 5)." in sentences(at)
    assert [(experiment.seeds, experiment.runs) for experiment in asked] == [((5,), 1)]
    assert player(at)["charts"] == before
    fine(at.number_input(key="e_seed").set_value(0).run())
    assert "Not on screen" not in sentences(at)


def test_a_run_that_is_trained_at_once_has_its_plane_follow(
    asked: list[Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No run of the script may be left in which the plane would be asked for."""
    waits = Jobs.submit

    def submit(jobs: Jobs, experiment: Experiment, *where: Any, **how: Any) -> Job:
        job = waits(jobs, experiment, *where, **how)
        if experiment.runs == 1:
            jobs.store.save(train(experiment, source=Source(), workers=1))
            job.state = "done"
        return job

    at = look_at(run(width=8, n_train=32, step_limit=200))
    asked.clear()
    monkeypatch.setattr(Jobs, "submit", submit)
    fine(at.number_input(key="e_seed").set_value(5).run())
    assert [experiment.runs for experiment in asked] == [1, 144]
    assert "Not on screen" not in sentences(at)


def test_new_seed_is_a_button_of_its_own(asked: list[Experiment]) -> None:
    at = visit()
    press = next(button for button in at.button if button.label == "New seed")
    fine(press.click().run())
    assert at.session_state["e_seed"] > 0
    assert asked[0].seeds == (at.session_state["e_seed"],)


def pin(at: AppTest, word: str) -> None:
    fine(next(button for button in at.button if button.label == word).click().run())


def test_a_pinned_run_names_what_differs() -> None:
    at = visit()
    pin(at, "Pin this run")
    assert "Pinned run A** (pink, dashed) differs in: nothing" in verdict(at)
    assert next(button for button in at.button if button.label == "Pin this run").disabled, "it is pinned"
    fine(at.select_slider(key="e_alpha").set_value(DEFAULT.alphas[8]).run())
    assert f"differs in: output scale α {FIRST.alphas[5]:.4g} (here {DEFAULT.alphas[8]:.4g}). It fitted" in verdict(at)
    tables = chart(at, "kinks")["tables"]
    assert len(tables["pinned_kinks"]["rows"]) == 64
    assert tables["pinned_kinks"]["rows"] != tables["kinks"]["rows"]
    assert chart(at, "information")["tables"]["pinned_curves"]["rows"]
    assert len(chart(at, "plane")["tables"]["pinned"]["rows"]) == 1
    assert link(at)["pin"]
    pin(at, "Unpin A")
    assert "Pinned" not in verdict(at)
    assert chart(at, "kinks")["tables"]["pinned_kinks"]["rows"] == []


def test_up_to_four_runs_are_compared_on_one_clock() -> None:
    at = visit()
    for place in (8, 2, 11):
        pin(at, "Pin this run")
        fine(at.select_slider(key="e_alpha").set_value(DEFAULT.alphas[place]).run())
    assert not [button for button in at.button if button.label == "Pin this run"], "three are pinned"
    alphas = [FIRST.alphas[5], DEFAULT.alphas[8], DEFAULT.alphas[2]]
    for name, alpha in zip("ABC", alphas, strict=True):
        differs = f"differs in: output scale α {alpha:.4g} (here {DEFAULT.alphas[11]:.4g})."
        assert f"run {name}** ({PINNED[name].words}) {differs}" in verdict(at)
    rows = chart(at, "kinks")["tables"]["pinned_kinks"]["rows"]
    assert Counter(row["run"] for row in rows) == {"A": 64, "B": 64, "C": 64}
    assert {row["run"] for row in chart(at, "information")["tables"]["pinned_curves"]["rows"]} == set("ABC")
    assert [row["run"] for row in chart(at, "plane")["tables"]["pinned"]["rows"]] == list("ABC")
    pins = link(at)["pin"].split("|")
    pin(at, "Unpin B")
    assert link(at)["pin"].split("|") == [pins[0], pins[2]]
    assert f"run B** (violet, dotted) differs in: output scale α {alphas[2]:.4g}" in verdict(at)


def test_what_is_compared_can_be_taken_along() -> None:
    other, third = (replace(ExplorerView(), alpha=FIRST.alphas[place]) for place in (2, 11))
    run = core.load("?" + urlencode(to_query(replace(ExplorerView(), pinned=f"{other.pin()}|{third.pin()}"))))
    rows, curves = run.tables["compared"], run.tables["compared_information"]
    assert list(rows["pinned"]) == ["", "A", "B"]
    assert np.allclose(rows["alpha"], [ExplorerView().alpha, other.alpha, third.alpha])
    assert rows["differs_in"][1].startswith(f"output scale α {other.alpha:.4g} (here")
    assert rows["steps"].nunique() == 3
    alone = core.load("?" + urlencode(to_query(other))).tables["information"]
    mine = curves[curves["pinned"] == "A"].drop(columns="pinned").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone, check_dtype=False)
    assert "compared" not in core.load("explorer/digits").tables


def test_a_link_of_more_pinned_runs_than_are_drawn_says_so() -> None:
    at = open_page(
        "pages/explorer/page.py", **{**to_query(ExplorerView()), "pin": "|".join([ExplorerView().pin()] * 4)}
    )
    assert "pin: at most 3 runs; got 4." in sentences(at)
    assert "Pinned" not in verdict(at)


def check_kinks(at: AppTest, trajectory: Trajectory, run: int) -> None:
    """The player's kinks are the table's, to four digits, at every snapshot; ended runs rest where F was finite."""
    payload = player(at)
    steps = np.array(payload["clock"]["steps"])
    rows = chart(at, "kinks")["tables"]["kinks"]["rows"]
    function = frames.function(trajectory, [run])
    there = frames.kinks(trajectory, [run])
    there = there[there["step"] <= function.loc[np.isfinite(function["output"]), "step"].max()]
    recorded = there["step"].unique()
    held = recorded[np.searchsorted(recorded, steps, side="right") - 1]
    wanted = there.pivot(index="step", columns="neuron", values="position").loc[held].to_numpy().T
    drawn = np.array([row["s"] for row in rows], dtype=float)
    assert drawn.shape == (trajectory.experiment.width, len(steps))
    np.testing.assert_allclose(drawn, wanted, rtol=5.1e-4, atol=0, equal_nan=True)
    jumps = there.pivot(index="step", columns="neuron", values="slope_jump").loc[held].to_numpy().T
    unit = np.nanmedian(np.abs(jumps[:, 0]))
    drawn = np.array([row["jump"] for row in rows], dtype=float)
    np.testing.assert_allclose(drawn * unit, jumps, rtol=5.1e-3, atol=0, equal_nan=True)


def test_the_player_gets_the_numbers_of_the_tables(plane: Trajectory) -> None:
    for cell in (40, 65, 77):
        place = plane.cells[cell]
        at = look_at(run(alpha=place.alpha, temperature=place.temperature))
        check_kinks(at, plane, cell)
        there = frames.information_table(plane, [cell])
        rows = chart(at, "information")["tables"]["curves"]["rows"]
        last = {row["measure"]: row["value"] for row in rows}
        assert last["accuracy"] == pytest.approx(there["accuracy"].iloc[-1], rel=1e-3)
        assert last["μ_Y(F;L), explained by L"] == pytest.approx(there["mu_y"].iloc[-1], rel=1e-3)


def test_the_plane_gets_the_numbers_of_its_table(plane: Trajectory) -> None:
    rows = chart(visit(), "plane")["tables"]["cells"]["rows"]
    there = frames.plane(plane)
    assert [row["outcome"] for row in rows] == there["outcome"].tolist()
    assert [row["alpha"] for row in rows] == there["alpha"].tolist()
    drawn = np.array([row["v"][-1] for row in rows], dtype=float)
    np.testing.assert_allclose(drawn, there["test_error"], rtol=5.1e-3, equal_nan=True)


def test_a_diverged_run_has_a_badge_and_its_last_finite_frames(plane: Trajectory) -> None:
    alpha, temperature = cells(plane, DIVERGED)[0]
    at = look_at(run(alpha=alpha, temperature=temperature))
    assert chart(at, "kinks")["badge"]["text"].startswith("diverged by step ")
    number = plane.run(alpha, temperature, 0)
    assert number is not None
    check_kinks(at, plane, number)
    rows = chart(at, "kinks")["tables"]["function"]["rows"]
    assert all(value is not None for row in rows for value in row["v"]), "the last finite state stays on the chart"
    assert "diverged by step" in chart(at, "plane")["alt"]
    assert "nan" not in json.dumps([part["alt"] for part in player(at)["charts"]])


def verdict(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def shown_command(at: AppTest) -> str:
    return html.unescape(" ".join(element.proto.body for element in at.get("html")))


@pytest.mark.parametrize("width", [1, 256])
def test_a_run_by_itself_and_a_pin_stay_small_enough(width: int, own_place: Path) -> None:
    view = run(width=width, alpha=3.0, temperature=2.0**-5.5, step_limit=4_000, pinned=ExplorerView().pin())
    trajectory = train(view.point, source=Source(), device="cpu", workers=1)
    Store(own_place / "cache").save(trajectory)
    at = look_at(view)
    check_kinks(at, trajectory, 0)
    assert len(chart(at, "plane")["tables"]["point"]["rows"]) == 1
    assert "Not on screen" not in sentences(at)
    assert f"--set width={width}" in shown_command(at)
    assert "differs in: " in verdict(at)
    assert not at.dataframe  # a closed expander sends nothing
    at.session_state["tables"] = True
    at.run()
    assert at.dataframe[0].value.shape[0] == len(frames.kinks(trajectory))


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Every training is foretold to take so many seconds."""
    from core.cost import Estimate

    def takes(seconds: float) -> None:
        monkeypatch.setattr(Jobs, "estimate", lambda self, experiment: Estimate(seconds, 3 * seconds))

    return takes


def test_a_long_training_is_announced_and_waits_for_a_press(
    working: Callable[[float], None], asked: list[Experiment]
) -> None:
    working(900.0)
    at = fine(visit().number_input(key="e_seed").set_value(3).run())
    assert asked == []
    labels = [button.label for button in at.button if button.key in ("train-This run", "train-The plane around it")]
    assert len(labels) == 2
    assert all("about 15 min on" in label and "at most 45 min" in label for label in labels)
    fine(at.button(key="train-The plane around it").click().run())
    assert [experiment.runs for experiment in asked] == [144]
    assert any(button.label == "Cancel" for button in at.button)
    fine(next(button for button in at.button if button.label == "Cancel").click().run())
    assert "The plane around it: cancelled after" in sentences(at)


def test_a_plane_of_seconds_follows_its_run_and_is_dropped_when_the_controls_move_on(
    own_place: Path, asked: list[Experiment]
) -> None:
    runs = [run(width=4, n_train=32, batch_size=4, step_limit=300, seed=seed) for seed in (1, 2)]
    for one in runs:
        Store(own_place / "cache").save(train(one.point, source=Source(), device="cpu", workers=1))
    at = look_at(runs[0])
    assert asked == [runs[0].experiment]
    assert not any(button.key == "train-The plane around it" for button in at.button)
    fine(at.number_input(key="e_seed").set_value(2).run())
    assert asked == [one.experiment for one in runs]
    assert library.jobs().find(runs[0].experiment) is None
    assert library.jobs().find(runs[1].experiment) is not None


def test_a_plane_that_was_cancelled_waits_for_a_press(own_place: Path, asked: list[Experiment]) -> None:
    view = run(width=4, n_train=32, batch_size=4, step_limit=300)
    Store(own_place / "cache").save(train(view.point, source=Source(), device="cpu", workers=1))
    at = look_at(view)
    fine(next(button for button in at.button if button.label == "Cancel").click().run())
    assert any(button.key == "train-The plane around it" for button in at.button)
    assert asked == [view.experiment]


def test_a_training_that_is_saved_while_the_page_is_drawn_is_drawn(
    own_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page finds a part of a run; before it looks whether the job is active, the job ends."""
    view = run(width=4, n_train=32, batch_size=4, step_limit=300)
    whole = train(view.point, source=Source(), device="cpu", workers=1)
    arrays = {name: array.copy() for name, array in whole.arrays.items()}
    arrays["outcome"][:] = UNFINISHED
    part = PlaneTrajectory(view.point, arrays)
    store = Store(own_place / "cache")

    def ends(job: Job) -> Trajectory | None:
        if job.experiment != view.point:
            return None
        job.state = "done"
        store.save(whole)
        return part

    def submit(
        jobs: Jobs, experiment: Experiment, source: Source, watcher: str = "", *, queue: str | None = None
    ) -> Job:
        job = Job(experiment, source, own_place, "quick", "cpu", state="training")
        jobs._jobs[digest(experiment)] = job
        return job

    monkeypatch.setattr(Jobs, "submit", submit)
    monkeypatch.setattr(Job, "stamp", lambda job: 1.0)
    monkeypatch.setattr(Job, "partial", ends)
    at = look_at(view)
    assert store.has(view.point)
    assert not store.has(view.experiment)
    assert chart(at, "kinks")["badge"] != {"text": "trained to step 300", "tone": "quiet"}
    assert "This run: " not in sentences(at)
