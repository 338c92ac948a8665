"""What a test set can tell: bias and its correction, standard errors, bootstrap, noise floors, by simulation."""

import numpy as np
import pytest

from core.observables.information import information, tables
from core.observables.information_errors import bootstrap, noise_floor

# L is right in .85 of the points, F repeats L in .9 of them; 5 % of the weight is spread over all cells.
P = np.array([[[(0.85, 0.15)[el != y] * (0.9, 0.1)[f != el] for y in (0, 1)] for el in (0, 1)] for f in (0, 1)]) / 2
P = 0.95 * P + 0.05 / 8
THREE = np.where(np.eye(3, dtype=bool), 0.7, 0.15)
P3 = THREE[:, :, None] * THREE[None] / 3  # F given L, L given Y, three classes
APART = np.where(np.eye(2, dtype=bool), 0.9, 0.1)[:, None, :] * np.where(np.eye(2, dtype=bool), 0.8, 0.2)[None]
APART3 = np.where(np.eye(3, dtype=bool), 0.8, 0.1)[:, None, :] * THREE[None]  # F given Y, L given Y


def drawn(p: np.ndarray, points: int, times: int, seed: int = 0) -> np.ndarray:
    counts = np.random.default_rng(seed).multinomial(points, p.ravel() / p.sum(), size=times)
    return counts.reshape(times, *p.shape)


@pytest.mark.parametrize("points", [360, 900])
def test_the_bias_of_plain_frequencies_and_what_miller_madow_leaves(points: int) -> None:
    counts, truth = drawn(P, points, 60_000), information(P)
    plain, corrected = information(counts), information(counts, miller_madow=True)
    unit = 1 / (2 * points * np.log(2))
    for name, expected in (("mutual_information", 1), ("conditional_information", 2), ("mu_y", -1)):
        noise = 4 * getattr(plain, name).std() / np.sqrt(len(counts))
        bias = (getattr(plain, name) - getattr(truth, name)).mean()
        assert bias == pytest.approx(expected * unit, abs=noise + 0.15 * unit), name
        left = (getattr(corrected, name) - getattr(truth, name)).mean()
        assert abs(left) < noise + 0.25 * unit, name
    explained = (corrected.explainer_information - plain.explainer_information).mean()
    assert explained == pytest.approx(-unit, rel=1e-9)
    assert (corrected.mu_y == corrected.mutual_information - corrected.conditional_information).all()


def test_miller_madow_counts_occupied_cells() -> None:
    counts = np.zeros((3, 3, 3))
    counts[0, 0, 0], counts[0, 1, 1], counts[1, 0, 1] = 5, 7, 8  # N = 20
    plain, corrected = information(counts), information(counts, miller_madow=True)
    unit = 1 / (40 * np.log(2))
    # (F, Y): 3 cells, F: 2, Y: 2 -> 0; (F, L, Y): 3, (F, L): 3, (L, Y): 3, L: 2 -> -1
    assert corrected.mutual_information == pytest.approx(float(plain.mutual_information), abs=1e-15)
    assert corrected.conditional_information - plain.conditional_information == pytest.approx(unit)
    constant = information(tables(GOOD * 0, GOOD, GOOD), miller_madow=True)
    assert constant.mutual_information == constant.conditional_information == constant.mu_y == 0


GOOD = np.array([0, 1, 1, 0, 1])


@pytest.mark.parametrize(("p", "points"), [(APART, 360), (APART, 10_000), (P, 10_000), (APART3, 1_000)])
def test_delta_method_errors_are_the_spread_over_draws(p: np.ndarray, points: int) -> None:
    counts = drawn(p, points, 6_000)
    found, exact = information(counts), information(p * points / p.sum())
    for name, error in (
        ("mutual_information", "mutual_information_error"),
        ("conditional_information", "conditional_information_error"),
        ("mu_y", "standard_error"),
    ):
        spread = getattr(found, name).std()
        assert getattr(exact, error) == pytest.approx(spread, rel=0.05), name
        assert getattr(found, error).mean() == pytest.approx(spread, rel=0.05), name


