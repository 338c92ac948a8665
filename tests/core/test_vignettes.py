"""The moving pictures of the door: made from what ships, each of a view that ships, and as small as they should be."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.export.vignettes import FRAMES, HELD, VIGNETTES, still
from core.study import presets

DOOR = Path(__file__).parents[2] / "pages" / "door"
MOST_BYTES = 150_000


@pytest.mark.parametrize("name", VIGNETTES)
def test_a_picture_is_made_from_a_preset_that_ships(name: str) -> None:
    vignette = VIGNETTES[name]
    assert presets()[vignette.preset].shipped
    shipped = (DOOR / f"{name}.svg").read_text(encoding="utf-8")
    assert len(shipped) < MOST_BYTES
    assert vignette.svg() == shipped, "python -m core.export.vignettes pages/door makes it anew"


@pytest.mark.parametrize("name", VIGNETTES)
def test_a_picture_moves_and_has_the_colour_of_the_text_around_it(name: str) -> None:
    svg = (DOOR / f"{name}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(svg)
    assert "<animate" not in still(svg)
    assert len(list(ElementTree.fromstring(still(svg)).iter())) == sum(
        not one.tag.endswith("animate") for one in root.iter()
    )
    moving = list(root.iter("{http://www.w3.org/2000/svg}animate"))
    values = [one.attrib["values"].split(";") for one in moving]
    assert any(len(set(frames)) > FRAMES // 2 or len(set(frames)) > 3 for frames in values)
    assert {len(frames) for frames in values} <= set(range(HELD + 2, FRAMES + HELD + 1))
    for frames in values:  # a browser moves between paths of the same commands only
        assert len({re.sub(r"[-\d. ]", "", frame) for frame in frames if frame.startswith("M")}) <= 1
    colours = {one.get(name) for one in root.iter() for name in ("stroke", "fill")}
    assert "currentColor" in colours
    assert not colours & {"black", "white", "#000", "#fff", "#000000", "#ffffff"}
