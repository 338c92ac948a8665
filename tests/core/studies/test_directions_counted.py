"""Counting directions: clusters by hand, power laws that are known, extremal directions against the exact ones."""

import numpy as np
import pandas as pd
import pytest

from core.datasets import Source
from core.observables.directions import NONE, cosines, groups, heavy_units
from core.observables.extremal import angles, extremal_of
from core.observables.power_laws import power_law
from core.part import Shown
from core.studies.directions.experiment import Directions
from core.studies.directions.scene import verdict
from core.studies.directions.tables import counts
from core.studies.directions.trajectory import DirectionTrajectory
from core.studies.kinks.theory.directions import extremal_directions
from core.studies.kinks.theory.points import on_line
from core.sweeps import train


def at(*degrees: float) -> np.ndarray:
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)


def signs(*values: int) -> np.ndarray:
    return np.array(values, np.int8)


class TestGroups:
    def test_by_hand(self) -> None:
        """cos 0.99 is 8.1 degrees: 0 takes 5 but not 10, though 5 is near both; the sign parts 0 from 1."""
        found = groups(cosines(3 * at(0, 5, 10, 1)), signs(1, 1, 1, -1), np.array([5.0, 1, 2, 3]))
        assert found.count == 3
        assert found.leader.tolist() == [0, 3, 2]
        assert found.member.tolist() == [0, 0, 2, 1]
        assert found.mass.tolist() == [6, 3, 2]
        assert found.effective == pytest.approx(121 / 49)

    def test_the_threshold_matters(self) -> None:
        alike, sign, radius = cosines(at(*range(0, 90, 3))), np.ones(30, np.int8), np.linspace(2, 1, 30)
        found = [groups(alike, sign, radius, cosine=cosine, share=1).count for cosine in (0.95, 0.99, 0.999)]
        assert found == [5, 10, 30]

    def test_light_units_are_in_none(self) -> None:
        radius = np.array([100.0, 0.5, 50, 0.1])
        assert heavy_units(radius).tolist() == [0, 2]
        found = groups(cosines(at(0, 90, 180, 270)), np.ones(4, np.int8), radius)
        assert found.member.tolist() == [0, NONE, 1, NONE]

    def test_a_network_of_zeros_has_none(self) -> None:
        found = groups(cosines(np.zeros((4, 3))), np.ones(4, np.int8), np.zeros(4))
        assert found.count == 0
        assert found.effective == 0

    def test_random_directions_in_many_inputs_are_all_different(self) -> None:
        v = np.random.default_rng(0).standard_normal((1024, 100))
        found = groups(cosines(v), np.ones(1024, np.int8), np.ones(1024), share=1)
        assert found.count == 1024
        assert found.effective == pytest.approx(1024)


class TestPowerLaw:
    def test_an_exact_one(self) -> None:
        sizes = [20, 40, 80] * 2
        law = power_law(sizes, [3 * n**0.7 for n in sizes], [0, 0, 0, 1, 1, 1])
        assert law is not None
        assert law.exponent == pytest.approx(0.7)
        assert law.prefactor == pytest.approx(3)
        assert law.standard_error == pytest.approx(0, abs=1e-12)
        assert law.verdict.startswith("sub-linear")
        assert law.bend == pytest.approx(0, abs=1e-9)

    def test_the_error_is_that_of_the_seeds_own_slopes(self) -> None:
        rng = np.random.default_rng(1)
        sizes, seeds = np.tile([16, 32, 64, 128], 5), np.repeat(np.arange(5), 4)
        count = sizes**1.1 * np.exp(0.3 * rng.standard_normal(20))
        law = power_law(sizes, count, seeds)
        slopes = [np.polyfit(np.log(sizes[seeds == k]), np.log(count[seeds == k]), 1)[0] for k in range(5)]
        assert law is not None
        assert law.exponent == pytest.approx(np.mean(slopes))
        assert law.standard_error == pytest.approx(np.std(slopes, ddof=1) / np.sqrt(5))

    def test_two_standard_errors_cover_what_they_should(self) -> None:
        rng = np.random.default_rng(2)
        sizes, seeds = np.tile([16, 32, 64, 128, 256], 8), np.repeat(np.arange(8), 5)
        inside = 0
        for _ in range(400):
            own = 0.05 * rng.standard_normal(8)[seeds]  # a seed's slope is its own
            law = power_law(sizes, sizes ** (0.8 + own) * np.exp(0.2 * rng.standard_normal(40)), seeds)
            assert law is not None
            inside += abs(law.exponent - 0.8) < 2 * law.standard_error
        assert 0.86 < inside / 400 < 0.97  # Student's t of 7 degrees: 91 %

    def test_of_linear_laws_one_in_twenty_at_most_is_said_to_be_another(self) -> None:
        """Four seeds with slopes of their own about 1, and no bend: neither is named in more than 5 % of tables."""
        rng = np.random.default_rng(4)
        sizes, seeds = np.tile([16, 32, 64, 128], 4), np.repeat(np.arange(4), 4)
        draws, wrong = 400, 0
        for _ in range(draws):
            own = 1 + 0.05 * rng.standard_normal(4)[seeds]
            law = power_law(sizes, sizes**own * np.exp(0.1 * rng.standard_normal(16)), seeds)
            assert law is not None
            wrong += law.verdict != "linear within the error"
        assert wrong <= draws * 0.05 + 2 * (draws * 0.05 * 0.95) ** 0.5

    def test_one_size_has_none_and_one_seed_no_error(self) -> None:
        assert power_law([20, 20], [3, 4], [0, 1]) is None
        law = power_law([20, 40], [3, 6], [0, 0])
        assert law is not None
        assert np.isnan(law.standard_error)
        assert law.verdict == "unknown"
        assert np.isnan(law.bend)

    def test_a_bend_is_found_and_said(self) -> None:
        """Flat to 64, then in proportion: p rises from 0 to 1."""
        sizes, seeds = np.tile([16, 32, 64, 128, 256], 4), np.repeat(np.arange(4), 5)
        noise = np.exp(0.05 * np.random.default_rng(3).standard_normal(20))
        law = power_law(sizes, np.maximum(sizes / 64, 1) * noise, seeds)
        assert law is not None
        assert 0.1 < law.bend < 0.6
        assert law.verdict == "sub-linear on average, bending up"
        bent = power_law([1, 2, 4] * 2, [1, 2, 16] * 2, [0, 0, 0, 1, 1, 1])  # exponents 1 and 3
        assert bent is not None
        assert bent.bend == pytest.approx(2)


