"""Clips of an SVG are put together: what is drawn stays, and what must be cut apart is."""

import io

import numpy as np
import pytest
import vl_convert
from PIL import Image

import core
from core.export.clips import merged_clips

ROUNDED = 3
"""What a colour of 0 to 255 may differ by: an edge that two clips in turn cut is softened twice."""


def svg(body: str) -> str:
    clips = "".join(f'<clipPath id="{name}"><rect width="20" height="{height}"/></clipPath>' for name, height in CLIPS)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><g fill="none">'
        f"{body}</g><defs>{clips}</defs></svg>"
    )


CLIPS = (("a", 20), ("b", 20), ("c", 10))
RED, BLUE = (f'<path d="M0,0h30v30h-30Z" fill="{colour}"/>' for colour in ("red", "blue"))


def pixels(drawing: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(vl_convert.svg_to_png(drawing, scale=1))).convert("RGBA"), int)


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f'<g clip-path="url(#a)">{RED}</g><g clip-path="url(#b)">{BLUE}</g>', 1),
        (f'<g clip-path="url(#a)">{RED}</g><g clip-path="url(#c)">{BLUE}</g>', 2),
        (f'<g clip-path="url(#a)">{RED}</g>{BLUE}<g clip-path="url(#b)">{RED}</g>', 2),
        (f'<g><path class="background" d="M0,0h9v9h-9Z"/><g clip-path="url(#a)">{RED}</g></g>' * 3, 1),
        (f'<g clip-path="url(#a)">{RED}</g><g transform="translate(9,9)" clip-path="url(#b)">{BLUE}</g>', 2),
        (f'<g opacity="0.5"><g clip-path="url(#a)">{RED}</g></g><g clip-path="url(#b)">{BLUE}</g>', 2),
        (f'<g transform="translate(9,9)"><g clip-path="url(#a)">{RED}</g></g><g clip-path="url(#b)">{BLUE}</g>', 2),
        (f'<g clip-path="url(#c)"><g clip-path="url(#a)">{RED}</g></g><g clip-path="url(#b)">{BLUE}</g>', 3),
        (RED, 0),
    ],
    ids=["equal", "unequal", "between", "nested", "moved", "layer", "in a moved group", "twice", "none"],
)
def test_what_one_rectangle_cuts_is_cut_once(body: str, left: int) -> None:
    merged = merged_clips(svg(body))
    assert merged.count("clip-path=") == left
    np.testing.assert_array_equal(pixels(merged), pixels(svg(body)))


@pytest.mark.parametrize("name", ["explorer/digits", "complexity/digits", "learning_rate/edge"])
def test_charts_look_the_same_with_fewer_clips(name: str) -> None:
    for chart in core.load(name).scene.figures.values():
        drawn = str(vl_convert.vegalite_to_svg(chart.standalone(1)))
        merged = merged_clips(drawn)
        apart = np.abs(pixels(merged) - pixels(drawn)).max(axis=-1)
        assert apart.max() <= 2 * ROUNDED
        assert (apart > ROUNDED).mean() < 1e-3
        assert merged.count("clip-path=") <= drawn.count("clip-path=")
