"""Fixtures of the pages' tests: a place of each test's own, and trainings that end as soon as they are asked for."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from core.datasets import CATALOGUE, DataError, Source
from core.experiment import Experiment, digest
from core.jobs import Job, Jobs
from core.sweeps import train
from core.trajectory import Trajectory
from pages.shared import library


@pytest.fixture(autouse=True, scope="session")
def packages_read_once() -> None:
    """Every visit looks for components in the metadata of all that is installed: once is enough for all tests."""
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache and jobs of this test's own, no warm children, and no data files."""
    monkeypatch.setenv("TRAINSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TRAINSCOPE_WARM", "0")
    monkeypatch.delenv("TRAINSCOPE_DATA", raising=False)
    library.forget()
    yield tmp_path
    library.jobs().close()
    library.forget()


FROM_FILES = {name for name, dataset in CATALOGUE.items() if dataset.files or name == "csv"}


@cache
def trained(experiment: Experiment) -> Trajectory:
    """Train once what several tests ask for: a trajectory is read-only."""
    return train(experiment, source=Source(), workers=1)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Experiment]:
    """What the page asked to be trained: all of it is, at once and in this process."""
    found: list[Experiment] = []

    def submit(
        jobs: Jobs, experiment: Experiment, source: Source, watcher: str = "", *, queue: str | None = None
    ) -> Job:
        found.append(experiment)
        job = Job(experiment, source, jobs.store.folder / "jobs" / digest(experiment), "quick", "cpu")
        job.lacked = source.lacks(experiment.uploads)
        own = getattr(experiment, "dataset", "") in FROM_FILES or bool(experiment.uploads)
        try:
            jobs.store.save(train(experiment, source=source, workers=1) if own else trained(experiment))
            job.state = "done"
        except DataError as error:
            job.state, job.error = "failed", str(error)
        jobs._jobs[digest(experiment)] = job
        return job

    monkeypatch.setattr(Jobs, "submit", submit)
    return found