def test_bootstrap_covers_what_is_true() -> None:
    counts, truth = drawn(P, 360, 600), information(P)
    for measure in ("mu_y", "mutual_information"):
        low, high = bootstrap(counts, draws=300, measure=measure)
        assert low.shape == high.shape == (600,)
        true = float(getattr(truth, measure))
        assert 0.91 <= ((low <= true) & (true <= high)).mean() <= 0.985
        half = ((high - low) / 2).mean() / 1.96
        error = (
            information(counts).standard_error if measure == "mu_y" else information(counts).mutual_information_error
        )
        assert half == pytest.approx(error.mean(), rel=0.06)
    narrow_low, narrow_high = bootstrap(counts, draws=300, level=0.5)
    true = float(truth.mu_y)
    assert 0.42 <= ((narrow_low <= true) & (true <= narrow_high)).mean() <= 0.58


def test_bootstrap_repeats_itself_and_keeps_shapes() -> None:
    counts = drawn(P3, 200, 6).reshape(2, 3, 3, 3, 3)
    low, high = bootstrap(counts, draws=50)
    assert low.shape == (2, 3)
    assert (low < high).all()
    again, _ = bootstrap(counts, draws=50)
    np.testing.assert_array_equal(low, again)
    other, _ = bootstrap(counts, draws=50, seed=1)
    assert (low != other).any()
    constant = bootstrap(tables(GOOD * 0, GOOD, GOOD), draws=20)
    assert [float(end) for end in constant] == [0, 0]
    nothing = bootstrap(np.stack([np.zeros((2, 2, 2), int), P * 800]).astype(int), draws=20)
    assert np.isnan(nothing[0][0])
    assert np.isfinite(nothing[0][1])


def test_the_noise_floor_is_the_notes() -> None:
    for points, ceiling in ((10_000, 0.00043), (900, 0.0048), (360, 0.012)):
        assert noise_floor(points).conditional_information == pytest.approx(ceiling, rel=0.02)
    assert noise_floor(1_000).mutual_information == pytest.approx(2.77e-3, rel=0.002)
    many = noise_floor([100, 200])
    assert many.conditional_information[0] == pytest.approx(2 * many.conditional_information[1])


@pytest.mark.parametrize("classes", [2, 3])
def test_one_null_table_in_twenty_is_above_the_floor(classes: int) -> None:
    y = np.full(classes, 1 / classes)
    right = np.where(np.eye(classes, dtype=bool), 0.7, 0.3 / (classes - 1))
    nothing_new = right[:, :, None] * right[None]  # F given L, whatever Y is
    unrelated = y[:, None, None] * right[None]
    floor = noise_floor(3_000, classes)
    beyond = information(drawn(nothing_new, 3_000, 8_000)).conditional_information
    assert (beyond > floor.conditional_information).mean() == pytest.approx(0.05, abs=0.012)
    alone = information(drawn(unrelated, 3_000, 8_000)).mutual_information
    assert (alone > floor.mutual_information).mean() == pytest.approx(0.05, abs=0.012)


def test_what_is_refused() -> None:
    for call, said in (
        (lambda: noise_floor(0), r"points: more than 0; got 0"),
        (lambda: noise_floor(10, classes=1), r"classes: at least 2; got 1"),
        (lambda: noise_floor(10, level=95), r"level: between 0 and 1; got 95"),
        (lambda: bootstrap(np.ones((2, 2, 2), int), level=0), r"level: between 0 and 1; got 0"),
        (lambda: bootstrap(np.ones((2, 2, 2), int), draws=0), r"draws: at least 1; got 0"),
        (lambda: bootstrap(P * 100), r"counts: whole numbers"),
        (lambda: bootstrap(np.ones((2, 2), int)), r"counts: tables"),
        (lambda: bootstrap(-np.ones((2, 2, 2), int)), r"counts: none below 0"),
    ):
        with pytest.raises(ValueError, match=said):
            call()
