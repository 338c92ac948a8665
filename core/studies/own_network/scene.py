"""The charts of a network of one's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison import scene as shared
from core.comparison.scene import compared
from core.figure import pixels
from core.part import Scene, Shown, badge
from core.recorded.opened import few
from core.studies.own_network.trajectory import TITLES, OwnNetworkTrajectory
from core.studies.own_network.view import OwnNetworkView

Opened = Shown[OwnNetworkTrajectory]


def scene(view: OwnNetworkView, drawn: Sequence[Opened | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    figures = shared.figures(view, shown) | {"examples": shared.examples_figure(examples(view, shown), shown)}
    said, trajectory = shared.sentence(view, shown), shown.trajectory
    fitting = badge("explainers are being fitted") if not trajectory.complete else None
    return Scene(
        figures=figures,
        cards={
            name: shared.card(name, *shared.CARDS[name], said, fitting, last=name == "examples") for name in figures
        },
        steps=trajectory.steps,
        verdict=said,
        notes=(*_points(trajectory), *shared.about_explainer(view, shown, TITLES.get(view.explainer, view.explainer))),
    )


def _points(trajectory: OwnNetworkTrajectory) -> tuple[str, ...]:
    """Say what the numbers are of, and if that is little."""
    points, classes = len(trajectory["test_label"]), trajectory.classes
    said = f"{points:,} points of {classes} classes, one network; bands over seeds need several."
    return (said, *few(points, classes))


def examples(view: OwnNetworkView, shown: Opened) -> pd.DataFrame:
    """Return chosen test points in the order in which they are learned, with their images if they are images."""
    rows, pictures = shared.order(view, shown), shown.trajectory["picture"]
    if not len(pictures):
        return rows
    urls = shown.once(("pictures", compared(view, shown)), lambda: [_png(pictures[at]) for at in rows["example"]])
    return rows.assign(url=urls)


def _png(picture: NDArray[np.uint8]) -> str:
    """Return the data URI of an image (channel, row, column)."""
    image = pixels.picture(picture)
    image.thumbnail((64, 64))
    return pixels.data_uri(image)
