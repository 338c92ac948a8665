"""Training that a person can watch: what it would take, how far it is, and a way to stop it."""

from __future__ import annotations

import html
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component
from streamlit.delta_generator import DeltaGenerator

from core.cost import STARTUP_SECONDS
from core.datasets import CATALOGUE, missing
from core.datasets.official import TITLES
from core.experiment import Experiment
from core.jobs import Job, QueueName
from core.limits import RefusedError, limits
from core.presets import command_line
from pages.shared.callback import to_its_end
from pages.shared.downloads import COMMAND
from pages.shared.library import downloads, jobs, source, visit
from pages.shared.words import plain

POLL_SECONDS = 0.4
PROMPT_SECONDS = 1.5
"""A training shorter than this is waited for, so that the charts change once and at once."""
BAR = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-foot) { position: sticky; bottom: 0; z-index: 90; }
[data-testid="stLayoutWrapper"]:has(> .st-key-lesson),
[data-testid="stLayoutWrapper"]:has(> .st-key-training) { padding: 0.35rem 0;
  background: light-dark(#ffffff, #171614); border-top: 1px solid light-dark(#d5d4d3, #42403e); }
[data-testid="stLayoutWrapper"]:has(> .st-key-cancelling) { display: none; }
.st-key-foot { gap: 0; }
.st-key-lesson { flex-wrap: nowrap; max-height: 34vh; overflow-y: auto; }
.st-key-lesson p { font-size: 0.9rem; line-height: 1.4; }
</style>"""
"""The colours of Streamlit's own themes, which it tells components alone."""


_cancelling = component("cancelling", js=Path(__file__).with_name("cancelling.js").read_text(encoding="utf-8"))


def submit(experiment: Experiment, queue: QueueName | None = None) -> None:
    """Queue a training run for this visitor, in the queue that its length calls for if none is named.

    If the host allows no more, that is kept for `refused` to say.
    """
    try:
        jobs().submit(experiment, source(st.session_state.get("data_dir", "")), visit(), queue=queue)
    except RefusedError as refusal:
        st.session_state["refused"] = (experiment, str(refusal))


def refused(experiment: Experiment) -> bool:
    """Say, once, why the host did not take a training just now; return whether it did not."""
    of, said = st.session_state.get("refused", (None, ""))
    if of != experiment:
        return False
    del st.session_state["refused"]
    st.warning(plain(said))
    return True


def on_your_own(experiment: Experiment, refusal: str) -> None:
    """Say why this host does not train it, and how a machine of one's own does."""
    st.info(f"{plain(refusal)} On a machine of your own:")
    st.html(COMMAND.format(html.escape(command_line(experiment))))


def follow(experiment: Experiment, queue: QueueName = "long", wanted: Collection[Experiment] = ()) -> None:
    """Queue a training run that the controls ask for by themselves, by default where it keeps no single run waiting.

    Those that this visit followed there before are no longer waited for, unless they are still `wanted`.
    """
    key = f"followed-{queue}"
    still = [before for before in st.session_state.get(key, ()) if before in wanted and before != experiment]
    for before in st.session_state.get(key, ()):
        if before not in (experiment, *still) and (job := jobs().find(before)) is not None:
            jobs().leave(job, visit())
    st.session_state[key] = (*still, experiment)
    submit(experiment, queue)


def promptly(experiment: Experiment, wanted: Collection[Experiment] = ()) -> None:
    """Queue a short training instead of those this visit followed before, and wait a moment for its end."""
    follow(experiment, "quick", wanted)
    job = jobs().find(experiment)
    pause(PROMPT_SECONDS, lambda: job is None or not job.active)


def pause(seconds: float, over: Callable[[], bool] = lambda: False) -> None:
    """Wait so long, or until it is `over`; Streamlit ends the run at once if the visitor moves on meanwhile."""
    deadline = time.monotonic() + seconds
    while not over() and time.monotonic() < deadline:
        time.sleep(0.005)
        _ = "followed" in st.session_state  # a look at the session is where Streamlit ends a run


def foot() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Return bars along the lower edge of the window, which move no chart when they come.

    The first is for a story, the second for a lesson's text, the third for what is in training.
    """
    st.html(BAR)
    with st.container(key="cancelling"):
        _cancelling(key="cancelling-script")
    with st.container(key="foot"):
        story = st.container(key="story")
        lesson = st.container(horizontal=True, vertical_alignment="top", key="lesson")
        return story, lesson, st.container(horizontal=True, vertical_alignment="center", key="training")


def blocked(experiment: Experiment) -> bool:
    """Say how to get the data files if they are absent; return whether that keeps from training."""
    said = lacking(experiment)
    if said:
        st.info(plain(said))
    return bool(said)


def lacking(experiment: Experiment) -> str:
    """Return what to do about data files that are absent, or nothing."""
    dataset = experiment.trained_on_files
    if dataset in ("", "csv"):
        return ""
    said = missing(dataset, source(st.session_state.get("data_dir", ""))) or ""
    if said and not limits().data_folders:
        return f"{TITLES[CATALOGUE[dataset].files or '']}: this host has no files of it."
    return said


def offer(experiment: Experiment, label: str, key: str) -> None:
    """Draw the button that starts a training, with about how long it will take."""
    found = jobs().estimate(experiment)
    device = "the GPU" if jobs().device == "cuda" else f"{jobs().workers} CPU processes"
    text = f"about {_duration(found.usual)} on {device}, at most {_duration(found.at_most)}"
    st.button(
        f"{label}: {text}", key=key, on_click=to_its_end(submit), args=(experiment,), icon=":material/play_circle:"
    )


def takes(experiments: Collection[Experiment]) -> str:
    """Return in a few words what training takes that has not begun: data files that are absent, and time."""
    waiting = [experiment for experiment in experiments if (job := jobs().find(experiment)) is None or not job.active]
    files = {CATALOGUE[experiment.trained_on_files].files or "" for experiment in waiting if lacking(experiment)}
    seconds = sum(jobs().estimate(experiment).usual - STARTUP_SECONDS for experiment in waiting)
    time = f"about {_duration(seconds + STARTUP_SECONDS)}" if seconds > PROMPT_SECONDS else ""
    return ", ".join(filter(None, [*(f"needs {TITLES[name]} files" for name in sorted(files)), time]))


def watch(job: Job, title: str) -> None:
    """Draw a job's progress and look again shortly; draw the page anew when there is more to show.

    The button to cancel it is no part of what is drawn again: its press would wait until the page is drawn.
    """
    seen = job.stamp()

    @st.fragment(run_every=POLL_SECONDS)
    def shown() -> None:
        if not job.active or job.stamp() > seen:
            st.rerun(scope="app")
        jobs().adopt(job, visit())
        _draw(job, title)

    with st.container(horizontal=True, vertical_alignment="center"):
        drawn_again, stays = st.container(), st.container(width="content")
    with drawn_again:
        shown()
    with stays:
        if visit() not in job.watchers and jobs().awaited(job):
            st.caption("Others wait for it, too.", width="content")
        else:
            stop = partial(jobs().cancel, job, visit())
            st.button("Cancel", key=f"cancel-{title}", on_click=to_its_end(stop), help="What is trained so far stays.")


def _draw(job: Job, title: str) -> None:
    found = job.progress()
    runs = job.experiment.runs
    ended = runs - sum(min(shard.live, shard.runs) for shard in found)  # a shard may have no runs, and work to do
    work = sum(shard.runs * (shard.step_limit if shard.done else shard.step) for shard in found)
    share = work / (runs * job.experiment.step_limit)
    if job.state == "queued":
        text = f"{title}: waiting, {jobs().ahead(job)} before it"
    elif share == 0:
        text = f"{title}: starting"
    else:
        step = max((shard.step for shard in found if not shard.done), default=0)
        reached = f" step {step:,}," if step else ""
        trained = max(job.elapsed - STARTUP_SECONDS, 0.5)
        left = min(trained * (1 - share) / share, jobs().estimate(job.experiment).at_most)
        several = f" {ended} of {runs} runs ended," if runs > 1 else ""
        text = f"{title}:{several}{reached} at most {_duration(left)} left"
    st.progress(min(share, 1.0), text=text)


def ended(job: Job | None, title: str, bar: DeltaGenerator) -> None:
    """Say how a job ended when that is not plain to see; what is no error is said in the bar."""
    if job is not None and job.state == "failed":
        st.error(plain(f"{title}: {job.error}"))
    elif job is not None and job.state == "cancelled":
        stays = " What is trained so far is on the charts." if job.stamp() else ""
        bar.caption(f"{title}: cancelled after {_duration(job.seconds)}.{stays}")


def data_files(experiment: Experiment) -> None:
    """Let a person name the folder of the official files, or fetch them from OpenML by an explicit press."""
    files = CATALOGUE[experiment.trained_on_files].files
    if files is None or os.environ.get("TRAINSCOPE_DATA"):  # a host has said where they lie
        return
    if limits().data_folders:
        st.text_input("Folder with the data files", key="data_dir", placeholder="/path/to/folder")
    if not limits().downloads:
        return
    named = st.session_state.get("data_dir", "")
    place = source(named).data_dir or downloads()
    press = st.button(
        f"Download {files} from OpenML", help=f"Into {place}, with scikit-learn. Nothing is fetched unasked."
    )
    if press:
        with st.spinner("Downloading; this can take minutes."):
            command = [sys.executable, "-m", "core", "download", files, "--data-dir", str(place)]
            root = Path(__file__).parents[2]
            done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
        if done.returncode == 0:
            st.rerun()
        st.error(plain((done.stderr.strip() or "The download failed.").splitlines()[-1]))


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
