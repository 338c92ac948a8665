"""Training by the controls: short ones at once, long ones when asked."""

from __future__ import annotations

import streamlit as st

from core.experiments import Experiment
from pages.shared import progress
from pages.shared.library import jobs, set_aside
from pages.shared.words import plain

PROMPT_SECONDS = 1.5
"""A training shorter than this is waited for, so that the charts change once and at once."""


def training(experiment: Experiment, title: str) -> None:
    """Train what the controls ask for, or ask first; show what is in training."""
    if said := set_aside(experiment):
        st.warning(plain(said))
    job = jobs().find(experiment)
    if not jobs().store.has(experiment) and (job is None or job.state == "done"):
        if jobs().estimate(experiment).long:
            progress.offer(experiment, f"{title}: train", f"train-{title}")
            return
        progress.promptly(experiment, PROMPT_SECONDS)
        job = jobs().find(experiment)
    if job is not None and job.active:
        progress.watch(job, title)
    else:
        progress.ended(job, title)
