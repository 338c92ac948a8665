"""Networks on a line: training against a plain loop in numpy, how runs end, and what seeds in one stack share."""

from typing import Any

import numpy as np
import pytest

from core.datasets import Source
from core.randomness import generator
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.training import AT_ONE_RATE
from core.studies.kinks.trajectory import KinkTrajectory
from core.sweeps import train

WU = {"x": (-1, -0.6, -0.1, 0.3, 0.7), "y": (0.28, -0.1, 0.03, 0.23, -0.22)}
BF = {"x": (-0.75, -0.5, 0.125), "y": (1.1, 0.1, 0.8)}


def trained(**fields: Any) -> KinkTrajectory:
    found = train(Kinks(**fields), source=Source(), workers=1)
    assert isinstance(found, KinkTrajectory)
    return found


def plain(experiment: Kinks, steps: int) -> dict[int, tuple[np.ndarray, np.ndarray, float]]:
    """Gradient descent by autograd-free numpy, one step at a time: v, a and the flow time after each of `steps`."""
    rng, m = generator("init", experiment.seed), experiment.width
    v = rng.standard_normal((m, 2)) * experiment.sigma / np.sqrt(m * experiment.balance)
    a = experiment.balance * np.hypot(*v.T) * np.where(rng.random(m) < 0.5, -1, 1)
    x, y = np.column_stack([experiment.x, np.ones(len(experiment.x))]), np.array(experiment.y)
    eta, time, boundary = 0.0, 0.0, 0
    states: dict[int, tuple[np.ndarray, np.ndarray, float]] = {}
    scheduled = KinkTrajectory.scheduled(experiment)
    for step in range(steps + 1):
        states[step] = (v.copy(), a.copy(), time)
        z = x @ v.T  # (point, unit)
        h, on = np.maximum(z, 0), z > 0
        f = h @ a
        r = y - f if experiment.loss == "squared" else y / (1 + np.exp(y * f))
        if step == boundary:
            c = np.ones_like(f) if experiment.loss == "squared" else (p := 1 / (1 + np.exp(-f))) * (1 - p)
            ntk = ((on * a**2) @ on.T) * (x @ x.T) + h @ h.T
            largest = np.linalg.eigvalsh(np.sqrt(np.outer(c, c)) * ntk / len(y))[-1]
            eta = min(0.05 / np.mean(np.abs(r) * np.hypot(*x.T)), 1 / largest)
            boundary = min(step + AT_ONE_RATE, next((k for k in scheduled if k > step), step + 1))
        v, a = v + eta * (on * r[:, None]).T @ x * a[:, None] / len(y), a + eta * r @ h / len(y)
        time += eta
    return states


@pytest.mark.parametrize(
    "fields",
    [
        {"width": 24, "sigma": 0.1},
        {"width": 24, "sigma": 1e-3, "balance": 4.0},
        {"width": 32, "sigma": 0.3, "loss": "logistic", "y": (-1, 1, 1, -1, 1)},
    ],
)
def test_against_a_plain_loop(fields: dict[str, Any]) -> None:
    experiment = Kinks(step_limit=300, **fields)
    states = plain(experiment, 300)
    found = trained(step_limit=300, **fields)
    assert len(found.steps) > 40
    for k, step in enumerate(found.steps):
        v, a, time = states[int(step)]
        size = np.abs(v).max()
        np.testing.assert_allclose(found["weight"][k], v[:, 0], rtol=2e-5, atol=1e-6 * size)
        np.testing.assert_allclose(found["bias"][k], v[:, 1], rtol=2e-5, atol=1e-6 * size)
        np.testing.assert_allclose(found["head"][k], a, rtol=2e-5, atol=1e-6 * np.abs(a).max())
        np.testing.assert_allclose(found["time"][k], time, rtol=1e-7)


