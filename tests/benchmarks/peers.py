"""Who trains in `tests/benchmarks/engine.py`: the same networks on the same batches, by whatever library.

Importing this bounds every library to one core and one thread; so it comes first.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
if len(CORES) > 1:  # JAX takes every core it sees, whatever its flags say
    os.sched_setaffinity(0, {CORES[-1]})
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np  # noqa: E402  (after the threads are bounded)
import torch  # noqa: E402
from llvmlite.binding import get_host_cpu_features  # noqa: E402

from core.engine import advance, cpu, tiles  # noqa: E402
from core.networks import gain, initial_stack  # noqa: E402
from tests.benchmarks import blas  # noqa: E402

torch.set_num_threads(1)

CPU = torch.device("cpu")
INPUTS, BATCH, POINTS = 64, 16, 256
SHORT, RATE = 1e3, 1e-5
Run = Callable[[int], None]
"""Trains every network for a number of steps."""


class Work:
    """The data and initial weights that every peer gets."""

    def __init__(self, networks: int, width: int, depth: int) -> None:
        rng = np.random.default_rng(0)
        self.networks, self.width, self.depth = networks, width, depth
        self.x = rng.standard_normal((POINTS, INPUTS)).astype(np.float32)
        self.y = np.sign(rng.standard_normal(POINTS)).astype(np.float32)
        self.rows = rng.integers(POINTS, size=(2_000, BATCH))
        stack = initial_stack(runs=1, dim=INPUTS, width=width, depth=depth, activation="relu", seed=0, device=CPU)
        self.weights = [w[0].numpy() for w in stack.weights]
        self.head = stack.head[0].numpy()

    def flops(self) -> float:
        """Multiply-adds, times two, that a step of one network takes in matrix products."""
        inner = (self.depth - 1) * self.width * self.width
        return 2.0 * BATCH * (2 * INPUTS * self.width + 3 * inner)

    def steps(self) -> int:
        """Steps of one round: some tenths of a second of the fastest peer."""
        return max(10, min(400, int(2e10 / (self.flops() * self.networks))))


def ours(work: Work, short: float = 1.0, device: str = "cpu") -> Run:
    """Our engine; with `short` < 1 that share of the points has a gradient."""
    x, y, rows = (torch.from_numpy(part).to(device) for part in (work.x, work.y, work.rows))
    stack = initial_stack(
        runs=work.networks, dim=INPUTS, width=work.width, depth=work.depth, activation="relu", seed=0, device=x.device
    )
    with torch.inference_mode():
        first = stack.take(torch.arange(work.networks, device=x.device) == 0)(x)[0]
    if short < 1:  # the other points have more margin than they will lose
        fitted = torch.from_numpy(np.random.default_rng(1).random(POINTS) >= short).to(device)
        first = first - y * fitted * 2 * SHORT
    margin, rate = (torch.full((work.networks,), value, device=device) for value in (SHORT, RATE / BATCH))
    last_update = torch.zeros(work.networks, dtype=torch.long, device=device)

    @torch.inference_mode()
    def run(steps: int) -> None:
        advance(stack, "hinge", (x, y, first), rows[:steps], margin, rate, last_update, 0)
        if device == "cuda":
            torch.cuda.synchronize()

    return run


def with_blas(work: Work) -> Run:
    """Our engine's loop with BLAS in place of its tiles."""
    engine = blas.engine()
    stack = initial_stack(
        runs=work.networks, dim=INPUTS, width=work.width, depth=work.depth, activation="relu", seed=0, device=CPU
    )
    weights, factors = stack.arrays(), stack.factors()
    first = cpu.outputs(stack.activation_code, weights, factors, work.x)[0]
    margin, rate = (np.full(work.networks, value, np.float32) for value in (SHORT, RATE / BATCH))
    last_update, scratch = np.zeros(work.networks, np.int64), {}

    def run(steps: int) -> None:
        data = (work.x, work.y, first, work.rows[:steps], margin, rate, last_update)
        engine.advance(cpu.HINGE, stack.activation_code, weights, factors, *data, 0, scratch)

    return run


