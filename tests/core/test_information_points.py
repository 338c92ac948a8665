"""The measures from points, for many classes: the whole table is their oracle, scikit-learn and a hand another."""

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from core.observables.information import information, tables
from core.observables.information_errors import noise_floor
from core.observables.information_points import information_of, measured, of_two

RNG = np.random.default_rng(0)


def related(points: int, classes: int, snapshots: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """F, L and Y that agree on many points."""
    y = RNG.integers(classes, size=points)
    el = np.where(RNG.random(points) < 0.5, y, RNG.integers(classes, size=points))
    f = np.where(RNG.random((snapshots, points)) < 0.6, el, RNG.integers(classes, size=(snapshots, points)))
    return f, el, y


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("miller_madow", [False, True])
def test_it_is_the_whole_tables(classes: int, miller_madow: bool) -> None:
    f, el, y = related(700, classes)
    whole = information(tables(f, el, y, classes), miller_madow=miller_madow)
    for points in (information_of, measured):
        found = points(f, el, y, classes, miller_madow=miller_madow)
        for name, values in vars(whole).items():
            np.testing.assert_allclose(getattr(found, name), values, atol=1e-12, err_msg=name)


def test_three_classes_by_hand() -> None:
    """Twelve points; L knows class 0 from the rest, F is right everywhere.

    H(Y) = log2 3 = I(F;Y); L tells class 0, I(L;Y) = h(1/3) = log2 3 - 2/3; what is new is 1 bit on two thirds.
    """
    y = np.repeat([0, 1, 2], 4)
    el = np.where(y == 0, 0, 1)
    found = information_of(y, el, y, 3)
    assert found.mutual_information == pytest.approx(np.log2(3))
    assert found.conditional_information == pytest.approx(2 / 3)
    assert found.mu_y == pytest.approx(np.log2(3) - 2 / 3)
    assert found.explainer_information == pytest.approx(np.log2(3) - 2 / 3)
    assert (found.accuracy, found.explainer_accuracy) == (1, pytest.approx(2 / 3))


def test_it_is_scikit_learns() -> None:
    f, el, y = related(4000, 10, snapshots=1)
    found = information_of(f[0], el, y, 10)
    assert found.mutual_information == pytest.approx(mutual_info_score(f[0], y) / np.log(2), abs=1e-12)
    given = sum((el == k).mean() * mutual_info_score(f[0][el == k], y[el == k]) for k in range(10)) / np.log(2)
    assert found.mu_y == pytest.approx(float(found.mutual_information) - given, abs=1e-12)


def test_permuted_labels_give_the_floor() -> None:
    """Of independent labels one estimate in twenty lies above the 95 % ceiling; the mean is the known bias."""
    points, classes = 3000, 10
    f, el, y = related(points, classes, snapshots=1)
    found = [information_of(f[0], el, RNG.permutation(y), classes) for _ in range(400)]
    mutual = np.array([one.mutual_information for one in found])
    assert mutual.mean() == pytest.approx(81 / (2 * np.log(2) * points), rel=0.05)
    above = (mutual > noise_floor(points, classes).mutual_information).mean()
    assert above == pytest.approx(0.05, abs=0.03)


def test_few_points_read_low_the_corrected_less_so_and_many_points_right() -> None:
    """Ten classes: plain frequencies of 2,000 points underestimate mu_Y, Miller and Madow take some of that off."""
    f, el, y = related(400_000, 10, snapshots=1)
    truth = float(information_of(f[0], el, y, 10).mu_y)
    plain, corrected = (
        np.mean(
            [
                information_of(f[0][r], el[r], y[r], 10, miller_madow=mm).mu_y
                for r in RNG.integers(400_000, size=(40, 2000))
            ]
        )
        for mm in (False, True)
    )
    assert plain < corrected < truth
    assert truth - plain > 0.1


def test_a_thousand_classes() -> None:
    y = RNG.integers(1000, size=5000)
    assert information_of(y, y, y, 1000).mu_y == pytest.approx(information_of(y, y, y, 1000).mutual_information)


def test_two_way_tables() -> None:
    counts = np.array([[[3, 1], [1, 3]], [[0, 0], [0, 0]]])
    mutual, right = of_two(counts)
    assert mutual[0] == pytest.approx(1 - 0.8112781244591328)
    assert right[0] == 0.75
    assert np.isnan([mutual[1], right[1]]).all()


def test_a_label_that_is_no_class_is_refused() -> None:
    with pytest.raises(ValueError, match=r"predictions: classes are whole numbers 0 to 2; got 3\."):
        information_of(np.array([3]), np.array([0]), np.array([0]), 3)
