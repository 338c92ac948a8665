"""Figures as pictures, drawn without a browser."""

from __future__ import annotations

from typing import Any

import vl_convert

from core.figure.figure import Figure

WIDTH = 420


def svg(figure: Figure, frame: int) -> str:
    """Return the figure at `frame` as SVG."""
    return str(vl_convert.vegalite_to_svg(_sized(figure, frame)))


def png(figure: Figure, frame: int) -> bytes:
    """Return the figure at `frame` as PNG, two pixels a unit."""
    return bytes(vl_convert.vegalite_to_png(_sized(figure, frame), scale=2))


def _sized(figure: Figure, frame: int) -> dict[str, Any]:
    spec = figure.standalone(frame)
    for view in spec.get("vconcat", [spec]):
        view["width"] = WIDTH
    return spec | {"background": "white", "padding": 8}
