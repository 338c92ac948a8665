"""Animations of charts: one picture a recorded snapshot, whatever the machine's load."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import vl_convert
from numpy.typing import NDArray
from PIL import Image

from core.export.clips import merged_clips
from core.figure import outlines
from core.figure.drawing import overhang, with_width
from core.figure.figure import Figure
from core.values import ExperimentError

MOST_FRAMES, FPS = 600, (1, 50)
WIDTH = (200, 1600)
ALONE, BESIDE = 640, 400
PADDING = 8
KINDS = {".gif": "GIF", ".apng": "PNG"}
EXACT, UNKNOWN = 192, -1
"""Colours of a GIF that are taken as they are; and what no colour of a palette is called."""
COLOURS = {"light": {"ink": "#1a1a1a", "paper": "#ffffff", "muted": "#515151"}}
COLOURS["dark"] = {"ink": "#f2f2f2", "paper": "#14161a", "muted": "#a9aaab"}


def frames_between(steps: NDArray[np.int64], first: int | None, last: int | None) -> range:
    """Return the snapshots from the step `first` to the step `last`.

    Args:
        steps: of the snapshots, (frame,).
        first: None for the first of all.
        last: None for the last of all.

    Raises:
        ExperimentError: the range has no snapshot, or more than an animation may have.
    """
    low, high = steps[0] if first is None else first, steps[-1] if last is None else last
    inside = np.flatnonzero((steps >= low) & (steps <= high))
    if len(inside) == 0:
        raise ExperimentError("steps", f"a range from {steps[0]:,} to {steps[-1]:,} with a snapshot in it", (low, high))
    if len(inside) > MOST_FRAMES:
        raise ExperimentError("steps", f"a range of at most {MOST_FRAMES} snapshots", len(inside))
    return range(int(inside[0]), int(inside[-1]) + 1)


def animation(
    figures: Mapping[str, Figure],
    frames: Sequence[int],
    path: Path,
    *,
    fps: float = 15,
    width: int | None = None,
    theme: str = "light",
    report: Callable[[int, int], None] = lambda done, of: None,
) -> bytes:
    """Return a GIF or an APNG, by the ending of `path`, that shows charts side by side at these frames, over and over.

    Args:
        figures: the charts by their titles, which stand above them if they are several.
        frames: the snapshots in the order in which they are shown.
        path: only its ending is read.
        fps: frames a second, 1 to 50.
        width: in pixels, 200 to 1600; by default 640 of one chart, 400 of each of several.
        theme: light or dark.
        report: called with how many frames are drawn, and of how many.

    Raises:
        ExperimentError: a value that is not allowed.
    """
    width = width or min(ALONE if len(figures) == 1 else BESIDE * len(figures), WIDTH[1])
    for name, value, (low, high) in (("fps", fps, FPS), ("width", width, WIDTH)):
        if not low <= value <= high:
            raise ExperimentError(name, f"a number from {low} to {high}", value)
    if theme not in COLOURS:
        raise ExperimentError("theme", f"one of {', '.join(COLOURS)}", theme)
    titles, each = figures if len(figures) > 1 else [""], width // len(figures)
    drawers = [_drawer(one, each, theme, title) for title, one in zip(titles, figures.values(), strict=True)]
    drawn = []
    for done, frame in enumerate(frames, start=1):
        drawn.append([draw(frame) for draw in drawers])
        report(done, len(frames))
    size = (width, max(one.height for row in drawn for one in row))
    pictures = [_on_ground(row, size, COLOURS[theme]["paper"]) for row in drawn]
    if path.suffix == ".gif":
        pictures = list(_in_one_palette(pictures))
    content = io.BytesIO()
    first, *others = pictures
    how = {"optimize": False} if path.suffix == ".gif" else {}
    first.save(
        content, KINDS[path.suffix], save_all=True, append_images=others, duration=round(1000 / fps), loop=0, **how
    )
    return content.getvalue()


def picture(figure: Figure, frame: int, width: int, theme: str = "light", title: str = "") -> Image.Image:
    """Return the chart at a frame as it is on screen, its marks of the clock included."""
    return _drawer(figure, width, theme, title)(frame)


def _drawer(figure: Figure, width: int, theme: str, title: str) -> Callable[[int], Image.Image]:
    """Return what draws the chart at a frame: it is compiled and laid out once, so that its plot stays where it is."""
    outlines.announce()
    spec = _themed(figure.standalone(0), theme)
    if title:
        ink = COLOURS[theme]["ink"]
        spec["title"] = {"text": title, "anchor": "start", "frame": "bounds", "color": ink, "fontSize": 13}
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(_laid_out(spec, width - 2 * PADDING))
    clock: dict[str, Any] = next((signal for signal in vega["signals"] if signal["name"] == "frame"), {})

    def draw(frame: int) -> Image.Image:
        clock["value"] = figure.frame(frame)
        return _raster(outlines.outlined(str(vl_convert.vega_to_svg(vega))))

    return draw


@lru_cache(maxsize=8)
def _raster(svg: str) -> Image.Image:
    """Return a drawing in pixels; a chart that stands still is drawn once."""
    return Image.open(io.BytesIO(vl_convert.svg_to_png(merged_clips(svg), scale=1))).convert("RGB")


def _themed(spec: dict[str, Any], theme: str) -> dict[str, Any]:
    colours = COLOURS[theme]
    for param in spec.get("params", []):
        param["value"] = colours.get(param["name"], param.get("value"))
    words = {"labelColor": colours["muted"], "titleColor": colours["ink"], "titleFontWeight": "normal"}
    line = {"domainColor": colours["muted"], "tickColor": colours["muted"], "gridOpacity": 0.15}
    config = {"axis": words | line, "legend": words, "header": words, "text": {"color": colours["ink"]}}
    own = spec.get("config", {})
    merged = own | {"font": outlines.FONT} | {name: own.get(name, {}) | value for name, value in config.items()}
    return spec | {"config": merged, "background": colours["paper"], "padding": PADDING}


def _laid_out(spec: dict[str, Any], pixels: float) -> dict[str, Any]:
    """Return the specification with plots of the width that makes the whole as wide as told."""
    drawn = str(vl_convert.vegalite_to_svg(with_width(spec, pixels)))
    if "vconcat" in spec:
        return with_width(spec, pixels - overhang(drawn, pixels + 2 * PADDING))
    plot = re.search(r'class="background"[^>]* d="M[\d.]+,[\d.]+h([\d.]+)', drawn)
    assert plot is not None
    return spec | {"width": float(plot[1])}


def _on_ground(pictures: Sequence[Image.Image], size: tuple[int, int], paper: str) -> Image.Image:
    """Return pictures beside each other, each in as much of the width as any other has."""
    ground = Image.new("RGB", size, paper)
    for number, one in enumerate(pictures):
        ground.paste(one, (number * size[0] // len(pictures), 0))
    return ground


def _in_one_palette(pictures: Sequence[Image.Image]) -> Iterator[Image.Image]:
    """Yield pictures in 256 colours, the same ones for all, so that they do not flicker; each pixel has the nearest."""
    palette = _palette([pictures[number] for number in sorted({0, len(pictures) // 2, len(pictures) - 1})])
    nearest = np.full(1 << 24, UNKNOWN, np.int16)  # of every colour that was met
    for one in pictures:
        red, green, blue = np.moveaxis(np.asarray(one, np.int32), -1, 0)
        colours = (red << 16) | (green << 8) | blue  # (row, column)
        new = np.unique(colours[nearest[colours] == UNKNOWN])
        channels = np.stack([new >> 16, (new >> 8) & 255, new & 255], axis=-1)  # (colour, channel)
        for part in range(0, len(new), 4096):
            apart = ((channels[part : part + 4096, None] - palette) ** 2).sum(-1)  # (colour, of the palette)
            nearest[new[part : part + 4096]] = apart.argmin(-1)
        indexed = Image.fromarray(nearest[colours].astype(np.uint8))
        indexed.putpalette(palette.astype(np.uint8).tobytes())
        yield indexed


def _palette(pictures: Sequence[Image.Image]) -> NDArray[np.int32]:
    """Return 256 colours of pictures, (colour, channel): the most frequent as they are, and a sample of the others."""
    sheet = Image.new("RGB", (pictures[0].width, sum(one.height for one in pictures)))
    for number, one in enumerate(pictures):
        sheet.paste(one, (0, number * one.height))
    counted = sheet.getcolors(sheet.width * sheet.height) or []
    own = [colour for _, colour in sorted(counted, reverse=True)[:EXACT]]
    others = sheet.quantize(256 - EXACT, method=Image.Quantize.FASTOCTREE).getpalette() or []
    found = np.concatenate([np.array(own, np.int32), np.array(others, np.int32).reshape(-1, 3)])
    return np.resize(found, (256, 3))
