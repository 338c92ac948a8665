"""Figures as pictures for print, drawn without a browser: at a width in millimetres, on white, in one font."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import vl_convert

from core.figure import outlines
from core.figure.figure import Figure
from core.figure.marks import ON_SCREEN

WIDTH = 420
SVG = "{http://www.w3.org/2000/svg}"

COLUMN, PAGE = 85, 178
"""Millimetres: the width of a column of a journal, and that of its page."""

PIXELS_PER_MM = 4
"""Charts are laid out as on a screen of that width: the least text is 11 pixels, 7.8 points in print."""

DPI = 300
FORMS = ("svg", "png", "pdf")
INCH, POINTS = 25.4, 72

INK, WORDS, LINES, GRID = "#1a1a1a", "#515151", "#bababa", "#eaeaea"
"""Of axes and their names: the light theme of the app, as `theme.js` mixes it."""

TITLE, TITLE_ROOM, TITLE_WEIGHT = 14.0, 26, 600
MARGIN = 4
PASSES = 4
"""Plots one above another are fitted to the width by what stood beside them in the drawing before."""
CHILD_PADDING, LEAST_PLOT_WIDTH = 70, 60
"""Pixels: beside the plots of a vconcat that states none, and what is left of a plot in a narrow picture."""


@dataclass(frozen=True)
class Picture:
    """A drawing for print; its text is outlines of one font."""

    svg: str
    width: float
    """In millimetres."""
    pixels: float
    """The width that it is laid out in."""

    def content(self, form: str) -> bytes:
        """Return it in one of `FORMS`."""
        return {"svg": self.svg.encode, "png": self.png, "pdf": self.pdf}[form]()

    def png(self) -> bytes:
        """Return it as PNG of `DPI` dots an inch, which the file says."""
        scale = self.width / INCH * POINTS / self.pixels
        return bytes(vl_convert.svg_to_png(_sized(self.svg, 1), scale=scale, ppi=DPI))

    def pdf(self) -> bytes:
        """Return it as PDF."""
        return bytes(vl_convert.svg_to_pdf(_sized(self.svg, self.width / INCH * POINTS / self.pixels)))


def picture(figure: Figure, frame: int, title: str, width: float = COLUMN) -> Picture:
    """Return the figure at a frame as it is printed, `width` millimetres wide, under its title.

    What only a screen needs is left out: the marks of the clock, and the frames of what was clicked.
    """
    outlines.announce()
    pixels = PIXELS_PER_MM * width - 2 * MARGIN
    drawn = _fitted(for_print(figure, frame), pixels)
    size = re.match(r'<svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)">', drawn)
    assert size is not None, drawn[:200]
    wide, high = max(float(size[1]), pixels) + 2 * MARGIN, float(size[2]) + TITLE_ROOM + 2 * MARGIN
    at = f'transform="translate({MARGIN},{TITLE + MARGIN})" font-size="{TITLE}px" font-weight="{TITLE_WEIGHT}"'
    words, content = html.escape(title, quote=False), drawn[size.end() : drawn.rindex("</svg>")]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'width="{width:g}mm" height="{high / wide * width:.2f}mm" viewBox="0 0 {wide:g} {high:g}">'
        f'<rect width="100%" height="100%" fill="white"/><text {at} fill="{INK}">{words}</text>'
        f'<g transform="translate({MARGIN},{TITLE_ROOM + MARGIN})">{content}</g></svg>'
    )
    return Picture(outlines.outlined(svg), width, wide)


def _sized(svg: str, scale: float) -> str:
    """Return the SVG in units of the program that draws it, `scale` of them a pixel."""

    def size(found: re.Match[str]) -> str:
        wide, high = (scale * float(length) for length in found.groups())
        return f'width="{wide:.2f}" height="{high:.2f}" viewBox="0 0 {found[1]} {found[2]}"'

    return re.sub(r'width="\S+mm" height="\S+mm" viewBox="0 0 (\S+) (\S+)"', size, svg, count=1)


def for_print(figure: Figure, frame: int) -> dict[str, Any]:
    """Return a specification that draws the figure at a frame as it is printed."""
    spec: dict[str, Any] = _printed(figure.standalone(frame))
    for param in spec.get("params", []):
        if param["name"] == "muted":
            param["value"] = WORDS
    return spec | {"background": "white", "padding": 0, "config": _config(spec.get("config", {}))}


def _printed(part: Any) -> Any:
    """Return a part of a specification without the layers that only a screen needs."""
    if isinstance(part, dict):
        return {name: _printed(value) for name, value in part.items()}
    if isinstance(part, list):
        kept = (one for one in part if not (isinstance(one, dict) and one.get("description") == ON_SCREEN))
        return [_printed(one) for one in kept]
    return part


@cache
def _look() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "player" / "look.js").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def _config(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of a printed chart: the screen's sizes, and the colours of its light theme."""
    words = {"labelColor": WORDS, "titleColor": INK}
    axis = words | {"gridColor": GRID, "domainColor": LINES, "tickColor": LINES}
    colours = {"axis": axis, "legend": words, "header": words, "text": {"color": INK}, "view": {"stroke": None}}
    title = {"title": {"color": INK, "subtitleColor": WORDS}}
    return _merged(_merged(_look(), own), {"font": outlines.FONT, **colours, **title})


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(base)
    for name, value in over.items():
        both = isinstance(value, Mapping) and isinstance(found.get(name), Mapping)
        found[name] = _merged(found[name], value) if both else value
    return found


