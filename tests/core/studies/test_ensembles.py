"""Ensembles: networks against those of the phase plane, fluctuations against what was put in, and the claims."""

from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.columns import columns
from core.datasets import Source
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.ensembles.experiment import MOST_MEMBERS, Ensembles, Member
from core.studies.ensembles.scene import scene, verdict
from core.studies.ensembles.tables import LEAST_WIDTH, TABLES, ensemble, ensembles, exponents, fitted, history
from core.studies.ensembles.training import begin
from core.studies.ensembles.trajectory import EnsemblesTrajectory
from core.studies.ensembles.view import EnsemblesView
from core.studies.phase_plane.experiment import PhasePlane
from core.sweeps import train
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import SIGN, Measured, above, near, seeds

SMALL = Ensembles(n_train=32, test_points=100, widths=(16, 32), alphas=(1.0, 32.0), members=3, temperature=2.0**-6)


@cache
def trained(experiment: Ensembles) -> EnsemblesTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, EnsemblesTrajectory)
    return found


def made(output: np.ndarray, widths: tuple[int, ...], alphas: tuple[float, ...] = (1.0,)) -> EnsemblesTrajectory:
    """A trajectory of one training set with outputs (width, member, alpha, point), all of class +1."""
    experiment = Ensembles(widths=widths, alphas=alphas, members=output.shape[1])
    runs, points = experiment.runs, output.shape[-1]
    steps = len(EnsemblesTrajectory.scheduled(experiment))
    arrays = {
        "test_error": np.zeros((steps, runs), np.float32),
        "relative_weight_change": np.ones(runs, np.float32),
        "output": output.reshape(runs, points).astype(np.float32),
        "end_step": np.ones(runs, np.int32),
        "outcome": np.full(runs, FITTED, np.int8),
        "test_label": np.ones((1, points), bool),
    }
    return EnsemblesTrajectory(experiment, arrays)


def test_a_network_is_that_of_the_phase_plane() -> None:
    """Of seed 0 and member 0 both draw the same weights, data and batches."""
    found = trained(SMALL)
    for width in SMALL.widths:
        other = train(
            PhasePlane(
                n_train=(32,),
                test_points=100,
                width=width,
                depth=1,
                activation="relu",
                alphas=SMALL.alphas,
                temperatures=(SMALL.temperature,),
                seeds=(0,),
                step_limit=SMALL.step_limit,
            ),
            source=Source(),
            workers=1,
        )
        own = [run for run, place in enumerate(SMALL.places) if (place.width, place.member) == (width, 0)]
        for name in ("end_step", "outcome"):
            np.testing.assert_array_equal(found[name][own], other[name])
        np.testing.assert_array_equal(found["test_error"][-1, own], other["test_error"][-1])
        np.testing.assert_allclose(found["relative_weight_change"][own], other["relative_weight_change"][-1], rtol=1e-3)


def test_networks_of_an_ensemble_differ_by_their_initialization_alone() -> None:
    seeded = [Member(seed, 8, member, 1.0).init_seed for seed, member in product(range(5), range(MOST_MEMBERS))]
    assert len(set(seeded)) == len(seeded)
    first, second = (begin(SMALL, [run, run + 1], Source(), "cpu") for run in (0, 2))
    assert (first.shard.stack.head != second.shard.stack.head).any()
    assert (first.shard.stack.head[0] == first.shard.stack.head[1]).all()
    np.testing.assert_array_equal(first.points.train[0], second.points.train[0])
    np.testing.assert_array_equal(next(first.stream), next(second.stream))
    with pytest.raises(ValueError, match="share seed, width and member"):
        begin(SMALL, [0, 2], Source(), "cpu")


