"""The engines against autograd and torch.optim, against each other, and, where exactness is promised, bit for bit."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from llvmlite.binding import get_host_cpu_features
from numba import njit
from torch import Tensor

from core.engine import LOSSES, activations, advance, cpu, gpu
from core.engine.buffers import Weights
from core.networks import SECOND_MOMENT, Stack, initial_stack, perceptrons

CPU = torch.device("cpu")
ENGINES = {"cpu": advance, "gpu": gpu.advance}
LOSS = ["hinge", "logistic", "squared"]


def drawn(depth: int, activation: str, *, dim: int = 5, width: int = 6, runs: int = 3, dtype: Any = None) -> Stack:
    """One draw for all runs, as they share f at initialization; in double precision unless told otherwise."""
    if depth == 0:
        stack = perceptrons(runs, dim, CPU)
    else:
        stack = initial_stack(runs=runs, dim=dim, width=width, depth=depth, activation=activation, seed=0, device=CPU)
    dtype = dtype or torch.float64
    return Stack(stack.first.to(dtype), stack.hidden.to(dtype), stack.head.to(dtype), activation)


def by_hand(stack: Stack, parameters: list[Tensor], inputs: Tensor) -> Tensor:
    """One network's f as a paper's reader would write it."""
    act = {"relu": torch.relu, "gelu": torch.nn.functional.gelu}[stack.activation]
    a = inputs
    for weight in parameters[:-1]:
        a = act(a @ weight / math.sqrt(weight.shape[0])) / math.sqrt(SECOND_MOMENT[stack.activation])
    return a @ parameters[-1] / (len(parameters[-1]) if parameters[:-1] else math.sqrt(inputs.shape[1]))


def loss_by_hand(loss: str, labels: Tensor, output: Tensor, alpha: float) -> Tensor:
    """The mean over the batch, as `engine.advance` defines it."""
    u = alpha * labels * output
    if loss == "hinge":
        return torch.relu(1 - u).mean() / alpha
    if loss == "logistic":
        return torch.nn.functional.softplus(-u).mean() / alpha
    return (labels - alpha * output).square().mean() / (2 * alpha)


class Problem:
    """Points, batches and three runs' settings."""

    def __init__(self, stack: Stack, *, batch: int = 5, points: int = 12, steps: int = 8, reals: bool = False) -> None:
        rng = np.random.default_rng(2)
        dtype = stack.head.dtype
        self.x = torch.from_numpy(rng.standard_normal((points, stack.first.shape[1]))).to(dtype)
        labels = rng.standard_normal(points) if reals else np.where(rng.random(points) < 0.5, -1.0, 1.0)
        self.y = torch.from_numpy(labels).to(dtype)
        self.initial = stack(self.x)[0]
        self.batches = torch.from_numpy(np.array([rng.permutation(points)[:batch] for _ in range(steps)]))
        self.alphas, self.rates = [0.25, 2.0, 64.0], [0.3, 0.7, 0.05]
        self.margin = torch.tensor([1 / a for a in self.alphas], dtype=dtype)
        self.rate = torch.tensor([r / batch for r in self.rates], dtype=dtype)
        self.last_update = torch.zeros(3, dtype=torch.long)

    def train(self, stack: Stack, loss: str, engine: str = "cpu", *, step: int = 0, upto: int | None = None) -> None:
        points = (self.x, self.y, self.initial)
        batches = self.batches[step:upto]
        ENGINES[engine](stack, loss, points, batches, self.margin, self.rate, self.last_update, step)

    def by_torch(self, stack: Stack, loss: str) -> tuple[list[list[Tensor]], list[int]]:
        """Train every run with autograd and torch.optim.SGD; return its parameters and its last update."""
        found, last = [], []
        for run, (alpha, rate) in enumerate(zip(self.alphas, self.rates, strict=True)):
            parameters = [p[run].clone().requires_grad_() for p in stack.parameters()]
            optimizer = torch.optim.SGD(parameters, lr=rate)
            moved = 0
            for step, rows in enumerate(self.batches):
                optimizer.zero_grad()
                output = by_hand(stack, parameters, self.x[rows]) - self.initial[rows]
                loss_by_hand(loss, self.y[rows], output, alpha).backward()
                optimizer.step()
                if any(bool(p.grad.any()) for p in parameters if p.grad is not None):
                    moved = step + 1
            found.append([p.detach() for p in parameters])
            last.append(moved)
        return found, last


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("loss", LOSS)
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("depth", [0, 1, 2, 3, 4, 5])
def test_steps_are_those_of_autograd_and_torchs_sgd(depth: int, activation: str, loss: str, engine: str) -> None:
    stack = drawn(depth, activation)
    problem = Problem(stack)
    expected, last = problem.by_torch(stack, loss)
    first = [p.clone() for p in stack.parameters()]
    problem.train(stack, loss, engine)
    # On the CPU erf is a rational approximation, good to 1e-7.
    tolerance = 1e-6 if activation == "gelu" and engine == "cpu" else 1e-9
    for run in range(3):
        for mine, theirs in zip(stack.parameters(), expected[run], strict=True):
            torch.testing.assert_close(mine[run], theirs, rtol=tolerance, atol=tolerance / 100)
        assert any(not torch.allclose(p[run], old[run]) for p, old in zip(stack.parameters(), first, strict=True))
    assert not torch.allclose(stack.head[0], stack.head[1])  # the runs did part
    assert problem.last_update.tolist() == last


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dim,width,batch", [(1, 1, 1), (3, 17, 4), (37, 80, 7), (64, 128, 16), (10, 200, 33)])
def test_single_precision_and_every_shape_of_tile(dim: int, width: int, batch: int, engine: str) -> None:
    stack = drawn(3, "relu", dim=dim, width=width, dtype=torch.float32)
    problem = Problem(stack, batch=batch, points=40)
    expected, _ = problem.by_torch(stack, "hinge")
    problem.train(stack, "hinge", engine)
    for run in range(3):
        for mine, theirs in zip(stack.parameters(), expected[run], strict=True):
            torch.testing.assert_close(mine[run], theirs, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_squared_loss_takes_real_targets(engine: str) -> None:
    stack = drawn(2, "relu")
    problem = Problem(stack, reals=True)
    expected, _ = problem.by_torch(stack, "squared")
    problem.train(stack, "squared", engine)
    for run in range(3):
        torch.testing.assert_close(stack.head[run], expected[run][-1], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_run_without_a_gradient_does_not_move(depth: int, engine: str) -> None:
    stack = drawn(depth, "relu")
    problem = Problem(stack)
    problem.initial = problem.initial - problem.y  # y F = 1 at every point
    problem.margin = torch.tensor([0.5, 0.99, 10.0], dtype=torch.float64)
    before = [p.clone() for p in stack.parameters()]
    problem.train(stack, "hinge", engine, step=4, upto=5)
    assert problem.last_update.tolist() == [0, 0, 5]
    for old, now in zip(before, stack.parameters(), strict=True):
        assert torch.equal(old[:2], now[:2])
    assert not torch.equal(before[-1][2], stack.head[2])


@pytest.mark.parametrize("engine", ENGINES)
def test_points_with_their_margin_push_nothing(engine: str) -> None:
    """Most of a batch fitted, as late in a training: the few that are not must be the ones that are stepped on."""
    stack = drawn(2, "relu", dtype=torch.float64)
    problem = Problem(stack)
    problem.initial = problem.initial - 200 * problem.y * torch.from_numpy(np.arange(12) % 4 > 0)
    expected, last = problem.by_torch(stack, "hinge")
    problem.train(stack, "hinge", engine)
    for run in range(3):
        for mine, theirs in zip(stack.parameters(), expected[run], strict=True):
            torch.testing.assert_close(mine[run], theirs, rtol=1e-9, atol=1e-12)
    assert problem.last_update.tolist() == last


@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("engine", ENGINES)
def test_steps_in_parts_are_the_steps_in_one_go(engine: str, activation: str) -> None:
    """Where a snapshot is taken changes no bit."""
    whole, parts = drawn(3, activation, dtype=torch.float32), drawn(3, activation, dtype=torch.float32)
    one, two = Problem(whole), Problem(parts)
    one.train(whole, "hinge", engine)
    for step in range(8):
        two.train(parts, "hinge", engine, step=step, upto=step + 1)
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        assert torch.equal(a, b)
    assert one.last_update.tolist() == two.last_update.tolist()


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e30])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_run_alone_is_the_run_of_a_stack_bit_for_bit_whatever_its_neighbours_do(
    depth: int, activation: str, bad: float
) -> None:
    stack = drawn(depth, activation, dtype=torch.float32)
    problem = Problem(stack)
    alone = stack.take(torch.tensor([False, False, True]))
    stack.head[1] = bad
    stack.first[1] = bad
    problem.train(stack, "hinge")
    points = (problem.x, problem.y, problem.initial)
    last = torch.zeros(1, dtype=torch.long)
    advance(alone, "hinge", points, problem.batches, problem.margin[2:], problem.rate[2:], last, 0)
    for whole, single in zip(stack.parameters(), alone.parameters(), strict=True):
        assert torch.equal(whole[2], single[0])
    assert torch.equal(stack(problem.x)[2], alone(problem.x)[0])
    assert not torch.isfinite(stack(problem.x)[1]).all() or bad == 1e30


