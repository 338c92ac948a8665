"""The store under fire: writers that are killed, disks that are full, bits that flip.

`python -m tests.benchmarks.fire` prints how many snapshots came back torn or wrong, which must be none. The tests run a
short version.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.datasets import Source
from core.store import Store, decode, encode
from core.studies.explorer.experiment import Explorer
from core.sweeps import train
from core.trajectory import Trajectory

SEEDS = 6
ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from core.store import Store, decode
from tests.benchmarks.fire import variant
store = Store(Path(sys.argv[1]), shipped=Path(sys.argv[1]) / "none")
first = decode(Path(sys.argv[2]).read_bytes())
print("ready", flush=True)
while True:
    for seed in range(6):
        store.save(variant(first, seed))
"""


def first() -> Trajectory:
    """Return a small trained plane, padded to what a large one weighs."""
    experiment = Explorer(
        n_train=48, width=32, batch_size=4, alphas=(0.5, 64.0), temperatures=(2.0**-3, 2.0), step_limit=200
    )
    return train(experiment, source=Source(), device="cpu", workers=1)


def variant(trajectory: Trajectory, seed: int) -> Trajectory:
    """Return the same arrays under another experiment's name, and with a mark of it."""
    arrays = {name: array.copy() for name, array in trajectory.arrays.items()}
    arrays["loss"] = np.full_like(arrays["loss"], seed)
    seeds = tuple(range(seed, seed + len(trajectory.experiment.seeds)))
    return type(trajectory)(replace(trajectory.experiment, seeds=seeds), arrays)


def wrong(store: Store, trajectory: Trajectory) -> int:
    """Return how many of the variants that the store serves are not what was written."""
    found = 0
    for seed in range(SEEDS):
        expected = variant(trajectory, seed)
        served, _ = store.load(expected.experiment)
        if served is not None and encode(served) != encode(expected):
            found += 1
    return found


def killed(folder: Path, trajectory: Trajectory, times: int, rng: random.Random) -> tuple[int, int]:
    """Kill writers at random instants; return how many snapshots were wrong, and how many files lay half written."""
    source = folder / "first.npz"
    source.write_bytes(encode(trajectory))
    store, bad, half = Store(folder / "killed", shipped=folder / "none"), 0, 0
    command = [sys.executable, "-c", WRITER, str(store.folder), str(source)]
    for _ in range(times):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(rng.uniform(0, 0.2))
            writer.send_signal(signal.SIGKILL)
        bad += wrong(store, trajectory)
        half = len(list(store.folder.glob("*.tmp")))
    return bad, half


def full(folder: Path, trajectory: Trajectory, times: int, rng: random.Random) -> tuple[int, int]:
    """Write where files may only grow to a random size; return how many were wrong, and how many writes failed."""
    store, bad, failed = Store(folder / "full", shipped=folder / "none"), 0, 0
    size = len(encode(trajectory))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for _ in range(times):
        resource.setrlimit(resource.RLIMIT_FSIZE, (rng.randrange(int(1.1 * size)), before[1]))
        try:
            store.save(variant(trajectory, rng.randrange(SEEDS)))
        except OSError:
            failed += 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        bad += wrong(store, trajectory) + len(list(store.folder.glob("*.tmp")))
    return bad, failed


def flipped(folder: Path, trajectory: Trajectory, times: int, rng: random.Random) -> tuple[int, int]:
    """Flip a bit of a file, or cut it; return how many were served all the same, and how many were set aside."""
    store, bad, aside = Store(folder / "flipped", shipped=folder / "none"), 0, 0
    for _ in range(times):
        path = store.save(trajectory)
        content = bytearray(path.read_bytes())
        if rng.random() < 0.5:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        else:
            del content[rng.randrange(len(content)) :]
        path.write_bytes(content)
        served, said = store.load(trajectory.experiment)
        bad += served is not None
        aside += "set aside" in said
    return bad, aside


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("kills", 500), ("full", 100), ("flips", 500)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options, rng, folder = parser.parse_args(), random.Random(0), Path(tempfile.mkdtemp())
    trajectory = first()
    assert decode(encode(trajectory)).experiment == trajectory.experiment
    for what, measure, times, besides in (
        ("kill -9 while writing", killed, options.kills, "files half written, which a sweep deletes"),
        ("a disk that is full at a random byte", full, options.full, "writes failed"),
        ("bit flips and truncations", flipped, options.flips, "set aside"),
    ):
        bad, count = measure(folder, trajectory, times, rng)
        print(f"{times:4} x {what}: {bad} torn or wrong snapshots served; {count} {besides}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
