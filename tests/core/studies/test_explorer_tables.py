"""Tables: their columns are the contract, their numbers are the arrays', NaN is empty and never a zero."""

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.columns import columns
from core.datasets import Source
from core.observables.information import information, tables
from core.store import decode, encode
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.kinks import displacement
from core.studies.explorer.tables import INFORMATION_FLOOR, TABLES, history, mu_share, plane
from core.sweeps import train
from core.tables import to_csv
from core.trajectory import DIVERGED, UNFINISHED, Trajectory

CONTRACT = {
    "plane": (
        "alpha,temperature,learning_rate,seed,outcome,steps,mutual_information,conditional_information,mu_y,"
        "mu_y_independent,explainer_information,standard_error,accuracy,explainer_accuracy,train_error,test_error,loss,"
        "relative_weight_change,kink_displacement,regime,mu_y_share"
    ),
    "kinks": "alpha,temperature,seed,step,neuron,position,slope_jump,active_right",
    "function": "alpha,temperature,seed,step,position,output",
    "points": "seed,position,label",
    "information": (
        "alpha,temperature,seed,step,mutual_information,conditional_information,mu_y,mu_y_independent,"
        "explainer_information,standard_error,accuracy,explainer_accuracy,train_error,test_error,loss,"
        "relative_weight_change,kink_displacement"
    ),
}

NUMBERS = (
    "test_error",
    "train_error",
    "accuracy",
    "loss",
    "relative_weight_change",
    "kink_displacement",
    "mutual_information",
    "conditional_information",
    "mu_y",
    "mu_y_independent",
    "standard_error",
)
"""What a diverged run has none of."""


@pytest.fixture(scope="module")
def written(trajectory: Trajectory) -> dict[str, pd.DataFrame]:
    """Every table as somebody who opens the CSV gets it."""
    return {name: pd.read_csv(io.BytesIO(to_csv(table(trajectory)))) for name, table in TABLES.items()}


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(written: dict[str, pd.DataFrame], name: str) -> None:
    assert ",".join(written[name].columns) == CONTRACT[name]


def test_the_dictionary_has_every_column_and_nothing_else() -> None:
    assert set(TABLES) == set(CONTRACT)
    assert {column for header in CONTRACT.values() for column in header.split(",")} <= set(columns())
    assert all(meaning for _, meaning in columns().values())


def test_rows(trajectory: Trajectory, written: dict[str, pd.DataFrame]) -> None:
    snapshots = sum(trajectory.last_snapshot(run) + 1 for run in range(8))
    assert len(written["plane"]) == 8
    assert len(written["information"]) == snapshots
    assert len(written["kinks"]) == snapshots * 8
    assert len(written["function"]) == snapshots * 101
    assert len(written["points"]) == 2 * 48


def test_plane_is_the_last_state_of_each_run(trajectory: Trajectory, written: dict[str, pd.DataFrame]) -> None:
    table = written["plane"]
    for run, cell in enumerate(trajectory.cells):
        row = table.iloc[run]
        assert (row["alpha"], row["temperature"], row["seed"]) == (cell.alpha, cell.temperature, cell.seed)
        assert row["learning_rate"] == cell.temperature * 4 * 8
        assert row["outcome"] == ("fitted", "step_limit", "diverged")[trajectory["outcome"][run]]
        assert row["steps"] == trajectory["end_step"][run]
        for name in ("test_error", "train_error", "loss", "relative_weight_change"):
            np.testing.assert_array_equal(np.float32(row[name]), trajectory[name][-1, run])
        moved = displacement(trajectory["kink_position"])[-1, run]
        np.testing.assert_array_equal(np.float32(row["kink_displacement"]), moved)
        np.testing.assert_allclose(row["accuracy"], 1 - trajectory["test_error"][-1, run], rtol=1e-6)


def test_a_diverged_run_has_no_numbers_at_the_end(trajectory: Trajectory, written: dict[str, pd.DataFrame]) -> None:
    diverged = trajectory["outcome"] == DIVERGED
    table = written["plane"]
    for name in (*NUMBERS, "mu_y_share"):
        assert table[name][diverged].isna().all(), name
        if name != "mu_y_share":
            assert table[name][~diverged].notna().all(), name
    assert (table["regime"][diverged] == "diverged").all()
    assert table["explainer_information"].notna().all()
    line = to_csv(plane(trajectory)).decode().splitlines()[1 + int(np.flatnonzero(diverged)[0])]
    assert ",," in line
    assert "nan" not in line.lower()


def test_information_is_that_of_the_predictions(trajectory: Trajectory) -> None:
    table = TABLES["information"](trajectory, [0])
    el, y = trajectory["explainer_prediction"][0], trajectory["test_label"][0]
    for place, snapshot in ((0, 0), (5, 5), (-1, trajectory.last_snapshot(0))):
        found = information(tables(trajectory["prediction"][snapshot, 0], el, y))
        row = table.iloc[place]
        assert row["step"] == trajectory.steps[snapshot]
        for name in ("mutual_information", "conditional_information", "mu_y", "mu_y_independent", "standard_error"):
            assert row[name] == pytest.approx(float(getattr(found, name)), abs=1e-12)
        assert row["explainer_accuracy"] == pytest.approx(np.mean(el == y), abs=1e-12)
    assert table["mutual_information"].iloc[-1] > 0.05