@pytest.mark.parametrize("seed", range(4))
def test_on_a_line_units_turn_to_the_exact_extremal_directions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = on_line(np.sort(rng.uniform(-1, 1, 7)), rng.standard_normal(7))
    sign = np.where(rng.random(200) < 0.5, -1.0, 1.0)
    found = extremal_of(rng.standard_normal((200, 2)), sign, points.inputs, points.y)
    exact = extremal_directions(points)
    for unit in np.flatnonzero(found.group >= 0):
        mine = exact.kind == sign[unit]
        theta = exact.angle[mine]
        apart = angles(np.stack([np.cos(theta), np.sin(theta)], 1), found.direction[unit])
        assert apart.min() < 0.2
        assert found.rate[unit] == pytest.approx(exact.rate[mine][apart.argmin()], abs=1e-3)
    dead = (points.inputs @ found.direction.T > 0).sum(axis=0) == 0
    assert np.isnan(found.rate[dead]).all()
    assert 2 <= found.count <= (exact.kind != 0).sum()


@pytest.mark.claim
def test_a_small_start_uses_few_directions_and_a_large_one_its_width() -> None:
    """Claim 1 of the note, section 3: 2 of 256 on 40 digits; at sigma = 30 one a unit."""
    few = train(Directions(n_train=(40,), seeds=(0,)), source=Source(), device="cpu", workers=1)
    lazy = train(Directions(n_train=(40,), seeds=(0,), sigma=30.0, paired=True), source=Source(), workers=1)
    assert [few.outcome(0), lazy.outcome(0)] == ["interpolated", "interpolated"]
    assert few["end_directions"][0] <= 5
    assert lazy["end_directions"][0] > 240
    assert isinstance(few, DirectionTrajectory)
    before = few["loss"] > 0.99 * few["loss"][0]  # aligned before the loss falls
    last = int(np.flatnonzero(before)[-1])
    near = few["radius"][last][few["angle"][last] < 5].sum() / few["radius"][last].sum()
    assert near > 0.8
    assert few["radius"][0][few["angle"][0] < 5].sum() == 0


@pytest.mark.data
def test_on_mnist_two_directions_fit_dozens_of_digits(real: Source) -> None:
    experiment = Directions(dataset="mnist_parity", n_train=(32, 64), seeds=(0, 1), width=128)
    found = train(experiment, source=real, device="cpu", workers=1)
    assert isinstance(found, DirectionTrajectory)
    table = counts(found)
    assert set(table["outcome"]) == {"interpolated"}
    assert (table["directions"] == 2).all()
    assert (table["test_error"] < 0.35).all()


def test_one_seed_has_no_error_to_say() -> None:
    laws = pd.DataFrame(
        {"measure": ["directions"], "exponent": [0.4], "standard_error": [np.nan], "verdict": [""], "low_n": [8]}
    ).assign(high_n=64)
    found = train(Directions(n_train=(16,), width=32, step_limit=20), source=Source(), workers=1)
    said = verdict(Shown(found, "", {("table", "fit"): laws}))
    assert "of exponent **0.40** within .99" in said
    assert "±" not in said
