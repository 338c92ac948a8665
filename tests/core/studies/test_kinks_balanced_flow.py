"""The flow in angle and log radius, against gradients of the loss in the weights themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studies.kinks.theory.balanced_flow import Units, advanced, stiffness, velocity
from core.studies.kinks.theory.directions import circle, extremal_directions, growth, unit
from core.studies.kinks.theory.points import Points, on_line

WU5 = on_line((-1, -0.6, -0.1, 0.3, 0.7), (0.28, -0.1, 0.03, 0.23, -0.22))
BF3 = on_line((-0.75, -0.5, 0.125), (1.1, 0.1, 0.8))
SEEDS = st.integers(0, 2**32 - 1)


def some(seed: int, count: int = 8) -> Units:
    rng = np.random.default_rng(seed)
    angle = rng.uniform(-np.pi / 2, 3 * np.pi / 2, count)
    return Units(angle, np.log(rng.uniform(0.1, 0.6, count)), rng.choice([-1.0, 1.0], count))


def weights(units: Units) -> tuple[np.ndarray, np.ndarray]:
    radius = np.exp(units.log_radius)
    return radius[:, None] * unit(units.angle), units.sign * radius


def outputs(v: np.ndarray, a: np.ndarray, points: Points) -> np.ndarray:
    return np.maximum(points.inputs @ v.T, 0) @ a


@given(SEEDS)
def test_rates_and_turns_are_growth_and_its_slope(seed: int) -> None:
    units = some(seed)
    flow = velocity(WU5, circle(WU5), units)
    residual = WU5.y - outputs(*weights(units), WU5)
    np.testing.assert_allclose(flow.residual, residual, atol=1e-14)
    assert flow.loss == pytest.approx(np.mean(residual**2) / 2)
    up, here, down = (growth(unit(units.angle + by), WU5.inputs, residual) for by in (1e-6, 0, -1e-6))
    np.testing.assert_allclose(flow.rate, units.sign * here, atol=1e-14)
    away = np.abs(units.angle[:, None] - circle(WU5).cut).min(1) > 1e-5
    np.testing.assert_allclose(flow.turn[away], (units.sign * (up - down) / 2e-6)[away], atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("points", [WU5, BF3], ids=["wu5", "bf3"])
def test_it_is_gradient_flow_of_the_weights(points: Points, seed: int) -> None:
    """Against Euler's steps of dv/dt = a D, da/dt = G in the weights, through cuts and sliding on them."""
    units, ring, step = some(seed), circle(points), 1e-3
    v, a = weights(units)
    first = outputs(v, a, points)
    for _ in range(4000):
        units = advanced(units, velocity(points, ring, units), step)
        active = points.inputs @ v.T > 0
        push = (points.y - outputs(v, a, points)) / len(points.y)
        v, a = (
            v + step * a[:, None] * ((active * push[:, None]).T @ points.inputs),
            a + step * push @ np.maximum(points.inputs @ v.T, 0),
        )
    assert np.abs(outputs(v, a, points) - first).max() > 0.02
    np.testing.assert_allclose(outputs(*weights(units), points), outputs(v, a, points), atol=5e-3)
    np.testing.assert_allclose(weights(units)[0], v, atol=1e-2)
    np.testing.assert_allclose(weights(units)[1], a, atol=1e-2)


@given(SEEDS)
def test_the_loss_falls_as_the_speed_says(seed: int) -> None:
    units, ring, step = some(seed), circle(WU5), 1e-6
    flow = velocity(WU5, ring, units)
    fall = (units.mass * (2 * flow.rate**2 + flow.turn**2)).sum()
    after = velocity(WU5, ring, advanced(units, flow, step)).loss
    assert (flow.loss - after) / step == pytest.approx(fall, rel=1e-3, abs=1e-6)


def one(angle: float, sign: float) -> Units:
    return Units(np.array([angle]), np.array([-20.0]), np.array([sign]))


@given(SEEDS)
def test_units_of_its_sign_stop_at_an_extremum_on_the_data_and_others_leave(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = on_line(WU5.x, rng.normal(size=5))
    ring, found = circle(points), extremal_directions(points)
    steep = np.minimum(*np.abs(ring.slopes(ring.drive(points.inputs, points.y)))) > 1e-4
    for k in np.flatnonzero((found.kind[:10] != 0) & steep):
        sign = float(found.kind[k])
        for side in (-1e-6, 0, 1e-6):
            units = one(ring.cut[k] + side, sign)
            for _ in range(2):  # onto it, and on it
                units = advanced(units, velocity(points, ring, units), 1)
            assert units.angle[0] == ring.cut[k]
        assert velocity(points, ring, one(ring.cut[k], -sign)).turn[0] != 0


def test_a_unit_that_passes_a_cut_stops_there_once() -> None:
    points = on_line((-0.5, 0.5), (1.0, 1.0))
    ring, units = circle(points), one(-0.1, 1.0)  # up to the top of G at pi/2, past the entry of the left point
    units = advanced(units, velocity(points, ring, units), 1e3)
    assert units.angle[0] == ring.cut[1] == np.arctan(0.5)
    for _ in range(200):
        units = advanced(units, velocity(points, ring, units), 0.1)
    assert units.angle[0] == pytest.approx(np.pi / 2, abs=1e-6)
    units = one(np.pi + 0.1, 1.0)  # and down to it, past the exit of the right point
    units = advanced(units, velocity(points, ring, units), 1e3)
    assert units.angle[0] == ring.cut[2]
    for _ in range(200):
        units = advanced(units, velocity(points, ring, units), 0.1)
    assert units.angle[0] == pytest.approx(np.pi / 2, abs=1e-6)


@given(SEEDS)
def test_stiffness_bounds_that_of_the_tangent_kernel_closely(seed: int) -> None:
    units = some(seed)
    v, a = weights(units)
    parameters, step = np.concatenate([v.ravel(), a]), 1e-6
    columns = []
    for shift in step * np.eye(len(parameters)):
        up, down = ((p[:16].reshape(8, 2), p[16:]) for p in (parameters + shift, parameters - shift))
        columns.append((outputs(*up, WU5) - outputs(*down, WU5)) / (2 * step))
    jacobian = np.stack(columns, 1)  # (point, parameter)
    largest = np.linalg.eigvalsh(jacobian @ jacobian.T)[-1] / 5
    assert largest * (1 - 1e-6) <= stiffness(WU5, units) * units.mass.sum() <= 1.2 * largest


def test_no_units_and_vanishing_ones_are_not_stiff() -> None:
    none = np.zeros(0)
    assert stiffness(WU5, Units(none, none, none)) == 0
    assert stiffness(WU5, Units(np.zeros(1), np.array([-1e4]), np.ones(1))) == 0
    assert stiffness(WU5, Units(np.full(1, -1.5), np.zeros(1), np.ones(1))) == 0  # a dead one


@given(SEEDS)
def test_the_function_of_units_is_their_sum(seed: int) -> None:
    units = some(seed)
    np.testing.assert_allclose(units.function(WU5.x), outputs(*weights(units), WU5), atol=1e-12)
    assert np.abs(units.function.slope_jump).sum() == pytest.approx((units.mass * np.abs(np.cos(units.angle))).sum())
