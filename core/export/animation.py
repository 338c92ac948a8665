"""Animations of charts: one picture a recorded snapshot, whatever the machine's load."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import vl_convert
from numpy.typing import NDArray
from PIL import Image

from core.figure.figure import Figure
from core.values import ExperimentError

MOST_FRAMES, FPS = 600, (1, 50)
WIDTH = (200, 1600)
ALONE, BESIDE = 640, 400
PADDING = 8
FONT = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
KINDS = {".gif": "GIF", ".apng": "PNG"}
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
    pictures = []
    for done, frame in enumerate(frames, start=1):
        pictures.append(_beside(figures, frame, width, theme))
        report(done, len(frames))
    size = (max(one.width for one in pictures), max(one.height for one in pictures))
    pictures = [_on_ground([one], size, COLOURS[theme]["paper"]) for one in pictures]
    if path.suffix == ".gif":  # one palette for all frames: colours do not flicker
        palette = _palette(pictures)
        pictures = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures]
    content = io.BytesIO()
    first, *others = pictures
    how = {"optimize": False} if path.suffix == ".gif" else {}
    first.save(
        content, KINDS[path.suffix], save_all=True, append_images=others, duration=round(1000 / fps), loop=0, **how
    )
    return content.getvalue()


def _beside(figures: Mapping[str, Figure], frame: int, width: int, theme: str) -> Image.Image:
    """Return all charts at a frame, in one row."""
    titles = figures if len(figures) > 1 else [""]
    each = width // len(figures)
    drawn = [picture(one, frame, each, theme, title) for title, one in zip(titles, figures.values(), strict=True)]
    return _on_ground(drawn, (width, max(one.height for one in drawn)), COLOURS[theme]["paper"])


def picture(figure: Figure, frame: int, width: int, theme: str = "light", title: str = "") -> Image.Image:
    """Return the chart at a frame as it is on screen, its marks of the clock included."""
    colours = COLOURS[theme]
    spec = figure.standalone(frame)
    for param in spec.get("params", []):
        param["value"] = colours.get(param["name"], param.get("value"))
    words = {"labelColor": colours["muted"], "titleColor": colours["ink"], "titleFontWeight": "normal"}
    line = {"domainColor": colours["muted"], "tickColor": colours["muted"], "gridOpacity": 0.15}
    config = {"axis": words | line, "legend": words, "header": words, "text": {"color": colours["ink"]}}
    own = spec.get("config", {})
    spec["config"] = own | {"font": FONT} | {name: own.get(name, {}) | value for name, value in config.items()}
    if title:
        spec["title"] = {"text": title, "anchor": "start", "frame": "bounds", "color": colours["ink"], "fontSize": 13}
    inner = width - 2 * PADDING
    if "vconcat" in spec:
        inner -= spec.get("usermeta", {}).get("trainscope", {}).get("padding", 70)
        spec["vconcat"] = [{**panel, "width": inner} for panel in spec["vconcat"]]
    else:
        spec |= {"width": inner, "autosize": {"type": "fit-x", "contains": "padding"}}
    drawn = vl_convert.vegalite_to_png(spec | {"background": colours["paper"], "padding": PADDING}, scale=1)
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def _on_ground(pictures: Sequence[Image.Image], size: tuple[int, int], paper: str) -> Image.Image:
    """Return pictures beside each other, each in as much of the width as any other has."""
    ground = Image.new("RGB", size, paper)
    for number, one in enumerate(pictures):
        ground.paste(one, (number * size[0] // len(pictures), 0))
    return ground


def _palette(pictures: Sequence[Image.Image]) -> Image.Image:
    """Return 256 colours of the first, the middle and the last frame."""
    chosen = [pictures[number] for number in sorted({0, len(pictures) // 2, len(pictures) - 1})]
    sheet = Image.new("RGB", (chosen[0].width, sum(one.height for one in chosen)))
    for number, one in enumerate(chosen):
        sheet.paste(one, (0, number * one.height))
    return sheet.quantize(256, dither=Image.Dither.NONE)
