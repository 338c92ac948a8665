"""What a visit asks to be trained: what it no longer needs is left, what it needs too goes on."""

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment, digest
from core.jobs import Job, Jobs
from core.studies.kinks.experiment import Kinks
from tests.pages.visiting import fine

SCRIPT = """
import streamlit as st
from pages.shared import progress
if "asked" in st.session_state:
    experiment, wanted = st.session_state["asked"]
    progress.follow(experiment, "quick", wanted)
"""


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[Experiment]:
    """What this visit no longer waits for; nothing that is asked for ends."""
    found: list[Experiment] = []

    def submit(jobs: Jobs, experiment: Experiment, source: object, watcher: str = "", *, queue: object = None) -> Job:
        job = Job(experiment, source, jobs.store.folder, "quick", "cpu")  # type: ignore[arg-type]
        jobs._jobs[digest(experiment)] = job
        return job

    monkeypatch.setattr(Jobs, "submit", submit)
    monkeypatch.setattr(Jobs, "leave", lambda jobs, job, watcher: found.append(job.experiment))
    return found


def test_what_is_still_wanted_goes_on_beside_what_is_asked_for_now(left: list[Experiment]) -> None:
    one, twin, other = (Kinks(seed=seed) for seed in range(3))
    at = AppTest.from_string(SCRIPT)
    for asked, wanted, expected in (
        (one, (one, twin), []),
        (twin, (one, twin), []),
        (twin, (one, twin), []),
        (other, (other,), [one, twin]),
        (other, (), [one, twin]),
    ):
        at.session_state["asked"] = (asked, wanted)
        fine(at.run())
        assert left == expected