def test_amplitude_and_fluctuation_are_found_again() -> None:
    rng = np.random.default_rng(0)
    mean = 3 * np.sign(rng.standard_normal(20_000))
    found = ensemble(mean + 2 * rng.standard_normal((4, 20_000)))
    assert found.amplitude == pytest.approx(3, rel=0.02)
    assert found.fluctuation == pytest.approx(2, rel=0.02)
    assert found.relative == found.fluctuation / found.amplitude
    by_hand = ensemble(np.array([[1.0, 5.0], [3.0, 5.0]]))
    assert by_hand == pytest.approx(((29 / 2 - 1 / 2) ** 0.5, 1.0))
    assert np.isnan(ensemble(np.array([[1.0], [-1.0]])).relative)


def test_an_exponent_is_found_again_within_its_jackknife_error() -> None:
    rng = np.random.default_rng(1)
    widths, powers = (32, 64, 128, 256, 512), (-0.5, -0.25)
    spread = np.stack([0.5 * (np.array(widths) / 64) ** power for power in powers], 1)  # (width, alpha)
    noise = rng.standard_normal((5, 10, 2, 400)) * spread[:, None, :, None]
    table = exponents(made(1 + noise, widths, (1.0, 2.0)))
    assert table["low"].tolist() == [LEAST_WIDTH] * 2
    for power, (_, row) in zip(powers, table.iterrows(), strict=True):
        assert 0 < row["standard_error"] < 0.05
        assert abs(row["exponent"] - power) < 3 * row["standard_error"]
    assert exponents(made(1 + noise[:2], widths[:2], (1.0, 2.0)))["exponent"].isna().all()


def test_the_mean_of_networks_that_err_apart_errs_nowhere() -> None:
    output = np.ones((1, 3, 1, 3))
    output[0, range(3), 0, range(3)] = -1
    row = ensembles(made(output, (64,))).iloc[0]
    assert row["test_error"] == pytest.approx(1 / 3)
    assert row["ensemble_test_error"] == 0
    copies = ensembles(made(np.broadcast_to(output[:, :1], output.shape), (64,))).iloc[0]
    assert copies["ensemble_test_error"] == copies["test_error"] == pytest.approx(1 / 3)
    assert copies["fluctuation"] == 0


def test_runs_end_with_a_reason_come_back_and_are_the_same_bytes() -> None:
    found = trained(SMALL)
    assert (found["outcome"] == FITTED).all()
    again = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
    assert encode(found) == encode(train(SMALL, source=Source(), workers=2))
    two = trained(replace(SMALL, seeds=(0, 1)))
    np.testing.assert_array_equal(two["output"][: SMALL.runs], found["output"])
    lost = trained(replace(SMALL, temperature=2.0**6, alphas=(2.0**-8,), depth=3))
    assert (lost["outcome"] == DIVERGED).all()
    assert np.isnan(lost["output"]).all()
    assert ensembles(lost)["test_error"].isna().all()
    view = EnsemblesView.of(lost.experiment, alpha=2.0**-8)
    assert verdict(view, Shown(lost)) == "Too few networks fitted their data for an exponent."
    assert "12 of 12" not in str(scene(view, [Shown(lost)]).cards["fluctuation"].badge)
    stopped = trained(replace(SMALL, step_limit=2))
    assert (stopped["outcome"] == STEP_LIMIT).all()


def test_tables_have_their_columns_and_what_is_said_is_in_them() -> None:
    found, _ = Store(Path("nowhere")).load(Ensembles())
    assert isinstance(found, EnsemblesTrajectory)
    for name, table in TABLES.items():
        assert {one.removesuffix("_deviation") for one in table(found).columns} <= set(columns()), name
    rows, law = ensembles(found), exponents(found)
    assert fitted(found, 0, 1.0, 64) == [run for run, one in enumerate(found.experiment.places) if one[1::2] == (64, 1)]
    said = verdict(EnsemblesView(), Shown(found))
    for _, row in law.iterrows():
        assert f"**{row['exponent']:z.2f} ± {row['standard_error']:.2f}**".replace("-", "−") in said
    last = rows[(rows["alpha"] == 2.0**10) & (rows["width"] == 512)].iloc[0]
    assert f"{last['test_error']:.3f} for one network and {last['ensemble_test_error']:.3f} for their mean" in said
    ends = history(found).groupby(["alpha", "width"])["test_error"].last()
    np.testing.assert_allclose(ends, rows.set_index(["alpha", "width"])["test_error"], atol=1e-6)
    small = law[law["alpha"] <= 32]
    agree = (law["exponent"] + 0.5).abs() <= 2 * law["standard_error"]
    assert f"{agree.sum()} of {len(law)} within 2 standard errors" in said
    assert (small["exponent"] < -0.25).all()


