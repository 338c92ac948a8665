"""The Explorer: one network of the (alpha, T) plane, played; the plane around it; and how much of it is linear."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from core.experiment import Experiment
from core.part import Lesson
from core.studies.explorer.presets import PRESETS as EXPLORER
from core.studies.explorer.trajectory import PlaneTrajectory
from core.values import ExperimentError
from pages.explorer import controls
from pages.explorer.stage import TABLES, Shown, figures, payload, screen_table
from pages.explorer.view import Settings, View, differences, to_query
from pages.shared import progress
from pages.shared.downloads import Takeaway, take_away
from pages.shared.heading import heading
from pages.shared.lessons import what_to_look_for
from pages.shared.library import Found, find, jobs, outdated, set_aside
from pages.shared.player import play
from pages.shared.words import plain, warn


def page() -> None:
    """Draw the page."""
    controls.start()
    heading(
        "How a network learns, run by run",
        "Pick a task and a place in the (α, T) plane and watch that training. **Small α or much noise makes a network "
        "learn features; in the lazy corner its kinks hardly move.**",
    )
    controls.presets()
    controls.sidebar()
    # What comes and goes stands in containers that are always there: an element that moves is drawn anew.
    notices, charts = st.container(), st.container()
    wanted = controls.current()
    if said := controls.notices(wanted.run):
        with notices:
            warn(said)
    shown, around, error = None, None, ""
    no_file = wanted.run.dataset == "csv" and not wanted.run.csv
    try:
        if not no_file:
            shown, around = look(wanted.run)
    except ExperimentError as wrong:
        error = str(wrong)
    if shown is not None:
        st.session_state["on_screen"] = wanted.run
    on_screen: Settings = st.session_state.get("on_screen", Settings())
    with notices:
        if no_file:
            st.info("Your own table: upload a file at the left to train on it.")
        elif error:
            st.error(plain(error))
        else:
            st.query_params.from_dict(to_query(wanted))
            training(wanted.run, shown is not None)
            if any(outdated(found) for found in (around, shown.found if shown else None)):
                st.rerun()  # it ended while this script ran, and nothing watches it any more
    if shown is None:
        shown, around = look(on_screen)
    if shown is None:
        notices.info("Nothing is trained yet.")
        return
    with charts:
        stage(wanted, on_screen, shown, around)


def look(run: Settings) -> tuple[Shown | None, Found[PlaneTrajectory] | None]:
    """Return the run, from its plane or by itself, and the plane if there is one."""
    around, alone = find(run.plane()), find(run.point())
    found = []
    if around is not None:
        number = around.trajectory.run(run.alpha, run.temperature, run.seed)
        if number is not None and np.isfinite(around.trajectory["loss"][0, number]):
            found.append(Shown(around, number))
    if alone is not None:
        found.append(Shown(alone, 0))
    ended = [shown for shown in found if shown.outcome != "unfinished"]
    return next(iter(ended + found), None), around


def training(run: Settings, there: bool) -> None:
    """Train what the controls ask for, or ask first; show what is in training."""
    plane, point = run.plane(), run.point()
    on_grid = run.alpha in plane.alphas and run.temperature in plane.temperatures
    for experiment, title in ((point, "This run"), (plane, "The plane")):
        job = jobs().find(experiment)
        if said := set_aside(experiment):
            st.warning(plain(said))
            if job is None and not jobs().store.has(experiment) and not progress.blocked(experiment):
                progress.submit(experiment)
                job = jobs().find(experiment)
        if job is not None and job.active:
            progress.watch(job, title)
        else:
            progress.ended(job, title)
    trained = find(plane)
    if busy(plane) or (there and trained is not None and trained.trajectory.complete):
        return
    if progress.blocked(plane):
        progress.data_files(plane)
        return
    if not there and not busy(point):
        saved_meanwhile(point)
        if at_once(point):
            progress.submit(point)
            st.rerun()
        progress.offer(point, "Train this run", "train-point")
    if trained is not None and trained.trajectory.complete:
        return
    saved_meanwhile(plane)
    if at_once(plane):
        if there:  # the run first
            progress.follow(plane)
            st.rerun()
    else:
        progress.offer(plane, "Train the plane around it" if on_grid else "Train the plane", "train-plane")


def saved_meanwhile(experiment: Experiment) -> None:
    """Begin anew if a training was saved while this script ran."""
    if jobs().store.has(experiment) and not set_aside(experiment):
        st.rerun()


def at_once(experiment: Experiment) -> bool:
    """Whether to train it unasked: it takes seconds, and nobody stopped it."""
    tried = jobs().find(experiment)
    return not jobs().estimate(experiment).long and (tried is None or tried.state == "done")


def busy(experiment: Experiment) -> bool:
    """Whether it waits or trains."""
    job = jobs().find(experiment)
    return job is not None and job.active


def stage(wanted: View, on_screen: Settings, shown: Shown, around: Found[PlaneTrajectory] | None) -> None:
    """Draw the charts and what can be taken away."""
    words = st.container()
    changed = differences(wanted.run, on_screen)
    if changed:
        words.caption("Not on screen yet; the charts still show: " + ", ".join(changed) + ".")
    pinned = None
    if wanted.pinned is not None:
        pinned, _ = look(wanted.pinned)
        other = differences(wanted.run, wanted.pinned) or ["nothing: it is this run"]
        end = "." if pinned else "; not trained yet."
        words.caption(":violet[Pinned] (dashed) differs in: " + ", ".join(other) + end)
    view = View(run=on_screen, colour=wanted.colour, when=wanted.when, axis=wanted.axis)
    drawn = figures(view, shown, around, pinned)
    play(payload(view, drawn, shown), key="player", on_pick=picked, on_frame=rested)
    controls.chart_controls(wanted.pinned)
    what_to_look_for(LESSONS, lesson)
    steps = shown.trajectory.steps
    frame = len(steps) - 1 if wanted.step is None else int(np.abs(steps - wanted.step).argmin())
    tables = {name: (text, partial(screen_table, name, shown, around)) for name, text in TABLES.items()}
    take_away(Takeaway(tables, shown.trajectory, drawn, frame))


_DIGITS = EXPLORER["explorer/digits"].experiment
_ALPHAS, _TEMPERATURES = _DIGITS.alphas, _DIGITS.temperatures


def _on_digits(alpha: int, temperature: int, colour: str = "test_error") -> View:
    """Return the view of a cell of the digits' plane, counted from the lower left."""
    run = replace(Settings.of(_DIGITS), alpha=_ALPHAS[alpha], temperature=_TEMPERATURES[temperature])
    return View(run=run, colour=colour)


