"""The family of given accuracies: its values, its marks, its limits, and the formula in closed form."""

import math

import numpy as np
import pytest

from core.observables.information import information
from core.studies.complexity.error_overlap import joint_error_limits, marks, overlap_family, overlap_table

ACCURACIES = [(0.95, 0.85), (0.6, 0.85), (0.85, 0.6), (0.7, 0.7), (0.5, 0.9), (0.5, 0.5), (1.0, 0.8), (0.15, 0.85)]


def entropy(*p: float) -> float:
    return -sum(q * math.log2(q) for q in p if q > 1e-15)


def h(p: float) -> float:
    return entropy(p, 1 - p)


@pytest.mark.parametrize(("p", "q"), ACCURACIES)
def test_tables_have_the_accuracies_and_mu_of_the_closed_form(p: float, q: float) -> None:
    least, most = joint_error_limits(p, q)
    e1, e2 = 1 - p, 1 - q
    for joint in np.linspace(least, most, 7):
        table = overlap_table(p, q, joint)
        assert table.sum() == pytest.approx(1)
        np.testing.assert_allclose(table.sum((0, 1)), 0.5)
        assert table[1, 1, 0] + table[0, 0, 1] == pytest.approx(joint, abs=1e-12)
        found = information(table)
        assert found.accuracy == pytest.approx(p)
        assert found.explainer_accuracy == pytest.approx(q)
        a = 1 - e1 - e2 + 2 * joint
        assert found.agreement == pytest.approx(a)
        mu = (1 - h(a)) - h(e1) - h(e2) + entropy(joint, e1 - joint, e2 - joint, 1 - e1 - e2 + joint)
        assert found.mu_y == pytest.approx(mu, abs=1e-9)
        assert found.mu_y_independent == pytest.approx(1 - h(p * q + e1 * e2), abs=1e-9)


@pytest.mark.parametrize(("p", "q"), ACCURACIES)
def test_the_maximum_is_a_noisy_copy(p: float, q: float) -> None:
    family = overlap_family(p, q)
    mu = family.information.mu_y
    top = min(1 - h(p), 1 - h(q))
    assert mu.max() == pytest.approx(top, abs=1e-9)
    assert information(overlap_table(p, q, family.marks["noisy_copy"])).mu_y == pytest.approx(top, abs=1e-9)
    assert (mu >= family.low - 1e-9).all()
    assert (mu <= family.high + 1e-9).all()
    assert family.joint_error[[0, -1]] == pytest.approx(joint_error_limits(p, q))
    assert set(family.marks.values()) <= set(family.joint_error.tolist())


@pytest.mark.parametrize(
    ("p", "q", "nested", "top", "independent"), [(0.95, 0.85, 0.382, 0.390, 0.309), (0.6, 0.85, -0.039, 0.029, None)]
)
def test_the_notes_values(p: float, q: float, nested: float, top: float, independent: float | None) -> None:
    at = {name: float(information(overlap_table(p, q, joint)).mu_y) for name, joint in marks(p, q).items()}
    assert at["nested"] == pytest.approx(nested, abs=5e-4)
    assert at["noisy_copy"] == pytest.approx(top, abs=5e-4)
    if independent is not None:
        assert at["independent"] == pytest.approx(independent, abs=5e-4)


@pytest.mark.parametrize("q", [0.75, 0.85, 0.9])
def test_the_share_explained_by_chance_tends_to_the_square(q: float) -> None:
    """mu_CI / I(F;Y) -> (2q - 1)^2 as F's accuracy tends to 1/2; mu_CI / I(L;Y) -> 1 as it tends to 1."""
    weak = information(overlap_table(0.5 + 1e-4, q, marks(0.5 + 1e-4, q)["independent"]))
    assert weak.mu_y / weak.mutual_information == pytest.approx((2 * q - 1) ** 2, abs=1e-3)
    strong = information(overlap_table(1.0, q, 0.0))
    assert strong.mu_y_independent / strong.explainer_information == pytest.approx(1)


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^accuracy_l: a share from 0 to 1; got 1\.2\.$"):
        overlap_family(0.9, 1.2)
    with pytest.raises(ValueError, match=r"^joint_error: from 0 to 0\.1 at these accuracies; got 0\.2\.$"):
        overlap_table(0.9, 0.8, 0.2)
    with pytest.raises(ValueError, match="got nan"):
        overlap_table(0.9, 0.8, float("nan"))
