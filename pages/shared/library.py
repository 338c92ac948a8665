"""What is trained and what is training: the app's one store and one set of jobs, shared by all visitors."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets import Source
from core.experiment import Experiment, digest
from core.jobs import Job, Jobs
from core.part import Shown
from core.store import Store
from core.trajectory import Trajectory


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the app's jobs; the first visitor's page starts the children that wait for them."""
    made = Jobs(Store.default())
    if os.environ.get("TRAINSCOPE_WARM", "1") != "0":
        made.warm()
    return made


def source(data_dir: str = "") -> Source:
    """Return where data files lie: the folder a visitor names, else TRAINSCOPE_DATA, else where downloads go."""
    named = data_dir or os.environ.get("TRAINSCOPE_DATA", "") or str(downloads())
    home = os.path.expanduser(named)  # noqa: PTH111  (Path.expanduser raises for a user that is not there)
    return Source(data_dir=Path(home), uploads=jobs().store.uploads)


def downloads() -> Path:
    """Return the folder of data files that a person had downloaded."""
    return jobs().store.folder / "data"


Found = Shown
"""What there is of an experiment."""


def find(experiment: Experiment) -> Found[Any] | None:
    """Return the trajectory of `experiment` from the store, else what its job has so far."""
    if jobs().store.has(experiment):
        loaded, said = _load(digest(experiment), experiment)
        if said:
            st.session_state.setdefault("set_aside", {})[digest(experiment)] = said
        if loaded is not None:
            return loaded
        _load.clear(digest(experiment), experiment)  # damaged: not to be remembered
    job = jobs().find(experiment)
    if job is None or job.state == "failed":
        return None
    stamp = job.stamp()
    return _part(f"{digest(experiment)}-{stamp}", job) if stamp else None


def outdated(found: Found[Trajectory] | None) -> bool:
    """Whether `found` was part of a training that has been saved meanwhile."""
    if found is None or found.stamp == digest(found.trajectory.experiment):
        return False
    experiment = found.trajectory.experiment
    return jobs().store.has(experiment) and not set_aside(experiment)


def set_aside(experiment: Experiment) -> str:
    """Return the sentence about a damaged file of `experiment` that this visit came upon, or nothing."""
    return str(st.session_state.get("set_aside", {}).get(digest(experiment), ""))


@st.cache_resource(max_entries=12, show_spinner=False)
def _load(name: str, _experiment: Experiment) -> tuple[Shown[Any] | None, str]:
    loaded, said = jobs().store.load(_experiment)
    return None if loaded is None else Shown(loaded, name), said


@st.cache_resource(max_entries=4, show_spinner=False)
def _part(name: str, _job: Job) -> Shown[Any] | None:
    found = _job.partial()
    return None if found is None else Shown(found, name)