def test_kinks_and_function_carry_the_arrays(trajectory: Trajectory) -> None:
    run, last = 2, trajectory.last_snapshot(2)
    kinks = TABLES["kinks"](trajectory, [run])
    assert kinks["neuron"].tolist() == list(range(8)) * (last + 1)
    for column, name in (("position", "kink_position"), ("slope_jump", "slope_jump"), ("active_right", "active_right")):
        np.testing.assert_array_equal(kinks[column], trajectory[name][: last + 1, run].ravel())
    function = TABLES["function"](trajectory, [run])
    np.testing.assert_array_equal(function["output"], trajectory["line_function"][: last + 1, run].ravel())
    np.testing.assert_array_equal(function["position"][:101], trajectory["line_grid"][0])
    assert function["step"].tolist() == np.repeat(trajectory.steps[: last + 1], 101).tolist()


def test_each_seed_has_its_own_line_and_points(trajectory: Trajectory, written: dict[str, pd.DataFrame]) -> None:
    points = written["points"]
    for row, seed in enumerate((0, 3)):
        own = points[points["seed"] == seed]
        np.testing.assert_array_equal(own["position"].to_numpy(np.float32), trajectory["train_projection"][row])
        np.testing.assert_array_equal(own["label"] == 1, trajectory["train_label"][row])
        # class means lie at 0 and 1
        assert own["position"][own["label"] == -1].mean() == pytest.approx(0, abs=1e-4)
        assert own["position"][own["label"] == 1].mean() == pytest.approx(1, abs=1e-4)
        function = TABLES["function"](trajectory, [4 * row])
        np.testing.assert_array_equal(function["position"][:101], trajectory["line_grid"][row])


@pytest.mark.parametrize("name", CONTRACT)
def test_chosen_runs_are_the_same_rows(trajectory: Trajectory, name: str) -> None:
    whole, chosen = TABLES[name](trajectory), TABLES[name](trajectory, [6, 1])
    cells = [trajectory.cells[run] for run in (6, 1)]
    if name == "points":
        expected = pd.concat([whole[whole["seed"] == seed] for seed in (3, 0)])
    else:
        keys = zip(whole["alpha"], whole["temperature"], whole["seed"], strict=True)
        where = pd.Series([(c.alpha, c.temperature, c.seed) for c in cells])
        key = pd.Series(list(keys), index=whole.index)
        expected = pd.concat([whole[key == wanted] for wanted in where])
    pd.testing.assert_frame_equal(chosen, expected.reset_index(drop=True))


def test_csv_numbers_read_back_the_same(trajectory: Trajectory) -> None:
    for table in (plane(trajectory), TABLES["kinks"](trajectory, [0])):
        again = pd.read_csv(io.BytesIO(to_csv(table)))
        for name in table.select_dtypes("number"):
            np.testing.assert_array_equal(again[name].to_numpy(table[name].dtype), table[name].to_numpy())


def test_tables_of_a_stored_trajectory_are_the_same_bytes(trajectory: Trajectory) -> None:
    again = decode(encode(trajectory))
    for name, table in TABLES.items():
        assert to_csv(table(again)) == to_csv(table(trajectory)), name


def test_a_share_of_almost_nothing_is_empty() -> None:
    table = pd.DataFrame({"mu_y": [0.01, 0.01, -0.1], "mutual_information": [INFORMATION_FLOOR / 2, 0.02, 0.4]})
    np.testing.assert_allclose(mu_share(table), [np.nan, 0.5, -0.25])


def test_an_unfinished_run_shows_what_it_has(trajectory: Trajectory) -> None:
    outcome, end = trajectory["outcome"].copy(), trajectory["end_step"].copy()
    outcome[0], end[0] = UNFINISHED, 30
    part = replace(trajectory, arrays=dict(trajectory.arrays) | {"outcome": outcome, "end_step": end})
    row = plane(part).iloc[0]
    assert (row["outcome"], row["steps"]) == ("unfinished", 30)
    at = int(np.searchsorted(trajectory.steps, 30))
    assert np.float32(row["loss"]) == trajectory["loss"][at, 0]
    assert len(history(part, [0])) == at + 1


def test_one_unit_and_one_point_make_tables_too(tiny: Callable[..., Explorer]) -> None:
    lone = train(tiny(width=1, step_limit=1, batch_size=1), source=Source(), device="cpu", workers=1)
    for name, table in TABLES.items():
        assert ",".join(table(lone).columns) == CONTRACT[name]
        assert not np.isinf(table(lone).select_dtypes("number").to_numpy(float)).any()
