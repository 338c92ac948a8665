"""Network-steps a second, side by side in one run: a plain torch loop, `torch.func.vmap`, JAX and our engine.

    pip install -r tests/benchmarks/requirements.txt      (JAX; without it, its column stays empty)
    python tests/benchmarks/engine.py [--networks 64 256] [--depths 1 3 5] [--width 128] [--rounds 5]

Every peer trains the same networks on the same batches, which all networks share, with every point of a batch short of
its margin, so that nothing may be skipped; `late` is our engine where one point in ten is short, as late in a training.
JAX gets its best of two ways to write it: `jit(vmap(scan))`, and `jit(lax.map(scan))`, one network after the other. All
on one core but the line of two processes, each on a core of its own. Figures are medians of interleaved rounds, so that
a noisy machine is unkind to all alike; two networks' worth of the plain loop stands for all, since each costs the same.
Nothing here gates anything.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
if len(CORES) > 1:  # JAX takes every core it sees, whatever its flags say
    os.sched_setaffinity(0, {CORES[-1]})
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np  # noqa: E402  (after the threads are bounded)
import torch  # noqa: E402

from core.engine import advance, cpu  # noqa: E402
from core.networks import gain, initial_stack  # noqa: E402

INPUTS, BATCH, POINTS = 64, 16, 256
SHORT, RATE = 1e3, 1e-5
SECONDS_TOGETHER = 4.0
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
        stack = initial_stack(
            runs=1, dim=INPUTS, width=width, depth=depth, activation="relu", seed=0, device=torch.device("cpu")
        )
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


def plain(work: Work) -> Run:
    """One module and one optimiser a network."""
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
    "ours": ours,
    "ours, late": lambda work: ours(work, short=0.1),
}


def measure(work: Work, names: list[str], rounds: int) -> dict[str, float]:
    """Return the median network-steps a second of the peers that are installed."""
    made = {name: PEERS[name](work) for name in names}
    peers = {name: run for name, run in made.items() if run is not None}
    rates: dict[str, list[float]] = {name: [] for name in peers}
    for counted in range(rounds + 1):
        for name, run in peers.items():
            start = time.perf_counter()
            run(work.steps())
            if counted:  # the first round compiles and warms up
                networks = 1 if name == "plain loop" else work.networks
                rates[name].append(networks * work.steps() / (time.perf_counter() - start))
    return {name: statistics.median(found) for name, found in rates.items()}


def best_rate(product: Callable[[], object], flops: float) -> float:
    """Return the highest rate of a matrix product in a few tries."""
    best = 0.0
    for _ in range(8):
        start = time.perf_counter()
        product()
        best = max(best, flops / (time.perf_counter() - start))
    return best


def matrix_rates() -> dict[str, float]:
    """Return what one core does a second in a large product by torch, and in the tiles of our engine."""
    a, b, out = torch.randn(1024, 1024), torch.randn(1024, 1024), torch.empty(1024, 1024)
    by_torch = best_rate(lambda: torch.mm(a, b, out=out), 2 * 1024**3)
    panel, found = np.ones((1024, 128), np.float32), np.empty((1024, 128), np.float32)
    at = (a.numpy().ctypes.data, 1024, 1, panel.ctypes.data, found.ctypes.data)
    tiles = best_rate(lambda: cpu._multiply(4, *at, 1024, 128, 1024, np.float32(1)), 2.0 * 1024 * 1024 * 128)
    return {"torch.mm": by_torch, "our tiles": tiles}


def together(work: Work) -> tuple[float, float]:
    """Return our network-steps a second in one process and in two, each on a core of its own, in turns."""

    def rate(cores: list[int]) -> float:
        command = [sys.executable, __file__, "--alone", str(work.networks), str(work.width), str(work.depth)]
        children = [
            subprocess.Popen([*command, str(core)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for core in cores
        ]
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()  # all of them are ready
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        return sum(float(child.communicate()[0]) for child in children)

    pairs = [(rate(CORES[-1:]), rate(CORES[-2:])) for _ in range(3)]
    return statistics.median(one for one, _ in pairs), statistics.median(two for _, two in pairs)


def alone(networks: int, width: int, depth: int, core: int) -> None:
    """Be one of the processes of `together`: wait for the word, train for some seconds, print the rate."""
    os.sched_setaffinity(0, {core})
    torch.set_num_threads(1)
    work = Work(networks, width, depth)
    run = ours(work)
    run(work.steps())
    print("ready", flush=True)
    sys.stdin.readline()
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS_TOGETHER:
        run(work.steps())
        steps += work.steps()
    print(networks * steps / (time.perf_counter() - start))


def memory(name: str, networks: int, width: int, depth: int) -> None:
    """Print the MB that a peer adds to this process (which its parent made for this)."""
    torch.set_num_threads(1)
    cpu.prepare()
    warm = PEERS[name](Work(1, width, depth))
    if warm is not None:
        warm(10)
    before = resident("VmRSS")
    run = PEERS[name](Work(networks, width, depth))
    if run is None:
        return
    run(10)
    print(resident("VmHWM") - before)


def resident(line: str) -> float:
    """Return the MB that this process holds (VmRSS) or has held at most (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return float(status.partition(f"{line}:")[2].split()[0]) / 1024


def peak_memory(name: str, work: Work) -> float | None:
    """Return the MB of one peer at work, measured in a process of its own."""
    command = [sys.executable, __file__, "--memory", name, str(work.networks), str(work.width), str(work.depth)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(found[0]) if found else None


def show(work: Work, rates: dict[str, float], peak: float) -> None:
    """Print one row: rates, then how ours compares."""
    best_jax = max((rate for name, rate in rates.items() if name.startswith("JAX")), default=float("nan"))
    cells = [f"{rates[name]:>11,.0f}" if name in rates else " " * 11 for name in PEERS]
    print(f"{work.depth:>5} {work.networks:>8}", *cells, f"{rates['ours'] / best_jax:>7.2f}", end="")
    print(f"{rates['ours'] / rates['plain loop']:>8.0f} {rates['ours'] * work.flops() / peak:>7.0%}", flush=True)


def growth(title: str, works: dict[int, Work], rounds: int) -> None:
    """Print our rate for each of some works, and what a network-step costs beside the first."""
    rates = {size: measure(work, ["ours"], rounds)["ours"] for size, work in works.items()}
    first = next(iter(rates.values()))
    print(f"{title}: " + "; ".join(f"{size}: {rate:,.0f} ({first / rate:.2f})" for size, rate in rates.items()))


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--depths", type=int, nargs="+", default=[1, 3, 5])
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alone", type=int, nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--memory", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(*options.alone)
        return
    if options.memory:
        memory(options.memory[0], *map(int, options.memory[1:]))
        return
    torch.set_num_threads(1)
    cpu.prepare()
    rates = matrix_rates()
    peak = max(rates.values())
    print(f"{INPUTS} inputs, width {options.width}, batch {BATCH}; one core; registers of {8 * cpu.VECTOR} bits")
    print("matrix products: " + ", ".join(f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in rates.items()))
    print("\nnetwork-steps a second; ours over the better JAX, over the plain loop, share of the matrix-product rate")
    print("depth networks", *[f"{name:>11}" for name in PEERS], f"{'x JAX':>7}{'x plain':>8} {'share':>7}")
    for depth in options.depths:
        for networks in options.networks:
            work = Work(networks, options.width, depth)
            show(work, measure(work, list(PEERS), options.rounds), peak)
    print()
    if len(CORES) > 1:
        for depth in options.depths[:2]:
            one, two = together(Work(64, options.width, depth))
            print(f"two processes, depth {depth}: {two:,.0f} against {one:,.0f} in one, {two / one:.2f} times")
    work = Work(1024, options.width, 1)
    peaks = {name: peak_memory(name, work) for name in PEERS if name not in ("plain loop", "ours, late")}
    print(
        "peak memory that 1,024 networks add: "
        + ", ".join(f"{name} {mb:.0f} MB" for name, mb in peaks.items() if mb is not None)
    )
    print("\nours, network-steps a second (and the cost of one beside the first):")
    growth("networks", {n: Work(n, options.width, 1) for n in (16, 64, 256, 1024)}, options.rounds)
    growth("width", {w: Work(64, w, 1) for w in (32, 64, 128, 256, 512)}, options.rounds)
    growth("depth", {d: Work(64, options.width, d) for d in (1, 2, 3, 4, 5)}, options.rounds)
    if not torch.cuda.is_available():
        print("\nGPU: none here, not measured")
        return
    for depth in options.depths:
        for networks in (256, 3072):
            work = Work(networks, options.width, depth)
            run = ours(work, device="cuda")
            run(100)
            start = time.perf_counter()
            run(1000)
            rate = 1000 * networks / (time.perf_counter() - start)
            print(f"GPU, depth {depth}, {networks} networks: {rate:,.0f}, {rate * work.flops() / 1e12:.1f} TFLOP/s")


if __name__ == "__main__":
    main()
