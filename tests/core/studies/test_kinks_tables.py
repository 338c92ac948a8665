"""The tables of networks on a line: their columns, and numbers that hold by definition."""

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.columns import columns
from core.datasets import Source
from core.store import decode, encode
from core.studies.kinks import tables as line
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.trajectory import KinkTrajectory
from core.sweeps import train
from core.tables import files, to_csv
from core.trajectory import UNFINISHED

CONTRACT = {
    "kinks": "step,neuron,position,slope_jump,sign,active,angle,radius",
    "function": "step,x,y",
    "loss": "step,time,loss,n_eff,distinct_kinks,growth_rate",
    "extremal": "step,place,angle,position,growth,kind,point",
    "summary": "seed,outcome,steps,time,loss,distinct_kinks,n_eff,on_data,dots_distance,growth_rate,free_rate,"
    "kink_bound,kink_shift,escape_time,predicted_escape,bending_kinks,bending_kinks_fine,bending_kinks_coarse",
    "points": "x,y",
    "landscape": "step,angle,growth",
    "escapes": "label,step",
    "outcomes": "label,runs,loss,seed",
    "outcome_function": "label,x,y",
    "kink_places": "seed,on_points,on_kinks,alone,on_points_by_chance,on_kinks_by_chance,alone_by_chance",
}


def trained(**fields: Any) -> KinkTrajectory:
    found = train(Kinks(**fields), source=Source(), workers=1)
    assert isinstance(found, KinkTrajectory)
    return found


@pytest.fixture(scope="module")
def zigzag() -> KinkTrajectory:
    return trained(width=128, seeds=3, sigma=1e-2)


@pytest.fixture(scope="module")
def written(zigzag: KinkTrajectory) -> dict[str, pd.DataFrame]:
    return {name: pd.read_csv(io.BytesIO(to_csv(table(zigzag)))) for name, table in line.TABLES.items()}


@pytest.mark.parametrize("name", CONTRACT)
def test_columns(written: dict[str, pd.DataFrame], name: str) -> None:
    assert ",".join(written[name].columns) == CONTRACT[name]
    assert set(written[name].columns) <= set(columns())
    assert len(written[name])


def test_a_unit_is_the_same_in_every_column(zigzag: KinkTrajectory) -> None:
    table = line.kinks(zigzag)
    assert len(table) == len(zigzag.steps) * 128
    tilt = np.arctan(table["position"].to_numpy(float)) + table["angle"].to_numpy(float)
    np.testing.assert_allclose(np.sin(tilt), 0, atol=1e-6)  # position = -tan(angle)
    jump = table["sign"] * table["radius"] * np.abs(np.cos(table["angle"].astype(float)))
    np.testing.assert_allclose(table["slope_jump"], jump, rtol=1e-4, atol=1e-6 * table["radius"].max())
    assert table["angle"].between(-np.pi / 2, 3 * np.pi / 2).all()
    x = np.array(zigzag.experiment.x)
    on = np.cos(table["angle"].to_numpy()[:, None]) * x + np.sin(table["angle"].to_numpy()[:, None]) > 0
    assert (table["active"] == on.any(1)).mean() > 0.999  # but for kinks on the first or last point


def test_the_function_is_the_sum_of_the_units_and_goes_through_the_outputs(zigzag: KinkTrajectory) -> None:
    table = line.function(zigzag)
    last = table[table["step"] == zigzag.steps[-1]]
    w, b, a = (zigzag[name][-1].astype(float) for name in ("weight", "bias", "head"))
    x = last["x"].to_numpy()
    np.testing.assert_allclose(last["y"], np.maximum(np.outer(x, w) + b, 0) @ a, atol=1e-12)
    at_data = last.set_index("x").loc[list(zigzag.experiment.x), "y"]
    np.testing.assert_allclose(at_data, zigzag["output"][-1], atol=1e-5)  # weights are kept in single precision


def test_every_extremal_direction_is_one_of_the_landscape(zigzag: KinkTrajectory) -> None:
    extremal, landscape = line.extremal(zigzag), line.landscape(zigzag)
    for step in zigzag.steps[::20]:
        here = extremal[extremal["step"] == step]
        hill = landscape[landscape["step"] == step]["growth"]
        assert set(here["kind"]) <= {-1, 1}
        assert here["growth"].max() >= hill.max() - 1e-12
        assert here["growth"].min() <= hill.min() + 1e-12
        on = here[here["point"] >= 0]
        np.testing.assert_allclose(on["position"], np.array(zigzag.experiment.x)[on["point"]], atol=1e-9)