LESSONS = (
    Lesson(
        "The lazy corner",
        "Large α, small T. The network fits its data while its kinks stand still: it is linear in its weights. Compare "
        "the first and the last step.",
        _on_digits(11, 0, "kink_displacement"),
    ),
    Lesson(
        "Small α moves the kinks",
        "The same noise, but the output has to grow to 1/α. Kinks travel, gather where the classes meet, and their "
        "jumps grow by orders of magnitude.",
        _on_digits(2, 2, "kink_displacement"),
    ),
    Lesson(
        "Noise is another way out",
        "Back at large α, raise T. The lazy regime ends too, this time because SGD has to build a larger signal before "
        "every point is fitted. Does the test error go the same way?",
        _on_digits(11, 8),
    ),
    Lesson(
        "A linear classifier first",
        "Early on μ_Y lies on I(F;Y): all that the network knows, a linear classifier explains. What comes later is "
        "beyond it, and the linear part is kept. Does that hold in the lazy corner?",
        _on_digits(5, 4, "mu_y_share"),
    ),
)


def lesson(view: View) -> None:
    """Set the controls, and leave the pin: a lesson beside a run of one's own is a comparison."""
    controls.show(replace(view, pinned=st.session_state["pinned"]))


def picked(pick: dict[str, object]) -> None:
    """Move the controls to the clicked cell."""
    fields = pick["fields"]
    assert isinstance(fields, dict)
    controls.choose_cell(float(fields["alpha"]), float(fields["temperature"]))


def rested(frame: int) -> None:
    """Remember the step at which the player came to rest, for the link."""
    st.session_state["step"] = st.session_state["player"]["rest"]["step"]


page()
