"""mu_Y: special values, identities, bounds, and its standard error by simulation."""

import math
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.observables.information import information, tables

BIT = [0, 1]


def table(weight: Callable[[int, int, int], float]) -> np.ndarray:
    return np.array([[[weight(f, el, y) for y in BIT] for el in BIT] for f in BIT], float)


def h(p: float) -> float:
    return -sum(q * math.log2(q) for q in (p, 1 - p) if q > 0)


def mutual(joint: np.ndarray) -> float:
    """I of a 2-D table by its definition, sum p log2 p / (p p)."""
    joint = joint / joint.sum()
    a, b = joint.sum(1), joint.sum(0)
    return sum(
        joint[i, j] * math.log2(joint[i, j] / (a[i] * b[j])) for i in range(2) for j in range(2) if joint[i, j] > 0
    )


def conditional(joint: np.ndarray, given_axis: int) -> float:
    """I of the other two axes given one, by its definition."""
    slices = np.moveaxis(joint / joint.sum(), given_axis, 0)
    return sum(part.sum() * mutual(part) for part in slices if part.sum() > 0)


noisy = 0.9, 0.1  # L agrees with Y in .9 of the points
SPECIAL = {
    "F = L": (lambda f, el, y: (f == el) * noisy[el != y], 1 - h(0.1), 0.0),
    "F = not L": (lambda f, el, y: (f != el) * noisy[el != y], 1 - h(0.1), 0.0),
    "F constant": (lambda f, el, y: (f == 0) * noisy[el != y], 0.0, 0.0),
    "F = noisy copy of L": (lambda f, el, y: (0.8, 0.2)[f != el] * noisy[el != y], 1 - h(0.1 * 0.8 + 0.9 * 0.2), 0.0),
    "L = noisy copy of F": (lambda f, el, y: (0.8, 0.2)[f != el] * noisy[f != y], 1 - h(0.26), h(0.26) - h(0.1)),
    "F = Y": (lambda f, el, y: (f == y) * noisy[el != y], 1 - h(0.1), h(0.1)),
    "F independent of both": (lambda f, el, y: noisy[el != y], 0.0, 0.0),
    "Y = F xor L": (lambda f, el, y: float(y == f ^ el), -1.0, 1.0),
}


@pytest.mark.parametrize("case", SPECIAL)
def test_special_values(case: str) -> None:
    weight, mu, given_l = SPECIAL[case]
    found = information(table(weight))
    assert found.mu_y == pytest.approx(mu, abs=1e-12)
    assert found.conditional_information == pytest.approx(given_l, abs=1e-12)
    assert all(np.isfinite(getattr(found, f.name)).all() for f in fields(found))


def test_independent_given_y_is_the_mutual_information_of_f_and_l() -> None:
    found = information(table(lambda f, el, y: (0.7, 0.3)[f != y] * noisy[el != y]))
    assert found.mu_y == pytest.approx(found.mu_y_independent, abs=1e-12)
    # symmetric errors: F and L agree with probability .7 * .9 + .3 * .1
    assert found.mu_y == pytest.approx(1 - h(0.7 * 0.9 + 0.3 * 0.1), abs=1e-12)


def test_independent_f_and_l_that_both_inform_give_a_negative_mu() -> None:
    def weight(f: int, el: int, y: int) -> float:
        p = (0.1, 0.5, 0.5, 0.9)[f + 2 * el if (f, el) in ((0, 0), (1, 1)) else 1]
        return p if y else 1 - p

    joint = table(weight)
    found = information(joint)
    assert found.mu_y == pytest.approx(-conditional(joint, 2), abs=1e-12)
    assert found.mu_y < -0.01


COUNTS = st.lists(st.integers(0, 60), min_size=8, max_size=8).filter(lambda c: sum(c) > 0)


