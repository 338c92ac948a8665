"""A network on a line whose points can be dragged: a part of the Kinks page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from core.part import Drawn, Lesson, Part, Rows
from core.pinned import differences
from core.studies.kinks.presets import PRESETS
from core.studies.kinks.scene import SEEDS, family, scene, seeds_of, trainings
from core.studies.kinks.tables.families import escape_scales, stuck_widths
from core.studies.kinks.view import FIRST, KinksView

LESSONS = (
    Lesson(
        "First align, then learn",
        "Play slowly. For the first thousand steps the loss does not move, but the units do: on the circle they turn "
        "to a few directions, the maxima and minima of the landscape. Only then does f leave zero.",
        KinksView(),
    ),
    Lesson(
        "Eight times the units",
        "4,096 units instead of 512. The kinks gather at the same places and the function is the same: what limits it "
        "is the data, not the width. With few units it may be the width: of 64 seeds 49 stay short of the data at 16 "
        "units, 28 at 32, 2 at 128 and none at 512.",
        KinksView(experiment=replace(FIRST, width=4096)),
    ),
    Lesson(
        "How wide is wide enough?",
        "The share of 64 seeds that stay short of the data, against the width: 49 at 16 units, 2 at 128, none at 512.",
        KinksView(widths=True),
    ),
    Lesson(
        "The law of the escape",
        "Every factor of e by which σ shrinks delays the fall of the loss by 1/G_max. The line of theory lies below "
        "the dots, as it is only the leading order; it is the slopes that agree.",
        KinksView(scales=True),
    ),
    Lesson(
        "The lazy twin",
        "The same points from σ = 30: hundreds of kinks that hardly move, and a curve instead of a broken line. Which "
        "of the two would you trust between the points?",
        KinksView(twin=True),
    ),
    Lesson(
        "Stuck for good",
        "Three points, 512 units, and the loss stays at that of the least-squares line. A direction that would help "
        "exists, but every unit that could take it has died.",
        KinksView(experiment=PRESETS["kinks/bf3"].experiment),
    ),
)


def _picked(view: KinksView, pick: Mapping[str, Any]) -> KinksView:
    """Return the view of the seed whose outcome was clicked."""
    return view.changed({"seed": int(pick["fields"]["seed"])})


def _edited(view: KinksView, rows: Sequence[Mapping[str, Any]]) -> KinksView:
    points = sorted((float(row["x"]), float(row["y"])) for row in rows)
    return view.changed({"x": tuple(x for x, _ in points), "y": tuple(y for _, y in points)})


def _tables(view: KinksView, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    found: dict[str, tuple[str, Rows]] = {}
    if (seeds := seeds_of(view, drawn)) is not None:
        found["outcomes"] = ("What the seeds lead to, one row a function.", partial(seeds.table, "outcomes"))
    if (widths := family(view, drawn, view.over_widths)) is not None:
        found["stuck_widths"] = ("Seeds short of the data, one row a width.", partial(stuck_widths, widths))
    if (scales := family(view, drawn, view.over_scales)) is not None:
        found["escape_scales"] = ("When the loss falls, one row a scale.", partial(escape_scales, scales))
    return found


PART = Part(
    view=KinksView,
    title="On a line",
    key="k",
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Initialization", "Network", "Data", "Optimizer"),
    notes=lambda view: {"Data": "Drag points in the chart; a double click adds one, or removes the one that it hits."},
    scene=scene,
    trainings=trainings,
    behind=SEEDS,
    tables={
        "kinks": "The kinks of the run on screen, one row a snapshot and unit.",
        "function": "f, one row a snapshot and x.",
        "loss": "Loss, flow time and counts of kinks, one row a snapshot.",
        "extremal": "Directions at which units converge, one row a snapshot and direction.",
        "summary": "How the run ended, and what was measured of it.",
        "kink_places": "Shares of |a w| whose kinks lie on points, on each other, or alone, one row a seed.",
        "points": "The data.",
        "landscape": "G(θ), one row a snapshot and angle.",
    },
    more_tables=_tables,
    picked=_picked,
    edited=_edited,
    differs=partial(differences, unwritten={"x": "the points", "y": "the points"}),
)