HASWELL = {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx,+avx2,+fma,+bmi,+bmi2,+sse4.2,+popcnt"}
"""What makes a process compile for registers of 256 bits, which most laptops have."""


def narrow(work: Work) -> Run | None:
    """Our engine in a process that takes this CPU for a Haswell; None where registers are not wider than that."""
    if tiles.VECTOR == 32 or not {"avx2", "fma"} <= {name for name, has in get_host_cpu_features().items() if has}:
        return None
    command = [sys.executable, __file__, str(work.networks), str(work.width), str(work.depth)]
    child = subprocess.Popen(
        command, env=os.environ | HASWELL, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(child.kill)
    assert child.stdin is not None
    assert child.stdout is not None
    steps_in, done = child.stdin, child.stdout

    def run(steps: int) -> None:
        steps_in.write(f"{steps}\n")
        steps_in.flush()
        if not done.readline():
            raise RuntimeError("the process with registers of 256 bits ended")

    return run


def serve() -> None:
    """Be the process of `narrow`: take the steps that standard input asks for, and answer each request with a line."""
    assert tiles.VECTOR == 32
    run = ours(Work(*map(int, sys.argv[1:])))
    for line in sys.stdin:
        run(int(line))
        print("done", flush=True)


def plain(work: Work) -> Run:
    """One module and one optimizer a network."""
    x, y, rows = torch.from_numpy(work.x), torch.from_numpy(work.y), torch.from_numpy(work.rows)
    layers = [torch.nn.Parameter(torch.from_numpy(w.copy())) for w in work.weights]
    head = torch.nn.Parameter(torch.from_numpy(work.head.copy()))
    optimizer = torch.optim.SGD([*layers, head], lr=RATE)

    def output(inputs: torch.Tensor) -> torch.Tensor:
        for w in layers:
            inputs = torch.relu(inputs @ w / w.shape[0] ** 0.5) * gain("relu")
        return inputs @ head / work.width

    with torch.no_grad():
        first = output(x)

    def run(steps: int) -> None:
        for step in range(steps):
            chosen = rows[step]
            loss = torch.relu(SHORT - y[chosen] * (output(x[chosen]) - first[chosen])).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return run


def vmapped(work: Work) -> Run:
    """`torch.func`: gradients of all networks at once."""
    x, y, rows = torch.from_numpy(work.x), torch.from_numpy(work.y), torch.from_numpy(work.rows)
    stacked = [torch.from_numpy(w).repeat(work.networks, 1, 1) for w in work.weights]
    stacked.append(torch.from_numpy(work.head).repeat(work.networks, 1))

    def output(parameters: tuple[torch.Tensor, ...], inputs: torch.Tensor) -> torch.Tensor:
        for w in parameters[:-1]:
            inputs = torch.relu(inputs @ w / w.shape[0] ** 0.5) * gain("relu")
        return inputs @ parameters[-1] / work.width

    first = output(tuple(p[0] for p in stacked), x)

    def loss(parameters: tuple[torch.Tensor, ...], chosen: torch.Tensor) -> torch.Tensor:
        return torch.relu(SHORT - y[chosen] * (output(parameters, x[chosen]) - first[chosen])).mean()

    gradients = torch.func.vmap(torch.func.grad(loss), in_dims=(0, None))

    def run(steps: int) -> None:
        for step in range(steps):
            for p, g in zip(stacked, gradients(tuple(stacked), rows[step]), strict=True):
                p.sub_(g, alpha=RATE)

    return run


def jaxed(work: Work, *, mapped: bool = False) -> Run | None:
    """`jit(vmap(scan))` or `jit(lax.map(scan))`; None where JAX is not installed."""
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        return None
    x, y = jnp.array(work.x), jnp.array(work.y)
    stacked = [jnp.repeat(jnp.array(w)[None], work.networks, 0) for w in [*work.weights, work.head]]

    def output(parameters, inputs):
        for w in parameters[:-1]:
            inputs = jax.nn.relu(inputs @ w / w.shape[0] ** 0.5) * gain("relu")
        return inputs @ parameters[-1] / work.width

    first = output([p[0] for p in stacked], x)

    def loss(parameters, chosen):
        return jnp.mean(jax.nn.relu(SHORT - y[chosen] * (output(parameters, x[chosen]) - first[chosen])))

    def train(parameters, rows):
        def step(now, chosen):
            return jax.tree.map(lambda p, g: p - RATE * g, now, jax.grad(loss)(now, chosen)), None

        return jax.lax.scan(step, parameters, rows)[0]

    def one_by_one(parameters, rows):
        return jax.lax.map(lambda network: train(network, rows), parameters)

    trained = jax.jit(one_by_one if mapped else jax.vmap(train, in_axes=(0, None)))
    rows = jnp.array(work.rows)

    def run(steps: int) -> None:
        jax.block_until_ready(trained(stacked, rows[:steps]))

    return run


PEERS: dict[str, Callable[[Work], Run | None]] = {
    "plain loop": plain,
    "vmap": vmapped,
    "JAX vmap": jaxed,
    "JAX map": lambda work: jaxed(work, mapped=True),
    "BLAS": with_blas,
    "256 bits": narrow,
    "ours": ours,
    "ours, late": lambda work: ours(work, short=0.1),
}


if __name__ == "__main__":
    serve()
