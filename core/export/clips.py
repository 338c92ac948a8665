"""Fewer clips in an SVG: each is a layer as large as the chart, which takes a rasteriser longer than most marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
GROUP, CLIP, PATH = (f"{{{SVG}}}{name}" for name in ("g", "clipPath", "path"))
LAYERS = {"opacity", "filter", "mask", "clip-path"}
"""Attributes of a group that draw it as a whole: a clip within it stays there."""

ElementTree.register_namespace("", SVG)


def merged_clips(svg: str) -> str:
    """Return an SVG of Vega that draws the same, in which what one rectangle cuts is cut once.

    Vega cuts each mark on its own, and so the line of every colour. Here a group that holds nothing else is cut
    instead, neighbours that the same rectangle cuts become one group, and what draws nothing is left out.

    Raises:
        xml.etree.ElementTree.ParseError: no SVG.
    """
    root = ElementTree.fromstring(svg)
    shapes = {f"url(#{clip.get('id')})": [(part.tag, part.attrib) for part in clip] for clip in root.iter(CLIP)}
    same = {name: next(other for other in shapes if shapes[other] == shapes[name]) for name in shapes}
    if same:
        _cut_children(root, same)
    return ElementTree.tostring(root, encoding="unicode")


def _cut_children(element: Element, same: Mapping[str, str]) -> None:
    """Cut an element's children, neighbours together."""
    kept = [child for child in element if not _draws_nothing(child)]
    clips = [_taken_off(child, same) for child in kept]
    element[:] = []
    for clip, run in groupby(zip(kept, clips, strict=True), key=lambda one: one[1]):
        into = element if clip is None else Element(GROUP, {"clip-path": clip})
        into.extend(child for child, _ in run)
        if clip is not None:
            element.append(into)


def _taken_off(element: Element, same: Mapping[str, str]) -> str | None:
    """Return the clip of all that an element draws, having taken it off; None if there is none to be taken off."""
    if element.tag != GROUP:
        return None
    _cut_children(element, same)
    own = LAYERS & element.attrib.keys()
    if element.get("transform") not in (None, "translate(0,0)"):
        return None
    if own == {"clip-path"}:
        clip = element.attrib.pop("clip-path")
        return same.get(clip, clip)
    if not own and len(element) == 1 and element[0].attrib.keys() == {"clip-path"}:
        together = element[0]
        element[:] = together[:]
        return together.get("clip-path")
    return None


def _draws_nothing(element: Element) -> bool:
    """Return whether nothing of an element is seen: an empty path, or the ground of a group without a colour."""
    if element.tag != PATH:
        return element.tag == GROUP and len(element) == 0
    if element.get("display") == "none" or not element.get("d"):
        return True
    is_ground = element.get("class") in ("background", "foreground")
    return is_ground and not re.search("fill|stroke", " ".join(element.keys()))
