"""Training runs in worker processes: two queues, one job an experiment, progress, cancel.

The app's process never trains and never imports torch. Each queue owns one child (`core.child`) that waits for
experiments on its standard input, trains them through `core.sweeps` and saves them in the store; it writes how far it
is into files. There are two, so that a run of one second need not wait for a plane of minutes. To cancel is to kill the
child's process group, workers included: no part of a training run has to agree to stop.

Visitors take turns: the next job of a queue is one of the visitor who has waited longest since one of theirs began. A
job ends when nobody waits for it any more, and when it takes more time or memory than the host allows.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from core.child import Child
from core.cost import estimate, measured_slowness, note_slowness
from core.datasets import Source
from core.experiment import Experiment, digest, to_json
from core.leftovers import Leftovers
from core.limits import Limits, RefusedError, limits
from core.limits import workers as workers_here
from core.machine import processors
from core.store import Store
from core.sweeps import HALT, Progress, chosen_device, last_written, partial, progress
from core.trajectory import Trajectory

State = Literal["queued", "training", "done", "failed", "cancelled"]
QueueName = Literal["quick", "long"]
LOOK_SECONDS = 0.5
"""Between two looks at what is in training."""
TIDY_SECONDS = 5.0
"""Between two looks at the cache folder."""
REMEMBERED = 200
"""Jobs that have ended, whose outcome and charts so far can still be shown."""
DIED = "The training process ended unexpectedly (it may have run out of memory)."

log = logging.getLogger("trainscope.jobs")


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
    memory: int = 0  # the most bytes it was seen to hold
    left: float = 0.0  # when the last who waited for it was first missed
    lacked: bool = False  # whether a file that a person brings was not there when it was asked for

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

    def __init__(
        self,
        store: Store,
        *,
        workers: int | None = None,
        device: str = "auto",
        allowed: Limits | None = None,
        here: Callable[[str], bool] = lambda watcher: True,
    ) -> None:
        """Begin to serve.

        Args:
            store: where results go.
            workers: processes of a sweep; by default TRAINSCOPE_WORKERS, else as many as there are processors.
            device: auto, cpu or cuda.
            allowed: what this host allows; by default what the environment says.
            here: whether a visit goes on.
        """
        self.store = store
        self.workers = workers or workers_here(processors())
        self.device = chosen_device(device)
        self.allowed = allowed or limits()
        self.here = here
        self.refused = 0
        self.writable = store.writable()
        self._own = uuid.uuid4().hex  # another app may train the same on the same volume
        self._leftovers = Leftovers(store)
        self._speeds = store.folder / "speed.json"
        self._jobs: dict[str, Job] = {}
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._turns: dict[str, int] = {}  # of each visitor, when a job of theirs last began
        self.closed = threading.Event()
        self._queues = {"quick": _Queue(self, "quick", 1), "long": _Queue(self, "long", self.workers)}
        self._looking = threading.Thread(target=self._look, daemon=True)
        self._looking.start()

    def estimate(self, experiment: Experiment) -> Any:
        """Return about how long `experiment` would take (`cost.Estimate`)."""
        slowness = measured_slowness(self._speeds, self.device)
        return estimate(experiment, workers=self.workers, device=self.device, slowness=slowness)

    def find(self, experiment: Experiment) -> Job | None:
        """Return the job of `experiment`, ended or not, if there was one."""
        return self._jobs.get(digest(experiment))

    def active(self) -> list[Job]:
        """Return the jobs that wait or train."""
        return [job for job in list(self._jobs.values()) if job.active]

    def refusal(self, experiment: Experiment) -> str:
        """Say why `experiment` is not trained on this host, or nothing."""
        if not self.writable:
            return "This host cannot write to its cache folder, so nothing new is trained on it."
        return self.allowed.refusal(experiment, self.estimate(experiment).usual)

    def submit(
        self, experiment: Experiment, source: Source, watcher: str = "", *, queue: QueueName | None = None
    ) -> Job:
        """Queue `experiment` unless it is queued or in training; people who ask for the same experiment share its job.

        If no queue is named, the estimated time chooses one.

        Raises:
            RefusedError: it is larger than this host allows, or too much waits already.
        """
        with self._lock:
            job = self.find(experiment)
            if job is None or not job.active:
                self._check(experiment, watcher)
                queue = queue or ("long" if self.estimate(experiment).long else "quick")
                folder = self.store.folder / "jobs" / f"{digest(experiment)}-{self._own}"
                shutil.rmtree(folder, ignore_errors=True)
                job = Job(experiment, source, folder, queue, self.device, lacked=source.lacks(experiment.uploads))
                self._jobs.pop(digest(experiment), None)  # the new one comes last, as in its queue
                self._jobs[digest(experiment)] = job
                self._forget()
                self._changed.notify_all()
            job.watchers.add(watcher)
            return job

    def _check(self, experiment: Experiment, watcher: str) -> None:
        active = self.active()
        own = sum(watcher in job.watchers for job in active)
        said = self.refusal(experiment)
        if not said and len(active) >= self.allowed.waiting:
            said = f"{len(active)} trainings wait or train, as many as this host allows; try again later."
        if not said and own >= self.allowed.waiting_each:
            said = f"{own} of your trainings wait or train, as many as this host allows; cancel one, or wait."
        if said:
            self.refused += 1
            raise RefusedError(said)

    def _forget(self) -> None:
        """Drop the jobs that ended first, and what they had so far."""
        ended = [name for name, job in self._jobs.items() if not job.active]
        for name in ended[: max(0, len(ended) - REMEMBERED)]:
            shutil.rmtree(self._jobs.pop(name).folder, ignore_errors=True)

    def ahead(self, job: Job) -> int:
        """Return how many jobs train or begin before a queued one in its queue, as things stand."""
        with self._lock:
            training = sum(other.state == "training" and other.queue == job.queue for other in self._jobs.values())
            order = list(self._order(job.queue))
            return training + order.index(job) if job in order else 0

    def _order(self, queue: str) -> Iterator[Job]:
        """Yield the jobs that wait in a queue, as they will begin."""
        waiting = [job for job in self._jobs.values() if job.state == "queued" and job.queue == queue]
        turns, turn = dict(self._turns), max(self._turns.values(), default=0)
        while waiting:
            job = min(waiting, key=lambda job: min((turns.get(one, 0) for one in job.watchers), default=0))
            waiting.remove(job)
            turn += 1
            turns |= dict.fromkeys(job.watchers, turn)
            yield job

    def cancel(self, job: Job, watcher: str = "") -> None:
        """Stop a job unless somebody else who is still here watches it too; what it has so far can still be read."""
        with self._lock:
            job.watchers = {other for other in job.watchers if other != watcher and self.here(other)}
            if job.watchers or not job.active:
                return
            training, job.state = job.state == "training", "cancelled"
            job.seconds = time.monotonic() - job.started if training else 0.0
            if training:
                self._queues[job.queue].child.kill()

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

    def awaited(self, job: Job) -> bool:
        """Whether somebody who is still here waits for a job."""
        return any(map(self.here, tuple(job.watchers)))

    def adopt(self, job: Job, watcher: str) -> None:
        """Have a visitor who looks at a job wait for it if nobody does any more: theirs may be the page loaded anew."""
        with self._lock:
            if job.active and not self.awaited(job):
                job.watchers.add(watcher)

    def warm(self) -> None:
        """Start the quick queue's child, so that the first job need not wait for torch."""
        self._queues["quick"].warm()

    def ready(self) -> bool:
        """Whether both queues serve and the store can be written to."""
        serving = all(queue.thread.is_alive() for queue in self._queues.values()) and self._looking.is_alive()
        return serving and self.writable

    def close(self) -> None:
        """End every child; what waits or trains is cancelled."""
        with self._lock:
            self.closed.set()
            for job in self._jobs.values():
                if job.active:
                    job.state = "cancelled"
            self._changed.notify_all()
        for queue in self._queues.values():
            queue.close()
        self._looking.join(timeout=5)

    def _look(self) -> None:
        """Look after what is active, again and again; whatever fails, the next look comes."""
        tidied = 0.0
        while not self.closed.wait(LOOK_SECONDS):
            try:
                for job in self.active():
                    self._look_after(job)
                if time.monotonic() - tidied >= TIDY_SECONDS:
                    tidied = time.monotonic()
                    self.writable = self.store.writable()
                    self._leftovers.sweep(self.here, {job.folder for job in list(self._jobs.values())})
            except Exception:
                log.exception("a look at what is in training failed")

    def _look_after(self, job: Job) -> None:
        """Let go of a job that nobody waits for, and end one that takes more than the host allows."""
        now = time.monotonic()
        job.left = 0.0 if self.awaited(job) else job.left or now
        if job.left and now - job.left >= self.allowed.left_seconds:
            self.cancel(job)
        if job.state != "training":
            return
        memory = self._queues[job.queue].child.memory()
        job.memory = max(job.memory, memory)
        if job.elapsed > self.allowed.job_seconds:
            self._stop(job, f"stopped after {self.allowed.job_seconds:,} s, the most this host allows")
        elif memory > self.allowed.job_bytes:
            took, most = (f"{size / 1e9:.1f} GB" for size in (memory, self.allowed.job_bytes))
            self._stop(job, f"stopped, as it took {took} of memory; this host allows {most}")

    def _stop(self, job: Job, said: str) -> None:
        with self._lock:
            if job.state == "training":
                job.seconds = time.monotonic() - job.started
                job.state, job.error = "failed", f"The training was {said}."
                self._queues[job.queue].child.kill()

    def next_of(self, queue: QueueName) -> Job | None:
        """Wait for the next job of a queue; None: there will be none (called by the queue)."""
        with self._changed:
            while not self.closed.is_set():
                job = next(self._order(queue), None)
                if job is not None:
                    return job
                self._changed.wait()
            return None

    def began(self, job: Job) -> bool:
        """Note that a job trains from now on, unless it was cancelled while it waited (called by its queue)."""
        with self._lock:
            if job.state != "queued":
                return False
            turn = max(self._turns.values(), default=0) + 1
            self._turns = {one: when for one, when in self._turns.items() if self.here(one)}
            self._turns |= dict.fromkeys(job.watchers, turn)
            job.started, job.state = time.monotonic(), "training"
            return True

    def finished(self, job: Job, error: str) -> None:
        """Note how a job ended (called by its queue)."""
        with self._lock:
            left = job.state != "training"
            if not left:
                job.seconds = time.monotonic() - job.started
            if job.state in ("queued", "training"):
                job.state, job.error = ("failed", error) if error else ("done", "")
        log.info(
            "study=%s digest=%s outcome=%s seconds=%.1f memory_mb=%d",
            job.experiment.study,
            digest(job.experiment),
            job.state,
            job.seconds,
            job.memory // 10**6,
        )
        if left:
            if (job.folder / HALT).exists():  # it was left, and nobody has asked for the same since
                shutil.rmtree(job.folder, ignore_errors=True)
        elif not error:
            computed = estimate(job.experiment, workers=self._queues[job.queue].workers, device=self.device).usual
            if job.queue == "long":
                note_slowness(self._speeds, self.device, computed, job.seconds)
            shutil.rmtree(job.folder, ignore_errors=True)  # the store has it whole


