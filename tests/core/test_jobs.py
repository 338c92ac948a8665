"""Trainings in child processes: one flight, a queue, a cancel that leaves no process behind, errors in a sentence."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from core.datasets import Source
from core.jobs import Job, Jobs
from core.machine import members
from core.store import Store, encode
from core.studies.explorer.experiment import Explorer
from core.sweeps import train
from core.trajectory import UNFINISHED
from core.values import log2_grid
from tests.core import waiting

pytestmark = pytest.mark.slow

Make = Callable[..., Explorer]
until = partial(waiting.until, seconds=150)
ended = partial(waiting.ended, seconds=150)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def jobs(store: Store) -> Iterator[Jobs]:
    made = Jobs(store, workers=2, device="cpu")
    yield made
    children = [queue.child.process for queue in made._queues.values() if queue.child.process is not None]
    made.close()
    assert all(child.poll() is not None for child in children)
    until(lambda: not [process for child in children for process in members(child.pid)], seconds=5)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """One app for the tests that break nothing: its child pays for torch once."""
    folder = tmp_path_factory.mktemp("jobs")
    made = Jobs(Store(folder / "local", shipped=folder / "shipped"), workers=1, device="cpu")
    yield made
    made.close()


def endless(**changes: object) -> Explorer:
    """A run that would take minutes: its margin is 2^14 and its steps are tiny."""
    fields: dict[str, object] = {"alphas": (2.0**-14,), "temperatures": (2.0**-24,)}
    fields |= {"width": 512, "depth": 5, "step_limit": 200_000}
    return Explorer(**(fields | changes))  # type: ignore[arg-type]


def test_a_job_trains_stores_and_says_how_far_it_is(shared: Jobs, tiny: Make) -> None:
    experiment = tiny()
    assert shared.find(experiment) is None
    job = shared.submit(experiment, Source())
    assert job.state in ("queued", "training")
    assert ended(job) == "done"
    assert job.error == ""
    assert 0 < job.seconds == job.elapsed
    until(lambda: not job.folder.exists())  # the store has it whole
    stored, _ = shared.store.load(experiment)
    assert stored is not None
    assert encode(stored) == encode(train(experiment, source=Source(), device="cpu", workers=1))
    assert shared.find(experiment) is job


def test_two_who_ask_share_one_flight(shared: Jobs, tiny: Make) -> None:
    before = [shared.submit(tiny(seeds=(seed,)), Source()) for seed in (6, 7, 8)]  # so that it waits for all who ask
    experiment = tiny(seeds=(5,))
    found: list[Job] = []
    threads = [
        threading.Thread(target=lambda k=k: found.append(shared.submit(experiment, Source(), f"w{k}")))
        for k in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(job) for job in found}) == 1
    assert found[0].watchers == {f"w{k}" for k in range(8)}
    assert ended(found[0]) == "done", found[0].error
    assert all(ended(job) == "done" for job in before)
    again = shared.submit(experiment, Source())  # it has ended: a new flight
    assert again is not found[0]
    assert ended(again) == "done"


def test_jobs_of_a_lane_wait_in_order(shared: Jobs, tiny: Make) -> None:
    first = [shared.submit(tiny(seeds=(seed,)), Source()) for seed in (11, 12, 13)]
    assert {job.queue for job in first} == {"quick"}
    assert [shared.ahead(job) for job in first] == [0, 1, 2]
    assert [ended(job) for job in first] == ["done"] * 3
    assert [job.started for job in first] == sorted(job.started for job in first)
    assert shared.ahead(first[2]) == 0


def test_a_job_sent_again_waits_at_the_end(shared: Jobs, tiny: Make) -> None:
    again = tiny(seeds=(21,))
    assert ended(shared.submit(again, Source())) == "done"
    one, two = shared.submit(tiny(seeds=(22,)), Source()), shared.submit(again, Source())
    assert shared.ahead(one) == 0
    assert shared.ahead(two) == 1
    assert ended(two) == "done"


def test_what_goes_wrong_is_one_sentence_and_the_next_job_works(shared: Jobs, tiny: Make, tmp_path: Path) -> None:
    job = shared.submit(tiny(dataset="mnist_parity"), Source(data_dir=tmp_path))
    assert ended(job) == "failed"
    assert "MNIST" in job.error
    assert "\n" not in job.error
    assert "Traceback" not in job.error
    assert shared.store.load(job.experiment)[0] is None
    large = shared.submit(tiny(n_train=2000), Source())
    assert ended(large) == "failed"
    assert large.error == "n_train: from 8 to 1012 for digits_parity; 2000 came."
    assert ended(shared.submit(tiny(seeds=(31,)), Source())) == "done"


def test_a_waiting_job_is_cancelled_before_it_begins(shared: Jobs, tiny: Make) -> None:
    one, two = (shared.submit(tiny(seeds=(seed,)), Source(), "me") for seed in (41, 42))
    shared.cancel(two, "me")
    assert two.state == "cancelled"
    assert ended(one) == "done"
    assert ended(shared.submit(tiny(seeds=(43,)), Source())) == "done"
    assert two.state == "cancelled"
    assert two.started == 0
    assert shared.store.load(two.experiment)[0] is None


def test_a_job_that_another_person_watches_goes_on(shared: Jobs, tiny: Make) -> None:
    experiment = tiny(seeds=(51,))
    job = shared.submit(experiment, Source(), "me")
    assert shared.submit(experiment, Source(), "you") is job
    shared.cancel(job, "me")
    assert ended(job) == "done"
    shared.cancel(job, "you")  # too late: it stays done
    assert job.state == "done"


def test_the_process_of_the_app_never_has_torch() -> None:
    code = (
        "import sys, tempfile, time, pathlib\n"
        "from core.jobs import Jobs; from core.store import Store\n"
        "from core.datasets import Source; from core.studies.explorer.experiment import Explorer\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "jobs = Jobs(Store(folder / 'l', shipped=folder / 's'), workers=1, device='cpu')\n"
        "e = Explorer(n_train=32, width=4, step_limit=20, alphas=(1.0,), temperatures=(0.1,), batch_size=4)\n"
        "job = jobs.submit(e, Source())\n"
        "while job.active: time.sleep(0.02); job.partial()\n"
        "jobs.estimate(e); print(job.state, jobs.store.load(e)[0] is not None, 'torch' in sys.modules)\n"
        "jobs.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["done", "True", "False"], done.stderr
    assert done.stderr == ""


def test_a_cancel_kills_child_and_workers_within_a_second_and_keeps_what_there_was(jobs: Jobs, tiny: Make) -> None:
    experiment = endless(alphas=log2_grid(-14, -13, 4), temperatures=log2_grid(-24, -23, 4), seeds=(0, 1))
    job = jobs.submit(experiment, Source(), "me")
    waiting = jobs.submit(endless(seeds=tuple(range(9)), width=512), Source(), "me")
    assert {job.queue, waiting.queue} == {"long"}
    until(lambda: job.stamp() > 0 and job.partial() is not None)
    child = jobs._queues["long"].child.process
    assert child is not None
    assert len(list(members(child.pid))) >= 3  # the child and two workers
    jobs.cancel(waiting, "me")
    asked = time.monotonic()
    jobs.cancel(job, "me")
    until(lambda: not list(members(child.pid)), seconds=1)
    assert time.monotonic() - asked < 1
    assert job.state == waiting.state == "cancelled"
    assert job.error == ""
    assert 0 < job.seconds == job.elapsed
    part = job.partial()
    assert part is not None
    assert UNFINISHED in part["outcome"]
    assert np.isfinite(part["loss"][0]).any()
    assert part["end_step"].max() > 0
    assert jobs.store.load(experiment)[0] is None
    again = jobs.submit(tiny(), Source())
    assert ended(again) == "done"
    jobs.cancel(again)
    assert again.state == "done"


def test_a_cancelled_job_goes_on_from_the_shards_that_had_ended(jobs: Jobs, tiny: Make) -> None:
    experiment = tiny(
        alphas=(2.0**-14,), temperatures=(2.0**-24, 2.0**-23), seeds=(0, 1, 2, 3), width=64, step_limit=60_000
    )
    kept = jobs.store.shards(experiment)
    job = jobs.submit(experiment, Source(), "me", queue="long")
    until(lambda: list(kept.glob("*.npz")))
    jobs.cancel(job, "me")
    assert job.state == "cancelled"
    there = {path: path.stat().st_mtime_ns for path in kept.glob("*.npz")}
    assert 1 <= len(there) < 4
    again = jobs.submit(experiment, Source(), queue="long")
    until(lambda: sum(now.done for now in again.progress()) >= len(there))
    assert {path: path.stat().st_mtime_ns for path in there if path.exists()} == there
    assert ended(again) == "done"
    stored, _ = jobs.store.load(experiment)
    assert stored is not None
    assert encode(stored) == encode(train(experiment, source=Source(), device="cpu", workers=1))
    assert not kept.exists()


def test_a_dead_child_takes_its_workers_along(jobs: Jobs) -> None:
    experiment = endless(alphas=log2_grid(-14, -13, 4), temperatures=log2_grid(-24, -23, 4), seeds=(0, 1))
    job = jobs.submit(experiment, Source())
    until(lambda: job.stamp() > 0)
    child = jobs._queues["long"].child.process
    assert child is not None
    assert len(list(members(child.pid))) >= 3
    os.kill(child.pid, signal.SIGKILL)  # as the kernel does when memory runs out: the child alone
    until(lambda: not job.active, seconds=2)
    assert job.state == "failed"
    until(lambda: not list(members(child.pid)), seconds=1)


def test_the_lane_works_again_after_a_cancel_and_after_a_death(jobs: Jobs, tiny: Make) -> None:
    experiment = endless(seeds=(3,), width=1024, depth=1)
    job = jobs.submit(experiment, Source())
    assert job.queue == "quick"
    until(lambda: job.stamp() > 0)
    jobs.cancel(job)
    assert ended(jobs.submit(tiny(), Source())) == "done"
    job = jobs.submit(experiment, Source())
    until(lambda: job.stamp() > 0)
    child = jobs._queues["quick"].child.process
    assert child is not None
    child.kill()  # as the kernel does when memory runs out
    assert ended(job) == "failed"
    assert job.error == "The training process ended unexpectedly (it may have run out of memory)."
    assert ended(jobs.submit(tiny(seeds=(1,)), Source())) == "done"


def test_to_leave_a_job_drops_it_only_while_it_waits_and_nobody_else_does(jobs: Jobs, tiny: Make) -> None:
    slow = jobs.submit(endless(seeds=(3,), width=1024, depth=1), Source(), "me", queue="quick")
    jobs.submit(slow.experiment, Source(), "you")
    waiting, shared = (jobs.submit(tiny(seeds=(seed,)), Source(), "me") for seed in (1, 2))
    jobs.submit(tiny(seeds=(2,)), Source(), "you")
    until(lambda: slow.state == "training")
    for job in (slow, waiting, shared):
        jobs.leave(job, "me")
    assert waiting.state == "cancelled"
    assert jobs.find(waiting.experiment) is None
    assert slow.state == "training"
    assert shared.state == "queued"
    jobs.cancel(slow, "you")
    assert ended(shared) == "done"
    assert waiting.seconds == 0


def test_a_quick_training_that_everybody_has_left_makes_room_for_the_next(jobs: Jobs, tiny: Make) -> None:
    slow = jobs.submit(endless(seeds=(3,), width=64, depth=1), Source(), "me", queue="quick")
    until(lambda: slow.state == "training")
    child = jobs._queues["quick"].child.process
    following = jobs.submit(tiny(), Source(), "me", queue="quick")
    jobs.leave(slow, "me")
    assert slow.state == "cancelled"
    assert jobs.find(slow.experiment) is None
    assert ended(following) == "done"
    assert jobs._queues["quick"].child.process is child
    assert child is not None
    assert child.poll() is None
    assert not jobs.store.has(slow.experiment)
    assert not slow.folder.exists()


def test_a_lane_can_be_named(jobs: Jobs, tiny: Make) -> None:
    job = jobs.submit(tiny(), Source(), queue="long")
    assert job.queue == "long"
    assert ended(job) == "done"


def test_to_close_ends_what_trains_and_what_waits(store: Store) -> None:
    made = Jobs(store, workers=1, device="cpu")
    flights = [made.submit(endless(seeds=(seed,), width=1024, depth=1), Source()) for seed in range(3)]
    until(lambda: flights[0].stamp() > 0)
    child = made._queues["quick"].child.process
    assert child is not None
    began = time.monotonic()
    made.close()
    assert time.monotonic() - began < 4
    assert [job.state for job in flights] == ["cancelled"] * 3
    assert made._queues["quick"].child.process is child  # none was started for the next in the queue
    assert list(members(child.pid)) == []
    assert not made._queues["quick"].thread.is_alive()


def test_a_child_without_its_app_ends(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "core.trainer", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=30) != 0
    assert list(members(child.pid)) == []


def test_the_estimate_decides_the_queue(shared: Jobs, tiny: Make) -> None:
    assert not shared.estimate(tiny()).long
    assert shared.estimate(endless(seeds=tuple(range(9)))).long
