"""The charts of greedy construction beside gradient descent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.part import Scene, Shown, cards, lost_badge
from core.studies.greedy.charts import counts, descent, units
from core.studies.greedy.experiment import METHODS
from core.studies.greedy.trajectory import GreedyTrajectory
from core.studies.greedy.view import GreedyView

Trained = Shown[GreedyTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "descent": (
        "Loss and directions over the steps",
        "Solid: networks built unit by unit, a triangle where a unit was added. Dashed: gradient descent on all units. "
        "One line a seed, all on training sets of the marked size. Move over the chart to scrub.",
    ),
    "units": (
        "Loss against the number of directions",
        "The same networks: to the right as directions come into use, downwards as the loss falls. Dots: now.",
    ),
    "counts": (
        "Directions at the end against training points",
        "One mark a network, each trained to the same loss (crosses did not reach it); lines: means over seeds.",
    ),
}
SUBJECTS = {"greedy": "the greedy network", "descent": "gradient descent"}
REPORTED = (
    "A summary of Maennel, Bousquet and Gelly 2018 states that the final function equals the outcome of a greedy "
    "construction that adds neurons one at a time. Here the next unit takes the direction that grows fastest among "
    "those that a search finds, and all units are trained until the loss falls by less than 1 % in a long time."
)


def scene(view: GreedyView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    ends, steps, said = shown.table("greedy_ends"), shown.trajectory.steps, verdict(view, shown)
    path, added = (table[table["n_train"] == view.size] for table in map(shown.table, ("greedy", "greedy_units")))
    return Scene(
        figures={
            "descent": descent.figure(path, added, steps),
            "units": units.figure(path),
            "counts": counts.figure(ends, view.size),
        },
        cards=cards(CARDS, said, badge={"descent": lost_badge(ends["outcome"])}, scrub={"descent": "concat_0_x"}),
        steps=steps,
        verdict=said,
        below=REPORTED,
    )


def verdict(view: GreedyView, shown: Trained) -> str:
    """Say with how many directions either way ends on sets of that size, and how near the two are, in Markdown."""
    ends = shown.table("greedy_ends")
    mine = ends[ends["n_train"] == view.size]
    if (mine["outcome"] == "unfinished").any():
        return f"Networks on {view.size:,.0f} points are in training."
    said = [_ended(mine[mine["method"] == method], method) for method in METHODS]
    pairs = mine[mine["method"] == METHODS[0]]
    near = ""
    if pairs["agreement"].notna().all():
        near = (
            f" They agree on {_mean(pairs['agreement'], '.1%')} of the test points, and differ in output by "
            f"**{_mean(pairs['output_distance'], '.0%')}** of its root mean square."
        )
    return f"On {view.size:,.0f} points {said[0]}; {said[1]}.{near}"


def _ended(runs: pd.DataFrame, method: str) -> str:
    """Say of the runs of one way with how many directions they end."""
    reached = int((runs["outcome"] == "interpolated").sum())
    short = "" if reached == len(runs) else f" ({len(runs) - reached} of {len(runs)} did not reach the target loss)"
    error = _mean(runs["test_error"], ".1%")
    return f"{SUBJECTS[method]} ends with **{_mean(runs['directions'], '.3g')} directions**, test error {error}{short}"


def _mean(values: pd.Series, form: str) -> str:
    """Return the mean over seeds with its standard error, where there are several seeds."""
    number = values.to_numpy(np.float64)
    if len(number) == 1:
        return f"{number[0]:{form}}"
    return f"{number.mean():{form}} ± {number.std(ddof=1) / len(number) ** 0.5:{form}}"