@given(COUNTS)
def test_the_three_forms_agree_with_the_definition(counts: list[int]) -> None:
    joint = np.array(counts, float).reshape(2, 2, 2)
    found = information(joint)
    f_y, l_y, f_l = joint.sum(1), joint.sum(0), joint.sum(2)
    forms = (
        mutual(f_y) - conditional(joint, 1),
        mutual(l_y) - conditional(joint, 0),
        mutual(f_l) - conditional(joint, 2),
    )
    np.testing.assert_allclose(float(found.mu_y), forms, atol=1e-9)
    assert found.mutual_information == pytest.approx(mutual(f_y), abs=1e-9)
    assert found.conditional_information == pytest.approx(conditional(joint, 1), abs=1e-9)
    assert found.explainer_information == pytest.approx(mutual(l_y), abs=1e-9)


@given(COUNTS)
def test_bounds_fano_and_relabelling(counts: list[int]) -> None:
    joint = np.array(counts, float).reshape(2, 2, 2)
    found = information(joint)
    assert found.mu_y <= min(found.mutual_information, found.explainer_information) + 1e-9
    assert found.mu_y >= -found.conditional_information - 1e-9
    h_y = h(joint.sum((0, 1))[1] / joint.sum())
    for bits, share in (
        (found.mutual_information, found.accuracy),
        (found.explainer_information, found.explainer_accuracy),
    ):
        assert bits >= h_y - h(float(share)) - 1e-9
    p = joint / joint.sum()
    assert found.accuracy == pytest.approx(sum(p[f, el, f] for f in BIT for el in BIT))
    assert found.explainer_accuracy == pytest.approx(sum(p[f, el, el] for f in BIT for el in BIT))
    for axis in range(3):
        flipped = information(np.flip(joint, axis))
        assert flipped.mu_y == pytest.approx(float(found.mu_y), abs=1e-9)
        assert flipped.standard_error == pytest.approx(float(found.standard_error), abs=1e-9)
    swapped = information(np.swapaxes(joint, 0, 1))
    assert swapped.mu_y == pytest.approx(float(found.mu_y), abs=1e-9)
    assert information(joint * 4).standard_error == pytest.approx(float(found.standard_error) / 2, abs=1e-9)


def test_mu_independent_keeps_the_confusion_tables() -> None:
    joint = np.array([[[30, 4], [9, 3]], [[2, 8], [5, 50]]], float)
    f_y, l_y, y = joint.sum(1), joint.sum(0), joint.sum((0, 1))
    apart = np.einsum("fy,ly,y->fly", f_y, l_y, 1 / y)
    np.testing.assert_allclose(apart.sum(1), f_y)
    assert information(joint).mu_y_independent == pytest.approx(mutual(apart.sum(2)), abs=1e-12)


@pytest.mark.parametrize("n", [360, 3600])
def test_the_standard_error_is_the_spread_over_draws(n: int) -> None:
    p = table(lambda f, el, y: (0.85, 0.15)[el != y] * (0.9, 0.1)[f != el] + 0.04).ravel()
    p /= p.sum()
    draws = np.random.default_rng(0).multinomial(n, p, size=4000).reshape(-1, 2, 2, 2)
    found = information(draws)
    spread = found.mu_y.std()
    assert information(p.reshape(2, 2, 2) * n).standard_error == pytest.approx(spread, rel=0.06)
    assert found.standard_error.mean() == pytest.approx(spread, rel=0.06)


def test_tables_count_each_point_once() -> None:
    rng = np.random.default_rng(0)
    f, el, y = rng.random((3, 4, 50)) < 0.4, rng.random(50) < 0.5, rng.random(50) < 0.6
    counts = tables(f, el, y)
    assert counts.shape == (3, 4, 2, 2, 2)
    for i in range(3):
        for j in range(4):
            by_hand = np.bincount(4 * f[i, j] + 2 * el + y, minlength=8).reshape(2, 2, 2)
            np.testing.assert_array_equal(counts[i, j], by_hand)
    both = information(counts)
    assert both.mu_y.shape == (3, 4)
    assert both.mu_y[1, 2] == information(counts[1, 2]).mu_y