@pytest.mark.parametrize("engine", ENGINES)
def test_nan_is_not_short_of_a_margin_and_stays_nan(engine: str) -> None:
    stack = drawn(2, "relu")
    problem = Problem(stack)
    problem.margin[:] = 99
    stack.head[1] = math.nan
    problem.train(stack, "hinge", engine)
    assert problem.last_update.tolist() == [8, 0, 8]
    assert torch.isnan(stack(problem.x)[1]).all()
    assert torch.isfinite(stack(problem.x)[[0, 2]]).all()


@pytest.mark.parametrize("power", [-40, -3, 1, 20])
def test_a_perceptron_scales_with_margin_and_learning_rate_bit_for_bit(power: int) -> None:
    """kappa -> c kappa, eta -> c eta takes w -> c w; for c a power of two no rounding differs (claim C6)."""
    rng = np.random.default_rng(5)
    x = torch.from_numpy(rng.standard_normal((256, 16)).astype(np.float32))
    y = torch.sign(x[:, 0])
    batches = torch.from_numpy(rng.integers(256, size=(3000, 2)))
    scale = 2.0**power

    def trained(by: float) -> tuple[Tensor, list[int]]:
        stack, last = perceptrons(4, 16, CPU), torch.zeros(4, dtype=torch.long)
        margin, rate = torch.tensor([0.5, 1.0, 1.0, 3.0]) * by, torch.tensor([0.1, 1.7, 0.3, 0.01]) * by
        advance(stack, "hinge", (x, y, torch.zeros(256)), batches, margin, rate, last, 0)
        return stack.head, last.tolist()

    (w, last), (scaled, scaled_last) = trained(1.0), trained(scale)
    assert torch.equal(w * scale, scaled)
    assert last == scaled_last
    assert (w.abs().amax(1) > 0).all()
    assert len(set(last)) > 1


