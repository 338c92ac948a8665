"""An experiment's runs as banks, trained side by side: in processes here through joblib, or on a Dask cluster.

A bank that ended is kept in the store until all have, so a sweep that is interrupted goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets import Source
from core.experiment import Experiment
from core.shards import Parts
from core.store import Store
from core.study import join, study_of
from core.trajectory import UNFINISHED, Array, Trajectory

SECONDS_BETWEEN_PARTS = 0.7
RETRIES = 2
"""How often a cluster tries a bank again that failed, say because a worker could not read its data folder."""
HALT = "halt"
"""A file of this name in the folder of a training ends it."""
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)
DRIVER = Path("/proc/driver/nvidia/version")


Task = tuple[Experiment, int, Sequence[int], Source, str, Path | None]
"""The arguments of `train_bank`."""


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
    """Split the runs into banks, as their study does."""
    return study_of(experiment).shards(experiment, device)


def train(
    experiment: Experiment,
    *,
    source: Source,
    device: str = "auto",
    workers: int | None = None,
    backend: str = "loky",
    folder: Path | None = None,
    store: Store | None = None,
    say: Callable[[str], None] = lambda sentence: None,
) -> Trajectory:
    """Train every run of `experiment` and return its trajectory.

    Args:
        source: where data files lie.
        device: auto, cpu or cuda; on cuda one process owns the device.
        workers: processes; by default one a core.
        backend: loky, or dask: the cluster of the `distributed.Client` that the caller holds.
        folder: where banks write how far they are and what they have so far (see `progress` and `partial`).
        store: where banks are kept as they end, and looked for first; it lets go of them when the whole is saved.
        say: told in a sentence of banks that were there, and of damaged ones.
    """
    device = chosen_device(device)
    split = banks(experiment, device)
    count = 1 if device == "cuda" else min(workers or os.cpu_count() or 1, len(split))
    kept = Parts(store, experiment, split, device) if store is not None and len(split) > 1 else None
    parts = _found(kept, folder, say) if kept is not None else {}
    written = folder if backend == "loky" else None  # a cluster's workers may lie on other machines
    tasks: list[Task] = [
        (experiment, number, runs, source, device, written) for number, runs in enumerate(split) if number not in parts
    ]
    for number, arrays in _on_cluster(tasks) if backend == "dask" else _in_processes(tasks, count):
        parts[number] = arrays
        if kept is not None:
            kept.save(number, arrays)
        if written is None:
            _write_ended(experiment, number, split[number], arrays, folder)
    return join(experiment, [(runs, parts[k]) for k, runs in enumerate(split)])


def _in_processes(tasks: Sequence[Task], count: int) -> Iterator[tuple[int, dict[str, Array]]]:
    """Train banks in so many processes, or here if it is one, and return them as they end."""
    from joblib import Parallel, delayed, parallel_config

    inner = {"inner_max_num_threads": 1} if count > 1 else {}
    with parallel_config(backend="loky" if count > 1 else "sequential", n_jobs=count, **inner):
        ended: Iterator[tuple[int, dict[str, Array]]] = Parallel(return_as="generator_unordered", batch_size=1)(
            delayed(train_bank)(*task) for task in tasks
        )
        return ended


def _on_cluster(tasks: Sequence[Task]) -> Iterator[tuple[int, dict[str, Array]]]:
    """Train banks on a Dask cluster and yield them as they end; the scheduler runs those of a lost worker again.

    Not through joblib, which counts the workers once and trains in the caller where it counts one.
    """
    from distributed import as_completed, get_client

    submit: Any = get_client().submit  # without annotations
    ended: Any = as_completed
    for future in ended([submit(train_bank, *task, pure=False, retries=RETRIES) for task in tasks]):
        result = future.result()
        future.release()  # or its worker, if lost, would have it to train again
        yield result


def _found(kept: Parts, folder: Path | None, say: Callable[[str], None]) -> dict[int, dict[str, Array]]:
    """Return the banks that ended before an interruption, by number."""
    found = {}
    for number, runs in enumerate(kept.split):
        arrays, said = kept.load(number)
        if said:
            say(said)
        if arrays is not None:
            found[number] = arrays
            _write_ended(kept.experiment, number, runs, arrays, folder)
    if found:
        say(f"{len(found)} of {len(kept.split)} banks were there.")
    return found


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
        _write_part(now, recording.arrays, folder)
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
                arrays = {name: file[name] for name in study_of(experiment).trajectory.axes if name in file}
            live = arrays["outcome"] == UNFINISHED
            arrays["end_step"][live] = reached
            yield runs, arrays


def _write_ended(
    experiment: Experiment, number: int, runs: Sequence[int], arrays: Mapping[str, Array], folder: Path | None
) -> None:
    """Write of a bank that ended elsewhere what it would have written here."""
    if folder is not None:
        step = int(arrays["end_step"].max(initial=0))
        _write_part(Progress(number, len(runs), 0, step, experiment.step_limit), arrays, folder)


def _write_part(now: Progress, arrays: Mapping[str, Array], folder: Path) -> None:
    _write(folder / f"bank-{now.bank}.npz", lambda file: np.savez(file, allow_pickle=False, **dict(arrays)))
    _write(folder / f"bank-{now.bank}.json", lambda file: file.write(json.dumps(asdict(now)).encode()))


def _write(path: Path, fill: Callable[[Any], object]) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        fill(file)
    temporary.replace(path)
