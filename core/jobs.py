"""Training runs in worker processes: two queues, one job an experiment, progress, cancel.

The app's process never trains and never imports torch. Each queue owns one child (`core.trainer`) that waits for
experiments on its standard input, trains them through `core.sweeps` and saves them in the store; it writes how far it
is into files. There are two, so that a run of one second need not wait for a plane of minutes. To cancel is to kill the
child's process group, workers included: no part of a training run has to agree to stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

from core.cost import estimate, measured_slowness, note_slowness
from core.datasets import Source
from core.experiment import Experiment, digest, to_json
from core.store import Store
from core.sweeps import HALT, Progress, chosen_device, last_written, partial, progress
from core.trajectory import Trajectory

State = Literal["queued", "training", "done", "failed", "cancelled"]
QueueName = Literal["quick", "long"]


@dataclass
class Job:
    """One experiment that is queued, in training, or has ended; read from any thread."""

    experiment: Experiment
    source: Source
    folder: Path
    queue: QueueName
    device: str
    watchers: set[str] = field(default_factory=set)
    state: State = "queued"
    error: str = ""
    started: float = 0.0
    seconds: float = 0.0  # how long it trained, once it ended

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.state in ("queued", "training")

    @property
    def elapsed(self) -> float:
        """Seconds since training began."""
        return time.monotonic() - self.started if self.state == "training" else self.seconds

    def progress(self) -> list[Progress]:
        """Return how far each shard is."""
        return progress(self.experiment, self.folder, self.device)

    def partial(self) -> Trajectory | None:
        """Return what there is so far."""
        return partial(self.experiment, self.folder, self.device)

    def stamp(self) -> float:
        """Return a number that grows whenever `partial` has something new."""
        return last_written(self.experiment, self.folder, self.device)


class Jobs:
    """All jobs of one app."""

    def __init__(self, store: Store, *, workers: int | None = None, device: str = "auto") -> None:
        self.store = store
        self.workers = workers or int(os.environ.get("TRAINSCOPE_WORKERS") or os.cpu_count() or 1)
        self.device = chosen_device(device)
        self._speeds = store.folder / "speed.json"
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._queues = {"quick": _Queue(self, 1), "long": _Queue(self, self.workers)}

    def estimate(self, experiment: Experiment) -> Any:
        """Return about how long `experiment` would take (`cost.Estimate`)."""
        slowness = measured_slowness(self._speeds, self.device)
        return estimate(experiment, workers=self.workers, device=self.device, slowness=slowness)

    def find(self, experiment: Experiment) -> Job | None:
        """Return the job of `experiment`, ended or not, if there was one."""
        return self._jobs.get(digest(experiment))

    def submit(
        self, experiment: Experiment, source: Source, watcher: str = "", *, queue: QueueName | None = None
    ) -> Job:
        """Queue `experiment` unless it is queued or in training; people who ask for the same experiment share its job.

        If no queue is named, the estimated time chooses one.
        """
        with self._lock:
            job = self.find(experiment)
            if job is None or not job.active:
                queue = queue or ("long" if self.estimate(experiment).long else "quick")
                folder = self.store.folder / "jobs" / digest(experiment)
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True, exist_ok=True)
                job = Job(experiment, source, folder, queue, self.device)
                self._jobs.pop(digest(experiment), None)  # the new one comes last, as in its queue
                self._jobs[digest(experiment)] = job
                self._queues[queue].waiting.put(job)
            job.watchers.add(watcher)
            return job

    def ahead(self, job: Job) -> int:
        """Return how many jobs wait or train before a queued one in its queue."""
        order = [other for other in self._jobs.values() if other.queue == job.queue and other.active]
        return order.index(job) if job in order else 0

    def cancel(self, job: Job, watcher: str = "", here: Callable[[str], bool] = lambda other: True) -> None:
        """Stop a job unless somebody else who is still `here` watches it too; what it has so far can still be read."""
        with self._lock:
            job.watchers = {other for other in job.watchers if other != watcher and here(other)}
            if job.watchers or not job.active:
                return
            training, job.state = job.state == "training", "cancelled"
            job.seconds = time.monotonic() - job.started if training else 0.0
            if training:
                self._queues[job.queue].kill()

    def leave(self, job: Job, watcher: str = "") -> None:
        """Forget a job, unless somebody else watches it: one that waits, or one in training in the quick queue.

        That one ends by itself within some steps; to kill it would cost the next job a new child. A long one continues:
        what it has done so far is worth keeping.
        """
        with self._lock:
            job.watchers.discard(watcher)
            if not job.watchers and (job.state == "queued" or (job.state == "training" and job.queue == "quick")):
                if job.state == "training":
                    (job.folder / HALT).touch()
                job.state = "cancelled"
                self._jobs.pop(digest(job.experiment), None)

    def warm(self) -> None:
        """Start the quick queue's child, so that the first job need not wait for torch."""
        self._queues["quick"].warm()

    def close(self) -> None:
        """End every child; what waits or trains is cancelled."""
        with self._lock:
            for job in self._jobs.values():
                if job.active:
                    job.state = "cancelled"
        for queue in self._queues.values():
            queue.close()

    def began(self, job: Job) -> bool:
        """Note that a job trains from now on, unless it was cancelled while it waited (called by its queue)."""
        with self._lock:
            if job.state != "queued":
                return False
            job.started, job.state = time.monotonic(), "training"
            return True

    def finished(self, job: Job, error: str) -> None:
        """Note how a job ended (called by its queue)."""
        with self._lock:
            if job.state != "training":
                if (job.folder / HALT).exists():  # it was left, and nobody has asked for the same since
                    shutil.rmtree(job.folder, ignore_errors=True)
                return
            job.seconds = time.monotonic() - job.started
            job.state, job.error = ("failed", error) if error else ("done", "")
        if not error:
            computed = estimate(job.experiment, workers=self._queues[job.queue].workers, device=self.device).usual
            if job.queue == "long":
                note_slowness(self._speeds, self.device, computed, job.seconds)
            shutil.rmtree(job.folder, ignore_errors=True)  # the store has it whole


