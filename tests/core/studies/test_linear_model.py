"""The linear model in training: SGD against plain SGD in all dimensions, its end against the nearest interpolator."""

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from core.batches import batches
from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.experiment import to_json, with_settings
from core.randomness import generator
from core.store import decode, encode
from core.studies.linear_model.experiment import LinearModel
from core.studies.linear_model.presets import PRESETS as THEOREM
from core.studies.linear_model.samples import AT_ONCE, Samples
from core.studies.linear_model.theory import population_accuracy
from core.studies.linear_model.trajectory import LinearTrajectory
from core.study import from_json, join, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, UNFINISHED
from core.values import ExperimentError
from tests.claims import Measured, near

SMALL = LinearModel(n=12, d_over_n=4, ratios=(2, 5), seeds=(3, 1), step_limit=60)
CONTRACT = {
    "path": (
        "start,seed,step,loss,train_accuracy,population_accuracy,mu_y,mu_y_clean,explainer_information,signal,noise_norm"
    ),
    "ends": "d_over_n,dimensions,start,seed,interpolator_accuracy,approximate_accuracy",
    "approximation": "start,d_over_n,approximate_accuracy",
    "runs": ("start,seed,outcome,steps,loss,train_accuracy,population_accuracy,mu_y,mu_y_clean,interpolator_accuracy"),
}


def trained(experiment: LinearModel) -> LinearTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, LinearTrajectory)
    return found


def tables(experiment: LinearModel) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["linear_model"].tables().items()}


