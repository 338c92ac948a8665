"""The Explorer: one network of the (alpha, T) plane, played; the plane around it; and how much of it is linear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from core.experiment import Experiment
from core.part import Drawn, Lesson, Part, Rows, late
from core.pinned import by_run
from core.studies.explorer import simplicity, tables
from core.studies.explorer.presets import PRESETS
from core.studies.explorer.run import asked, looks, parted, pinned_runs, run_of
from core.studies.explorer.view import FIRST, ExplorerView, differences

RUN, PLANE, LINEARISED = "This run", "The plane around it", "Its networks, linearised"

COMPARED = "The run on screen and the pinned ones, one row each."
CURVES = "The same as information, of the run on screen and of the pinned ones."
TABLES = {
    "kinks": "The kinks of the run on screen, one row a snapshot and unit.",
    "function": "F along the data line, one row a snapshot and place.",
    "points": "The training points projected on the line.",
    "information": "Bits, accuracy, loss and weight change of the run on screen, one row a snapshot.",
    "plane": "One row a run of the plane.",
}
SIMPLE = {
    "simplicity": "One row a run of the plane that fitted: test error, and what a linear classifier explains of it.",
    "simplicity_ranks": "Rank correlations of these measures with the test error.",
}
BESIDE_LINEARISED = {
    "linearised": "One row a network of the plane and seed, beside its linearisation at initialization.",
    "linearised_cells": "Means over those seeds, one row a cell.",
    "linearised_history": "The same networks, one row a seed and recorded step.",
}


def _trainings(view: ExplorerView) -> Mapping[str, Experiment]:
    linearised = asked(view)
    found: dict[str, Experiment] = {RUN: view.point, PLANE: view.experiment}
    return found if linearised is None else {**found, LINEARISED: linearised}


def _ready(view: ExplorerView, drawn: Drawn) -> bool:
    return run_of(view, drawn[0], drawn[1]) is not None


def _asks(view: ExplorerView, drawn: Drawn) -> Sequence[str]:
    """Return the run first; the plane once it is on screen, or as long as it is offered."""
    return (PLANE, LINEARISED) if _ready(view, drawn) else (RUN,)


def _tables(view: ExplorerView, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    """Return the tables as they stand on screen: of the run, or of the whole plane."""
    run = run_of(view, drawn[0], drawn[1])
    assert run is not None
    whole = drawn[1] or run.found
    rows: dict[str, Rows] = {name: partial(run.table, name) for name in TABLES}
    rows["plane"] = partial(tables.plane, whole.trajectory)
    found = {name: (text, rows[name]) for name, text in TABLES.items()}
    if view.colour == "mu_y_share" and drawn[1] is not None:
        ended = drawn[1].once("simplicity", partial(simplicity.simplicity, whole.trajectory))
        made: tuple[Rows, Rows] = (lambda: ended, partial(simplicity.correlations, ended))
        found |= {name: (text, one) for (name, text), one in zip(SIMPLE.items(), made, strict=True)}
    around = parted(view, drawn)
    if around.linearised is not None:
        found |= {name: (text, partial(around.linearised.table, name)) for name, text in BESIDE_LINEARISED.items()}
    pinned = {name: (other, one) for name, (other, one) in pinned_runs(view, around.pinned).items() if one is not None}
    if not pinned:
        return found
    runs = {"": run, **{name: one for name, (_, one) in pinned.items()}}
    differs = {"": "", **{name: ", ".join(differences(view, other)) for name, (other, _) in pinned.items()}}

    def rows_of(table: str) -> dict[str, pd.DataFrame]:
        return {name: one.table(table) for name, one in runs.items()}

    return {
        **found,
        "compared": (COMPARED, lambda: by_run(rows_of("plane"), differs_in=differs)),
        "compared_information": (CURVES, lambda: by_run(rows_of("information"))),
    }


def _picked(view: ExplorerView, pick: Mapping[str, Any]) -> ExplorerView:
    """Return the view of the cell that was clicked."""
    fields = pick["fields"]
    return view.changed({"alpha": float(fields["alpha"]), "temperature": float(fields["temperature"])})


def _on_digits(alpha: int, temperature: int, colour: str = "test_error") -> ExplorerView:
    """Return the view of a cell of the digits' plane, counted from the lower left."""
    return ExplorerView.of(FIRST, alpha=FIRST.alphas[alpha], temperature=FIRST.temperatures[temperature], colour=colour)


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
        "slope jumps grow by orders of magnitude.",
        _on_digits(2, 2, "kink_displacement"),
    ),
    Lesson(
        "Noise is another way out",
        "Back at large α, raise T. The lazy regime ends too, this time because SGD has to build a larger signal before "
        "every point is fitted. This seed's test error falls on the way; over eight seeds it changes by −0.001 ± 0.005 "
        "from T = 0.0017 to 0.16.",
        _on_digits(11, 8),
    ),
    Lesson(
        "How lazy is lazy?",
        "The plane shows |Δw| over that of the network's linearisation at initialization, trained on the same batches: "
        "1 where training is lazy. To the left it falls below one half: with features of its own the network fits "
        "with less. Upwards at α = 1,024 the kinks move about as far, and yet |Δw| stays within a factor of two of "
        "the linearisation's: noise ends the lazy regime and stops half-way.",
        _on_digits(11, 9, "weight_ratio"),
    ),
    Lesson(
        "A linear classifier first",
        "Early on μ_Y lies on I(F;Y): a linear classifier explains nearly all that the network knows. What comes later "
        "is beyond it, and the linear part is kept. Does that hold in the lazy corner?",
        _on_digits(5, 4, "mu_y_share"),
    ),
)

PART = Part(
    view=ExplorerView,
    title="Explorer",
    key="e",
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Where in the plane", "Network and training", "More"),
    scene=late("core.studies.explorer.scene"),
    trainings=_trainings,
    looks=looks,
    ready=_ready,
    asks=_asks,
    behind=PLANE,
    within=PLANE,
    tables={},
    more_tables=_tables,
    picked=_picked,
    differs=differences,
    draws_pinned=True,
)