def test_what_ships_is_what_the_lessons_say() -> None:
    found, _ = Store(Path("nowhere")).load(Ensembles())
    assert isinstance(found, EnsemblesTrajectory)
    rows = ensembles(found).set_index("alpha")
    assert rows.loc[32, "relative_weight_change"].between(0.02, 0.1).all()
    assert rows.loc[2.0**-5, "relative_weight_change"].gt(2).all()
    assert found.experiment.temperature > 1 / 1024
    assert rows.loc[1024, "amplitude"].gt(5).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [("members", 1), ("widths", (64, 32)), ("alphas", ()), ("temperature", 0.0), ("batch_size", 512), ("depth", 0)],
)
def test_bad_settings_are_one_sentence(name: str, value: Any) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        Ensembles(**{name: value})


@cache
def measured_on(alphas: tuple[float, ...], temperature: float = Ensembles().temperature) -> EnsemblesTrajectory:
    """Networks on five training sets."""
    return trained(Ensembles(alphas=alphas, temperature=temperature, seeds=seeds(5)))


ALL = Ensembles().alphas


@pytest.mark.claim
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("alpha", ALL[:3])
def test_c13_fluctuations_fall_with_the_root_of_the_width(measured: Measured, alpha: float) -> None:
    table = exponents(measured_on(ALL))
    own = table[table["alpha"] == alpha]["exponent"]
    said = f"digits, alpha = {alpha:g}, T = 2^-8: exponent of the fluctuation over initializations in h, 64 to 512"
    measured("C13", said, own.mean(), near(-0.5, 0.1, null=0), own.sem())


@pytest.mark.claim
@pytest.mark.timeout(1200)
def test_c14_noise_keeps_wide_lazy_networks_apart(measured: Measured) -> None:
    found = {
        "T = 2^-8, T alpha = 4": exponents(measured_on(ALL[3:]))["exponent"],
        "T = 2^-13, T alpha = 1/8": exponents(measured_on(ALL[3:], 2.0**-13))["exponent"],
    }
    loud, quiet = (own.reset_index(drop=True) for own in found.values())
    for where, own in found.items():
        said = f"digits, alpha = 1024, {where}: exponent of the fluctuation in h"
        measured("C14", said, own.mean(), near(-0.5, 0.1, null=0), own.sem(), verdict=SIGN)
    apart = loud - quiet
    said = "digits, alpha = 1024: that exponent, with noise less without"
    measured("C14", said, apart.mean(), above(0), apart.sem())


@pytest.mark.claim
@pytest.mark.timeout(1200)
def test_c15_an_ensemble_of_narrow_networks_is_as_good_as_a_wide_one(measured: Measured) -> None:
    table = ensembles(measured_on(ALL))
    by_width: dict[int, pd.DataFrame] = {
        width: table[table["width"] == width].pivot(index="seed", columns="alpha", values="test_error")
        for width in (16, 512)
    }
    narrow = table[table["width"] == 16].pivot(index="seed", columns="alpha", values="ensemble_test_error")
    gain = (by_width[16] - narrow).mean(axis=1)
    said = "digits, h = 16, mean over alpha: test error of one network less that of the mean output of ten"
    measured("C15", said, gain.mean(), above(0), gain.sem())
    rest = (narrow - by_width[512]).mean(axis=1)
    said = "digits, mean over alpha: test error of the mean output at h = 16 less that of one network at h = 512"
    measured("C15", said, rest.mean(), near(0, 0.01), rest.sem())
