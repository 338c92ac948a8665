"""Test examples as pictures, where the files they come from lie on this machine."""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from core.datasets import CATALOGUE, DataError, pictures
from core.images import image_shape
from pages.shared.library import source


def with_pictures(chosen: pd.DataFrame, dataset: str, data_dir: str) -> pd.DataFrame:
    """Return the examples with a `url` each, None where there is no picture, and their label as text."""
    classes = CATALOGUE[dataset].classes
    label = np.where(chosen["label"] > 0, classes[1], classes[0])
    urls = pd.Series(_urls(chosen["example"].to_numpy(), dataset, data_dir), dtype=object)
    return chosen.assign(url=urls, label=label)


def _urls(examples: NDArray[np.int64], dataset: str, data_dir: str) -> list[str | None]:
    if image_shape(dataset) is None:
        return [None] * len(examples)
    try:
        pixels, _ = pictures(dataset, examples, source(data_dir))
    except DataError:  # trained elsewhere: the files are not here
        return [None] * len(examples)
    return [_png(picture) for picture in pixels]


def _png(picture: NDArray[np.uint8]) -> str:
    """Return the data URI of an image (channel, row, column); the digits' pixels go to 16, others' to 255."""
    bright = picture.astype(np.float64) * (255 / 16 if picture.shape[1] == 8 else 1)
    levels = np.clip(bright, 0, 255).astype(np.uint8)
    image = Image.fromarray(levels[0] if len(levels) == 1 else np.moveaxis(levels, 0, -1))
    content = io.BytesIO()
    image.save(content, "PNG")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
