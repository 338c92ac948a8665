"""Polynomial regression: closed form against neurons and autograd, the test loss against samples, the claims."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import Source
from core.observables.kernels import alignment, relative_change
from core.part import Shown
from core.store import decode, encode
from core.studies.polynomial import theory
from core.studies.polynomial.experiment import Polynomial
from core.studies.polynomial.part import PART
from core.studies.polynomial.scene import verdict
from core.studies.polynomial.training import begin
from core.studies.polynomial.trajectory import PolynomialTrajectory
from core.studies.polynomial.view import PolynomialView
from core.study import studies
from core.sweeps import train
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import Expected, Measured, above, below, near, seeds

SMALL = Polynomial(dimension=5, n_train=30, width=7, alphas=(0.125, 2.0), step_limit=40)


@cache
def trained(experiment: Polynomial) -> PolynomialTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, PolynomialTrajectory)
    return found


def tables(experiment: Polynomial) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["polynomial"].tables().items()}


def drawn(dimension: int = 5, points: int = 12, neurons: int = 7) -> tuple[theory.Task, np.ndarray]:
    rng = np.random.default_rng(0)
    beta = rng.standard_normal(dimension)
    task = theory.Task(rng.standard_normal((points, dimension)) / dimension**0.5, beta)
    return task, rng.standard_normal((neurons, dimension))


def f(x: np.ndarray, weights: torch.Tensor, alpha: float, epsilon: float) -> torch.Tensor:
    """f as torch has it, (point,)."""
    before = torch.tensor(x) @ weights.T
    return alpha * (before + epsilon / 2 * before**2).mean(dim=1)


def test_a_step_of_neurons_is_gradient_descent() -> None:
    task, start = drawn()
    alpha, epsilon, rate = 0.7, 0.6, 0.9
    weights = torch.tensor(start, requires_grad=True)
    output = f(task.x, weights, alpha, epsilon) - f(task.x, torch.tensor(start) / 2, alpha, epsilon)
    np.testing.assert_allclose(
        theory.neurons_output(task.x, start, alpha, epsilon), f(task.x, weights, alpha, epsilon).detach()
    )
    (move,) = torch.autograd.grad(((output - torch.tensor(task.y)) ** 2).mean(), weights)
    gap = output.detach().numpy() - task.y
    found = theory.neurons_step(task, start, gap, 2 * rate * alpha / len(start), epsilon)
    np.testing.assert_allclose(found, (weights - rate * move).detach(), rtol=1e-12)


def test_the_tangent_kernel_is_autograds() -> None:
    task, start = drawn()
    alpha, epsilon = 0.7, 0.6
    weights = torch.tensor(start, requires_grad=True)
    rows = torch.stack(
        [torch.autograd.grad(one, weights, retain_graph=True)[0].ravel() for one in f(task.x, weights, alpha, epsilon)]
    )
    found = theory.kernel(task.x, theory.state_of(start), epsilon) * alpha**2 / len(start)
    np.testing.assert_allclose(found, (rows @ rows.T).numpy(), rtol=1e-12, atol=1e-14)


def test_the_output_is_that_of_the_neurons_and_infinite_width_is_their_limit() -> None:
    task, start = drawn()
    moved = start + 0.3 * np.random.default_rng(1).standard_normal(start.shape)
    expected = theory.neurons_output(task.x, moved, 2.0, 0.5) - theory.neurons_output(task.x, start, 2.0, 0.5)
    found = theory.output(task.x, theory.state_of(moved), theory.state_of(start), 2.0, 0.5)
    np.testing.assert_allclose(found, expected, atol=1e-13)
    many = theory.state_of(np.random.default_rng(2).standard_normal((200_000, 5)))
    for one, other in zip(many, theory.infinite(5), strict=True):
        np.testing.assert_allclose(one, other, atol=0.015)


def test_g8_the_closed_form_is_the_neurons_and_its_test_loss_exact(measured: Measured) -> None:
    experiment = Polynomial(alphas=(0.0625, 1.0), step_limit=300, seed=seeds(1)[0])
    worst = float(trained(experiment)["difference"].max())
    measured("G8", "50 neurons, 300 steps: largest |F| off the closed form", worst, near(0, 1e-12))
    begun, step = begin(replace(experiment, width=200), [0, 1], Source(), "cpu"), 0
    while step < 200:
        step = begun.advance(step)
    rng, d = np.random.default_rng(seeds(1)[0]), experiment.dimension
    x = rng.standard_normal((200_000, d)) / d**0.5
    for run, alpha in enumerate(experiment.alphas):
        start = theory.infinite(d)
        parts = theory.test_loss(begun.task, begun.closed[run], start, alpha, experiment.epsilon)
        target = (x @ begun.task.beta) ** 2 / 2
        sampled = ((theory.output(x, begun.closed[run], start, alpha, experiment.epsilon) - target) ** 2).mean()
        measured(
            "G8", f"alpha = {alpha:g}: formula over 200,000 samples, test loss", sum(parts) / sampled, near(1, 0.02)
        )


def test_what_is_recorded_is_what_the_networks_are() -> None:
    begun, step = begin(SMALL, [0, 1], Source(), "cpu"), 0
    begun.record(0)
    while begun.live:
        step = begun.advance(step)
        begun.record(step)
    for run, alpha in enumerate(SMALL.alphas):
        now, start, task = begun.closed[run], theory.infinite(5), begun.task
        gap = theory.output(task.x, now, start, alpha, 1.0) - task.y
        kernel = theory.kernel(task.x, now, 1.0)
        expected = {
            "train_loss": (gap**2).mean() / 0.75,
            "misalignment": theory.test_loss(task, now, start, alpha, 1.0)[1] / 0.75,
            "alignment": alignment(kernel, task.y[:, None]),
            "kernel_change": relative_change(kernel, theory.kernel(task.x, start, 1.0)),
        }
        for name, value in expected.items():
            assert begun.recording.arrays[name][-1, run] == pytest.approx(value, rel=1e-5), name
    assert SMALL.step_size(0.125) == pytest.approx(0.5 * 0.125 / 3)
    assert replace(SMALL, alphas=(4.0,)).step_size(4.0) == 0.5


def test_runs_end_with_a_reason_and_come_back() -> None:
    found = trained(SMALL)
    again = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
    assert (found["outcome"] == STEP_LIMIT).all()
    lost = trained(replace(SMALL, n_train=4, rate=2.0, alphas=(64.0,), epsilon=4.0, step_limit=400))
    assert lost["outcome"][0] == DIVERGED
    assert "diverged by step" in verdict(PolynomialView(experiment=lost.experiment, alpha=64.0), Shown(lost))


def test_tables_have_their_columns_and_what_is_said_is_in_them() -> None:
    found = tables(SMALL)
    for name, table in found.items():
        assert set(table.columns) <= set(columns()), name
    path, ends = found["polynomial"], found["polynomial_ends"]
    np.testing.assert_allclose(path["test_loss"], path.filter(like="_part").sum(axis=1))
    assert path[path["step"] == 0]["test_loss"].tolist() == pytest.approx([1, 1])  # F = 0
    shown = Shown(trained(SMALL))
    assert f"{ends['train_loss'][1]:.2g}" in verdict(PolynomialView(experiment=SMALL, alpha=2.0), shown) or (
        f"{ends['train_step'][1]:,.0f}" in verdict(PolynomialView(experiment=SMALL, alpha=2.0), shown)
    )
    assert PART.picked is not None
    assert PART.picked(PolynomialView(experiment=SMALL, alpha=2.0), {"fields": {"alpha": 0.125}}).alpha == 0.125


def test_a_test_loss_that_falls_first_is_no_delay() -> None:
    rows = tables(SMALL)["polynomial_ends"].assign(train_step=30.0, test_step=20.0, loss_delay=20 / 30)
    shown = Shown(trained(SMALL), "early", {("table", "polynomial_ends"): rows})
    said = verdict(PolynomialView(experiment=SMALL, alpha=2.0), shown)
    assert "it was below 0.2 at step 20 already: **no delay**" in said
    assert "times** as many" not in said


@pytest.mark.parametrize(
    ("name", "value"), [("dimension", 1), ("epsilon", 0), ("alphas", ()), ("rate", 3), ("n_train", 1001), ("width", 1)]
)
def test_bad_settings_are_one_sentence(name: str, value: object) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        Polynomial(**{name: value})  # type: ignore[arg-type]


def test_most_of_the_test_loss_is_misalignment_when_the_points_are_learned() -> None:
    for seed in (0, 1):
        path = tables(Polynomial(alphas=(0.25,), step_limit=400, seed=seed))["polynomial"]
        learned = path[path["train_loss"] < 0.1].iloc[0]
        assert learned["misalignment_part"] > 0.8 * learned["test_loss"]


def test_a_nearly_linear_activation_lets_the_test_loss_rise_by_linear_power() -> None:
    for seed in (0, 1):
        path = tables(Polynomial(alphas=(0.25,), epsilon=0.1, step_limit=200, seed=seed))["polynomial"]
        top = path.loc[path["test_loss"].idxmax()]
        assert top["test_loss"] > 1.05
        assert top["linear_part"] > top["test_loss"] - 1


@pytest.mark.claim
def test_fewer_points_delay_longer() -> None:
    for seed in (0, 1):
        few, many = (
            tables(Polynomial(alphas=(2**-6,), n_train=n, step_limit=3000, seed=seed))["polynomial_ends"]
            for n in (150, 250)
        )
        longer = few["loss_delay"][0] > 1.5 * many["loss_delay"][0]
        assert longer or np.isnan(few["test_step"][0])


@pytest.mark.claim
def test_g9_the_delay_grows_with_alpha(measured: Measured) -> None:
    found = pd.concat(tables(Polynomial(seed=seed))["polynomial_ends"] for seed in seeds(3))
    delay = found.pivot_table(index="seed", columns="alpha", values="loss_delay", dropna=False)
    known = delay[[2**-8, 2**-6, 2**-4, 2**-2]]
    measured("G9", "least growth of the delay from one alpha to the next", known.diff(axis=1).min().min(), above(0))
    for alpha, (low, high) in {2**-8: (1.3, 2.6), 2**-2: (4.5, 13.0)}.items():
        expected = Expected("null 1", low, high, 1, 1)
        own = known[alpha]
        measured("G9", f"alpha = {alpha:.3g}: t(test 0.2) / t(training 0.1)", own.mean(), expected, own.sem())
    lazy = found[found["alpha"] == 4]
    measured("G9", "alpha = 4: least final test loss over E y^2", lazy["test_loss"].min(), above(0.2, by=0.2))
    measured("G9", "alpha = 4: largest final training loss over E y^2", lazy["train_loss"].max(), below(0.1, by=0.099))
