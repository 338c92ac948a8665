"""Training by the controls: short ones at once, long ones when asked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.experiment import Experiment
from core.jobs import Job
from core.values import AwaitedError, ExperimentError
from pages.shared import progress
from pages.shared.library import Found, find, has, jobs, set_aside, source
from pages.shared.words import plain

SETTLED_SECONDS = 0.25
"""A setting that stays so long is meant."""

ViewKind = TypeVar("ViewKind")


def asked(current: Callable[[], ViewKind], notices: DeltaGenerator) -> ViewKind | None:
    """Return what the controls say; None, and a sentence, if their settings do not go together."""
    try:
        return current()
    except AwaitedError as request:
        notices.info(plain(str(request)))
    except ExperimentError as error:
        notices.error(plain(str(error)))
    return None


def complete(experiment: Experiment) -> Any:
    """Return what is trained of `experiment`, once all of it is; else None."""
    shown = find(experiment)
    return shown if shown is not None and shown.trajectory.complete else None


def training_behind(
    experiment: Experiment,
    title: str,
    shown: Found[Any] | None,
    notices: DeltaGenerator,
    bar: DeltaGenerator | None = None,
) -> None:
    """Train for charts that are already on screen, of theory alone if `shown` is None; draw them anew at the end.

    Nothing is trained for a setting that a slider passes, and nothing while the browser draws theory.
    """
    if shown is None:
        progress.pause(SETTLED_SECONDS)
    with notices:
        training(experiment, title, bar)
    if shown is None and complete(experiment) is not None:
        st.rerun()


def training(
    experiment: Experiment,
    title: str,
    bar: DeltaGenerator | None = None,
    *,
    behind: bool = False,
    wanted: Collection[Experiment] = (),
) -> None:
    """Train what the controls ask for, or ask first, for its data files too.

    Args:
        experiment: what is asked for.
        title: the name that a person reads.
        bar: where its progress is shown (`progress.foot`); boxes stand in the current container.
        behind: whether it goes on while another is on screen, and is not waited for.
        wanted: all that the controls ask for: what was followed before and is among them goes on.
    """
    if not has(experiment) and progress.blocked(experiment):
        progress.data_files(experiment)
        return
    if said := set_aside(experiment):
        st.warning(plain(said))
    if has(experiment):
        return
    if refusal := jobs().refusal(experiment):
        progress.on_your_own(experiment, refusal)
        return
    job = jobs().find(experiment)
    fresh, long = job is None or job.state == "done" or _came_since(job), jobs().estimate(experiment).long
    if fresh and not long:
        if behind:
            progress.follow(experiment, wanted=wanted)
        else:
            progress.promptly(experiment, wanted)
        job = jobs().find(experiment)
    bar = bar or st.container()
    watched(experiment, title, bar)
    refused = progress.refused(experiment)
    if (fresh and long) or refused or (job is not None and job.state in ("cancelled", "failed")):
        offered(experiment, title, bar)


def _came_since(job: Job) -> bool:
    """Whether a job failed for want of a file that this visit has brought since."""
    return job.state == "failed" and job.lacked and not source().lacks(job.experiment.uploads)


def may_be_offered(experiment: Experiment) -> bool:
    """Whether it takes long enough to ask first, or has not ended well, and is neither there nor on its way."""
    job = jobs().find(experiment)
    there = has(experiment) or (job is not None and job.active)
    asked = jobs().estimate(experiment).long or (job is not None and job.state in ("cancelled", "failed"))
    return not there and asked and not progress.lacking(experiment) and not jobs().refusal(experiment)


def offered(experiment: Experiment, title: str, bar: DeltaGenerator) -> None:
    """Offer a training, with about how long it takes."""
    with bar:
        progress.offer(experiment, f"Train {title[0].lower()}{title[1:]}", f"train-{title}")


def watched(experiment: Experiment, title: str, bar: DeltaGenerator) -> None:
    """Show how far a training is, or how it ended."""
    job = jobs().find(experiment)
    if job is not None and job.active:
        with bar:
            progress.watch(job, title)
    else:
        progress.ended(job, title, bar)