def test_a_start_is_balanced_and_its_scale_does_not_depend_on_the_width() -> None:
    for width, balance in ((64, 1.0), (4096, 0.25)):
        found = trained(width=width, sigma=0.5, balance=balance, step_limit=1)
        length = np.hypot(found["weight"][0], found["bias"][0])
        np.testing.assert_allclose(np.abs(found["head"][0]), balance * length, rtol=1e-5)
        np.testing.assert_allclose(np.abs(found["head"][0] * length).sum(), 2 * 0.5**2, rtol=4 / np.sqrt(width))


def test_a_paired_start_is_zero() -> None:
    found = trained(width=64, sigma=30, paired=True, step_limit=1)
    assert np.abs(found["output"][0]).max() < 1e-12 * 30**2
    np.testing.assert_array_equal(found["head"][0][:32], -found["head"][0][32:])
    np.testing.assert_array_equal(found["weight"][0][:32], found["weight"][0][32:])


def test_each_unit_keeps_the_difference_of_its_squares_up_to_the_steps() -> None:
    """a^2 - |v|^2 is conserved by gradient flow; long steps let it drift."""
    found = trained(width=512, sigma=0.1)
    drift = found["head"] ** 2 - found["weight"] ** 2 - found["bias"] ** 2
    assert np.abs(drift - drift[0]).max() < 0.02 * (found["head"] ** 2).max()
    assert (found["head"][-1] ** 2).max() > 10 * (found["head"][0] ** 2).max()


def test_runs_end_as_they_should() -> None:
    assert trained().outcome(0) == "interpolated"
    stuck = trained(**BF)
    assert stuck.outcome(0) == "stationary"
    assert trained(step_limit=100).outcome(0) == "step_limit"
    assert trained(loss="logistic", y=(-1, -1, 1, 1, 1), sigma=0.1).outcome(0) == "interpolated"
    for found in (stuck, trained(step_limit=100)):
        assert found.complete
        assert found["end_step"][0] == found.steps[-1] <= 20_000
        np.testing.assert_array_equal(found["end_weight"][0], found["weight"][-1])
        np.testing.assert_array_equal(found["end_output"][0], found["output"][-1])


def test_targets_of_zero_and_points_at_the_least_distance() -> None:
    assert trained(y=(0, 0, 0, 0, 0)).complete
    assert trained(x=(-1, 0, 0.001, 0.5, 1), step_limit=200).complete
    assert trained(x=(-1, 1), y=(10, -10), step_limit=200).complete


def test_seeds_in_a_stack_end_as_they_do_alone() -> None:
    together = trained(seeds=18, seed=3, step_limit=400, width=64, sigma=0.1)  # two shards
    for run in (0, 5, 17):
        alone = trained(seed=3 + run, step_limit=400, width=64, sigma=0.1)
        np.testing.assert_array_equal(together["end_weight"][run], alone["end_weight"][0])
        assert together["end_step"][run] == alone["end_step"][0]
        assert together["escape_step"][run] == alone["escape_step"][0]
    np.testing.assert_array_equal(together["weight"], trained(seed=3, step_limit=400, width=64, sigma=0.1)["weight"])


def test_snapshots_are_dense_where_the_function_moves() -> None:
    found = trained()
    steps, output = found.steps, found["output"]
    assert (np.diff(steps) > 0).all()
    assert steps[0] == 0
    moved = np.abs(np.diff(output, axis=0)).max(1)
    assert moved.max() < 0.2  # of a range of 1.1: escapes are over in a few per cent of log time
    assert len(steps) < 250


def test_the_escape_is_when_the_loss_has_lost_a_hundredth() -> None:
    found = trained()
    y = np.array(found.experiment.y)
    loss = ((found["output"] - y) ** 2).mean(1)
    before, after = found.steps < found["escape_step"][0], found.steps > found["escape_step"][0]
    assert (loss[before] >= 0.99 * loss[0]).all()
    assert (loss[after] < 0.99 * loss[0]).all()
