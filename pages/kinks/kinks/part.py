"""A network on a line whose points can be dragged: the part of the Kinks page that most people come for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from core.part import Lesson
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.presets import PRESETS as KINKS
from pages.kinks.kinks import controls
from pages.kinks.kinks.stage import TABLES, Shown, figures, table, to_player, verdict
from pages.kinks.kinks.view import FIRST, View, differences, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.library import find
from pages.shared.player import play
from pages.shared.training import asked, training
from pages.shared.words import warn


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    wanted = asked(controls.current, notices)
    with notices:
        warn(controls.kept.said(wanted.experiment if wanted is not None else None))
        if wanted is not None:
            st.query_params.from_dict(to_query(wanted))
            training(wanted.experiment, "This training")
            if wanted.twin:
                training(wanted.of_twin(), "The other regime")
    shown = find(wanted.experiment) if wanted is not None else None
    if shown is not None and wanted is not None:
        st.session_state["k_on_screen"] = wanted.experiment
    on_screen: Kinks = st.session_state.get("k_on_screen", FIRST)
    shown = shown or find(on_screen)
    if shown is None:
        notices.info("Nothing is trained yet.")
        return
    with charts:
        stage(replace(wanted or View(), experiment=on_screen), wanted, shown)


def stage(view: View, wanted: View | None, shown: Shown) -> None:
    """Draw the charts and what can be taken away."""
    if wanted is not None and (changed := differences(wanted.experiment, view.experiment)):
        st.caption("Not on screen yet; the charts still show: " + ", ".join(changed) + ".")
    twin = find(view.of_twin()) if view.twin else None
    strip = find(view.of_strip()) if view.strip else None
    st.markdown(verdict(shown))
    drawn = figures(view, shown, twin, strip)
    play(
        to_player(view, drawn, shown, twin),
        key="k-player",
        on_pick=picked,
        on_frame=controls.kept.rested,
        on_edit=edited,
    )
    controls.chart_controls()
    if view.strip:
        training(view.of_strip(), "64 seeds")
    what_to_look_for(LESSONS, controls.kept.show)
    steps = shown.trajectory.steps
    frame = len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())
    tables = {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
    if strip is not None:
        tables["outcomes"] = ("What the seeds came to, one row a function.", partial(table, strip, "outcomes"))
    take_away(Takeaway(tables, shown.trajectory, drawn, frame))


LESSONS = (
    Lesson(
        "First align, then learn",
        "Play slowly. For the first thousand steps the loss does not move, but the units do: on the circle they run to "
        "a few directions, the maxima and minima of the landscape. Only then does f leave zero.",
        View(),
    ),
    Lesson(
        "Eight times the units",
        "4,096 units instead of 512. The kinks gather at the same places and the function is the same: what limits it "
        "is the data, not the width.",
        View(experiment=replace(FIRST, width=4096)),
    ),
    Lesson(
        "The lazy twin",
        "The same points from σ = 30: hundreds of kinks that hardly move, and a curve instead of a broken line. Which "
        "of the two would you trust between the points?",
        View(twin=True),
    ),
    Lesson(
        "Stuck for good",
        "Three points, 512 units, and the loss stays at that of the least-squares line. A direction that would help "
        "exists, but every unit that could take it has died.",
        View(experiment=KINKS["kinks/bf3"].experiment),
    ),
)


def picked(pick: dict[str, object]) -> None:
    """Train the seed of the outcome that was clicked."""
    fields = pick["fields"]
    assert isinstance(fields, dict)
    controls.choose_seed(int(fields["seed"]))


def edited(edit: dict[str, object]) -> None:
    """Take the points that were dragged."""
    rows = edit["rows"]
    assert isinstance(rows, list)
    controls.edited(rows)
