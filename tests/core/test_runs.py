"""Trainings for scripts: what `core.load` returns, and what it refuses."""

import subprocess
import sys
import urllib.parse
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import core
import core.runs
from core.experiment import digest, to_json
from core.store import Store
from core.studies.explorer import tables as explorer_tables
from core.studies.explorer.view import FIRST, ExplorerView
from core.studies.kinks.presets import PRESETS as KINKS
from core.studies.kinks.view import KinksView
from core.tables import files, to_csv
from core.values import ExperimentError
from core.view import to_query

ROOT = Path(__file__).parents[2]
SHORT = {"width": 16, "x": (-1.0, 0.0, 1.0), "y": (0.0, 1.0, 0.0)}


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TRAINSCOPE_DATA", raising=False)


def test_a_shipped_preset_comes_without_training() -> None:
    run = core.load("explorer/digits")
    assert run.experiment == FIRST
    assert run.title == "Digits · Explorer"
    assert len(run.tables["plane"]) == FIRST.runs
    assert run.trajectory.complete
    assert run.command == "python -m core train explorer/digits --out results"


def test_it_never_imports_torch_nor_altair_for_a_table() -> None:
    script = (
        "import core, sys; core.load('explorer/digits').tables['plane']; "
        "assert not {'torch', 'altair', 'scipy', 'sklearn', 'joblib'} & set(sys.modules); "
        "core.load('kinks/zig5').tables['kinks']; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_a_link_gives_the_tables_of_its_page() -> None:
    view = ExplorerView.of(FIRST, alpha=FIRST.alphas[2], temperature=FIRST.temperatures[3])
    run = core.load(f"http://localhost:8501/?{urllib.parse.urlencode(to_query(view))}")
    assert run.view == view
    number = run.trajectory.run(view.alpha, view.temperature, 0)  # type: ignore[attr-defined]
    assert to_csv(run.tables["kinks"]) == to_csv(explorer_tables.kinks(run.trajectory, [number]))  # type: ignore[arg-type]
    assert to_csv(run.tables["plane"]) == to_csv(explorer_tables.plane(run.trajectory))  # type: ignore[arg-type]


@pytest.mark.parametrize(("link", "study"), [("http://host/app/kinks?width=64", "kinks"), ("/?width=32", "explorer")])
def test_a_link_without_a_part_is_one_to_its_pages_first(link: str, study: str) -> None:
    assert core.runs._found(link, Store(Path("none")))[1].experiment.study == study


def test_a_digest_gives_what_is_stored_under_it() -> None:
    experiment = KINKS["kinks/zig5"].experiment
    assert core.load(digest(experiment)).experiment == experiment


def test_a_stored_training_that_is_damaged_is_refused(tmp_path: Path) -> None:
    run = core.load("kinks/zig5", **SHORT)
    (stored,) = (
        entry.path for entry in Store(tmp_path / "cache").entries() if digest(run.experiment) in entry.path.name
    )
    stored.write_bytes(stored.read_bytes()[:-100])
    with pytest.raises(ExperimentError, match=r"load: a stored training that is whole; got '[0-9a-f]+: "):
        core.load(digest(run.experiment))


def zipped(path: Path, contents: Mapping[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return str(path)


def test_an_exported_zip_gives_its_training(tmp_path: Path) -> None:
    run = core.load("kinks/zig5")
    again = core.load(zipped(tmp_path / "zigzag.zip", dict(files(run.trajectory))))
    assert again.experiment == run.experiment
    with zipfile.ZipFile(tmp_path / "zigzag.zip") as archive:
        assert archive.read("kinks.csv") == to_csv(again.tables["kinks"])


EXPERIMENT = to_json(KINKS["kinks/zig5"].experiment)


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ({}, "load: a zip that a page has exported"),
        ({"kinks.csv": b"step\n"}, "load: a zip that a page has exported"),
        ({"experiment.json": b" " * 100_001}, "load: a zip that a page has exported"),
        ({"experiment.json": b"\xff"}, "load: a zip that a page has exported"),
        ({"experiment.json": b"[1]"}, "experiment: JSON with study, schema and fields"),
        ({"experiment.json": EXPERIMENT.replace('"schema":1', '"schema":9').encode()}, "schema: 1, the one"),
        ({"experiment.json": EXPERIMENT.replace('"width":512', '"width":-1').encode()}, "width: "),
        ({"experiment.json": EXPERIMENT.replace('"width":512', '"width":null').encode()}, "width: "),
    ],
)
def test_a_zip_that_is_none_of_ours_is_refused(tmp_path: Path, contents: dict[str, bytes], said: str) -> None:
    with pytest.raises(ExperimentError, match=f"^{said}.*; got .*"):
        core.load(zipped(tmp_path / "other.zip", contents))


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"\x80\x04K\x01.")
    for name in ("no.zip", "absent.zip"):
        with pytest.raises(ExperimentError, match=r"^load: a zip that a page has exported"):
            core.load(str(tmp_path / name))


