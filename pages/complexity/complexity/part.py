"""Networks in training beside the classifiers that explain them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from core.part import Lesson
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.observables import explainer_predictions
from core.studies.complexity.presets import PRESETS as COMPLEXITY
from core.values import ExperimentError
from pages.complexity.complexity import controls
from pages.complexity.complexity.stage import TABLES, Shown, curves, figures, table, to_player, verdict
from pages.complexity.complexity.view import FIRST, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.library import find, jobs
from pages.shared.player import play
from pages.shared.training import on_screen, training
from pages.shared.words import plain, warn


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    wanted: View | None = None
    try:
        wanted = controls.current()
    except ExperimentError as error:
        if error.field == "csv":
            notices.info("Your own table: upload a file at the left to train on it.")
        else:
            notices.error(plain(str(error)))
    experiment = wanted.experiment if wanted is not None else None
    with notices:
        warn(controls.kept.said(experiment))
        if wanted is not None:
            st.query_params.from_dict(to_query(wanted))
            training(wanted.experiment, "These networks")
    shown: Shown | None = on_screen("c", experiment, FIRST, notices, _explained)
    if shown is not None:
        with charts:
            settled = experiment is not None and jobs().store.has(experiment)
            stage(replace(controls.kept.view, experiment=shown.trajectory.experiment), shown, settled=settled)


def _explained(experiment: Complexity) -> Shown | None:
    """Return what there is of a training as soon as there is an explainer to compare it with."""
    found = find(experiment)
    return found if found is not None and explainer_predictions(found.trajectory) else None


def stage(view: View, shown: Shown, *, settled: bool) -> None:
    """Draw the charts and what can be taken away; `settled`: there will be no other explainers."""
    known = tuple(explainer_predictions(shown.trajectory))
    view = replace(view, explainer=controls.explainer_choice(known, settled=settled))
    st.markdown(verdict(view, shown))
    drawn = figures(view, shown)
    play(to_player(view, drawn, shown), key="c-player", on_frame=controls.kept.rested, on_pick=picked)
    what_to_look_for(LESSONS, controls.kept.show)
    steps = shown.trajectory.steps
    frame = len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())
    tables = {"curves": ("What the charts of this explainer show, one row a step.", partial(curves, view, shown))}
    tables |= {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
    take_away(Takeaway(tables, shown.trajectory, drawn, frame))


LESSONS = (
    Lesson(
        "The plateau",
        "The sinusoid has a linear part and a fast sine. For a thousand steps I(F;Y) rests at what the linear "
        "classifier knows; then it climbs, and μ_Y stays where it was.",
        View(),
    ),
    Lesson(
        "It begins straight",
        "The disc's border is a curve, and one training label in ten is wrong. The network's border is a straight line "
        "first, L's line; then it bends.",
        View(experiment=COMPLEXITY["complexity/disc"].experiment),
    ),
    Lesson(
        "Where it breaks",
        "A fifth of the digits' training labels are wrong, and the network is trained until it fits them all. What it "
        "shared with the linear classifier goes: retention depends on the data.",
        View(experiment=COMPLEXITY["complexity/noisy_digits"].experiment),
    ),
    Lesson(
        "The control",
        "On XOR no linear classifier knows anything, and nothing that the network learns is explained. Try the "
        "quadratic one.",
        View(experiment=COMPLEXITY["complexity/xor"].experiment),
    ),
)


def picked(pick: dict[str, object]) -> None:
    """Explain with the row of the staircase that was clicked."""
    fields = pick["fields"]
    assert isinstance(fields, dict)
    controls.choose(str(fields["explainer"]))
