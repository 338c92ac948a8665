"""Network-steps a second, side by side in one run: our engine, `torch`, JAX, and our engine with less of what it has.

    pip install -r tests/benchmarks/requirements.txt      (JAX; without it, its columns stay empty)
    python tests/benchmarks/engine.py [--networks 64 256] [--depths 1 3 5] [--width 128] [--rounds 5]

Every peer trains the same networks on the same batches, which all networks share, with every point of a batch short of
its margin, so that nothing may be skipped; `late` is our engine where one point in ten is short, as late in a training
run. JAX gets its best of two ways to write it: `jit(vmap(scan))`, and `jit(lax.map(scan))`, one network after the
other. `BLAS` is our compiled loop with `sgemm` in place of its tiles; `256 bits` is our engine in a process that takes
this CPU for a Haswell. All on one core but the line of two processes, each on a core of its own. Figures and ratios are
medians over interleaved rounds, so that a noisy machine is unkind to all alike; two networks' worth of the plain loop
stands for all, since each costs the same. Nothing here gates anything.
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

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.peers import BATCH, CORES, INPUTS, PEERS, Work, ours  # isort: skip  (first: it bounds threads)

import numpy as np
import torch

from core.engine import cpu, tiles

SECONDS_TOGETHER = 4.0
OF_PEERS = ("plain loop", "BLAS", "256 bits")
"""Whose rates ours is divided by, beside that of the better JAX."""


def measure(work: Work, names: list[str], rounds: int) -> dict[str, list[float]]:
    """Return the network-steps a second of the peers that are installed, round by round."""
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
    return rates


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
    by_tiles = best_rate(lambda: tiles.multiply(4, *at, 1024, 128, 1024, np.float32(1)), 2.0 * 1024 * 1024 * 128)
    return {"torch.mm": by_torch, "our tiles": by_tiles}


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


def ratio(rates: dict[str, list[float]], name: str) -> float:
    """Return how many times a peer's rate ours is: the median over rounds, NaN where the peer is not there."""
    pairs = zip(rates["ours"], rates.get(name, []), strict=False)
    return statistics.median([ours / theirs for ours, theirs in pairs] or [float("nan")])


def show(work: Work, rates: dict[str, list[float]], peak: float) -> None:
    """Print one row: rates, then how ours compares."""
    cells = [f"{statistics.median(rates[name]):>11,.0f}" if name in rates else " " * 11 for name in PEERS]
    over = [min(ratio(rates, "JAX vmap"), ratio(rates, "JAX map")), *(ratio(rates, name) for name in OF_PEERS)]
    share = statistics.median(rates["ours"]) * work.flops() / peak
    print(
        f"{work.depth:>5} {work.networks:>8}", *cells, *(f"{one:>10.2f}" for one in over), f"{share:>6.0%}", flush=True
    )


def growth(title: str, works: dict[int, Work], rounds: int) -> None:
    """Print our rate for each of some works, and what a network-step costs relative to the first."""
    rates = {size: statistics.median(measure(work, ["ours"], rounds)["ours"]) for size, work in works.items()}
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
    cpu.prepare()
    rates = matrix_rates()
    peak = max(rates.values())
    print(f"{INPUTS} inputs, width {options.width}, batch {BATCH}; one core; registers of {8 * tiles.VECTOR} bits")
    print("matrix products: " + ", ".join(f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in rates.items()))
    print("\nnetwork-steps a second; ours over the better JAX and others; share of the matrix-product rate")
    over = ["/JAX", *(f"/{name}" for name in OF_PEERS)]
    print("depth networks", *[f"{name:>11}" for name in PEERS], *[f"{name:>10}" for name in over], f"{'share':>6}")
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
    peaks = {
        name: peak_memory(name, work) for name in PEERS if name not in ("plain loop", "BLAS", "256 bits", "ours, late")
    }
    print(
        "peak memory that 1,024 networks add: "
        + ", ".join(f"{name} {mb:.0f} MB" for name, mb in peaks.items() if mb is not None)
    )
    print("\nours, network-steps a second (and the cost of one relative to the first):")
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
