"""What the charts of where training fails share: the plane of a neuron's two weights, its fields, its colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.figure.figure import Rows, expr
from core.figure.marks import between, marks_of, rimmed
from core.figure.palette import INK, categories
from core.figure.pixels import data_uri
from core.figure.rows import Floats
from core.studies.basin.experiment import EDGE
from core.studies.basin.theory import FATE_NAMES, FATES

LEARNS, FAILS, GONE, BETWEEN = "#00A578", "#A82450", "#9AA3AD", "#E0B000"
COLOURS: Mapping[str, str] = dict(zip(FATES, (LEARNS, FAILS, GONE, BETWEEN), strict=True))
"""Fate: colour."""

NAMES: Mapping[str, str] = {**FATE_NAMES, "dead": "inactive"}
"""Fate: what a chart calls it, shortly."""

NAMED = f"{dict(NAMES)}"
"""The names as an object of Vega's expressions."""

STRENGTH = (0.3, 0.3, 0.16, 0.6)
"""How opaque each fate is as a field."""


def colour() -> alt.Color:
    """Return the colour of a fate; the plane itself names them."""
    return categories("fate", COLOURS)


def axes() -> tuple[alt.X, alt.Y]:
    """Return the axes z and y, from -EDGE to EDGE."""
    scale = between(-EDGE, EDGE, zero=False)
    ticks: dict[str, Any] = {"values": [-1.5, -1, -0.5, 0, 0.5, 1, 1.5], "format": "~g", "grid": False}
    x = alt.X("z:Q", title="z, output weight times the class sign", scale=scale, axis=alt.Axis(**ticks))
    y = alt.Y("y:Q", title="y, first layer along x / |x|", scale=scale, axis=alt.Axis(**ticks, minExtent=30))
    return x, y


def picture(x: alt.X, y: alt.Y) -> alt.Chart:
    """Return the picture of the table `ground`, over the whole plane of a chart of a single view."""
    found: alt.Chart = (
        marks_of("ground")
        .mark_image(width=expr("width"), height=expr("height"), aspect=False, align="left", baseline="top")
        .encode(x=x, y=y, url="url:N")
    )
    return found


def fields(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the fields of what learns, will die and is inactive as areas."""
    edges: Mapping[str, Sequence[tuple[float, float, float]]] = {
        "learns": [(-EDGE, EDGE, EDGE), (0, 0, EDGE), (EDGE, 0, EDGE)],
        "doomed": [(-EDGE, 0, EDGE), (0, 0, 0)],
        "dead": [(-EDGE, -EDGE, 0), (EDGE, -EDGE, 0)],
    }
    return [
        alt.Chart(alt.InlineData([{"z": z, "y": low, "high": high} for z, low, high in places]))
        .mark_area(color=COLOURS[name], opacity=opacity, line=False)
        .encode(x=x, y=y, y2="high:Q")
        for (name, places), opacity in zip(edges.items(), STRENGTH, strict=False)
    ]


def boundary(x: alt.X, y: alt.Y) -> alt.Chart:
    """Return the boundary of what learns."""
    ends = alt.InlineData([{"z": 0, "y": 0, "z2": -EDGE, "y2": EDGE}, {"z": 0, "y": 0, "z2": EDGE, "y2": 0}])
    rule: alt.Chart = (
        alt.Chart(ends).mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.3).encode(x=x, y=y, x2="z2:Q", y2="y2:Q")
    )
    return rule


def words(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the names in the table `words`."""
    return rimmed(marks_of("words").encode(x=x, y=y, text="text:N"), rim=1, fontSize=11)


def ground_rows(pixels: NDArray[np.uint8]) -> Rows:
    """Return the table `ground` of a picture (row, column, RGBA), its first row at the largest y."""
    url = data_uri(Image.fromarray(pixels, "RGBA"), compress_level=3)
    return [{"z": -EDGE, "y": EDGE, "url": url}]


def pixels(codes: NDArray[np.int8], strength: Floats) -> NDArray[np.uint8]:
    """Return the picture of fates (row, column) by y, then z, as opaque as `strength` says."""
    table = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in COLOURS.values()], np.uint8)
    alpha = np.round(255 * strength).astype(np.uint8)
    return np.concatenate([table[codes], alpha[..., None]], axis=-1)[::-1]