class _Queue:
    """One child and the jobs that wait for it."""

    def __init__(self, jobs: Jobs, workers: int) -> None:
        self.jobs = jobs
        self.workers = workers
        self.waiting: SimpleQueue[Job | None] = SimpleQueue()
        self.child: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._thread: threading.Thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def warm(self) -> subprocess.Popen[str]:
        with self._starting:
            if self.child is None or self.child.poll() is not None:
                self._close_pipes()
                command = [sys.executable, "-m", "core.trainer", str(self.workers)]
                root = Path(__file__).parent.parent
                environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)}
                self.child = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=root,
                    env=environment,
                    start_new_session=True,
                )
            return self.child

    def kill(self) -> None:
        if self.child is not None and self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()  # so that no later job is given to it

    def close(self) -> None:
        self.waiting.put(None)
        self.kill()
        self._thread.join(timeout=5)
        self.kill()  # a child that was starting meanwhile
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self.child.stdin, self.child.stdout) if self.child is not None else ():
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _serve(self) -> None:
        while (job := self.waiting.get()) is not None:
            if job.state == "queued":
                self.jobs.finished(job, self._train(job))

    def _train(self, job: Job) -> str:
        """Have the child train a job; return what went wrong, or an empty string."""
        child = self.warm()
        if not self.jobs.began(job):
            return ""
        assert child.stdin is not None
        assert child.stdout is not None
        request = {
            "experiment": to_json(job.experiment),
            "folder": str(job.folder),
            "store": str(self.jobs.store.folder),
            "bound": self.jobs.store.bound,
            "device": self.jobs.device,
            "source": {name: str(path) if path else None for name, path in asdict(job.source).items()},
        }
        try:
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
            answer = child.stdout.readline()
        except (OSError, ValueError):
            answer = ""
        if not answer:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # the child has died, its workers may not have
            child.wait()
            return "The training process ended unexpectedly (it may have run out of memory)."
        return str(json.loads(answer)["error"])
