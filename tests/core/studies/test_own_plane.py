"""A plane of one's own runs: means by hand, a law that is known, formats, and files that are refused."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.columns import columns
from core.datasets import DataError, Source
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.explorer.tables import plane as our_plane
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_plane.experiment import OwnPlane
from core.studies.own_plane.opening import opened as open_bytes
from core.studies.own_plane.part import PART
from core.studies.own_plane.presets import PRESETS
from core.studies.own_plane.scene import TOO_NARROW, Chosen, scene
from core.studies.own_plane.tables import TABLES, Columns, Section, columns_of, curves, fit, plane
from core.studies.own_plane.training import begin
from core.studies.own_plane.trajectory import OwnPlaneTrajectory
from core.studies.own_plane.view import OwnPlaneView
from core.study import opened, presets
from core.sweeps import train
from core.tables import to_csv
from core.trajectory import Trajectory
from tests.core.studies.recordings import recorded
from tests.core.studies.runs import EXPONENT, STEPS, csv, table
from tests.core.studies.runs import opened as tiny


def ends(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["step"] == STEPS[-1]]


def test_cells_are_means_over_the_seeds_that_fitted() -> None:
    rows, columns = ends(table()), Columns("rate", "batch", "loss")
    found = plane(rows, columns).set_index(["x", "y"])
    for (rate, batch), mine in rows.groupby(["rate", "batch"]):
        cell, fitted = found.loc[(rate, batch)], mine[mine["outcome"] == "fitted"]["loss"]
        assert cell["runs"] == 4
        assert cell["fitted"] == len(fitted)
        if len(fitted) >= 3:
            assert cell["outcome"] == "fitted"
            assert cell["mean"] == pytest.approx(fitted.mean())
            assert cell["deviation"] == pytest.approx(fitted.std(ddof=1))
        else:
            assert np.isnan(cell["mean"])
    assert found.loc[(8.0, 16.0), "outcome"] == "diverged"
    assert found.loc[(4.0, 16.0), "outcome"] == "few"
    assert found.loc[(0.125, 16.0), "outcome"] == "unfinished"
    stopped = plane(rows.assign(outcome="step_limit"), columns)
    assert set(stopped["outcome"]) == {"step_limit"}


def test_the_plane_of_our_own_table_is_that_of_our_own_study(trajectory: Trajectory) -> None:
    """Of every run in which one seed of two fitted the cell has no mean, as on the phase plane; else by hand."""
    rows = our_plane(trajectory)  # type: ignore[arg-type]
    found = open_and_read(csv(rows))
    cells = plane(found.rows[found.last], columns_of(found))
    assert columns_of(found) == ("alpha", "temperature", "test_error")
    for _, cell in cells.iterrows():
        mine = rows[(rows["alpha"] == cell["x"]) & (rows["temperature"] == cell["y"])]
        known = mine[mine["outcome"] == "fitted"]["test_error"]
        assert cell["mean"] == pytest.approx(known.mean() if len(known) == 2 else np.nan, nan_ok=True)
    assert "regime" not in found.columns


def open_and_read(content: bytes) -> OwnPlaneTrajectory:
    with tempfile.TemporaryDirectory() as folder:
        experiment, _ = opened(content, Path(folder))
        found = train(experiment, source=Source(uploads=Path(folder)), device="cpu", workers=1)
    assert isinstance(found, OwnPlaneTrajectory)
    return found


def test_a_power_law_is_found_in_the_window_and_a_narrow_one_has_none() -> None:
    rows, columns, along = ends(table()), Columns("rate", "batch", "loss"), Section("rate", "batch", 64.0)
    law = fit(rows, columns, along, (0.0, 2.0)).iloc[0]
    assert law["exponent"] == pytest.approx(EXPONENT)
    assert law["standard_error"] == pytest.approx(0, abs=1e-9), "a factor of each seed's own changes no slope"
    assert (law["low"], law["high"]) == (0.125, 2.0)
    assert fit(rows, columns, along, (0.0, 0.0)).iloc[0]["high"] == 2.0, "of rate 4 two seeds are too few for a mean"
    kink = rows.assign(loss=np.where(rows["rate"] < 0.5, 9.0, rows["loss"]))
    inside = fit(kink, columns, along, (0.5, 2.0)).iloc[0]
    assert inside["exponent"] == pytest.approx(EXPONENT)
    assert fit(kink, columns, along, (0.0, 0.0)).iloc[0]["exponent"] < 0
    for window in ((0.5, 1.0), (0.6, 2.0), (9.0, 10.0)):
        assert np.isnan(fit(rows, columns, along, window).iloc[0]["exponent"])


def test_slopes_of_seeds_give_the_standard_error() -> None:
    """Where every seed has every place it is the standard error of the mean of their own slopes."""
    rng = np.random.default_rng(1)
    rows = ends(table()).query("batch == 64 and rate <= 2").copy()
    rows["loss"] *= np.exp(rng.normal(0, 0.1, len(rows)))
    slopes = [np.polyfit(np.log(of["rate"]), np.log(of["loss"]), 1)[0] for _, of in rows.groupby("seed")]
    law = fit(rows, Columns("rate", "batch", "loss"), Section("rate", "batch", 64.0), (0, 0)).iloc[0]
    assert law["exponent"] == pytest.approx(np.mean(slopes))
    assert law["standard_error"] == pytest.approx(np.std(slopes, ddof=1) / np.sqrt(len(slopes)))


def test_curves_are_over_the_seeds_of_a_cell() -> None:
    rows = table()
    found = curves(rows, Columns("rate", "batch", "loss"), (1.0, 64.0))
    mine = rows[(rows["rate"] == 1.0) & (rows["batch"] == 64)].groupby("step")["loss"]
    assert found["step"].tolist() == list(STEPS)
    np.testing.assert_allclose(found["mean"], mine.mean())
    np.testing.assert_allclose(found["least"], mine.min())
    np.testing.assert_allclose(found["greatest"], mine.max())


def test_columns_that_a_table_does_not_have_give_way() -> None:
    found = tiny()
    assert columns_of(found) == ("rate", "batch", "loss")
    assert columns_of(found, "batch", "rate", "error") == ("batch", "rate", "error")
    assert columns_of(found, "batch", "", "rate") == ("batch", "rate", "loss")
    assert columns_of(found, "elsewhere", "elsewhere", "elsewhere") == ("rate", "batch", "loss")


def test_rows_in_any_order_and_three_formats_are_one_table(tmp_path: Path) -> None:
    rows = table()
    mixed = rows.sample(frac=1, random_state=0)
    contents = [csv(rows), csv(mixed), mixed.to_parquet()]
    found = [open_bytes(content, tmp_path) for content in contents]
    assert found[0] is not None
    assert found[0] == found[1] == found[2]
    experiment, said = found[0]
    assert [path.name for path in tmp_path.iterdir()] == [*experiment.uploads]
    assert said[0] == "56 runs over rate and batch, of 4 seeds."
    assert said[1] == "280 rows: each run at several steps, the last of them 100."
    assert said[3] == "Outcomes: 40 fitted, 4 step limit, 8 diverged, 4 unfinished."


def test_what_is_kept_comes_back_and_every_column_is_explained() -> None:
    found = tiny()
    again = decode(encode(found))
    for name, made in TABLES.items():
        assert to_csv(made(found)) == to_csv(made(again)), name  # type: ignore[arg-type]
    own = {*found.columns}
    shown, view = Shown(found), OwnPlaneView(experiment=found.experiment)
    more = {name: rows() for name, (_, rows) in PART.more_tables(view, [shown]).items()}
    assert set(more) == {"plane", "fit", "curves"}
    for made in (*(shown.table(name) for name in TABLES), *more.values()):
        assert set(made.columns) <= own | set(columns())
    pd.testing.assert_frame_equal(
        shown.table("runs")[["loss"]],
        table().sort_values(["rate", "batch", "seed", "step"])[["loss"]].reset_index(drop=True),
    )


ROWS = "a,b,seed,loss\n" + "".join(f"{a},{b},{seed},{a * b}\n" for a in (1, 2) for b in (1, 2) for seed in (0, 1))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n", "rows: a row a run"),
        ("a,loss\n1,x\n2,y\n", r"axes: two numeric columns of 2 to 100 .*; got a alone; the columns are a, loss\."),
        ("name,note\nx,y\n", r"axes: .*; got name, note\."),
        ("a,b\n1,1\n2,2\n", r"values: a numeric column besides the axes a and b .*; got a, b\."),
        (
            ROWS + "2,1,1,5\n",
            "rows: each place on the axes, seed and step once; got a = 2, b = 1, seed 1 in rows 7 and 10",
        ),
        (ROWS.replace("2,2,0,4", "2,2,0,high"), "loss: numbers in every row, or nothing; got 'high' in row 8"),
        (ROWS.replace("2,2,0,4", "2,2,0.5,4"), r"seed: whole numbers .*; got 0\.5 in row 8"),
        (ROWS.replace("2,2,0,4", "2,2,,4"), r"seed: whole numbers .*; got nan in row 8"),
        (
            ROWS.replace("loss", "loss,outcome").replace("\n", ",good\n").replace("outcome,good", "outcome"),
            "outcome: one of fitted, .*; got 'good' in row 2",
        ),
        (ROWS.replace("loss", "a"), "columns: names that differ; got a twice"),
        (ROWS.replace("loss", "x" * 61), "columns: names of 1 to 60 letters"),
        (ROWS.replace("loss", "<b>"), "columns: names of 1 to 60 letters"),
        (",".join(f"c{k}" for k in range(101)) + "\n" + "1," * 100 + "1\n", "columns: at most 100; got 101"),
        ("a,b,loss\n" + "1,2,3\n" * 200_001, "rows: at most 200,000; got 200,001"),
        ("a,b,loss\n1,2\n", "a CSV or Parquet file; this one cannot be read"),
        ("", "this one cannot be read"),
    ],
)
def test_bad_tables_are_one_sentence_and_nothing_is_kept(content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"^runs: .*{said}") as error:
        open_bytes(content.encode(), tmp_path)
    assert str(error.value).count("\n") == 0
    assert not list(tmp_path.iterdir())


def test_a_duplicate_step_is_named(tmp_path: Path) -> None:
    rows = pd.concat([table(), table().iloc[[7]]])
    with pytest.raises(DataError, match=r"got rate = 0\.125, batch = 16, seed 1, step 10 in rows 9 and 282"):
        open_bytes(csv(rows), tmp_path)


def test_a_spreadsheet_of_western_europe_is_read(tmp_path: Path) -> None:
    rows = table().assign(größe="klein")
    text = rows.to_csv(index=False)
    assert open_bytes(text.encode("cp1252"), tmp_path) == open_bytes(text.encode(), tmp_path)


def test_a_small_file_that_is_large_when_it_is_read_is_refused(tmp_path: Path) -> None:
    """A dictionary has a cell once for all rows; a list and a front-coded cell may be of any length."""
    rows = table()
    big = rows.assign(note="x" * 10_000_000)
    kinds: dict[str, Any] = {
        "got 2,8": {},
        "note is nested or front coded": {"use_dictionary": False, "column_encoding": {"note": "DELTA_BYTE_ARRAY"}},
    }
    for said, how in kinds.items():
        content = big.to_parquet(index=False, **how)
        assert len(content) < 20_000_000
        with pytest.raises(DataError, match=f"^runs: .*{said}"):
            open_bytes(content, tmp_path)
    nested = rows.assign(note=[[0.0] * 9] * len(rows)).to_parquet(index=False)
    with pytest.raises(DataError, match=r"note.* is nested"):
        open_bytes(nested, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="at most 64 MB; got 65 MB"):
        open_bytes(b"a" * 65_000_000, tmp_path)


def test_the_command_tells_runs_from_recordings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "runs.csv").write_bytes(csv(table()))
    (tmp_path / "runs.parquet").write_bytes(table().to_parquet())
    written = []
    for name in ("runs.csv", "runs.parquet"):
        out = tmp_path / f"{name}-tables"
        assert main(["open", str(tmp_path / name), "--cache", str(tmp_path / "cache"), "--out", str(out)]) == 0
        assert "56 runs over rate and batch, of 4 seeds." in capsys.readouterr().out
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0].keys() == {"experiment.json", "runs.csv", "cells.csv"}
    assert written[0] == written[1]
    found = recorded(explainers=False)
    points = len(found.labels)
    about = {"step": np.repeat(found.steps, points), "example": np.tile(np.arange(points), len(found.steps))}
    rows = pd.DataFrame(
        about | {"prediction": found.predictions.ravel(), "label": np.tile(found.labels, len(found.steps))}
    )
    assert open_bytes(csv(rows), tmp_path) is None
    assert isinstance(opened(csv(rows), tmp_path / "uploads")[0], OwnNetwork)
    with pytest.raises(DataError, match=r"^recording: rows: 1 examples at each of 8 steps"):
        opened(csv(rows.assign(example=0)), tmp_path / "uploads")


def test_a_link_that_was_altered_or_is_of_elsewhere_is_refused(tmp_path: Path) -> None:
    found = open_bytes(csv(table()), tmp_path)
    assert found is not None
    with pytest.raises(DataError, match="this one was altered"):
        begin(replace(found[0], step_limit=99), [0], Source(uploads=tmp_path), "cpu")
    with pytest.raises(DataError, match="not on this machine; open the file again"):
        begin(found[0], [0], Source(uploads=tmp_path / "elsewhere"), "cpu")


def test_the_scene_says_what_the_chosen_cell_holds_and_a_narrow_window() -> None:
    found = Shown(tiny())
    view = OwnPlaneView(experiment=found.trajectory.experiment, at_x=1.1, at_y=70, fit_high=2)
    drawn = scene(view, [found])
    assert list(drawn.figures) == ["plane", "sections", "fit", "curves"]
    assert Chosen(view, found).place == (1.0, 64.0)
    assert "At rate = 1, batch = 64: loss = **" in drawn.verdict
    assert "Exponent in rate: **0.75**" in drawn.verdict
    narrow = scene(replace(view, fit_low=1.0), [found])
    assert "Exponent" not in narrow.verdict
    badge = narrow.cards["fit"].badge
    assert badge is not None
    assert badge["text"] == TOO_NARROW
    up = scene(replace(view, along="up", x="batch", y="rate", at_x=64, at_y=1), [found])
    assert "Exponent in rate: **0.75**" in up.verdict
    assert not drawn.notes
    still = Shown(tiny(long=False))
    view = OwnPlaneView(experiment=still.trajectory.experiment)
    assert list(scene(view, [still]).figures) == [
        "plane",
        "sections",
        "fit",
    ]


def test_other_axes_put_several_runs_of_a_seed_into_a_cell_and_that_is_said() -> None:
    rows = ends(table()).assign(depth=lambda of: of["seed"] % 2)
    found = Shown(open_and_read(csv(rows)))
    view = OwnPlaneView(experiment=found.trajectory.experiment, x="rate", y="depth", value="loss")
    assert "several runs of a seed" in scene(view, [found]).notes[0]


def test_what_ships_is_the_table_that_its_sentence_names() -> None:
    preset = PRESETS["phase_plane/own_runs"]
    found, said = Store(Path("nowhere")).load(preset.experiment)
    assert found is not None, said
    rows = found.rows  # type: ignore[attr-defined]
    assert f"{len(rows)} of the Explorer's networks" in preset.sentence
    assert len(rows["seed"].unique()) == 3
    assert isinstance(presets()["phase_plane/own_runs"].experiment, OwnPlane)