class _Queue:
    """One child, and the thread that gives it one job after another."""

    def __init__(self, jobs: Jobs, name: QueueName, workers: int) -> None:
        self.jobs, self.name, self.workers = jobs, name, workers
        self.child = Child(workers)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def warm(self) -> None:
        try:
            self.child.start()
        except OSError:
            log.exception("the child of the %s queue cannot be started", self.name)

    def close(self) -> None:
        self.child.kill()
        self.thread.join(timeout=5)
        self.child.kill()  # one that was starting meanwhile
        self.child.close_pipes()

    def _serve(self) -> None:
        while (job := self.jobs.next_of(self.name)) is not None:
            try:
                error = self._train(job)
            except Exception as problem:  # whatever it is, the next job comes
                log.exception("a job could not be given to its child")
                reason = getattr(problem, "strerror", None) or type(problem).__name__
                error = f"The training could not be started ({reason}); try again later."
            self.jobs.finished(job, error)

    def _train(self, job: Job) -> str:
        """Have the child train a job; return what went wrong, or an empty string."""
        process = self.child.start()
        job.folder.mkdir(parents=True, exist_ok=True)
        if not self.jobs.began(job):
            return ""
        request = {
            "experiment": to_json(job.experiment),
            "folder": str(job.folder),
            "store": str(self.jobs.store.folder),
            "bound": self.jobs.store.bound,
            "device": self.jobs.device,
            "source": {name: str(path) if path else None for name, path in asdict(job.source).items()},
        }
        error = self.child.answer(process, request)
        if error is None and self.name == "quick" and not self.jobs.closed.is_set():
            self.warm()  # the next in line is not to wait for torch
        return DIED if error is None else error
