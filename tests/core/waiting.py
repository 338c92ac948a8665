"""Waiting for what other processes do."""

import time
from collections.abc import Callable

from core.jobs import Job


def until(done: Callable[[], object], seconds: float) -> None:
    """Wait for something to be so; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.02)


def ended(job: Job, seconds: float) -> str:
    """Wait for the end of a job, and return how it ended."""
    until(lambda: not job.active, seconds)
    return job.state
