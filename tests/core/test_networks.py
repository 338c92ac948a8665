"""The stack against torch's own autograd and optimiser, naive loops, quadrature and finite differences."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from torch import Tensor

from core.networks import POINTS_AT_ONCE, SECOND_MOMENT, Stack, gain, initial_stack

CPU = torch.device("cpu")


def drawn(depth: int, activation: str, *, runs: int = 3, dim: int = 5, width: int = 6, seed: int = 0) -> Stack:
    """Different networks in double precision, so that the oracle's tolerance can be tight."""
    rng = np.random.default_rng(seed)
    fan_ins = [dim] + [width] * (depth - 1)
    weights = [torch.from_numpy(rng.standard_normal((runs, fan_in, width))) for fan_in in fan_ins]
    return Stack(weights, torch.from_numpy(rng.standard_normal((runs, width))), activation)


class Plain(torch.nn.Module):
    """One network of a stack, as a paper's reader would write it."""

    def __init__(self, stack: Stack, run: int) -> None:
        super().__init__()
        self.weights = torch.nn.ParameterList([w[run].clone() for w in stack.weights])
        self.head = torch.nn.Parameter(stack.head[run].clone())
        self.act = {"relu": torch.nn.ReLU(), "gelu": torch.nn.GELU()}[stack.activation]
        self.moment = {"relu": 0.5, "gelu": 0.42522148257029874}[stack.activation]

    def forward(self, inputs: Tensor) -> Tensor:
        a = inputs
        for weight in self.weights:
            a = self.act(a @ weight / math.sqrt(weight.shape[0])) / math.sqrt(self.moment)
        return a @ self.head / len(self.head)


def test_second_moments_by_quadrature() -> None:
    acts = {"relu": lambda z: max(z, 0.0), "gelu": lambda z: z * (1 + math.erf(z / math.sqrt(2))) / 2}
    for name, act in acts.items():
        moment = sum(
            quad(lambda z, act=act: act(z) ** 2 * math.exp(-z * z / 2) / math.sqrt(2 * math.pi), *ends)[0]
            for ends in ((-12, 0), (0, 12))
        )
        assert SECOND_MOMENT[name] == pytest.approx(moment, rel=1e-9)
        assert gain(name) == pytest.approx(moment**-0.5, rel=1e-9)


