"""The chart of networks on smooth targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.part import Card, Scene, Shown, lost_badge, spoken
from core.studies.smooth_targets.charts import errors
from core.studies.smooth_targets.experiment import STARTS
from core.studies.smooth_targets.tables import FITTED_FROM
from core.studies.smooth_targets.trajectory import SmoothTargetsTrajectory
from core.studies.smooth_targets.view import TARGET_NAMES, SmoothTargetsView

Trained = Shown[SmoothTargetsTrajectory]

CAPTION = (
    "Above: the root mean square distance to the target on [−1, 1], a dot a seed, which moves the points; lines: "
    "geometric means. The rates r of error ∼ (2 / (K − 1))^r are of the end of training, fitted for "
    f"K ≥ {FITTED_FROM}, with the standard error over seeds. Below: the root mean square residual of the networks on "
    "the points that they are trained on."
)


def scene(view: SmoothTargetsView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the chart of a view."""
    shown = drawn[0]
    assert shown is not None
    rows, rates, motion = (
        _of(shown.table(name), view.target)
        for name in ("smooth_targets", "smooth_targets_rates", "smooth_targets_motion")
    )
    networks = rows["method"].isin(STARTS)
    said = verdict(rows, rates)
    title = f"Test error against the number of points: {TARGET_NAMES[view.target].lower()}"
    card = Card(
        title=title,
        caption=CAPTION,
        alt=spoken(title, said),
        badge=lost_badge(rows[networks]["outcome"]),
        broad=True,
    )
    return Scene(
        figures={"errors": errors.figure(motion, rows[~networks], rates)},
        cards={"errors": card},
        steps=shown.trajectory.steps,
        verdict=said,
    )


def _of(table: pd.DataFrame, target: str) -> pd.DataFrame:
    return table[table["target"] == target]


def verdict(rows: pd.DataFrame, rates: pd.DataFrame) -> str:
    """Say what was measured on one target, in Markdown."""
    of = rates.set_index("method")
    said = []
    for method, name in (("small", "a small initialization"), ("lazy", "lazy training")):
        factor, share = of["over_interpolant"][method], of["interpolates"][method]
        count = int((rows["method"] == method).sum())
        times = (
            f"; their test error is **{factor:.2g} times** the interpolant's (geometric mean for K ≥ {FITTED_FROM})"
            if np.isfinite(factor)
            else ""
        )
        said.append(f"From {name} {round(share * count)} of {count} networks interpolate{times}.")
    return " ".join(said)
