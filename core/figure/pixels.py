"""Pixels as a data URI, for image marks."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def picture(pixels: NDArray[np.uint8]) -> Image.Image:
    """Return an image (channel, row, column) of one channel, grey, or three."""
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1))


def data_uri(image: Image.Image, *, compress_level: int = 6) -> str:
    """Return an image as the data URI of a PNG."""
    content = io.BytesIO()
    image.save(content, "PNG", compress_level=compress_level)
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
