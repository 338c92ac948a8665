"""Text of an SVG as outlines of one font, so that it looks alike wherever it is opened or printed.

What follows an underscore after a single letter is set below the line: mu_Y, T_c, N_eff.
"""

from __future__ import annotations

import atexit
import html
import re
import shutil
import tempfile
import threading
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import vl_convert
from fontTools.misc.transform import Transform
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONT = "Trainscope"
"""What drawings call the font: Source Sans 3, the app's own, whose name cannot be written there for its digit."""

WEIGHTS = {"normal": 400, "bold": 700}
SMALL, BELOW, ABOVE = 0.7, -0.17, 0.36
"""Of what stands below or above the line: its size, and its places, as shares of the size of the text."""

OTHERS = {"ᵞ": "^γ", "⊥": "_⊥"}
"""Characters that the font lacks, as those that it has; `_` and `^` set the next one below or above the line."""

_reading = threading.RLock()
"""Held while the font is read: fontTools reads a table and a glyph when they are first asked for, for one thread."""

UPRIGHT_TACK = ([(40, 0), (40, 60), (260, 60), (260, 640), (320, 640), (320, 60), (540, 60), (540, 0)], 580)
"""The outline and the advance of ⊥, in units of the font."""

LAID_OUT = (
    range(0x20, 0x180),
    range(0x370, 0x400),
    range(0x1D00, 0x1D80),
    range(0x2000, 0x2300),
    range(0x25A0, 0x2600),
)
"""Characters whose widths count when a chart is laid out: Latin, Greek, and signs."""

_TEXT = re.compile(r"<text([^>]*?)(?:/>|>(.*?)</text>)", re.DOTALL)
_SPAN = re.compile(r"<tspan([^>]*)>(.*?)</tspan>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_SCRIPT = re.compile(r"(?<![^\W_])(?P<base>\w)_(?P<below>[^\W_]+)|(?P<level>[_^])(?P<one>[γ⊥])")
_OF_TEXT = {"text-anchor", "font-family", "font-size", "font-weight", "font-style"}


class Run(NamedTuple):
    """Characters at one height: on the line, below it or above it."""

    text: str
    size: float = 1.0
    rise: float = 0.0


def runs(text: str) -> list[Run]:
    """Return the text's runs: `μ_Y / T` is μ, a Y below the line, and the rest on it."""
    for lacking, own in OTHERS.items():
        text = text.replace(lacking, own)
    found, end = [], 0
    for match in _SCRIPT.finditer(text):
        found.append(Run(text[end : match.start()] + (match["base"] or "")))
        rise = ABOVE if match["level"] == "^" else BELOW
        found.append(Run(match["below"] or match["one"], SMALL, rise))
        end = match.end()
    return [run for run in [*found, Run(text[end:])] if run.text]


def width(text: str, size: float, weight: int = 400) -> float:
    """Return the length of a line of text, in the unit of `size`."""
    return sum(_glyph(letter, weight)[1] * run.size for run in runs(text) for letter in run.text) * size / _units()


def outlined(svg: str) -> str:
    """Return the SVG with every text as a path; it keeps its words as a label for readers who do not see it."""
    return _TEXT.sub(lambda found: _drawn(found[1], found[2]), svg)


@cache
def announce() -> None:
    """Let `vl_convert` lay out text by the widths of the font; it takes none of variable weight, so of two weights."""
    folder = Path(tempfile.mkdtemp(prefix="trainscope-font-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for style, weight in (("Regular", WEIGHTS["normal"]), ("Bold", WEIGHTS["bold"])):
        font, options = TTFont(_path()), Options(layout_features=[], name_IDs=["*"])
        subset = Subsetter(options)
        subset.populate(unicodes=chain(*LAID_OUT))
        subset.subset(font)
        instantiateVariableFont(font, {"wght": weight}, inplace=True)
        for number, name in ((1, FONT), (2, style), (4, f"{FONT} {style}"), (6, f"{FONT}-{style}")):
            font["name"].setName(name, number, 3, 1, 0x409)
        for number in (16, 17, 25):
            font["name"].removeNames(nameID=number)
        font["OS/2"].usWeightClass = weight
        font.save(folder / f"{style}.ttf")
    vl_convert.register_font_directory(str(folder))


def lacking(text: str) -> set[str]:
    """Return the characters of a text that the font has no glyph of."""
    own = _font().getBestCmap()
    return {letter for run in runs(text) for letter in run.text if ord(letter) not in own and letter != "⊥"}


@lru_cache(maxsize=4096)  # most of a chart's words stand in every frame of its animation
def _drawn(attributes: str, content: str | None) -> str:
    if not content:
        return ""
    about = dict(_ATTRIBUTE.findall(attributes))
    size = float(about.get("font-size", "11px").removesuffix("px"))
    style = about.get("font-weight", "normal")
    weight = WEIGHTS.get(style) or int(style)
    anchor = {"middle": 0.5, "end": 1.0}.get(about.get("text-anchor", "start"), 0.0)
    lines, down, pen = list[str](), 0.0, SVGPathPen(None, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    spans = _SPAN.findall(content) or [("", content)]
    for place, words in spans:
        line = html.unescape(words)
        down += float(dict(_ATTRIBUTE.findall(place)).get("dy", 0))
        lines.append(line)
        _write(pen, line, size, weight, -anchor * width(line, size, weight), down)
    kept = "".join(f' {name}="{value}"' for name, value in about.items() if name not in _OF_TEXT)
    return f'<path{kept} aria-label="{html.escape(" ".join(lines))}" d="{pen.getCommands()}"/>'


def _write(pen: Any, line: str, size: float, weight: int, x: float, y: float) -> None:
    unit = size / _units()
    for run in runs(line):
        for letter in run.text:
            outline, advance = _glyph(letter, weight)
            place = Transform(unit * run.size, 0, 0, -unit * run.size, x, y - run.rise * size)
            outline.replay(TransformPen(pen, place))
            x += advance * unit * run.size


@cache
def _font() -> TTFont:
    return TTFont(_path())


def _path() -> str:
    return str(files("fontpkg_source_sans_3") / "files" / "SourceSans3[wght].ttf")


@cache
def _units() -> int:
    with _reading:
        return int(_font()["head"].unitsPerEm)


@cache
def _glyphs(weight: int) -> Any:
    return _font().getGlyphSet(location={"wght": weight})


@cache
def _glyph(letter: str, weight: int) -> tuple[Any, float]:
    """Return a character's outline, which can be replayed, and its advance, in units of the font."""
    with _reading:
        return _read(letter, weight)


def _read(letter: str, weight: int) -> tuple[Any, float]:
    pen, name = DecomposingRecordingPen(_glyphs(weight)), _font().getBestCmap().get(ord(letter))
    if letter == "⊥":
        points, advance = UPRIGHT_TACK
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
        return pen, advance
    glyph = _glyphs(weight)[name or ".notdef"]
    glyph.draw(pen)
    return pen, float(glyph.width)