def test_what_is_not_stored_is_trained_and_stored(tmp_path: Path) -> None:
    run = core.load("kinks/zig5", workers=1, **SHORT)
    assert run.experiment == replace(KINKS["kinks/zig5"].experiment, **SHORT)
    assert Store(tmp_path / "cache").has(run.experiment)
    assert run.tables["points"]["x"].tolist() == list(SHORT["x"])  # type: ignore[call-overload]


def test_whatever_a_view_draws_is_trained(tmp_path: Path) -> None:
    run = core.load("kinks/zig5", workers=1, scales=True, **SHORT)
    assert isinstance(run.view, KinksView)
    needed = {run.experiment, *run.view.over_scales.values()}
    assert set(run.shown) == needed
    assert all(Store(tmp_path / "cache").has(experiment) for experiment in needed)
    assert "scales" in run.scene.figures


def test_settings_may_be_written_as_on_the_command_line() -> None:
    assert core.load("explorer/digits", alpha="2^1.82").view.alpha == 2**1.82
    with pytest.raises(ExperimentError, match="alpha: a number such as"):
        core.load("explorer/digits", alpha="much")


def test_tables_say_what_their_columns_mean() -> None:
    table = core.load("explorer/digits").tables["plane"]
    assert table.attrs["columns"]["test_error"]["unit"] == "share"
    assert table.attrs["experiment"] == to_json(FIRST)
    with pytest.raises(KeyError, match="table: one of "):
        core.load("explorer/digits").tables["plain"]


def test_arrays_have_named_axes() -> None:
    run = core.load("explorer/digits")
    data = run.to_xarray()
    assert data.sizes["run"] == FIRST.runs
    assert np.array_equal(data["step"], run.trajectory.steps)
    for name, axes in run.trajectory.axes.items():
        assert data[name].dims == axes
        assert np.array_equal(data[name], run.trajectory[name], equal_nan=data[name].dtype.kind == "f")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    run = core.load("explorer/digits")
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"^to_xarray: needs the package xarray; pip install xarray\.$"):
        run.to_xarray()


@pytest.mark.parametrize("what", ["explorer/digit", "", "?part=elsewhere", "0" * 32, "?v=1&part=explorer&width=nan"])
def test_what_is_no_training_is_refused_in_a_sentence(what: str) -> None:
    with pytest.raises(ExperimentError, match=r"^(load|link): .*; got .*\.$"):
        core.load(what)


@pytest.mark.parametrize(("name", "value"), [("width", 0), ("alphas", (1.0,)), ("depht", 2), ("step_limit", "few")])
def test_a_setting_that_there_is_not_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ExperimentError, match=f"^{name}: "):
        core.load("explorer/digits", **{name: value})


def test_theory_alone_has_charts_and_no_trajectory() -> None:
    run = core.load("?v=1&part=measure")
    assert run.scene.figures
    assert isinstance(next(iter(run.tables.values())), pd.DataFrame)
    with pytest.raises(ExperimentError, match="trajectory: of a view that trains something"):
        _ = run.trajectory