@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
class TestAgainstTorch:
    def test_forward(self, depth: int, activation: str) -> None:
        stack = drawn(depth, activation)
        inputs = torch.from_numpy(np.random.default_rng(1).standard_normal((POINTS_AT_ONCE + 7, 5)))
        output = stack(inputs)
        assert output.shape == (3, POINTS_AT_ONCE + 7)
        for run in range(3):
            torch.testing.assert_close(output[run], Plain(stack, run)(inputs), rtol=1e-9, atol=1e-12)

    @pytest.mark.parametrize("worth", [0, 10**9], ids=["points_chosen", "all_points"])
    def test_steps_are_those_of_torchs_sgd(
        self, depth: int, activation: str, worth: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("core.networks.WORTH_CHOOSING", worth)
        stack, batch = drawn(depth, activation), 4
        alphas, rates = [0.25, 2.0, 64.0], [0.3, 1.7, 0.05]
        twins = [Plain(stack, run) for run in range(3)]
        optimisers = [torch.optim.SGD(twin.parameters(), lr=rate) for twin, rate in zip(twins, rates, strict=True)]
        rng = np.random.default_rng(2)
        inputs = torch.from_numpy(rng.standard_normal((12, 5)))
        labels = torch.from_numpy(np.where(rng.random(12) < 0.5, -1.0, 1.0))
        # Each run must start from its own f0; the stack takes one f0 for all, so runs get the same first weights.
        for twin in twins[1:]:
            twin.load_state_dict(twins[0].state_dict())
        for parameter in stack.parameters():
            parameter[:] = parameter[:1].clone()
        initial = stack(inputs)[0]
        if worth == 0:  # most points have their margin from the start: few are left to choose
            initial = initial - 20 * labels * torch.from_numpy(np.arange(12) % 4 > 0)
        margin = torch.tensor([1 / a for a in alphas], dtype=torch.float64)[:, None]
        rate = torch.tensor([r / batch for r in rates], dtype=torch.float64)[:, None]
        for _ in range(8):
            rows = torch.from_numpy(rng.permutation(12)[:batch])
            moved = stack.step(inputs[rows], labels[rows], initial[rows], margin, rate)
            for run, (twin, optimiser) in enumerate(zip(twins, optimisers, strict=True)):
                optimiser.zero_grad()
                loss = (1 / alphas[run] - labels[rows] * (twin(inputs[rows]) - initial[rows])).clamp(min=0)
                loss.mean().backward()
                optimiser.step()
                assert bool(moved[run]) == bool((loss > 0).any())
        for run, twin in enumerate(twins):
            for mine, theirs in zip(stack.parameters(), [*twin.weights, twin.head], strict=True):
                torch.testing.assert_close(mine[run], theirs.detach(), rtol=1e-9, atol=1e-12)
        assert not torch.allclose(twins[0].head, twins[1].head)  # the runs did part


def test_a_run_that_is_not_short_does_not_move() -> None:
    stack = drawn(2, "relu")
    before = [parameter.clone() for parameter in stack.parameters()]
    inputs = torch.from_numpy(np.random.default_rng(1).standard_normal((4, 5)))
    labels = torch.ones(4, dtype=torch.float64)
    initial = stack(inputs).min(0).values - 1  # F = f - initial >= 1 for every run
    margin = torch.tensor([[0.5], [0.99], [10.0]], dtype=torch.float64)
    moved = stack.step(inputs, labels, initial, margin, torch.ones(3, 1, dtype=torch.float64))
    assert moved.tolist() == [False, False, True]
    for old, now in zip(before, stack.parameters(), strict=True):
        assert torch.equal(old[:2], now[:2])
        assert not torch.equal(old[2], now[2])


def test_nan_is_not_short_of_a_margin_and_stays_nan() -> None:
    stack = drawn(1, "relu")
    stack.head[1] = math.nan
    inputs = torch.ones(2, 5, dtype=torch.float64)
    ones = torch.ones(3, 1, dtype=torch.float64)
    moved = stack.step(inputs, torch.ones(2, dtype=torch.float64), torch.zeros(2, dtype=torch.float64), 99 * ones, ones)
    assert moved.tolist() == [True, False, True]
    assert torch.isnan(stack(inputs)[1]).all()
    assert torch.isfinite(stack(inputs)[[0, 2]]).all()


def test_forward_by_hand() -> None:
    """Two inputs, two units, one layer: f = (relu(z1) v1 + relu(z2) v2) sqrt(2) / 2, z = x W / sqrt(2)."""
    stack = Stack([torch.tensor([[[1.0, -2.0], [3.0, 1.0]]])], torch.tensor([[0.5, 4.0]]), "relu")
    f = stack(torch.tensor([[1.0, 1.0], [-1.0, 1.0]]))
    z = np.array([[4.0, -1.0], [2.0, 3.0]]) / math.sqrt(2)
    by_hand = [sum(max(z[i, j], 0) * math.sqrt(2) * (0.5, 4.0)[j] for j in range(2)) / 2 for i in range(2)]
    np.testing.assert_allclose(f[0].numpy(), by_hand, rtol=1e-6)


class TestOnLine:
    @pytest.mark.parametrize("depth", [1, 2, 3])
    def test_relu_kinks_by_finite_differences(self, depth: int) -> None:
        stack = drawn(depth, "relu", runs=2)
        origin, direction = torch.from_numpy(np.random.default_rng(3).standard_normal((2, 5)))
        position, jump, right = stack.on_line(origin, direction)

        def f(run: int, s: float) -> float:
            return float(stack(origin[None] + s * direction[None])[run, 0])

        def first(run: int, s: float) -> np.ndarray:
            return ((origin + s * direction) @ stack.weights[0][run]).numpy()

        gap = 1e-6
        for run in range(2):
            for unit in range(6):
                s = float(position[run, unit])
                assert first(run, s)[unit] == pytest.approx(0, abs=1e-9)
                assert bool(right[run, unit]) == (first(run, s + 1)[unit] > 0)
                after = (f(run, s + 2 * gap) - f(run, s + gap)) / gap
                before = (f(run, s - gap) - f(run, s - 2 * gap)) / gap
                assert float(jump[run, unit]) == pytest.approx(after - before, rel=1e-4, abs=1e-7)

    @pytest.mark.parametrize("activation", ["relu", "gelu"])
    def test_far_slopes_of_each_unit_alone(self, activation: str) -> None:
        """One layer: the change of slope from far left to far right, whatever the activation does between."""
        stack = drawn(1, activation, runs=2)
        origin, direction = torch.from_numpy(np.random.default_rng(3).standard_normal((2, 5)))
        position, jump, right = stack.on_line(origin, direction)
        for unit in range(6):
            head = torch.zeros_like(stack.head)
            head[:, unit] = stack.head[:, unit]
            alone = Stack(stack.weights, head, activation)
            ends = torch.tensor([-1001.0, -1000.0, 1000.0, 1001.0], dtype=torch.float64)
            f = alone(origin + ends[:, None] * direction)
            torch.testing.assert_close(jump[:, unit], (f[:, 3] - f[:, 2]) - (f[:, 1] - f[:, 0]), rtol=1e-7, atol=1e-9)
            on = torch.where(right[:, unit], f[:, 3] - f[:, 2], f[:, 0] - f[:, 1])
            torch.testing.assert_close(on, jump[:, unit], rtol=1e-7, atol=1e-9)  # flat where the unit is off
        assert torch.isfinite(position).all()

    @pytest.mark.parametrize("depth", [2, 4])
    def test_deep_gelu_sensitivity_by_autograd(self, depth: int) -> None:
        stack = drawn(depth, "gelu", runs=2)
        origin, direction = torch.from_numpy(np.random.default_rng(3).standard_normal((2, 5)))
        position, jump, _ = stack.on_line(origin, direction)
        for run in range(2):
            for unit in range(6):
                z = (origin + position[run, unit] * direction) @ stack.weights[0][run] / math.sqrt(5)
                a = (torch.nn.functional.gelu(z) * gain("gelu")).requires_grad_()
                out = a
                for weight in stack.weights[1:]:
                    out = torch.nn.functional.gelu(out @ weight[run] / math.sqrt(6)) * gain("gelu")
                (slope,) = torch.autograd.grad(out @ stack.head[run] / 6, a)
                growth = float(direction @ stack.weights[0][run, :, unit]) / math.sqrt(5)
                assert float(jump[run, unit]) == pytest.approx(
                    float(slope[unit]) * gain("gelu") * abs(growth), rel=1e-8
                )

    @pytest.mark.parametrize("depth", [1, 3])
    def test_a_unit_that_never_switches_has_no_finite_position(self, depth: int) -> None:
        stack = drawn(depth, "relu")
        stack.weights[0][:, 0, 2] = 0
        origin, direction = torch.ones(5, dtype=torch.float64), torch.zeros(5, dtype=torch.float64)
        direction[0] = 1
        position, _, _ = stack.on_line(origin, direction)
        assert not torch.isfinite(position[:, 2]).any()
        assert torch.isfinite(position[:, [0, 1, 3, 4, 5]]).all()


class TestInitialStack:
    def test_runs_share_one_draw_and_may_part(self) -> None:
        stack = initial_stack(runs=3, dim=4, width=5, depth=2, activation="relu", seed=7, device=CPU)
        assert [tuple(p.shape) for p in stack.parameters()] == [(3, 4, 5), (3, 5, 5), (3, 5)]
        for parameter in stack.parameters():
            assert parameter.dtype == torch.float32
            assert torch.equal(parameter[0], parameter[2])
            parameter[0] += 1  # in place: a shared memory would move the others too
            assert not torch.equal(parameter[0], parameter[2])

    def test_weights_are_standard_normal_and_the_seeds_own(self) -> None:
        def weights(seed: int) -> np.ndarray:
            stack = initial_stack(runs=1, dim=64, width=128, depth=2, activation="relu", seed=seed, device=CPU)
            return np.concatenate([p.numpy().ravel() for p in stack.parameters()])

        values = weights(0)
        assert values.mean() == pytest.approx(0, abs=4 / math.sqrt(values.size))
        assert values.var() == pytest.approx(1, abs=4 * math.sqrt(2 / values.size))
        np.testing.assert_array_equal(values, weights(0))
        assert abs(np.corrcoef(values, weights(1))[0, 1]) < 4 / math.sqrt(values.size)

    def test_activations_have_unit_second_moment_in_every_layer(self) -> None:
        """The point of `gain`: E[a^2] stays 1, so f of a wide network has variance E[f^2] = 1 / width."""
        inputs = torch.from_numpy(np.random.default_rng(0).standard_normal((200, 64)).astype(np.float32))
        for activation in ("relu", "gelu"):
            outputs = [
                initial_stack(runs=1, dim=64, width=256, depth=3, activation=activation, seed=seed, device=CPU)(inputs)
                for seed in range(12)
            ]
            second = float(torch.stack(outputs).square().mean())
            assert second * 256 == pytest.approx(1, abs=0.35)


def test_take_copies_the_chosen_runs() -> None:
    stack = drawn(2, "relu")
    kept = stack.take(torch.tensor([True, False, True]))
    assert torch.equal(kept.head, stack.head[[0, 2]])
    kept.head.zero_()
    assert float(stack.head.abs().min()) > 0
