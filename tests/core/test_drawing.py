"""Pictures for print: their size, their font, their words, and what they leave out."""

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest
import vl_convert
from PIL import Image

from core.figure import outlines
from core.figure.drawing import COLUMN, PAGE, Picture, for_print, legends_end, picture, svg
from core.figure.figure import Figure
from core.figure.heat_map import MARKS
from core.figure.outlines import Run, announce, lacking, outlined, runs, width
from tests.contracts.drawn import DRAWN

INFORMATION, KINKS, PLANE = "explorer.information", "explorer.kinks", "explorer.plane"


@cache
def figures() -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for name, figure in DRAWN["explorer"]():
        found.setdefault(name, figure)
    return found


@cache
def drawn(name: str, mm: float = COLUMN) -> Picture:
    return picture(figures()[name], 20, f"The title & {name}", mm)


def words(picture: Picture) -> list[str]:
    return [
        part.attrib["aria-label"] for part in ElementTree.fromstring(picture.svg).iter() if "aria-label" in part.attrib
    ]


@pytest.mark.parametrize("mm", [COLUMN, PAGE])
@pytest.mark.parametrize("name", [INFORMATION, KINKS, PLANE])
def test_a_picture_has_the_width_that_is_asked_for(name: str, mm: float) -> None:
    image = Image.open(io.BytesIO(drawn(name, mm).png()))
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert image.width == pytest.approx(mm / 25.4 * 300, abs=1)
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", drawn(name, mm).pdf())
    assert box is not None
    assert float(box[1]) == pytest.approx(mm / 25.4 * 72, abs=0.1)
    root = ElementTree.fromstring(drawn(name, mm).svg)
    assert root.attrib["width"] == f"{mm}mm"
    high, wide = (float(root.attrib["viewBox"].split()[at]) for at in (3, 2))
    assert float(root.attrib["height"].removesuffix("mm")) == pytest.approx(mm * high / wide, abs=0.01)
    assert image.height == pytest.approx(image.width * high / wide, abs=1.5)
    assert wide == mm * 4, "nothing is wider than what was asked for"


def test_several_visitors_draw_at_once() -> None:
    """Every thread comes upon a font of which nothing is read yet, and upon glyphs that another is reading."""
    letters = "".join(map(chr, range(33, 1200)))
    for _ in range(3):
        for kept in (outlines._font, outlines._glyphs, outlines._glyph, outlines._units):
            kept.cache_clear()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda start: width(letters[start:] + letters[:start], 10), range(8)))
        np.testing.assert_allclose(found, found[0])


def test_text_is_outlines_of_one_font_and_can_still_be_read() -> None:
    for name in (INFORMATION, KINKS, PLANE):
        found = drawn(name).svg
        assert "<text" not in found
        assert "font-family" not in found
        assert words(drawn(name))[0] == f"The title & {name}"
    assert {"SGD step", "μ_Y(F;L), explained by L", "accuracy"} <= set(words(drawn(INFORMATION)))
    assert "/Font" not in drawn(INFORMATION).pdf().decode("latin-1"), "nothing to be embedded"


def test_a_subscript_stands_below_the_line() -> None:
    assert runs("μ_Y(F;L)") == [Run("μ"), Run("Y", 0.7, -0.17), Run("(F;L)")]
    assert runs("η = T_c B, N_eff") == [Run("η = T"), Run("c", 0.7, -0.17), Run(" B, N"), Run("eff", 0.7, -0.17)]
    assert [run.text for run in runs("|w⊥| / (κ Pᵞ)")] == ["|w", "⊥", "| / (κ P", "γ", ")"]
    assert runs("step_limit") == [Run("step_limit")], "no subscript of a word"
    assert runs("") == []

    def lowest(text: str) -> int:
        path = outlined(f'<text font-size="20px" transform="translate(2,20)">{text}</text>')
        size = 'width="60" height="40"'
        page = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect {size} fill="white"/>{path}</svg>'
        image = Image.open(io.BytesIO(vl_convert.svg_to_png(page))).convert("L")
        return int(np.flatnonzero((np.asarray(image) < 128).any(axis=1))[-1])

    assert lowest("TY") <= 20 < lowest("T_Y")