def _fitted(spec: dict[str, Any], pixels: float) -> str:
    """Return the drawing of a specification as wide as told, with narrow legends if it takes them."""
    drawn = _drawn(spec, pixels)
    fits = legends_end(ElementTree.fromstring(drawn)) <= pixels + 1
    return drawn if fits else _drawn(_with_narrow_legends(spec), pixels)


def legends_end(part: Element, left: float = 0) -> float:
    """Return where the last legend of a drawing ends, in pixels from its left."""
    moved = re.match(r"translate\(([-\d.]+)", part.get("transform", ""))
    left += float(moved[1]) if moved else 0
    ends = [legends_end(child, left) for child in part]
    if "role-legend" in part.get("class", "").split():
        boxes = (re.match(r"M[-\d.]+,[-\d.]+h([\d.]+)", path.get("d", "")) for path in part.iter(f"{SVG}path"))
        first = next((box for box in boxes if box is not None), None)
        group = next((child for child in part.iter(f"{SVG}g") if child.get("transform")), None)
        at = re.match(r"translate\(([-\d.]+)", group.get("transform", "")) if group is not None else None
        ends.append(left + (float(at[1]) if at else 0) + (float(first[1]) if first else 0))
    return max(ends, default=0)


def _drawn(spec: dict[str, Any], pixels: float) -> str:
    inner, drawn = pixels, ""
    for _ in range(PASSES):
        drawn = str(vl_convert.vegalite_to_svg(with_width(spec, inner)))
        over = overhang(drawn, pixels)
        if "vconcat" not in spec or abs(over) < 1:
            break
        inner -= over
    return drawn


def with_width(spec: Mapping[str, Any], pixels: float) -> dict[str, Any]:
    """Return the specification about as wide as told, as `specs.js` does.

    Vega fits a single view. The plots of a vconcat get the width that their padding leaves; what they then lack or
    have too much is known once they are drawn.
    """
    if "vconcat" not in spec:
        return {**spec, "width": pixels, "autosize": {"type": "fit-x", "contains": "padding"}}
    padding = spec.get("usermeta", {}).get("trainscope", {}).get("padding", CHILD_PADDING)
    width = max(LEAST_PLOT_WIDTH, pixels - padding)
    return {**spec, "vconcat": [{**panel, "width": width} for panel in spec["vconcat"]]}


def overhang(drawn: str, pixels: float) -> float:
    """Return by how much a drawing is wider than it should be."""
    width = re.search(r'viewBox="0 0 ([\d.]+)', drawn)
    assert width is not None
    return float(width[1]) - pixels


def _with_narrow_legends(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the specification with legends in one column, one below another, and short gradients; as `specs.js`."""
    sides = {side: {"direction": "vertical"} for side in ("top", "bottom")}
    legend = {**spec["config"].get("legend", {}), "layout": sides, "columns": 1, "gradientLength": 120}
    return {**_narrow(spec), "config": {**spec["config"], "legend": legend}}


def _narrow(part: Any) -> Any:
    if isinstance(part, list):
        return [_narrow(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: _narrow(value) for name, value in part.items()}
    legend = found.get("legend")
    if isinstance(legend, dict):
        found["legend"] = legend | {
            name: least for name, least in (("columns", 1), ("gradientLength", 120)) if legend.get(name, 0) > least
        }
    return found


def svg(figure: Figure, frame: int) -> str:
    """Return the figure at `frame` as it is on a screen, with text as text."""
    spec = figure.standalone(frame)
    for view in spec.get("vconcat", [spec]):
        view["width"] = WIDTH
    return str(vl_convert.vegalite_to_svg(spec | {"background": "white", "padding": 8}))
