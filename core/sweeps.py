"""An experiment's runs as shards, trained in parallel: in processes here through joblib, or on a Dask cluster.

A shard that has ended is kept in the store until all have, so that an interrupted sweep continues where it stopped.
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
from core.shards import EndedShards
from core.store import Store
from core.study import join, study_of
from core.trajectory import UNFINISHED, Array, Trajectory

SECONDS_BETWEEN_WRITES = 0.7
"""A shard writes how far it is no more often than this."""
RETRIES = 2
"""How often a cluster tries a shard again that failed, say because a worker could not read its data folder."""
HALT = "halt"
"""A file of this name in the folder of a training ends it."""
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)
DRIVER = Path("/proc/driver/nvidia/version")


Task = tuple[Experiment, int, Sequence[int], Source, str, Path | None, bool]
"""The arguments of `train_shard`."""


class HaltedError(RuntimeError):
    """Nobody waits for this training any more."""


@dataclass(frozen=True)
class Progress:
    """How far one shard is."""

    shard: int
    runs: int
    live: int
    step: int
    step_limit: int

    @property
    def done(self) -> bool:
        """Whether no run of the shard trains any more."""
        return self.live == 0


def shards(experiment: Experiment, device: str) -> list[list[int]]:
    """Split the runs into shards, as their study does."""
    return study_of(experiment).shards(experiment, device)


def train(
    experiment: Experiment,
    *,
    source: Source,
    device: str = "auto",
    workers: int | None = None,
    backend: str = "loky",
    folder: Path | None = None,
    partials: bool = False,
    store: Store | None = None,
    report: Callable[[str], None] = lambda sentence: None,
) -> Trajectory:
    """Train every run of `experiment` and return its trajectory.

    Args:
        source: where data files lie.
        device: auto, cpu or cuda; on cuda one process owns the device.
        workers: processes; by default one a core.
        backend: loky, or dask: the cluster of the `distributed.Client` that the caller holds.
        folder: where shards write how far they are (see `progress`).
        partials: whether they also write there what they have so far (see `partial`).
        store: where shards are kept as they end, and looked for first; it drops them when the whole is saved.
        report: called with a sentence about shards that were found in the store, and about damaged ones.
    """
    device = chosen_device(device)
    split = shards(experiment, device)
    count = 1 if device == "cuda" else min(workers or os.cpu_count() or 1, len(split))
    kept = EndedShards(store, experiment, split, device) if store is not None and len(split) > 1 else None
    ended = _found(kept, report) if kept is not None else {}
    for number, arrays in ended.items():
        _write_ended(experiment, number, split[number], arrays, folder, partials=partials)
    written = folder if backend == "loky" else None  # a cluster's workers may lie on other machines
    tasks: list[Task] = [
        (experiment, number, runs, source, device, written, partials)
        for number, runs in enumerate(split)
        if number not in ended
    ]
    for number, arrays in _on_cluster(tasks) if backend == "dask" else _in_processes(tasks, count):
        ended[number] = arrays
        if kept is not None:
            kept.save(number, arrays)
        if written is None:
            _write_ended(experiment, number, split[number], arrays, folder, partials=partials)
    return join(experiment, [(runs, ended[number]) for number, runs in enumerate(split)])


def _in_processes(tasks: Sequence[Task], count: int) -> Iterator[tuple[int, dict[str, Array]]]:
    """Train shards in `count` processes, or in this one if it is 1, and return them as they end."""
    from joblib import Parallel, delayed, parallel_config

    inner = {"inner_max_num_threads": 1} if count > 1 else {}
    with parallel_config(backend="loky" if count > 1 else "sequential", n_jobs=count, **inner):
        ended: Iterator[tuple[int, dict[str, Array]]] = Parallel(return_as="generator_unordered", batch_size=1)(
            delayed(train_shard)(*task) for task in tasks
        )
        return ended


def _on_cluster(tasks: Sequence[Task]) -> Iterator[tuple[int, dict[str, Array]]]:
    """Train shards on a Dask cluster and yield them as they end; the scheduler runs those of a lost worker again.

    Not through joblib, which counts the workers once and trains in the caller where it counts one.
    """
    from distributed import as_completed, get_client

    submit: Any = get_client().submit  # without annotations
    ended: Any = as_completed
    for future in ended([submit(train_shard, *task, pure=False, retries=RETRIES) for task in tasks]):
        result = future.result()
        future.release()  # else it would be trained again if its worker were lost
        yield result


def _found(kept: EndedShards, report: Callable[[str], None]) -> dict[int, dict[str, Array]]:
    """Return the shards that ended before an interruption, by number."""
    found = {}
    for number in range(len(kept.split)):
        arrays, damage = kept.load(number)
        if damage:
            report(damage)
        if arrays is not None:
            found[number] = arrays
    if found:
        report(f"{len(found)} of {len(kept.split)} shards were found in the cache.")
    return found


def train_shard(
    experiment: Experiment,
    number: int,
    runs: Sequence[int],
    source: Source,
    device: str,
    folder: Path | None,
    partials: bool,
) -> tuple[int, dict[str, Array]]:
    """Train one shard in this process (a worker: it pays for torch) and return its number and arrays."""
    from core import training

    last_write = time.monotonic()

    def watch(recording: training.Recording, step: int, live: int) -> None:
        nonlocal last_write
        if folder is not None and (folder / HALT).exists():
            raise HaltedError
        if folder is None or (live and time.monotonic() - last_write < SECONDS_BETWEEN_WRITES):
            return
        now = Progress(shard=number, runs=len(runs), live=live, step=step, step_limit=experiment.step_limit)
        _write(now, recording.arrays if partials else None, folder)
        last_write = time.monotonic()

    recording = training.train(experiment, runs, source, device=device, watch=watch)
    return number, dict(recording.arrays)


def chosen_device(device: str) -> str:
    """Return cpu or cuda; `auto` takes a GPU where torch can use one, and asks files: importing torch takes seconds."""
    if device == "auto":
        built_for_gpu = not version("torch").endswith("+cpu")
        return "cuda" if built_for_gpu and DRIVER.exists() else "cpu"
    return device


def progress(experiment: Experiment, folder: Path, device: str) -> list[Progress]:
    """Return how far each shard is; one that has not written yet is at step 0."""
    found = []
    for number, runs in enumerate(shards(experiment, device)):
        fresh = Progress(number, len(runs), len(runs), 0, experiment.step_limit)
        with contextlib.suppress(*UNREADABLE):
            fresh = Progress(**json.loads(_files(folder, number)[0].read_text()))
        found.append(fresh)
    return found


def last_written(experiment: Experiment, folder: Path, device: str) -> float:
    """Return when a shard last wrote, in seconds since the epoch; 0 before the first has."""
    times = [0.0]
    for number in range(len(shards(experiment, device))):
        with contextlib.suppress(OSError):
            times.append(_files(folder, number)[0].stat().st_mtime)
    return max(times)


def partial(experiment: Experiment, folder: Path, device: str) -> Trajectory | None:
    """Return what the shards have written so far, or None before the first has."""
    written = list(_written(experiment, folder, device))
    with contextlib.suppress(KeyError):  # some shards, but not the one with the run that is shown in motion
        return join(experiment, written) if written else None
    return None


def _written(experiment: Experiment, folder: Path, device: str) -> Iterator[tuple[list[int], dict[str, Array]]]:
    for number, runs in enumerate(shards(experiment, device)):
        with contextlib.suppress(*UNREADABLE):
            # The step first: a shard that writes meanwhile is then further than its step, never less far.
            how_far, so_far = _files(folder, number)
            reached = json.loads(how_far.read_text())["step"]
            with np.load(io.BytesIO(so_far.read_bytes())) as file:
                arrays = {name: file[name] for name in study_of(experiment).trajectory.axes if name in file}
            live = arrays["outcome"] == UNFINISHED
            arrays["end_step"][live] = reached
            yield runs, arrays


def _write_ended(
    experiment: Experiment,
    number: int,
    runs: Sequence[int],
    arrays: Mapping[str, Array],
    folder: Path | None,
    *,
    partials: bool,
) -> None:
    """Write of a shard that ended elsewhere what it would have written here."""
    if folder is not None:
        step = int(arrays["end_step"].max(initial=0))
        _write(Progress(number, len(runs), 0, step, experiment.step_limit), arrays if partials else None, folder)


def _write(now: Progress, arrays: Mapping[str, Array] | None, folder: Path) -> None:
    """Write how far a shard is, and its arrays so far unless they are None."""
    how_far, so_far = _files(folder, now.shard)
    if arrays is not None:
        _write_file(so_far, lambda file: np.savez(file, allow_pickle=False, **dict(arrays)))
    _write_file(how_far, lambda file: file.write(json.dumps(asdict(now)).encode()))


def _files(folder: Path, number: int) -> tuple[Path, Path]:
    """Return the files in which a shard writes how far it is, and its arrays so far."""
    return folder / f"shard-{number}.json", folder / f"shard-{number}.npz"


def _write_file(path: Path, fill: Callable[[Any], object]) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        fill(file)
    temporary.replace(path)
