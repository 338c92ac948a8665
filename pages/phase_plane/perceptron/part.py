"""The perceptron, exact: the part of the Phase plane page in which signal and noise are two numbers."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core.part import Lesson
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.presets import PRESETS as PERCEPTRON
from pages.phase_plane.perceptron import controls
from pages.phase_plane.perceptron.stage import (
    TABLES,
    Shown,
    cell_at,
    figures,
    steps,
    table,
    to_player,
    verdict,
    watched,
)
from pages.phase_plane.perceptron.view import FIRST, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, on_screen, training
from pages.shared.words import warn

INTRODUCTION = (
    "A perceptron whose label is the sign of its first input; all others are noise. Its weights are two numbers, the "
    "signal w₁ and the noise |w⊥|, and its test error is known exactly from their ratio λ. **SGD noise keeps |w⊥| up, "
    "in proportion to T = η/B, so the signal must grow as far before every point is fitted: training takes longer and "
    "ends with larger weights, and so it does with a larger training set.**"
)


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    st.markdown(INTRODUCTION)
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    wanted = asked(controls.current, notices)
    experiment = wanted.experiment if wanted is not None else None
    with notices:
        warn(controls.kept.said(experiment))
        if wanted is not None:
            st.query_params.from_dict(to_query(wanted))
            training(wanted.experiment, "These perceptrons")
    shown: Shown | None = on_screen("p", experiment, FIRST, notices)
    if shown is not None:
        with charts:
            stage(wanted or View(experiment=shown.trajectory.experiment), shown)


def stage(view: View, shown: Shown) -> None:
    """Draw the charts and what can be taken away."""
    st.markdown(verdict(view, shown))
    drawn = figures(view, shown)
    play(
        to_player(view, drawn, shown),
        key="p-player",
        on_frame=controls.kept.rested,
        on_pick=partial(picked, view, shown),
    )
    if "batches" in drawn:
        controls.chart_controls()
    what_to_look_for(LESSONS, controls.kept.show)
    tables = {name: (text, partial(table, view, shown, name)) for name, text in TABLES.items()}
    at = steps(view, shown)
    frame = len(at) - 1 if view.step is None else int(np.abs(at - view.step).argmin())
    take_away(Takeaway(tables, shown.trajectory, drawn, frame))


def _cell(experiment: Perceptron, batch_size: int, learning_rate: float) -> int:
    """Return the first run with that batch size and learning rate."""
    found = [
        run
        for run, cell in enumerate(experiment.cells)
        if (cell.batch_size, cell.learning_rate) == (batch_size, learning_rate)
    ]
    return found[0]


LESSONS = (
    Lesson(
        "Noise makes the signal grow",
        "B = 1 at the largest learning rate. The noise |w⊥| settles within a few hundred steps; the signal w₁ goes on "
        "growing until the last point is on its side, and the border is upright by then.",
        View(),
    ),
    Lesson(
        "The same T, the same end",
        "B = 16, η = 64 has T = 4, as B = 8, η = 32 has, and so on down the diagonal: |w| and λ come out alike, until "
        "B is near B*. Only the number of steps differs.",
        View(run=_cell(FIRST, 16, 64.0)),
    ),
    Lesson(
        "The first step decides",
        "Full batch, large learning rate: the first step moves w by η whatever B is, and all that follows is to undo "
        "what is wrong with it.",
        View(run=_cell(FIRST, 2048, 64.0), measure="test_error"),
    ),
    Lesson(
        "Fewer points at the border, weaker laws",
        "χ = 0, 1, 3: by theory the signal grows as P¹, P^½, P^¼. T_c does not move with P, and B* grows as the "
        "signal does.",
        View(experiment=PERCEPTRON["phase_plane/perceptron"].experiment),
    ),
)


def picked(view: View, shown: Shown, pick: dict[str, Any]) -> None:
    """Play the run of the cell that was clicked."""
    fields = pick["fields"]
    run = cell_at(shown, watched(view, shown), float(fields["batch_size"]), float(fields["learning_rate"]))
    if run is not None:
        controls.choose(run)