def test_seeds_are_grouped_by_what_they_learned(zigzag: KinkTrajectory) -> None:
    outcomes, functions = line.outcomes(zigzag), line.outcome_function(zigzag)
    assert outcomes["runs"].sum() == 3
    assert (np.diff(outcomes["runs"]) <= 0).all()
    assert outcomes["label"].is_unique
    assert set(functions["label"]) == set(outcomes["label"])
    assert set(outcomes["seed"]) <= {0, 1, 2}


def test_a_summary_has_a_row_a_seed(zigzag: KinkTrajectory) -> None:
    summary = line.summary(zigzag)
    assert summary["seed"].tolist() == [0, 1, 2]
    assert summary["kink_shift"].notna().tolist() == [True, False, False]
    assert (summary["kink_bound"] == 11).all()
    np.testing.assert_allclose(summary["loss"], line.losses(zigzag.experiment, zigzag["end_output"]))


def test_a_logistic_run_and_a_large_start_have_all_tables_too() -> None:
    for found in (
        trained(loss="logistic", y=(-1, 1, -1, 1, 1), width=64, step_limit=200),
        trained(sigma=30, paired=True, width=64),
        trained(y=(0, 0, 0, 0, 0), width=64),
    ):
        for name, table in line.TABLES.items():
            assert ",".join(table(found).columns) == CONTRACT[name]
    assert len(line.escapes(trained(sigma=30, paired=True, width=64))) == 0


def test_a_trajectory_survives_the_store_byte_for_byte(zigzag: KinkTrajectory) -> None:
    again = decode(encode(zigzag))
    assert isinstance(again, KinkTrajectory)
    assert again.experiment == zigzag.experiment
    for name in zigzag.axes:
        np.testing.assert_array_equal(again[name], zigzag[name])
    assert dict(files(again)) == dict(files(zigzag))


def test_seeds_that_are_still_training_are_left_out(zigzag: KinkTrajectory) -> None:
    first = {name: array[:1] if zigzag.axes[name][0] == "run" else array for name, array in zigzag.arrays.items()}
    part = KinkTrajectory.join(zigzag.experiment, [([0], first)])
    assert part["outcome"].tolist() == [0, UNFINISHED, UNFINISHED]
    assert line.outcomes(part)["runs"].sum() == 1
    assert len(line.summary(part)) == 3
    others = {name: array for name, array in first.items() if zigzag.axes[name][0] == "run"}
    with pytest.raises(KeyError):  # the motion of the first run is what is watched
        KinkTrajectory.join(zigzag.experiment, [([1], others)])


@pytest.mark.parametrize("name", line.REFERENCES)
def test_references_go_through_the_points(name: str) -> None:
    found = line.references(Kinks(), (name,)).set_index("x")["y"]
    at_data = found.loc[list(Kinks().x)]
    np.testing.assert_allclose(at_data, Kinks().y, atol=2e-4)


def test_kinks_lie_on_points_on_each_other_or_alone(zigzag: KinkTrajectory) -> None:
    table = line.kink_places(zigzag)
    assert table["seed"].tolist() == [0, 1, 2]
    for kind in ("", "_by_chance"):
        total = sum(table[f"{name}{kind}"] for name in ("on_points", "on_kinks", "alone"))
        np.testing.assert_allclose(total, 1, rtol=1e-9)
    np.testing.assert_allclose(table["on_points"], line.summary(zigzag)["on_data"], rtol=1e-9)


def test_the_distance_to_a_curve_is_taken_between_the_points() -> None:
    x = np.linspace(-2, 2, 401)
    function = pd.DataFrame({"step": np.repeat([0, 5], 401), "x": np.tile(x, 2), "y": np.concatenate([9 * x, x**2])})
    curves = pd.DataFrame({"name": np.repeat(["itself", "line"], 401), "x": np.tile(x, 2)})
    curves["y"] = np.concatenate([x**2 + (np.abs(x) > 1.005), x])
    found = line.apart(function, curves, pd.DataFrame({"x": [-1.0, 0.0, 1.0], "y": [0.0] * 3})).set_index("name")
    assert found.loc["itself"].tolist() == [0, 0]
    assert found.loc["line", "largest"] == pytest.approx(2)
    assert found.loc["line", "rms"] == pytest.approx((8 / 15) ** 0.5, rel=0.01)