def test_lines_are_laid_out_by_the_widths_of_the_font() -> None:
    announce()
    for text in (
        "s on the data line (0 and 1: class means, or two points)",
        "explained share, I(F;Y|L)",
        "2⁻¹⁰ α κ μ ₀",
    ):
        for weight, number in (("normal", 400), ("bold", 700)):
            mark: dict[str, Any] = {"text": text, "fontSize": 20, "font": outlines.FONT, "fontWeight": weight}
            enter = {name: {"value": value} for name, value in mark.items()}
            spec = {
                "$schema": "https://vega.github.io/schema/vega/v6.json",
                "width": 1,
                "height": 1,
                "padding": 0,
                "marks": [{"type": "text", "encode": {"enter": enter}}],
            }
            size = re.search(r'viewBox="0 0 ([\d.]+)', vl_convert.vega_to_svg(spec))
            assert size is not None
            assert float(size[1]) == pytest.approx(width(text, 20, number), abs=1.5), text
    assert lacking("α T_c w⊥ Pᵞ 2⁻¹⁰ ▸ → ≤") == set()
    assert lacking("漢") == {"漢"}


def test_what_only_a_screen_needs_is_left_out() -> None:
    """A rule at the clock and its dots are all that moves in one chart; a frame is what a click leaves in the other."""
    figure = figures()[INFORMATION]
    ids = re.compile(r"(clip|gradient_)\d+")
    screen = {ids.sub("", svg(figure, frame)) for frame in (3, 20)}
    printed = {ids.sub("", picture(figure, frame, "").svg) for frame in (3, 20)}
    assert (len(screen), len(printed)) == (2, 1)
    named = {
        layer["data"]["name"] for layer in for_print(figures()[PLANE], 20)["layer"] if "name" in layer.get("data", {})
    }
    assert {"cells", "names"} <= named
    assert not named & {"chosen", "pinned"}


def test_colours_and_sizes_are_those_of_the_light_screen() -> None:
    config = for_print(figures()[INFORMATION], 20)["config"]
    assert config["axis"]["titleFontWeight"] == "normal"
    assert config["axis"]["labelFontSize"] == 11
    assert config["axis"]["labelColor"] == "#515151"
    assert for_print(figures()[PLANE], 20)["background"] == "white"


def test_a_legend_that_does_not_fit_is_narrowed() -> None:
    staircase = next(figure for name, figure in DRAWN["complexity"]() if name == "comparison.staircase")
    for mm in (COLUMN, PAGE):
        assert legends_end(ElementTree.fromstring(picture(staircase, 5, "", mm).svg)) <= 4 * mm


def placed(part: ElementTree.Element, x: float = 0, y: float = 0) -> Iterator[tuple[str, float, float]]:
    """The words of a drawing with text, and where they begin."""
    moved = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", part.get("transform", ""))
    x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
    if part.text and part.text.strip():
        yield part.text, x, y
    for child in part:
        yield from placed(child, x, y)


@pytest.mark.parametrize("pixels", [290, 300, 332, 390, 700])
def test_the_names_of_marks_above_a_plane_are_whole_at_any_width(pixels: int) -> None:
    announce()
    names, seen = {mark.name for mark in MARKS.values()}, set[str]()
    for study, chart in (("phase_plane", "phase_plane.heat"), ("rate_plane", "rate_plane.plane")):
        plane = next(figure for name, figure in DRAWN[study]() if name == chart)
        spec = for_print(plane, 5) | {"width": pixels, "autosize": {"type": "fit-x", "contains": "padding"}}
        found = [word for word in placed(ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))) if word[0] in names]
        seen |= {text for text, _, _ in found}
        for text, x, _ in found:
            assert x + width(text, 10.5) <= pixels, f"{text} is cut"
    assert seen == names


@pytest.mark.parametrize("pixels", [329, 331, 335])
def test_a_key_in_two_rows_has_the_room_that_a_wider_plot_would_not_need(pixels: int) -> None:
    """The plot is laid out for the whole width, and is narrower in the end: 331 pixels have two rows only then."""
    examples = next(figure for name, figure in DRAWN["complexity"]() if name == "comparison.learning_order")
    announce()
    spec = for_print(examples, 5) | {"width": pixels, "autosize": {"type": "fit-x", "contains": "padding"}}
    found = [word for word in placed(ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))) if "both" in word[0]]
    assert [text for text, _, _ in found] == ["both right", "both wrong"]
    assert min(y for _, _, y in found) >= 8
