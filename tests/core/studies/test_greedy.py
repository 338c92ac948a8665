"""Greedy construction: the next unit against enumeration and a closed form, growth that changes nothing, claims."""

import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import Source
from core.experiment import digest, to_json
from core.observables.extremal import fastest
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.directions.experiment import Directions
from core.studies.greedy.experiment import Greedy
from core.studies.greedy.presets import PRESETS
from core.studies.greedy.scene import verdict
from core.studies.greedy.training import COLUMNS, RADIUS, Builder, empty
from core.studies.greedy.trajectory import GreedyTrajectory
from core.studies.greedy.view import GreedyView
from core.studies.kinks.theory.directions import extremal_directions
from core.studies.kinks.theory.points import on_line
from core.study import from_json, studies
from core.sweeps import shards, train
from core.training.flow import Sample
from core.training.full_batch import FullBatch
from core.trajectory import DIVERGED, FITTED
from core.values import ExperimentError
from tests.claims import CONTRADICTED, HOLDS, Measured, above, below, near

TINY = Greedy(n_train=(12, 24), seeds=(0, 3), width=24, sigma=0.01, target_loss=0.1, step_limit=4_000)

BAD: dict[str, list[Any]] = {
    "dataset": ["", "csv", "mnist", None, 3],
    "n_train": [(), 20, None, (7,), (20, 20), (40, 20), (20.5,), (5000,), (True,)],
    "seeds": [(), 0, None, (-1,), (0, 0), (0.5,), tuple(range(17))],
    "width": [0, 1025, 2.5, None, "8", True],
    "sigma": [0, -1, 2, math.nan, None, "1", True],
    "target_loss": [0, 1, -0.1, math.nan, None, "0.1", True],
    "step_limit": [0, 200_001, 1.5, None],
}


def trained(experiment: Greedy) -> GreedyTrajectory:
    found = train(experiment, source=Source(), device="cpu", workers=1)
    assert isinstance(found, GreedyTrajectory)
    return found


@pytest.fixture(scope="module")
def tiny() -> GreedyTrajectory:
    return trained(TINY)


def table(found: GreedyTrajectory, name: str) -> pd.DataFrame:
    made: pd.DataFrame = studies()["greedy"].tables()[name](found)
    return made


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_field_out_of_its_range_is_named_with_what_is_allowed_and_what_came(name: str, value: Any) -> None:
    with pytest.raises(ExperimentError) as caught:
        Greedy(**{name: value})
    assert str(caught.value).startswith(f"{name}: ")
    assert "; got " in str(caught.value)


def test_every_field_has_bad_values_above() -> None:
    assert set(BAD) == {f.name for f in fields(Greedy)}


def test_both_networks_of_a_set_are_a_shard_the_first_first() -> None:
    assert TINY.cells[:3] == ((12, 0, "greedy"), (12, 0, "descent"), (12, 3, "greedy"))
    assert shards(TINY, "cpu") == [[0, 1], [6, 7], [4, 5], [2, 3]]
    assert from_json(to_json(TINY)) == TINY
    assert digest(TINY) != digest(Greedy())


@pytest.mark.parametrize("seed", range(8))
def test_the_fastest_direction_is_the_one_that_enumeration_finds(seed: int) -> None:
    """On a line all extremal directions are known exactly; both signs of residuals, one to five of each."""
    rng = np.random.default_rng(seed)
    points = on_line(tuple(np.sort(rng.uniform(-1, 1, 6))), tuple(rng.standard_normal(6)))
    exact = extremal_directions(points, points.y)
    best = int(exact.rate.argmax())
    x = np.stack([points.x, np.ones_like(points.x)], axis=1)
    direction, sign, rate = fastest(x, points.y, rng.standard_normal((64, 2)))
    assert rate == pytest.approx(exact.rate[best], rel=1e-3)
    assert sign == exact.kind[best]
    angle = exact.angle[best]
    assert direction @ [np.cos(angle), np.sin(angle)] == pytest.approx(1, abs=1e-3)


def orthogonal(plus: int, minus: int) -> Sample:
    x = torch.eye(plus + minus, dtype=torch.float64)
    return Sample(x, torch.tensor([1.0] * plus + [-1.0] * minus, dtype=torch.float64), "squared")


