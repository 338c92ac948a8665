"""An experiment's runs as banks, trained side by side through joblib: loky's processes here, Dask's on a cluster."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets import Source
from core.experiments import Complexity, Directions, Experiment, Kinks, LinearModel
from core.trajectory import TRAJECTORIES, UNFINISHED, Array, Trajectory, join

RUNS_A_BANK = 36
"""Most runs of a bank on the processor, where a network is trained at a time whatever the bank's size: small enough to
share out, large enough that a bank's data set and snapshots cost little beside its training."""
FEWEST_RUNS_A_BANK = 8
SEEDS_A_BANK = 16
SECONDS_BETWEEN_PARTS = 0.7
HALT = "halt"
"""A file of this name in the folder of a training ends it."""
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)
DRIVER = Path("/proc/driver/nvidia/version")


class HaltedError(RuntimeError):
    """Nobody waits for this training any more."""


@dataclass(frozen=True)
class Progress:
    """How far one bank is."""

    bank: int
    runs: int
    live: int
    step: int
    step_limit: int

    @property
    def done(self) -> bool:
        """Whether no run of the bank trains any more."""
        return self.live == 0


def banks(experiment: Experiment, device: str) -> list[list[int]]:
    """Split the runs into banks.

    Those of a plane are each of one seed and each a sample of the whole plane; on a GPU, the whole plane. Seeds on a
    line, or of linear models, go by sixteen. Runs on training sets of their own go one by one, the first first, for its
    motion is shown, and then the largest, so that none of them is left over for one worker in the end. Networks whose
    predictions are explained go together, convolutional ones one by one; what explains them is a bank without runs. The
    split never depends on the number of workers: same experiment, same bytes.
    """
    if isinstance(experiment, Complexity):
        every = list(range(experiment.runs))
        return [*([every] if experiment.network == "mlp" else [[run] for run in every]), []]
    if isinstance(experiment, Directions):
        return [[0], *([run] for run in range(experiment.runs - 1, 0, -1))]
    if isinstance(experiment, Kinks | LinearModel):
        return [
            list(range(experiment.runs))[first : first + SEEDS_A_BANK]
            for first in range(0, experiment.runs, SEEDS_A_BANK)
        ]
    a_seed = experiment.runs // len(experiment.seeds)
    count = 1 if device == "cuda" else max(-(-a_seed // RUNS_A_BANK), min(4, a_seed // FEWEST_RUNS_A_BANK), 1)
    return [
        list(range(first + bank, first + a_seed, count))
        for first in range(0, experiment.runs, a_seed)
        for bank in range(count)
    ]


def train(
    experiment: Experiment,
    *,
    source: Source,
    device: str = "auto",
    workers: int | None = None,
    backend: str = "loky",
    folder: Path | None = None,
    on_bank: Callable[[int, int], None] = lambda done, count: None,
) -> Trajectory:
    """Train every run of `experiment` and return its trajectory.

    Args:
        source: where data files lie.
        device: auto, cpu or cuda; on cuda one process owns the device.
        workers: processes; by default one a core.
        backend: loky, or dask (inside `joblib.parallel_config` the caller may have set up a cluster).
        folder: where banks write how far they are and what they have so far (see `progress` and `partial`).
        on_bank: called with banks done and all banks, each time one is done.
    """
    from joblib import Parallel, delayed

    device = chosen_device(device)
    split = banks(experiment, device)
    count = 1 if device == "cuda" else min(workers or os.cpu_count() or 1, len(split))
    tasks = (delayed(train_bank)(experiment, k, runs, source, device, folder) for k, runs in enumerate(split))
    inner = {"inner_max_num_threads": 1} if backend == "loky" and count > 1 else {}
    chosen = "sequential" if backend == "loky" and count == 1 else backend
    from joblib import parallel_config

    parts: dict[int, dict[str, Array]] = {}
    with parallel_config(backend=chosen, n_jobs=count, **inner):
        for number, arrays in Parallel(return_as="generator_unordered")(tasks):
            parts[number] = arrays
            on_bank(len(parts), len(split))
    return join(experiment, [(runs, parts[k]) for k, runs in enumerate(split)])


def train_bank(
    experiment: Experiment, number: int, runs: Sequence[int], source: Source, device: str, folder: Path | None
) -> tuple[int, dict[str, Array]]:
    """Train one bank in this process (a worker: it pays for torch) and return its number and arrays."""
    from core import training

    last_part = time.monotonic()

    def watch(recording: training.Recording, step: int, live: int) -> None:
        nonlocal last_part
        if folder is not None and (folder / HALT).exists():
            raise HaltedError
        if folder is None or (live and time.monotonic() - last_part < SECONDS_BETWEEN_PARTS):
            return
        now = Progress(bank=number, runs=len(runs), live=live, step=step, step_limit=experiment.step_limit)
        _write(folder / f"bank-{number}.npz", lambda file: np.savez(file, allow_pickle=False, **dict(recording.arrays)))
        _write(folder / f"bank-{number}.json", lambda file: file.write(json.dumps(asdict(now)).encode()))
        last_part = time.monotonic()

    recording = training.train(experiment, runs, source, device=device, watch=watch)
    return number, dict(recording.arrays)


def chosen_device(device: str) -> str:
    """Return cpu or cuda; `auto` takes a GPU where torch can use one, and asks files: importing torch takes seconds."""
    if device == "auto":
        built_for_gpu = not version("torch").endswith("+cpu")
        return "cuda" if built_for_gpu and DRIVER.exists() else "cpu"
    return device


def progress(experiment: Experiment, folder: Path, device: str) -> list[Progress]:
    """Return how far each bank is; one that has not written yet is at step 0."""
    found = []
    for number, runs in enumerate(banks(experiment, device)):
        fresh = Progress(number, len(runs), len(runs), 0, experiment.step_limit)
        with contextlib.suppress(*UNREADABLE):
            fresh = Progress(**json.loads((folder / f"bank-{number}.json").read_text()))
        found.append(fresh)
    return found


def partial(experiment: Experiment, folder: Path, device: str) -> Trajectory | None:
    """Return what the banks have written so far, or None before the first part."""
    parts = list(_parts(experiment, folder, device))
    with contextlib.suppress(KeyError):  # parts, but not the one that has what is watched
        return join(experiment, parts) if parts else None
    return None


def _parts(experiment: Experiment, folder: Path, device: str) -> Iterator[tuple[list[int], dict[str, Array]]]:
    for number, runs in enumerate(banks(experiment, device)):
        with contextlib.suppress(*UNREADABLE):
            # The step first: a bank that writes meanwhile has then come further than said, never less far.
            reached = json.loads((folder / f"bank-{number}.json").read_text())["step"]
            content = io.BytesIO((folder / f"bank-{number}.npz").read_bytes())
            with np.load(content) as file:
                arrays = {name: file[name] for name in TRAJECTORIES[experiment.study].axes if name in file}
            live = arrays["outcome"] == UNFINISHED
            arrays["end_step"][live] = reached
            yield runs, arrays


def _write(path: Path, fill: Callable[[Any], object]) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        fill(file)
    temporary.replace(path)
