"""What is trained and what is training: the app's one store and one set of jobs, shared by all visitors.

They are kept by this module and not by `st.cache_resource`, which any visitor's browser can have cleared.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.datasets import Source
from core.experiment import Experiment, digest
from core.jobs import Job, Jobs
from core.kept import Kept
from core.limits import limits
from core.part import Scene, Shown
from core.store import Store
from core.trajectory import Trajectory

_lock = threading.Lock()
_warmed = threading.Event()


def jobs() -> Jobs:
    """Return the app's jobs."""
    with _lock:
        return _jobs()


@cache
def _jobs() -> Jobs:
    return Jobs(Store.default(), here=here)


def forget() -> None:
    """Have the next visitor begin with new jobs and nothing in memory; the jobs before are to be closed."""
    _jobs.cache_clear()
    _warmed.clear()
    for kept in (_shown, SCENES):
        kept.clear()


def warm() -> None:
    """Start the child that trains single runs, once: not before the first visitor's page is drawn."""
    if not _warmed.is_set():
        _warmed.set()
        if os.environ.get("TRAINSCOPE_WARM", "1") != "0":
            jobs().warm()


def kept_bytes() -> int:
    """Return about how much memory decoded snapshots and charts take."""
    return _shown.bytes + SCENES.bytes


def visit() -> str:
    """Return the name of this visit: a job is stopped only when nobody else watches it."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def here(visit: str) -> bool:
    """Whether a visit goes on: not one whose page was closed or loaded again."""
    return not runtime.exists() or runtime.get_instance().is_active_session(visit)


def source(data_dir: str = "") -> Source:
    """Return where data files lie: the folder a visitor names, else TRAINSCOPE_DATA, else where downloads go.

    Where the host allows no visitor to name one, what is named is not looked at.
    """
    if not limits().data_folders:
        data_dir = ""
    named = data_dir or os.environ.get("TRAINSCOPE_DATA", "") or str(downloads())
    home = os.path.expanduser(named)  # noqa: PTH111  (Path.expanduser raises for a user that is not there)
    return Source(data_dir=Path(home), uploads=uploads())


def uploads() -> Path:
    """Return the folder of what people have brought that this visit can reach."""
    everybody = jobs().store.uploads
    return everybody / (visit() or "none") if limits().private_uploads else everybody


def downloads() -> Path:
    """Return the folder of data files that a person had downloaded."""
    return jobs().store.folder / "data"


Found = Shown
"""What there is of an experiment."""


def has(experiment: Experiment) -> bool:
    """Whether the store has what this visit may see of an experiment; the file may still turn out damaged."""
    return jobs().store.has(experiment) and not _of_another(experiment)


def _of_another(experiment: Experiment) -> bool:
    """Whether an experiment is of a file that another visit has brought, where uploads are private."""
    if not limits().private_uploads or jobs().store.ships(experiment):
        return False
    return any(not (uploads() / name).is_file() for name in experiment.uploads)


def find(experiment: Experiment) -> Found[Any] | None:
    """Return the trajectory of `experiment` from the store, else what its job has so far."""
    if _of_another(experiment):
        return None
    if jobs().store.has(experiment):
        loaded, said = _load(digest(experiment), experiment)
        if said:
            st.session_state.setdefault("set_aside", {})[digest(experiment)] = said
        if loaded is not None:
            return loaded
        _shown.forget(digest(experiment))  # damaged: not to be remembered
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
    return has(experiment) and not set_aside(experiment)


def set_aside(experiment: Experiment) -> str:
    """Return the sentence about a damaged file of `experiment` that this visit came upon, or nothing."""
    return str(st.session_state.get("set_aside", {}).get(digest(experiment), ""))


def _load(name: str, experiment: Experiment) -> tuple[Shown[Any] | None, str]:
    """Return what is stored of an experiment, and a sentence about a damaged file."""
    said: list[str] = []

    def load() -> Shown[Any] | None:
        loaded, damage = jobs().store.load(experiment)
        said.append(damage)
        return None if loaded is None else Shown(loaded, name)

    return _shown.get(name, load), "".join(said)


def _part(name: str, job: Job) -> Shown[Any] | None:
    def load() -> Shown[Any] | None:
        found = job.partial()
        return None if found is None else Shown(found, name)

    return _shown.get(name, load)


def _size(shown: Shown[Any] | None) -> int:
    return 0 if shown is None else shown.bytes


def _share(of: int) -> Callable[[], int]:
    return lambda: limits().memory_bytes * of // 100


_shown = Kept[Shown[Any] | None](_share(60), _size)
"""Trajectories, and the tables made of them."""
SCENES = Kept[Scene](_share(40), lambda scene: scene.bytes)
"""What is drawn of them."""
