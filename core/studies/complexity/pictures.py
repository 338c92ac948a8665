"""Test examples as pictures, where the files they come from lie on this machine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.charts import learning_order
from core.comparison.scene import compared
from core.datasets import CATALOGUE, DataError, Source, missing, pictures
from core.figure import pixels
from core.figure.figure import Figure
from core.images import image_shape
from core.part import Scene
from core.studies.complexity.scene import NUMBERED, Trained, examples
from core.studies.complexity.view import ComplexityView


def with_pictures(scene: Scene, view: ComplexityView, shown: Trained, source: Source) -> Scene:
    """Return the scene with images in place of their numbers, or with a caption that says which files are absent."""
    dataset = shown.trajectory.experiment.dataset
    if "examples" not in scene.figures or image_shape(dataset) is None:
        return scene
    rows, card = examples(view, shown), scene.cards["examples"]
    try:
        figure = shown.once(("pictures", compared(view, shown), source), lambda: _figure(rows, shown, source))
    except DataError as error:  # trained elsewhere
        absent = f"The data files of {CATALOGUE[dataset].title} are not on this machine, so numbers stand for images."
        return _with(scene, card.caption.replace(NUMBERED, absent if missing(dataset, source) else str(error)))
    drawn = replace(scene, figures={**scene.figures, "examples": figure})
    return _with(drawn, card.caption.replace(NUMBERED, "").strip())


def _figure(rows: pd.DataFrame, shown: Trained, source: Source) -> Figure:
    found, _ = pictures(shown.trajectory.experiment.dataset, rows["example"].to_numpy(), source)
    return learning_order.figure(rows.assign(url=[_png(picture) for picture in found]), shown.trajectory.steps)


def _with(scene: Scene, caption: str) -> Scene:
    return replace(scene, cards={**scene.cards, "examples": replace(scene.cards["examples"], caption=caption)})


def _png(picture: NDArray[np.uint8]) -> str:
    """Return the data URI of an image (channel, row, column); the digits' pixels go to 16, others' to 255."""
    bright = picture.astype(np.float64) * (255 / 16 if picture.shape[1] == 8 else 1)
    return pixels.data_uri(pixels.picture(np.clip(bright, 0, 255).astype(np.uint8)))
