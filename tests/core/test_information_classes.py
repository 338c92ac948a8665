"""The measure for any number of classes: identities, bounds, special values, counting, and what is refused."""

from dataclasses import fields
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

from core.observables.information import bounds, information, mutual_and_conditional, tables

RNG = np.random.default_rng(7)


def h(joint: np.ndarray, *axes: int) -> float:
    """Entropy in bits of the marginal on `axes` (0: F, 1: L, 2: Y), by scipy."""
    summed = joint.sum(axis=tuple(axis for axis in range(3) if axis not in axes))
    return float(entropy(summed.ravel(), base=2))


def random_tables(classes: int, count: int) -> np.ndarray:
    """Counts of 1 to 400 points, a third of the cells empty, and some classes that never occur."""
    weight = RNG.gamma(0.5, size=(count, classes**3)) * (RNG.random((count, classes**3)) < 0.67)
    weight[:, 0] += 1e-9
    weight = weight.reshape(count, classes, classes, classes)
    for axis in (1, 2, 3):
        absent = RNG.random(count) < 0.1
        np.moveaxis(weight, axis, 1)[absent, -1] = 0
    shares = weight.reshape(count, -1) / weight.reshape(count, -1).sum(1, keepdims=True)
    drawn = RNG.multinomial(RNG.integers(1, 400, count), shares)
    return drawn.reshape(count, classes, classes, classes)


@pytest.mark.parametrize("classes", [2, 3])
def test_all_forms_agree_on_a_thousand_tables(classes: int) -> None:
    counts = random_tables(classes, 1000)
    found = information(counts)
    assert found.mu_y.shape == (1000,)
    for i, joint in enumerate(counts):
        f_y, l_y, f_l, all_three = h(joint, 0, 2), h(joint, 1, 2), h(joint, 0, 1), h(joint, 0, 1, 2)
        f, el, y = h(joint, 0), h(joint, 1), h(joint, 2)
        given = f_l + l_y - el - all_three
        assert found.mutual_information[i] == pytest.approx(f + y - f_y, abs=1e-9)
        assert found.explainer_information[i] == pytest.approx(el + y - l_y, abs=1e-9)
        assert found.conditional_information[i] == pytest.approx(given, abs=1e-9)
        for form in (
            (f + y - f_y) - given,
            (el + y - l_y) - (f_l + f_y - f - all_three),
            (f + el - f_l) - (f_y + l_y - y - all_three),
            (f + y - f_y) + (el + y - l_y) - (f_l + y - all_three),
            f + el + y - f_l - f_y - l_y + all_three,
        ):
            assert found.mu_y[i] == pytest.approx(form, abs=1e-9)


@pytest.mark.parametrize("classes", [2, 3])
def test_bounds_symmetry_and_relabelling(classes: int) -> None:
    counts = random_tables(classes, 300)
    found, (low, high) = information(counts), bounds(counts)
    assert (found.mu_y >= low - 1e-9).all()
    assert (found.mu_y <= high + 1e-9).all()
    assert (np.abs(found.mu_y) <= np.log2(classes) + 1e-9).all()
    assert (high <= np.minimum(found.mutual_information, found.explainer_information) + 1e-9).all()
    assert (low >= -found.conditional_information - 1e-9).all()
    for order in permutations((1, 2, 3)):
        assert np.allclose(information(counts.transpose(0, *order)).mu_y, found.mu_y, atol=1e-9)
    for axis in (1, 2, 3):
        relabelled = information(counts.take(RNG.permutation(classes), axis=axis))
        for name in ("mutual_information", "conditional_information", "mu_y", "mu_y_independent", "standard_error"):
            assert np.allclose(getattr(relabelled, name), getattr(found, name), atol=1e-9), name