@pytest.mark.parametrize("depth", [0, 1, 2, 5])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_outputs_are_those_by_torch_and_by_hand(depth: int, activation: str) -> None:
    stack = drawn(depth, activation)
    stack.head[1] += 1
    for points in (0, 1, cpu.AT_ONCE, 2 * cpu.AT_ONCE + 3):
        inputs = torch.from_numpy(np.random.default_rng(1).standard_normal((points, 5)))
        found, by_torch = stack(inputs), stack.by_torch(inputs)
        assert found.shape == by_torch.shape == (3, points)
        torch.testing.assert_close(found, by_torch, rtol=1e-6, atol=1e-7)
        for run in range(3):
            theirs = by_hand(stack, [p[run] for p in stack.parameters()], inputs)
            torch.testing.assert_close(by_torch[run], theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_error_function_and_bell_curve(dtype: Any) -> None:
    z = np.linspace(-12, 12, 40_001).astype(dtype)

    @njit
    def values(z: Any) -> Any:
        erf, bell = np.empty_like(z), np.empty_like(z)
        for i in range(len(z)):
            erf[i], bell[i] = activations.error_function(z[i], z), activations.bell(z[i], z)
        return erf, bell

    erf, bell = values(z)
    assert erf.dtype == bell.dtype == dtype
    tolerance = 4e-7 if dtype == np.float32 else 5e-8
    np.testing.assert_allclose(erf, [math.erf(float(value)) for value in z], rtol=0, atol=tolerance)
    expected = np.exp(-np.square(z.astype(float)) / 2)
    np.testing.assert_allclose(bell, expected, rtol=4e-6 if dtype == np.float32 else 2e-9, atol=2e-13)


NARROW = """
import json, sys
import torch
sys.path[:0] = json.loads(sys.argv[1])
from core.engine import tiles
from test_engine import Problem, drawn
assert (tiles.VECTOR, tiles.WIDE) == (32, 2), tiles.VECTOR
stack = drawn(3, "relu", dim=37, width=81, dtype=torch.float32)
problem = Problem(stack, batch=7, points=40)
problem.train(stack, "hinge")
print(json.dumps(stack.head.tolist()))
"""


def test_a_machine_with_narrower_registers_agrees(tmp_path: Path) -> None:
    """The tiles of 256-bit registers, which most laptops have, run on any x86-64 machine of this century's teens."""
    if not {"avx2", "fma"} <= {name for name, has in get_host_cpu_features().items() if has}:
        pytest.skip("this CPU has no AVX2")
    here = Path(__file__).parent
    features = "+avx,+avx2,+fma,+bmi,+bmi2,+sse4.2,+popcnt"
    environment = os.environ | {
        "NUMBA_CPU_NAME": "haswell",
        "NUMBA_CPU_FEATURES": features,
        "NUMBA_CACHE_DIR": str(tmp_path),
    }
    found = subprocess.run(
        [sys.executable, "-c", NARROW, json.dumps([str(here), str(here.parents[1])])],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    stack = drawn(3, "relu", dim=37, width=81, dtype=torch.float32)
    Problem(stack, batch=7, points=40).train(stack, "hinge")
    torch.testing.assert_close(torch.tensor(json.loads(found.stdout)), stack.head, rtol=1e-4, atol=1e-5)


KEPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from core.engine import cpu
one = np.ones((1, 1), np.float32)
weights = cpu.Weights(one[None], np.ones((0, 1, 1, 1), np.float32), one)
found = cpu.outputs(cpu.RELU, weights, np.ones(2, np.float32), -one)
print(json.dumps([found.tolist(), bool(cpu._outputs.stats.cache_hits)]))
"""


@pytest.mark.slow
def test_compiled_code_is_renewed_when_a_file_that_it_calls_into_changes(tmp_path: Path) -> None:
    """numba by itself would serve the code of the old file."""
    engine = tmp_path / "core" / "engine"
    shutil.copytree(Path(cpu.__file__).parent, engine, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "core" / "__init__.py").touch()

    def found() -> list[Any]:
        """f(-1) of one unit with weights 1, and whether its code was on disk."""
        command = [sys.executable, "-c", KEPT, str(tmp_path)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    assert found() == [[[0.0]], False]
    assert found() == [[[0.0]], True]
    changed = (engine / "activations.py").read_text().replace("zero if z < zero else z", "half * z")
    (engine / "activations.py").write_text(changed)
    assert found() == [[[-0.5]], False]


def test_arrays_of_two_float_types_are_refused() -> None:
    """The tiles work on addresses: a number of another size would be misread, not converted."""
    stack = drawn(1, "relu")
    problem = Problem(stack)
    problem.rate = problem.rate.float()
    with pytest.raises(TypeError, match="all float32 or all float64; got float32, float64"):
        problem.train(stack, "hinge")
    with pytest.raises(TypeError, match="all float32 or all float64"):
        stack(problem.x.float())
    with pytest.raises(TypeError, match="got int64"):
        whole = np.ones((1, 1), np.int64)
        cpu.outputs(activations.RELU, Weights(whole, whole, whole), whole, whole)


def test_losses_have_the_names_the_engine_knows() -> None:
    assert sorted(LOSSES) == sorted(LOSS)
    with pytest.raises(KeyError, match="cubic"):
        Problem(drawn(1, "relu")).train(drawn(1, "relu"), "cubic")


needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")


@needs_gpu
@pytest.mark.parametrize("depth", [0, 1, 5])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_a_captured_step_is_the_cpus_step(depth: int, activation: str) -> None:
    """Twenty steps, most of them replays of a CUDA graph, against the same steps on the CPU."""
    here = drawn(depth, activation, width=32, dtype=torch.float32)
    problem = Problem(here, steps=20)
    there = Stack(here.first.cuda(), here.hidden.cuda(), here.head.cuda(), activation)
    points = tuple(part.cuda() for part in (problem.x, problem.y, problem.initial))
    last = problem.last_update.cuda()
    settings = (problem.margin.cuda(), problem.rate.cuda(), last)
    advance(there, "hinge", points, problem.batches.cuda(), *settings, 0)  # type: ignore[arg-type]
    problem.train(here, "hinge")
    assert any(steps.graph is not None for steps in there.scratch.values())
    for mine, theirs in zip(here.parameters(), there.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs.cpu(), rtol=1e-3, atol=1e-4)
    assert last.tolist() == problem.last_update.tolist()
