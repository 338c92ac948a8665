"""The stack against modules as one writes them, quadrature and finite differences (its training: `test_engine.py`)."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from torch import Tensor

from core.networks import SECOND_MOMENT, Stack, gain, initial_stack

CPU = torch.device("cpu")


def drawn(depth: int, activation: str, *, runs: int = 3, dim: int = 5, width: int = 6, seed: int = 0) -> Stack:
    """Different networks in double precision, so that the oracle's tolerance can be tight."""
    rng = np.random.default_rng(seed)
    fan_ins = [dim] + [width] * (depth - 1)
    first, *inner = [torch.from_numpy(rng.standard_normal((runs, fan_in, width))) for fan_in in fan_ins]
    hidden = torch.stack(inner) if inner else first.new_empty(0, runs, width, width)
    return Stack(first, hidden, torch.from_numpy(rng.standard_normal((runs, width))), activation)


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
def test_forward(depth: int, activation: str) -> None:
    stack = drawn(depth, activation)
    inputs = torch.from_numpy(np.random.default_rng(1).standard_normal((519, 5)))
    output = stack(inputs)
    assert output.shape == (3, 519)
    for run in range(3):
        torch.testing.assert_close(output[run], Plain(stack, run)(inputs), rtol=1e-6, atol=1e-7)


def test_forward_by_hand() -> None:
    """Two inputs, two units, one layer: f = (relu(z1) v1 + relu(z2) v2) sqrt(2) / 2, z = x W / sqrt(2)."""
    first = torch.tensor([[[1.0, -2.0], [3.0, 1.0]]])
    stack = Stack(first, first.new_empty(0, 1, 2, 2), torch.tensor([[0.5, 4.0]]), "relu")
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
            alone = Stack(stack.first, stack.hidden, head, activation)
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