def chosen(classes: int, points: int = 500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unbalanced labels, an explainer that is right in about .8 of them, and errors that are independent of it."""
    y = RNG.choice(classes, points, p=np.arange(1, classes + 1) / np.arange(1, classes + 1).sum())
    el = np.where(RNG.random(points) < 0.8, y, RNG.integers(classes, size=points))
    return y, el, (RNG.random(points) < 0.25) * RNG.integers(1, classes, points)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_special_cases_of_any_number_of_classes(classes: int) -> None:
    y, el, _ = chosen(classes)

    def measured(f: np.ndarray, explainer: np.ndarray = el, labels: np.ndarray = y) -> object:
        return information(tables(f, explainer, labels, classes))

    nought, one = pytest.approx(0, abs=1e-12), pytest.approx(1, abs=1e-12)  # the order of sums is the processor's
    same = measured(el)
    assert same.conditional_information == nought
    assert same.mu_y == pytest.approx(float(same.mutual_information), abs=1e-12)
    assert same.mu_y == pytest.approx(float(same.explainer_information), abs=1e-12)
    assert same.mu_y > 0.2
    assert same.agreement == one
    turned = measured((el + 1) % classes)
    assert turned.mu_y == pytest.approx(float(same.mu_y), abs=1e-12)
    assert turned.agreement == nought
    for constant in (measured(np.zeros_like(y)), measured(el, np.ones_like(y)), measured(el, el, np.zeros_like(y))):
        assert constant.mu_y == nought
        assert constant.mu_y_independent == nought
        assert all(np.isfinite(getattr(constant, f.name)) for f in fields(constant))
    nothing = measured(np.zeros_like(y))
    for found in (nothing.mutual_information, nothing.conditional_information, nothing.standard_error):
        assert found == nought
    perfect = measured(y)
    assert perfect.mu_y == pytest.approx(float(perfect.explainer_information), abs=1e-12)
    assert perfect.accuracy == one
    assert perfect.explainer_accuracy == pytest.approx((el == y).mean())
    only_one = information(tables(el * 0, el * 0, el * 0, classes))  # classes that never occur
    assert all(getattr(only_one, f.name) in (nought, one) for f in fields(only_one))


@pytest.mark.parametrize("classes", [2, 3])
def test_a_noisy_copy_is_explained_and_a_sum_is_synergy(classes: int) -> None:
    share = np.full((classes,) * 3, 0.0)
    for f in range(classes):
        for el in range(classes):
            share[f, el, (f + el) % classes] = 1  # neither alone says anything about Y
    assert information(share).mu_y == pytest.approx(-np.log2(classes), abs=1e-12)
    y_l = np.where(np.eye(classes, dtype=bool), 0.8, 0.3)
    copy = np.where(np.eye(classes, dtype=bool), 0.7, 0.2)  # F given L, whatever Y is
    found = information(copy[:, :, None] * y_l[None])
    assert found.mu_y == pytest.approx(float(found.mutual_information), abs=1e-12)
    swapped = information(copy[:, :, None] * y_l[:, None, :])  # L given F
    assert swapped.mu_y == pytest.approx(float(swapped.explainer_information), abs=1e-12)
    apart = information(y_l[:, None, :] * copy[None])
    assert apart.mu_y == pytest.approx(float(apart.mu_y_independent), abs=1e-12)
    assert apart.mu_y > 0.01


def test_no_points_is_nan_and_leaves_its_neighbours_alone() -> None:
    counts = np.stack([np.zeros((2, 2, 2)), np.arange(8).reshape(2, 2, 2)])
    found = information(counts)
    alone = information(counts[1])
    for field in fields(found):
        values = getattr(found, field.name)
        assert np.isnan(values[0]), field.name
        assert values[1] == pytest.approx(float(getattr(alone, field.name)), abs=1e-12), field.name


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("points", [0, 1, 63, 64, 65, 500])
def test_tables_are_the_counts_whatever_the_shapes(classes: int, points: int) -> None:
    f = RNG.integers(classes, size=(3, 4, points))
    y = RNG.integers(classes, size=points)
    for el in (f[0, 0], f[0], RNG.integers(classes, size=(5, 1, 1, points))):
        counts = tables(f, el, y, classes)
        all_f, all_l = np.broadcast_arrays(f, el)
        assert counts.shape == (*all_f.shape[:-1], classes, classes, classes)
        for place in np.ndindex(all_f.shape[:-1]):
            by_hand = np.zeros((classes,) * 3, int)
            np.add.at(by_hand, (all_f[place], all_l[place], y), 1)
            np.testing.assert_array_equal(counts[place], by_hand)
        if classes == 2:
            np.testing.assert_array_equal(tables(f == 1, el == 1, y == 1), counts)
            np.testing.assert_array_equal(tables(f.astype(np.uint8), el == 1, y), counts)


def test_the_estimate_is_scikit_learns() -> None:
    y, el, off = chosen(4, 3000)
    f = (el + off) % 4
    found = information(tables(f, el, y, 4))
    assert found.mutual_information == pytest.approx(mutual_info_score(f, y) / np.log(2), abs=1e-12)
    assert found.explainer_information == pytest.approx(mutual_info_score(el, y) / np.log(2), abs=1e-12)
    both = mutual_info_score(4 * f + el, y) / np.log(2)
    assert found.conditional_information == pytest.approx(both - found.explainer_information, abs=1e-12)
    counts = tables(f, el, y, 4)
    assert mutual_and_conditional(counts) == (found.mutual_information, found.conditional_information)


GOOD = np.array([0, 1, 1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((np.array([0, 2, 1]), GOOD, GOOD), r"^predictions: .* 0 to 1; got 2\.$"),
        ((GOOD, np.array([0, -1, 1]), GOOD), r"^explainer: .* 0 to 1; got -1\.$"),
        ((GOOD, GOOD, np.array([0, 3, 1]), 3), r"^labels: .* 0 to 2; got 3\.$"),
        ((GOOD, GOOD, np.array([0.5, 1, 1])), r"^labels: .*got float64 values\.$"),
        ((GOOD, GOOD, GOOD[:2]), r"^labels: one for every point.*got \(2,\) beside \(3,\) and \(3,\)\.$"),
        ((GOOD, GOOD, np.array([GOOD, GOOD])), r"^labels: one for every point"),
        ((GOOD, GOOD, GOOD, 1), r"^classes: at least 2; got 1\.$"),
    ],
)
def test_labels_that_cannot_be_counted(arguments: tuple[object, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tables(*arguments)


def test_tables_that_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match=r"got \(2, 3, 2\)"):
        information(np.ones((2, 3, 2)))
    with pytest.raises(ValueError, match="none below 0; got -1"):
        information(-np.ones((2, 2, 2)))
