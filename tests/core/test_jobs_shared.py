"""Jobs of many visitors on one machine: turns, bounds, visits that end, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core import child, machine
from core.datasets import Source
from core.jobs import Job, Jobs
from core.limits import Limits, RefusedError
from core.machine import members
from core.store import Store
from core.studies.explorer.experiment import Explorer
from core.values import ExperimentError
from tests.core import waiting
from tests.core.pretended_trainer import BABBLES, DIES, ENDS, GROWS, SLEEPS, WORKERS

ROOT = Path(__file__).parents[2]
until = partial(waiting.until, seconds=20)
ended = partial(waiting.ended, seconds=20)


@pytest.fixture
def begin(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Jobs]]:
    """`begin(left_seconds=1, here=...)`: jobs under these limits, whose child only pretends to train."""
    monkeypatch.setattr(child, "TRAINER", "tests.core.pretended_trainer")
    made: list[Jobs] = []

    def jobs(here: Callable[[str], bool] = lambda watcher: True, **limits: int) -> Jobs:
        made.append(Jobs(store, workers=1, device="cpu", allowed=Limits(**limits), here=here))
        return made[-1]

    yield jobs
    groups = [queue.child.process.pid for own in made for queue in own._queues.values() if queue.child.process]
    for own in made:
        own.close()
    assert not [process for group in groups for process in members(group)]


def run(does: int, seed: int = 0, **changes: Any) -> Explorer:
    return Explorer(width=does, seeds=(seed,), alphas=(1.0,), temperatures=(0.1,), **changes)


def training(job: Job) -> Job:
    until(lambda: job.state == "training")
    return job


def test_visitors_take_turns(begin: Callable[..., Jobs]) -> None:
    jobs = begin()
    first = training(jobs.submit(run(SLEEPS), Source(), "a"))
    many = [jobs.submit(run(ENDS, seed), Source(), "a") for seed in range(1, 6)]
    other = [jobs.submit(run(ENDS, seed), Source(), "b") for seed in range(6, 8)]
    shared = jobs.submit(many[4].experiment, Source(), "c")  # c has had no turn yet: it takes a's job along
    assert shared is many[4]
    order = sorted([*many, *other], key=jobs.ahead)
    assert order == [many[4], other[0], many[0], other[1], *many[1:4]]
    assert [jobs.ahead(job) for job in order] == [1, 2, 3, 4, 5, 6, 7]
    jobs.cancel(first, "a")
    assert [ended(job) for job in order] == ["done"] * 7
    assert [job.started for job in order] == sorted(job.started for job in order)


def test_two_apps_on_one_volume_leave_each_others_trainings_alone(begin: Callable[..., Jobs]) -> None:
    one, two = begin(), begin()
    theirs = training(one.submit(run(SLEEPS), Source()))
    mine = training(two.submit(run(SLEEPS), Source()))
    assert theirs.folder.is_dir()
    assert mine.folder != theirs.folder
    two.leave(mine)
    two.cancel(mine)
    two.submit(run(SLEEPS), Source())
    assert theirs.folder.is_dir()


@pytest.mark.parametrize("text", ["0", "two", "-1", "1.5"])
def test_a_wrong_number_of_workers_is_one_sentence(store: Store, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TRAINSCOPE_WORKERS", text)
    with pytest.raises(ExperimentError, match=rf"^TRAINSCOPE_WORKERS: a whole number, 1 or more; got '{text}'\.$"):
        Jobs(store, device="cpu")


def test_more_than_the_host_allows_is_refused_in_a_sentence(begin: Callable[..., Jobs]) -> None:
    jobs = begin(waiting=3, waiting_each=2, width=100, runs=50)
    for watcher, seed in (("a", 0), ("a", 1)):
        jobs.submit(run(SLEEPS, seed), Source(), watcher)
    jobs.submit(run(SLEEPS, 1), Source(), "a")  # the one that there is
    with pytest.raises(RefusedError, match=r"^2 of your trainings wait or train, as many as this host allows; cancel"):
        jobs.submit(run(SLEEPS, 2), Source(), "a")
    jobs.submit(run(SLEEPS, 2), Source(), "b")
    with pytest.raises(RefusedError, match=r"^3 trainings wait or train, as many as this host allows; try again"):
        jobs.submit(run(SLEEPS, 3), Source(), "c")
    with pytest.raises(RefusedError, match=r"^width: at most 100 on this host; got 101\.$"):
        jobs.submit(run(101), Source(), "d")
    with pytest.raises(RefusedError, match=r"^runs: at most 50 on this host; got 144\.$"):
        jobs.submit(Explorer(width=8), Source(), "d")
    assert jobs.refused == 4
    assert len(jobs.active()) == 3


def test_a_job_ends_with_the_time_and_the_memory_it_may_take(begin: Callable[..., Jobs]) -> None:
    jobs = begin(job_seconds=3, job_bytes=200_000_000)
    slow = jobs.submit(run(SLEEPS), Source(), queue="quick")
    large = jobs.submit(run(GROWS), Source(), queue="long")
    assert ended(large) == ended(slow) == "failed"
    assert slow.error == "The training was stopped after 3 s, the most this host allows."
    assert large.error.startswith("The training was stopped, as it took 0.")
    assert 3 <= slow.seconds < 6
    assert large.memory > 200_000_000
    assert ended(jobs.submit(run(ENDS), Source(), queue="quick")) == "done"
    assert ended(jobs.submit(run(ENDS, 1), Source(), queue="long")) == "done"


def test_what_nobody_waits_for_ends_and_who_looks_at_it_takes_it_over(begin: Callable[..., Jobs]) -> None:
    gone: set[str] = set()
    jobs = begin(here=lambda watcher: watcher not in gone, left_seconds=2)
    long = training(jobs.submit(run(SLEEPS), Source(), "a", queue="long"))
    waiting = jobs.submit(run(SLEEPS, 1), Source(), "a", queue="long")
    adopted = training(jobs.submit(run(SLEEPS, 2), Source(), "a", queue="quick"))
    jobs.adopt(adopted, "b")
    assert adopted.watchers == {"a"}  # it is waited for
    closed = time.monotonic()
    gone.add("a")
    jobs.adopt(adopted, "b")
    assert ended(long) == ended(waiting) == "cancelled"
    assert 1.5 < time.monotonic() - closed < 6
    assert adopted.state == "training"
    jobs.cancel(adopted, "b")
    assert adopted.state == "cancelled"


def test_a_child_that_dies_or_babbles_is_replaced_and_its_job_can_be_asked_for_again(
    begin: Callable[..., Jobs],
) -> None:
    jobs = begin()
    for does in (DIES, BABBLES):
        job = jobs.submit(run(does), Source())
        assert ended(job) == "failed"
        assert job.error == "The training process ended unexpectedly (it may have run out of memory)."
        again = jobs.submit(job.experiment, Source())
        assert again is not job
        assert ended(again) == "failed"
        assert ended(jobs.submit(run(ENDS, does), Source())) == "done"


def test_a_process_that_cannot_be_started_fails_its_job_and_no_other(
    begin: Callable[..., Jobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = begin()

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as broken:
        broken.setattr(child.subprocess, "Popen", refuse)
        jobs.warm()
        for queue in ("quick", "long"):
            job = jobs.submit(run(ENDS), Source(), queue=queue)  # type: ignore[arg-type]
            assert ended(job) == "failed"
            assert job.error == "The training could not be started (Resource temporarily unavailable); try again later."
    assert jobs.ready()
    assert ended(jobs.submit(run(ENDS), Source(), queue="quick")) == "done"
    assert ended(jobs.submit(run(ENDS), Source(), queue="long")) == "done"


def test_a_cache_that_cannot_be_written_fails_a_job_in_a_sentence(begin: Callable[..., Jobs], store: Store) -> None:
    store.folder.write_text("a file where the folder should be")
    jobs = begin()
    assert not jobs.ready()
    with pytest.raises(RefusedError, match=r"^This host cannot write to its cache folder, so nothing new is trained"):
        jobs.submit(run(ENDS), Source())
    jobs.writable = True  # it was filled since
    job = jobs.submit(run(ENDS), Source())
    assert ended(job) == "failed"
    assert job.error == "The training could not be started (Not a directory); try again later."


def test_a_look_that_fails_is_not_the_last(begin: Callable[..., Jobs]) -> None:
    def here(watcher: str) -> bool:
        if not looks:
            looks.append(watcher)
            raise RuntimeError("no runtime yet")
        return True

    looks: list[str] = []
    jobs = begin(here=here, job_seconds=3)
    assert ended(jobs.submit(run(SLEEPS), Source(), "a")) == "failed"
    assert looks == ["a"]


def test_a_job_is_one_line_in_the_log(begin: Callable[..., Jobs], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="trainscope")
    jobs = begin()
    for does in (ENDS, DIES):
        ended(jobs.submit(run(does), Source(), "somebody"))
    until(lambda: len(caplog.messages) == 2)
    done, failed = caplog.messages
    assert re.fullmatch(r"study=explorer digest=[0-9a-f]{32} outcome=done seconds=\d+\.\d memory_mb=\d+", done)
    assert " outcome=failed " in failed
    assert "somebody" not in caplog.text


def test_ended_jobs_are_forgotten_in_the_end(begin: Callable[..., Jobs], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.REMEMBERED", 2)
    jobs = begin()
    all_of_them = [jobs.submit(run(DIES, seed), Source()) for seed in range(4)]
    assert [ended(job) for job in all_of_them] == ["failed"] * 4
    jobs.submit(run(ENDS), Source())
    assert [jobs.find(job.experiment) is not None for job in all_of_them] == [False, False, True, True]
    assert not all_of_them[0].folder.exists()
    assert all_of_them[3].folder.exists()


APP = f"""
import ctypes, pathlib, sys, time
from core import child; child.TRAINER = "tests.core.pretended_trainer"
from core.datasets import Source; from core.jobs import Jobs; from core.store import Store
from core.machine import PROCESSES, members
from core.studies.explorer.experiment import Explorer
from core.values import ExperimentError
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # orphans come to this process, as they do to the first one of a container
folder = pathlib.Path(sys.argv[1])
jobs = Jobs(Store(folder / "l", shipped=folder / "s"), workers=1, device="cpu")
job = jobs.submit(Explorer(width={WORKERS}, alphas=(1.0,), temperatures=(0.1,)), Source())
while job.state != "training" or len(list(members(jobs._queues["quick"].child.process.pid))) < 3: time.sleep(0.02)
"""


def app(rest: str, folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", "-c", APP + rest, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(not machine.PROCESSES.exists(), reason="needs /proc")
def test_no_zombie_is_left_where_the_app_is_the_first_process(tmp_path: Path) -> None:
    rest = """
jobs.cancel(job)
time.sleep(0.5)
stats = [(p / "stat").read_text() for p in PROCESSES.iterdir() if p.name.isdigit()]
import os
print([stat for stat in stats if stat.rpartition(")")[2].split()[:2] == ["Z", str(os.getpid())]])
jobs.close()
"""
    with app(rest, tmp_path) as process:
        said, _ = process.communicate(timeout=60)
    assert said.strip() == "[]"
    assert process.returncode == 0


@pytest.mark.skipif(not machine.PROCESSES.exists(), reason="needs /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_an_app_that_ends_in_the_middle_leaves_no_process(how: signal.Signals, tmp_path: Path) -> None:
    with app('print(jobs._queues["quick"].child.process.pid, flush=True); time.sleep(600)', tmp_path) as process:
        assert process.stdout is not None
        group = int(process.stdout.readline())
        assert len(list(members(group))) >= 3
        os.kill(process.pid, how)
        until(lambda: not list(members(group)), seconds=5)
