"""Network-steps a second, side by side in one run: a plain torch loop, `torch.func.vmap`, JAX, and our stack.

`python tests/benchmarks/engine.py [--networks 64 256] [--depths 1 3] [--width 128]`. All on one core. Every peer
trains the same networks on the same batches, which all networks share, with every point of a batch short of its margin,
so that nothing may be skipped; `late` is our stack where one point in ten is short, as late in a training. Each figure
is the median of interleaved rounds, so that a noisy machine is unkind to all alike. Nothing here gates anything.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

if hasattr(os, "sched_setaffinity"):  # JAX takes every core it sees, whatever its flags say
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import torch

from core.networks import gain, initial_stack
from core.sweeps import RUNS_A_BANK

INPUTS, BATCH, POINTS = 64, 16, 256
SHORT, RATE = 1e3, 1e-5
Run = Callable[[int], None]
"""Trains every network for so many steps."""


class Work:
    """The data and first weights that every peer gets."""

    def __init__(self, networks: int, width: int, depth: int) -> None:
        rng = np.random.default_rng(0)
        self.networks, self.width, self.depth = networks, width, depth
        self.x = rng.standard_normal((POINTS, INPUTS)).astype(np.float32)
        self.y = np.sign(rng.standard_normal(POINTS)).astype(np.float32)
        self.rows = rng.integers(POINTS, size=(2_000, BATCH))
        fan_ins = [INPUTS] + [width] * (depth - 1)
        self.weights = [rng.standard_normal((fan_in, width)).astype(np.float32) for fan_in in fan_ins]
        self.head = rng.standard_normal(width).astype(np.float32)

    def flops(self) -> float:
        """Multiply-adds, times two, that a step of one network takes in matrix products."""
        inner = (self.depth - 1) * self.width * self.width
        return 2.0 * BATCH * (2 * INPUTS * self.width + 3 * inner)


def ours(work: Work, short: float = 1.0) -> Run:
    """Our stack, in the banks that a plane is trained in."""
    sizes = [len(part) for part in np.array_split(np.arange(work.networks), -(-work.networks // RUNS_A_BANK))]
    x, y, rows = torch.from_numpy(work.x), torch.from_numpy(work.y), torch.from_numpy(work.rows)
    banks = [
        initial_stack(
            runs=size, dim=INPUTS, width=work.width, depth=work.depth, activation="relu", seed=0, device=x.device
        )
        for size in sizes
    ]
    first = banks[0](x)[0]
    if short < 1:  # the other points have more margin than they will lose
        first = first - y * torch.from_numpy(np.random.default_rng(1).random(POINTS) >= short) * 2 * SHORT

    @torch.inference_mode()
    def run(steps: int) -> None:
        for bank, size in zip(banks, sizes, strict=True):
            margin, rate = torch.full((size, 1), SHORT), torch.full((size, 1), RATE / BATCH)
            for step in range(steps):
                chosen = rows[step]
                bank.step(x[chosen], y[chosen], first[chosen], margin, rate)

    return run


def plain(work: Work) -> Run:
    """One module and one optimiser a network; a few networks stand for all, since each costs the same."""
    x, y, rows = torch.from_numpy(work.x), torch.from_numpy(work.y), torch.from_numpy(work.rows)
    layers = [torch.nn.Parameter(torch.from_numpy(w.copy())) for w in work.weights]
    head = torch.nn.Parameter(torch.from_numpy(work.head.copy()))
    optimiser = torch.optim.SGD([*layers, head], lr=RATE)

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
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

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


def jaxed(work: Work) -> Run | None:
    """`jit(vmap(scan))`, or None where JAX is not installed."""
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

    trained = jax.jit(jax.vmap(train, in_axes=(0, None)))
    rows = jnp.array(work.rows)

    def run(steps: int) -> None:
        jax.block_until_ready(trained(stacked, rows[:steps]))

    return run


def matrix_rate() -> float:
    """Return the multiply-adds, times two, that one core does a second on a large product."""
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    out = torch.empty(1024, 1024)
    best = 0.0
    for _ in range(6):
        start = time.perf_counter()
        torch.mm(a, b, out=out)
        best = max(best, 2 * 1024**3 / (time.perf_counter() - start))
    return best


def measure(work: Work, rounds: int) -> dict[str, float]:
    """Return the median network-steps a second of every peer."""
    peers = {"plain loop": plain(work), "vmap": vmapped(work), "jax": jaxed(work), "ours": ours(work)}
    peers["ours, late"] = ours(work, short=0.1)
    steps = max(10, min(400, int(2e10 / (work.flops() * work.networks))))
    rates: dict[str, list[float]] = {name: [] for name, run in peers.items() if run is not None}
    for counted in range(rounds + 1):
        for name in rates:
            run = peers[name]
            assert run is not None
            start = time.perf_counter()
            run(steps)
            if counted:  # the first round compiles and warms up
                networks = 1 if name == "plain loop" else work.networks
                rates[name].append(networks * steps / (time.perf_counter() - start))
    return {name: statistics.median(found) for name, found in rates.items()}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--depths", type=int, nargs="+", default=[1, 3, 5])
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    peak = matrix_rate()
    print(f"one core; {INPUTS} inputs, width {options.width}, batch {BATCH}; matrix products {peak / 1e9:.0f} GFLOP/s")
    for depth in options.depths:
        for networks in options.networks:
            work = Work(networks, options.width, depth)
            rates = measure(work, options.rounds)
            words = [f"{name} {rate:,.0f}" for name, rate in rates.items()]
            ratios = [f"{rates['ours'] / rates[name]:.2f} x {name}" for name in rates if not name.startswith("ours")]
            share = rates["ours"] * work.flops() / peak
            print(f"depth {depth}, {networks} networks, network-steps/s: {'; '.join(words)}")
            print(f"    ours is {', '.join(ratios)}; {share:.0%} of the matrix-product rate")


if __name__ == "__main__":
    main()