def test_orthogonal_points_are_fitted_by_a_unit_for_either_class() -> None:
    """The larger class comes first, at the rate sqrt(points of the class) / points; each unit is the sum of its class.

    Boursier, Pillaud-Vivien, Flammarion 2022 (2206.00939) for orthogonal inputs.
    """
    sample = orthogonal(5, 3)
    builder = Builder(FullBatch(empty(8, COLUMNS, torch.float64), sample, 1e-8), np.random.default_rng(0))
    classes = (np.array([1.0] * 5 + [0] * 3), np.array([0.0] * 5 + [1] * 3))
    for expected, size, sign in zip(classes, (5, 3), (1, -1), strict=True):
        residual = sample.residual(builder.descent.output)[0].numpy()
        _, found, rate = fastest(sample.x.numpy(), residual, np.random.default_rng(1).standard_normal((32, 8)))
        assert found == sign
        assert rate == pytest.approx(size**0.5 / 8, rel=1e-3)
        assert builder.grow()
        step = 0
        while not builder.descent.rests(1e-3, 10) and builder.descent.loss > builder.descent.target and step < 20_000:
            step = builder.descent.advance(step, 20_000)
            builder.descent.pauses += 1
        unit = builder.descent.stack.first[0, :, builder.units - 1].numpy()
        np.testing.assert_allclose(unit / np.linalg.norm(unit), expected / size**0.5, atol=1e-2)
    assert builder.descent.loss <= 1e-2 * 0.5
    assert not builder.descent.stack.first[0, :, 2:].any()
    assert not builder.descent.stack.head[0, 2:].any()


def test_room_for_more_units_leaves_the_function_as_it_was() -> None:
    rng, dim = np.random.default_rng(0), 6
    sample = Sample(
        torch.from_numpy(rng.standard_normal((9, dim))), torch.from_numpy(rng.choice([-1.0, 1.0], 9)), "squared"
    )
    builder = Builder(FullBatch(empty(dim, COLUMNS, torch.float64), sample, 1e-9), rng)
    for unit in range(COLUMNS + 1):
        before = builder.descent.output.clone()
        assert builder.grow()
        reach = RADIUS**2 * float(sample.length.max())
        change = (builder.descent.output - before).abs().max()
        assert 0 < change <= reach, unit
    assert builder.descent.stack.width == 2 * COLUMNS
    assert builder.units == COLUMNS + 1


def test_points_that_are_fitted_take_no_further_unit() -> None:
    sample = Sample(torch.eye(4, dtype=torch.float64), torch.zeros(4, dtype=torch.float64), "squared")
    builder = Builder(FullBatch(empty(4, COLUMNS, torch.float64), sample, 0.1), np.random.default_rng(0))
    assert not builder.grow()
    assert builder.units == 0


def test_training_again_gives_the_same_bytes(tiny: GreedyTrajectory) -> None:
    again = trained(TINY)
    for name in tiny.axes:
        np.testing.assert_array_equal(tiny[name], again[name], name)
    assert decode(encode(tiny)).outcome(0) == tiny.outcome(0)


def test_tables_have_a_row_a_network_and_every_column_is_explained(tiny: GreedyTrajectory) -> None:
    path, added, ends = (table(tiny, name) for name in ("greedy", "greedy_units", "greedy_ends"))
    assert len(ends) == TINY.runs == 8
    assert len(path) == 8 * len(tiny.steps)
    known = columns()
    for name in studies()["greedy"].tables():
        assert set(table(tiny, name).columns) <= set(known), name
    assert (ends["outcome"] == "interpolated").all()
    assert (ends["relative_loss"] <= TINY.target_loss).all()
    built = ends[ends["method"] == "greedy"]
    for row in built.to_dict("records"):
        mine = added[(added["n_train"] == row["n_train"]) & (added["seed"] == row["seed"])]
        assert len(mine) == row["network_units"]
        assert mine["step"].is_monotonic_increasing
        assert mine["relative_loss"].is_monotonic_decreasing
        assert (mine["step"].iloc[0], mine["relative_loss"].iloc[0]) == (0, 1)
    assert (ends[ends["method"] == "descent"]["network_units"] == TINY.width).all()
    assert ends["agreement"].between(0.5, 1).all()


