"""Images and their clones: a row a kind, a column a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import marks_of
from core.figure.palette import INK, MUTED

HEIGHT = 300
SIDE = 76
"""Pixels that the names of the rows take."""
WIDE = f"((width - {SIDE} * type_scale) / columns)"
HIGH = "((height - 18 * type_scale) / rows)"
STEP = f"min({WIDE}, {HIGH})"
SIZE = f"0.92 * {STEP}"
"""Pixels between two columns, at most between two rows, between two, and of an image."""


def figure(images: Mapping[str, Sequence[str]], names: Mapping[str, str], classes: Sequence[str]) -> Figure:
    """Return the figure.

    Args:
        images: of each kind, data URIs, one a class.
        names: of the kinds, for people.
        classes: the names of the classes, in the order of the images.
    """
    cells = [
        {"row": row, "column": column, "url": url, "said": f"{names[kind]}, class {classes[column]}"}
        for row, (kind, urls) in enumerate(images.items())
        for column, url in enumerate(urls)
    ]
    tables: dict[str, Rows] = {
        "cells": cells,
        "kinds": [{"row": row, "text": names[kind]} for row, kind in enumerate(images)],
        "classes": [{"column": column, "text": name} for column, name in enumerate(classes)],
    }
    return Figure.of(chart(), tables, {"rows": max(len(images), 1), "columns": max(len(classes), 1)})


@specification(height=HEIGHT, params={"rows": 4, "columns": 10})
def chart() -> Chart:
    """Return the chart, the same for every data set."""
    x = f"{SIDE} * type_scale + (datum.column + 0.5) * {WIDE}"
    y = f"18 * type_scale + (datum.row + 0.5) * {STEP}"
    at: dict[str, Any] = {"x": alt.X("x:Q", scale=None, axis=None), "y": alt.Y("y:Q", scale=None, axis=None)}
    cells = marks_of("cells").transform_calculate(x=x, y=y)
    kinds = marks_of("kinds").transform_calculate(x="0", y=y)
    classes = marks_of("classes").transform_calculate(x=x, y="6 * type_scale")
    side = expr(SIZE)
    layers = [
        cells.mark_image(width=side, height=side, smooth=False).encode(**at, url="url:N", tooltip="said:N"),
        kinds.mark_text(align="left", baseline="middle", fontSize=11, color=INK).encode(**at, text="text:N"),
        classes.mark_text(baseline="middle", fontSize=10.5, color=MUTED).encode(**at, text="text:N"),
    ]
    return alt.layer(*layers)
