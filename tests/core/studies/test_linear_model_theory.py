"""The linear model in closed form: accuracy against draws, the interpolator against its definition, information."""

import numpy as np
import pytest

from core.observables.information import information
from core.studies.linear_model.theory import approximate, interpolator, population_accuracy, population_table, weights


def entropy(p: float) -> float:
    return float(sum(-q * np.log2(q) for q in (p, 1 - p) if q > 0))


@pytest.mark.parametrize(
    ("signal", "noise", "sigma"), [(1.0, 0.5, 1.0), (0.3, 1.0, 2.0), (-0.7, 0.4, 0.5), (0.0, 1.0, 1.0)]
)
def test_population_accuracy_is_that_of_draws(signal: float, noise: float, sigma: float) -> None:
    """Half a million fresh x in three dimensions of noise: the standard error is below 0.0008."""
    rng = np.random.default_rng(0)
    s = np.where(rng.random(500_000) < 0.5, -1, 1)
    z = sigma * rng.standard_normal((500_000, 3))
    w_z = noise * np.array([2.0, -1.0, 2.0]) / 3
    right = np.mean((signal * s + z @ w_z) * s > 0)
    assert float(population_accuracy(signal, noise, sigma)) == pytest.approx(right, abs=0.003)


def test_without_noise_the_sign_decides_and_nothing_is_half() -> None:
    assert population_accuracy([0.2, -3.0, 0.0], 0.0, 1.0).tolist() == [1.0, 0.0, 0.5]


def test_what_is_not_finite_has_no_accuracy() -> None:
    assert np.isnan(population_accuracy([np.nan, np.inf, 1.0], [1.0, 1.0, np.nan], 1.0)).all()


@pytest.mark.parametrize("start", [1.0, 0.0, -1.0, 0.4])
@pytest.mark.parametrize("sigma", [1.0, 0.3])
def test_the_interpolator_fits_and_is_the_nearest(start: float, sigma: float) -> None:
    """Against least squares in all d + 1 dimensions: w - w_0 of least length with X w = y, from the pseudo-inverse."""
    rng = np.random.default_rng(3)
    n, d = 12, 40
    s, y = (np.where(rng.random(n) < 0.5, -1.0, 1.0) for _ in range(2))
    z = sigma * rng.standard_normal((n, d))
    x, w0 = np.column_stack([s, z]), np.eye(d + 1)[0] * start
    w = w0 + np.linalg.pinv(x) @ (y - x @ w0)
    np.testing.assert_allclose(x @ w, y, atol=1e-9)
    signal, noise = interpolator(z @ z.T, s, y, [start])
    assert signal[0] == pytest.approx(w[0], abs=1e-9)
    assert noise[0] == pytest.approx(np.linalg.norm(w[1:]), abs=1e-9)


def test_weights_of_a_pull_are_those_of_the_vector() -> None:
    rng = np.random.default_rng(4)
    z, s, pull = rng.standard_normal((2, 7, 30)), np.sign(rng.standard_normal((2, 7))), rng.standard_normal((2, 3, 7))
    signal, noise = weights(z @ z.transpose(0, 2, 1), s, np.array([1.0, 0.0, -1.0]), pull)
    for run in range(2):
        for start, a in enumerate((1.0, 0.0, -1.0)):
            assert signal[run, start] == pytest.approx(a + pull[run, start] @ s[run])
            assert noise[run, start] == pytest.approx(np.linalg.norm(pull[run, start] @ z[run]))


@pytest.mark.parametrize(
    ("start", "ratio", "accuracy"),
    [
        *((1, ratio, value) for ratio, value in ((1.5, 0.84), (2, 0.93), (5, 0.999))),
        *((0, ratio, value) for ratio, value in ((1.5, 0.72), (2, 0.71), (5, 0.64), (10, 0.60), (50, 0.545))),
    ],
)
def test_the_approximations_of_the_note(start: int, ratio: float, accuracy: float) -> None:
    found = population_accuracy(*approximate(200, 200 * ratio, start, 0.1, 1.0), 1.0)
    assert float(found) == pytest.approx(accuracy, abs=0.01)


def test_the_approximation_has_the_limits_of_the_note() -> None:
    """d/n to infinity: 1, 1/2 and 0; a = 1 with clean labels stays what it is."""
    far = [float(population_accuracy(*approximate(200, 200 * 1e6, a, 0.1, 1.0), 1.0)) for a in (1, 0, -1)]
    assert far == pytest.approx([1, 0.5, 0], abs=1e-3)
    signal, noise = approximate(200, 400, 1.0, 0.0, 1.0)
    assert (float(signal), float(noise)) == (1.0, 0.0)


@pytest.mark.parametrize(("accuracy", "eta"), [(0.9, 0.1), (0.2, 0.3), (0.5, 0.0), (1.0, 0.25), (0.0, 0.1)])
def test_all_that_is_known_is_explained(accuracy: float, eta: float) -> None:
    """mu_Y(F; L) = I(F; Y) = 1 - h(P(F = Y)), and L is right as often as labels are."""
    table = population_table(accuracy, eta)
    assert table.sum() == pytest.approx(1)
    found = information(table)
    right = accuracy * (1 - eta) + (1 - accuracy) * eta
    assert float(found.accuracy) == pytest.approx(right)
    assert float(found.explainer_accuracy) == pytest.approx(1 - eta)
    assert float(found.mu_y) == pytest.approx(1 - entropy(right), abs=1e-12)
    assert float(found.conditional_information) == pytest.approx(0, abs=1e-12)
    assert float(found.explainer_information) == pytest.approx(1 - entropy(eta), abs=1e-12)


def test_the_measure_is_blind_to_sign() -> None:
    found = information(population_table([0.9, 0.1], 0.1))
    assert found.mu_y[0] == pytest.approx(found.mu_y[1])
    assert found.mu_y[0] > 0.2