def test_descent_is_the_one_of_the_study_of_directions(tiny: GreedyTrajectory) -> None:
    """Its pauses are others, which is all that differs: by 1 % of the steps, and no direction."""
    shared = {name: getattr(TINY, name) for name in ("n_train", "seeds", "width", "sigma", "target_loss")}
    other = studies()["directions"].tables()["counts"](train(Directions(**shared), source=Source(), workers=1))
    ends = table(tiny, "greedy_ends")
    mine = ends[ends["method"] == "descent"].reset_index()
    np.testing.assert_allclose(mine["steps"], other["steps"], rtol=0.02)
    np.testing.assert_array_equal(mine["directions"], other["directions"])
    np.testing.assert_allclose(mine["test_error"], other["test_error"], atol=0.01)


def test_what_does_not_fit_in_time_says_so() -> None:
    found = trained(Greedy(n_train=(24,), seeds=(0,), width=8, step_limit=20))
    ends = table(found, "greedy_ends")
    assert list(ends["outcome"]) == ["step_limit", "step_limit"]
    assert list(ends["steps"]) == [20, 20]
    said = verdict(GreedyView(experiment=found.experiment, size=24.0), Shown(found))
    assert "1 of 1 did not reach the target loss" in said


def test_a_lost_network_is_compared_with_none(tiny: GreedyTrajectory) -> None:
    outcome = tiny["outcome"].copy()
    outcome[0] = DIVERGED
    near = tiny["agreement"].copy()
    near[:2] = np.nan
    found = GreedyTrajectory(TINY, {**tiny.arrays, "outcome": outcome, "agreement": near})
    said = verdict(GreedyView(experiment=TINY, size=12.0), Shown(found))
    assert "1 of 2 did not reach the target loss" in said
    assert "agree" not in said


def test_a_view_is_of_a_size_that_is_trained() -> None:
    with pytest.raises(ExperimentError, match="size: one of 12,24; got 13"):
        GreedyView(experiment=TINY, size=13.0)


def shipped(name: str) -> pd.DataFrame:
    found, _ = Store(Path("nowhere")).load(PRESETS[name].experiment)
    assert isinstance(found, GreedyTrajectory)
    assert (found["outcome"] == FITTED).mean() > 0.8
    return table(found, "greedy_ends")


def test_k13_gradient_descent_ends_as_the_greedy_construction_on_few_digits_only(measured: Measured) -> None:
    """From 160 small digits and 512 of MNIST on it uses several times as many directions, for another function."""
    for name, few, many in (("digits_greedy", 20, 160), ("mnist_greedy", 64, 512)):
        ends = shipped(f"kinks/{name}")
        for size, outcome in ((few, HOLDS), (many, CONTRADICTED)):
            at = ends[ends["n_train"] == size].set_index("seed")
            greedy, descent = (at[at["method"] == method] for method in ("greedy", "descent"))
            more, far = descent["directions"] / greedy["directions"], greedy["output_distance"]
            said = f"shipped kinks/{name}, {size:,} points:"
            what = f"{said} directions of descent over those of the greedy network"
            measured("K13", what, more.mean(), near(1, 0.25), more.sem(), outcome)
            measured("K13", f"{said} distance of the outputs", far.mean(), near(0, 0.25), far.sem(), outcome)
        worse = greedy["test_error"] - descent["test_error"]
        measured(
            "K13", f"{said} test error of the greedy network less that of descent", worse.mean(), above(0), worse.sem()
        )


def test_k13_units_that_are_added_greedily_grow_more_slowly_than_the_data(measured: Measured) -> None:
    for name in ("digits_greedy", "mnist_greedy"):
        found, _ = Store(Path("nowhere")).load(PRESETS[f"kinks/{name}"].experiment)
        assert isinstance(found, GreedyTrajectory)
        [law] = table(found, "greedy_fit").query("method == 'greedy'").to_dict("records")
        said = f"shipped kinks/{name}: greedy directions ~ n^"
        measured("K13", said, law["exponent"], below(1), law["standard_error"])
    ends = shipped("kinks/mnist_greedy").query("method == 'descent' and n_train == 1024")["directions"]
    measured(
        "K13", "shipped kinks/mnist_greedy: directions of descent, 1,024", ends.mean(), above(2, by=20), ends.sem()
    )