def inputs(experiment: LinearModel, seed: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """x (sample, 1 + d) and y, drawn here once more and whole."""
    rng = generator("data", seed)
    s = np.where(rng.random(experiment.n) < 0.5, -1.0, 1.0)
    z = experiment.sigma * rng.standard_normal((d, experiment.n)).T
    flipped = generator("noise", seed).random(experiment.n) < experiment.eta
    return np.column_stack([s, z]), np.where(flipped, -s, s)


@pytest.mark.parametrize("sigma", [1.0, 0.4])
def test_sgd_is_that_in_all_dimensions(sigma: float) -> None:
    """Steps of batch 1 on w itself, sample by sample."""
    experiment = replace(SMALL, sigma=sigma, rate=0.8)
    found, d = trained(experiment), experiment.dimensions(experiment.d_over_n)
    assert d == 48
    for run, seed in enumerate(experiment.seeds):
        x, y = inputs(experiment, seed, d)
        order = next(batches(experiment.n, 1, seed))[:, 0]
        for start, a in enumerate((1.0, 0.0, -1.0)):
            w = np.eye(d + 1)[0] * a
            for step in range(experiment.step_limit + 1):
                if step in found.steps:
                    at = int(np.flatnonzero(found.steps == step)[0])
                    assert found["signal"][at, run, start] == pytest.approx(w[0], abs=1e-10)
                    assert found["noise"][at, run, start] == pytest.approx(np.linalg.norm(w[1:]), abs=1e-7)
                    assert found["loss"][at, run, start] == pytest.approx(np.mean((x @ w - y) ** 2) / 2, abs=1e-10)
                    right = np.mean((x @ w * y > 0) + 0.5 * (x @ w == 0))
                    assert found["train_accuracy"][at, run, start] == pytest.approx(right)
                i = order[step]
                w = w - experiment.learning_rate * (x[i] @ w - y[i]) * x[i]


def test_sgd_to_the_end_is_the_interpolator_nearest_to_the_start() -> None:
    experiment = LinearModel(n=40, d_over_n=10, ratios=(3,), seeds=(0, 1), rate=1.0, step_limit=8000)
    found = trained(experiment)
    ratio = experiment.every_ratio.index(10)
    assert found["loss"][-1].max() < 1e-20
    np.testing.assert_allclose(found["signal"][-1], found["end_signal"][:, ratio], atol=1e-9)
    np.testing.assert_allclose(found["noise"][-1], found["end_noise"][:, ratio], atol=1e-9)
    runs = studies()["linear_model"].tables()["runs"](found)
    np.testing.assert_allclose(runs["population_accuracy"], runs["interpolator_accuracy"], atol=1e-8)


def test_the_first_step_is_what_it_must_be() -> None:
    """a = 1 is right on every new point, on 1 - eta of the labels; w = 0 says nothing; -1 is 1's mirror image."""
    path = tables(SMALL)["path"]
    first = path[(path["step"] == 0) & (path["seed"] == 3)].set_index("start")
    _, y = inputs(SMALL, 3, 1)
    assert first["population_accuracy"].to_dict() == {1.0: 1.0, 0.0: 0.5, -1.0: 0.0}
    assert first["train_accuracy"][0.0] == 0.5
    assert first["train_accuracy"][1.0] == pytest.approx(np.mean(Samples.draw(12, 0.1, 3).s == y))
    assert first["train_accuracy"][1.0] + first["train_accuracy"][-1.0] == pytest.approx(1)
    assert first["mu_y_clean"].to_dict() == pytest.approx({1.0: 1.0, 0.0: 0.0, -1.0: 1.0})
    assert first["mu_y"][1.0] == pytest.approx(first["explainer_information"][1.0])


def test_dimensions_of_a_smaller_set_are_the_first_of_a_larger() -> None:
    samples = Samples.draw(9, 0.1, 7)
    both = list(samples.grams((20, AT_ONCE + 70), 0.5))
    assert np.array_equal(next(Samples.draw(9, 0.4, 7).grams((20,), 0.5)), both[0])
    x, _ = inputs(LinearModel(n=10, sigma=0.5), 7, AT_ONCE + 70)
    whole = next(Samples.draw(10, 0.1, 7).grams((AT_ONCE + 70,), 0.5))
    np.testing.assert_allclose(whole, x[:, 1:] @ x[:, 1:].T, rtol=1e-10)


@pytest.mark.claim
def test_the_table_of_the_note() -> None:
    """n = 200, eta = 0.1: means over 16 seeds are the note's, which had 5 others, within 2.5 standard errors of 5."""
    note = {
        1.5: (0.863, 0.724, 0.558),
        2.0: (0.941, 0.729, 0.482),
        5.0: (0.999, 0.644, 0.205),
        10.0: (1.000, 0.601, 0.075),
        50.0: (1.000, 0.545, 0.000),
    }
    experiment = LinearModel(ratios=tuple(note), d_over_n=5, seeds=tuple(range(16)), step_limit=1)
    ends = tables(experiment)["ends"]
    for ratio, accuracies in note.items():
        for start, accuracy in zip((1.0, 0.0, -1.0), accuracies, strict=True):
            mine = ends[(ends["d_over_n"] == ratio) & (ends["start"] == start)]
            spread = float(mine["interpolator_accuracy"].std())
            assert float(mine["interpolator_accuracy"].mean()) == pytest.approx(
                accuracy, abs=2.5 * spread / 5**0.5 + 1e-3
            )
            approximate = float(mine["approximate_accuracy"].iloc[0])
            assert float(mine["interpolator_accuracy"].mean()) == pytest.approx(approximate, abs=0.01)


@pytest.mark.claim
def test_it_overfits_and_forgets_nothing_where_it_began_simple(measured: Measured) -> None:
    """n = 200, d = 4000: all labels fitted by 1,900 steps (the note: about 1,600); .5 creeps to .57.

    mu_Y is flat at I(L;Y) from a = 1.
    """
    path = tables(THEOREM["complexity/theorem"].experiment)["path"]
    fitted = path[path["step"] >= 1900]
    assert fitted["train_accuracy"].min() == 1
    simple, nothing, opposite = (path[path["start"] == a] for a in (1, 0, -1))
    assert simple["train_accuracy"].min() < 0.95
    worst = simple["population_accuracy"].min()
    measured("N7", "d/n = 20, from a = 1: least population accuracy", worst, near(1, 1e-3, null=0.5))
    np.testing.assert_allclose(simple["mu_y"], simple["explainer_information"], atol=1e-3)
    last = nothing[nothing["step"] == 6400]["population_accuracy"]
    theory = float(norm.cdf(0.8 * 20**-0.5))  # Phi((1 - 2 eta) sqrt(n / d)), eta = .1
    measured("N7", "d/n = 20, from a = 0: population accuracy", last.mean(), near(theory, 0.01, null=0.5), last.sem())
    assert opposite["population_accuracy"].max() < 0.02


@pytest.mark.claim
def test_few_dimensions_make_it_forget() -> None:
    """d/n = 1.5: the fit costs between a tenth and a sixth of the accuracy."""
    runs = tables(replace(THEOREM["complexity/theorem_few"].experiment, ratios=(2,)))["runs"]
    simple = runs[runs["start"] == 1]
    assert simple["train_accuracy"].min() == 1
    assert 0.1 < 1 - simple["population_accuracy"].mean() < 1 / 6
    noisy = tables(replace(THEOREM["complexity/theorem_noise"].experiment, ratios=(2,)))["runs"]
    assert noisy[noisy["start"] == 1]["population_accuracy"].min() > 0.99


def test_the_same_experiment_gives_the_same_bytes_whatever_trains_beside() -> None:
    one, other = trained(SMALL), trained(SMALL)
    assert encode(one) == encode(other)
    alone = trained(replace(SMALL, seeds=(1,)))
    for name, axes in alone.axes.items():
        row = axes.index("run")
        np.testing.assert_allclose(np.take(one[name], 1, row), np.take(alone[name], 0, row), rtol=1e-12, atol=1e-14)
    back = decode(encode(one))
    assert back.experiment == SMALL
    for name in one.axes:
        np.testing.assert_array_equal(back[name], one[name])


def test_runs_end_with_a_reason() -> None:
    assert (trained(replace(SMALL, step_limit=5))["outcome"] == STEP_LIMIT).all()
    assert (trained(replace(SMALL, step_limit=2000))["outcome"] == FITTED).all()
    found = trained(replace(SMALL, rate=4, step_limit=2000))
    assert (found["outcome"] == DIVERGED).all()
    assert (found["end_step"] < 2000).all()
    after = found.steps >= found["end_step"].max()
    for name in ("signal", "noise", "loss", "train_accuracy"):
        assert np.isnan(found[name][after]).all()
        assert np.isfinite(found[name][0]).all()
    assert np.isfinite(found["end_signal"]).all()
    path = studies()["linear_model"].tables()["path"](found)
    lost = path["loss"].isna()
    assert path.loc[lost, ["population_accuracy", "train_accuracy", "mu_y", "mu_y_clean"]].isna().all(axis=None)
    assert path.loc[~lost, ["population_accuracy", "train_accuracy", "mu_y", "mu_y_clean"]].notna().all(axis=None)


def test_without_label_noise_the_simple_start_is_already_there() -> None:
    path = tables(replace(SMALL, eta=0))["path"]
    simple = path[path["start"] == 1]
    assert simple["loss"].max() < 1e-25
    assert (simple["population_accuracy"] == 1).all()
    assert (simple["explainer_information"] == 1).all()


def test_runs_that_no_shard_has_are_unfinished() -> None:
    whole = trained(SMALL)
    part = {name: np.take(whole[name], [0], axes.index("run")) for name, axes in whole.axes.items()}
    found = join(SMALL, [([0], part)])
    assert found["outcome"].tolist() == [STEP_LIMIT, UNFINISHED]
    assert np.isnan(found["loss"][:, 1]).all()
    assert not found.complete


def test_seeds_go_by_sixteen() -> None:
    many = LinearModel(seeds=tuple(range(20)))
    assert shards(many, "cpu") == shards(many, "cuda") == [list(range(16)), list(range(16, 20))]
    assert estimate(LinearModel(), workers=1, device="cpu").usual < 6
    assert estimate(many, workers=1, device="cpu").usual > estimate(LinearModel(), workers=1, device="cpu").usual


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(name: str) -> None:
    written = pd.read_csv(io.BytesIO(to_csv(studies()["linear_model"].tables()[name](trained(SMALL)))))
    assert ",".join(written.columns) == CONTRACT[name]
    assert set(written.columns) <= set(columns())


def test_rows_say_what_the_arrays_do() -> None:
    found = trained(SMALL)
    assert set(studies()["linear_model"].tables()) == set(CONTRACT)
    path, ends, approximation, runs = (table(found) for table in studies()["linear_model"].tables().values())
    snapshots = len(found.steps)
    assert (len(path), len(ends), len(runs)) == (3 * 2 * snapshots, 3 * 3 * 2, 6)
    row = path[(path["start"] == -1) & (path["seed"] == 1) & (path["step"] == 10)].iloc[0]
    at = int(np.flatnonzero(found.steps == 10)[0])
    assert row["signal"] == found["signal"][at, 1, 2]
    assert row["loss"] == found["loss"][at, 1, 2]
    assert row["population_accuracy"] == population_accuracy(row["signal"], row["noise_norm"], 1.0)
    end = ends[(ends["d_over_n"] == 5) & (ends["start"] == 0) & (ends["seed"] == 1)].iloc[0]
    assert end["dimensions"] == 60
    assert end["interpolator_accuracy"] == population_accuracy(
        found["end_signal"][1, 2, 1], found["end_noise"][1, 2, 1], 1.0
    )
    nearest = ends[(ends["d_over_n"] == 4) & (ends["start"] == -1) & (ends["seed"] == 3)]["interpolator_accuracy"]
    mine = runs[(runs["start"] == -1) & (runs["seed"] == 3)].iloc[0]
    assert mine["interpolator_accuracy"] == nearest.iloc[0]
    assert (
        mine["population_accuracy"] == path[(path["start"] == -1) & (path["seed"] == 3)]["population_accuracy"].iloc[-1]
    )
    assert approximation["d_over_n"].agg(["min", "max"]).tolist() == pytest.approx([2, 5])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", 9),
        ("n", 20.5),
        ("d_over_n", 1.0),
        ("d_over_n", float("nan")),
        ("d_over_n", 101),
        ("eta", 0.5),
        ("eta", -0.1),
        ("sigma", 0),
        ("rate", 0),
        ("rate", 5),
        ("ratios", ()),
        ("ratios", (2, 2)),
        ("ratios", (0.5, 2)),
        ("ratios", (2, 500)),
        ("ratios", tuple(range(2, 30))),
        ("seeds", ()),
        ("seeds", (1, 1)),
        ("step_limit", 0),
        ("step_limit", "soon"),
    ],
)
def test_a_bad_field_is_said_in_one_sentence(field: str, value: object) -> None:
    with pytest.raises(ExperimentError) as error:
        LinearModel(**{field: value})  # type: ignore[arg-type]
    assert str(error.value).startswith(f"{field}: ")
    assert str(error.value).count("\n") == 0


def test_an_experiment_reads_back_and_takes_settings_as_text() -> None:
    experiment = LinearModel(n=50, ratios=(3, 4.5), seeds=(2,), eta=0.25)
    assert from_json(to_json(experiment)) == experiment
    assert json.loads(to_json(experiment))["study"] == "complexity_theorem"
    assert with_settings(LinearModel(), {"n": "50", "ratios": "3,4.5", "seeds": "2", "eta": "0.25"}) == experiment
    assert LinearModel(d_over_n=20) == LinearModel(d_over_n=20.0)
    assert LinearModel(ratios=(2, 3)).every_ratio == (2, 3, 20)
