"""The part of the Complexity page on what mu_Y measures, as Streamlit runs it, without a browser."""

import io
import math
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.studies.complexity.measure.part import INTRODUCTION, PART
from core.studies.complexity.measure.scene import FLOOR, scene, tables
from core.studies.complexity.measure.view import CASES, special_cases
from core.studies.complexity.measure.view import MeasureView as View
from core.view import from_query as read
from core.view import to_query
from pages.shared.downloads import Takeaway, bundle
from tests.pages.visiting import charts, fine, player, sentences
from tests.pages.visiting import link as parameters

SCRIPT = """
from core.studies.complexity.measure.part import PART
from pages.complexity.measure import HOOKS
from pages.shared.part import draw
draw(PART, HOOKS)
"""


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    return read(View, query)


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def numbers(at: AppTest) -> dict[str, str]:
    """What the table in words says."""
    (below,) = [box.value for box in at.markdown if box.value.startswith("|I(F;Y)|")]
    assert FLOOR in below
    head, _, values, _ = (line.strip("|").replace(r"\|", "¦").split("|") for line in below.split("\n\n")[0].split("\n"))
    return dict(zip(head, values, strict=True))


def mu(at: AppTest) -> float:
    shown = float(numbers(at)["μ_Y(F;L)"].replace("−", "-"))
    (now,) = charts(at)["overlap"]["tables"]["now"]["rows"]
    assert now["y"] == pytest.approx(shown, abs=6e-4)  # chart and words are linked
    return shown


def link(at: AppTest) -> View:
    view, said = from_query(parameters(at))
    assert said == []
    return view


def h(p: float) -> float:
    return -sum(q * math.log2(q) for q in (p, 1 - p) if q > 0)


def test_a_first_visit_shows_two_charts_and_the_numbers() -> None:
    at = visit()
    assert list(charts(at)) == ["mosaic", "overlap"]
    assert link(at) == View()
    assert numbers(at)["I(F;Y)"] == f"{1 - h(0.95):.3f}"
    assert numbers(at)["I(L;Y)"] == f"{1 - h(0.85):.3f}"
    assert numbers(at)["Both wrong, e₁₁"] == "3.00%"
    said = "".join(box.value for box in at.markdown)
    assert "0.309" in said  # two unrelated ones
    assert INTRODUCTION in said
    assert "Not on screen" not in sentences(at)


def test_nothing_plays() -> None:
    clock = player(visit())["clock"]
    assert clock["autoplay"] is False
    assert clock["steps"] == [0]
    assert "step" not in parameters(visit())


def test_the_joint_error_changes_the_numbers_and_the_charts() -> None:
    at = visit()
    found = {}
    for place in (0.0, 50.0, 100.0):
        fine(at.select_slider(key="m_place").set_value(place).run())
        found[place] = (mu(at), numbers(at)["P(F = L)"], charts(at)["mosaic"]["tables"]["areas"]["rows"])
    assert found[100.0][0] == pytest.approx(0.382, abs=6e-4)  # nested errors, the note's value
    assert len({value for value, *_ in found.values()}) == 3
    assert [agreement for _, agreement, _ in found.values()] == ["80.0%", "85.0%", "90.0%"]
    assert found[0.0][2] != found[100.0][2]


def test_the_place_stays_when_an_accuracy_moves() -> None:
    at = visit(part="measure", place="25")
    fine(at.select_slider(key="m_accuracy_l").set_value(0.7).run())
    fine(at.select_slider(key="m_accuracy_f").set_value(0.6).run())
    assert at.select_slider(key="m_place").value == 25
    # e1 = .4, e2 = .3: from 0 to .3
    assert numbers(at)["Both wrong, e₁₁"] == "7.50%"


def test_more_points_narrow_the_error_and_leave_the_rest() -> None:
    at = visit()
    before, wide = mu(at), charts(at)["overlap"]["tables"]["now"]["rows"][0]
    fine(at.select_slider(key="m_points").set_value(50_000).run())
    narrow = charts(at)["overlap"]["tables"]["now"]["rows"][0]
    assert mu(at) == before
    assert (wide["high"] - wide["low"]) / (narrow["high"] - narrow["low"]) == pytest.approx(50**0.5, rel=0.02)


L = 1 - h(0.85)
SPECIAL = {  # table 1.3 of the working note: I(F;Y), I(F;Y|L), mu_Y
    "same": (L, 0.0, L),
    "not_l": (L, 0.0, L),
    "perfect": (1.0, h(0.85), L),
    "constant": (0.0, 0.0, 0.0),
    "xor": (0.0, 1.0, -1.0),
    "noisy_copy": (1 - h(0.95), h(0.85) - h(0.95), L),
    "independent": (1 - h(0.95), 1 - h(0.95) - (1 - h(0.815)), 1 - h(0.95 * 0.85 + 0.05 * 0.15)),
}


@pytest.mark.parametrize("case", SPECIAL)
def test_special_cases_have_the_values_of_the_note(case: str) -> None:
    at = visit()
    fine(at.button(key=f"m_case_{case}").click().run())
    shown = [numbers(at)[name].replace("−", "-") for name in ("I(F;Y)", "I(F;Y¦L)", "μ_Y(F;L)")]
    assert shown == [f"{value:z.3f}" for value in SPECIAL[case]]
    mu(at)
    assert link(at).case == (case if case in CASES else "none")
    again = visit(**to_query(link(at)))
    assert numbers(again) == numbers(at)


def test_f_is_not_l_is_wrong_where_l_is_right_and_a_slider_leads_back() -> None:
    at = visit()
    fine(at.button(key="m_case_not_l").click().run())
    assert numbers(at)["Accuracy of F, L"] == "0.150, 0.850"
    assert numbers(at)["P(F = L)"] == "0.0%"
    assert charts(at)["mosaic"]["badge"]["text"] == "F is not L"
    fine(at.select_slider(key="m_accuracy_f").set_value(0.9).run())
    assert numbers(at)["Accuracy of F, L"] == "0.900, 0.850"
    assert charts(at)["mosaic"]["badge"] is None


@pytest.mark.parametrize("ends", [(0.5, 0.5), (1.0, 1.0), (0.5, 1.0), (1.0, 0.5)])
def test_every_slider_at_its_ends(ends: tuple[float, float]) -> None:
    for place in (0.0, 100.0):
        view = View(accuracy_f=ends[0], accuracy_l=ends[1], place=place, points=50)
        at = visit(**to_query(view))
        assert link(at) == view
        assert mu(at) == pytest.approx(1 if ends == (1.0, 1.0) else 0, abs=5e-4)
        for _, _, special in special_cases(view).values():
            assert "nan" not in scene(special, []).verdict


def test_a_click_on_the_curve_goes_there() -> None:
    at = visit()
    assert charts(at)["overlap"]["pick"] == "place"
    assert PART.picked is not None
    view = PART.picked(replace(View(), case="xor"), {"chart": "overlap", "fields": {"place": 33.3333}, "token": 1})
    assert view == replace(View(), place=33.3333)
    assert mu(visit(**to_query(view))) < mu(visit())


def test_what_is_on_screen_can_be_exported() -> None:
    at = visit()
    names = [button.proto.label for button in at.get("download_button")]
    assert names == ["measure.csv", "overlap.csv", "cells.csv", "Playing page (html)", "Everything (zip)"]
    view = link(at)
    found = tables(view)
    assert float(found["measure"]["mu_y"].iloc[0]) == pytest.approx(mu(at), abs=6e-4)
    assert len(found["cells"]) == 8
    drawn = scene(view, [])
    whole = Takeaway(PART.more_tables(view, []), None, drawn, 0, view.experiment, bytes)
    with zipfile.ZipFile(io.BytesIO(bundle(whole))) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("figures/")]
        assert {name for name in archive.namelist() if name not in pictures} == {f"{name}.csv" for name in found}
        assert len(pictures) == len(charts(at)) * 2 * 3, "two widths, three forms"
        assert pd.read_csv(archive.open("cells.csv"))["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ({"accuracy_f": "0.2"}, 1),
        ({"accuracy_f": "nan", "accuracy_l": "2", "place": "-1", "points": "7"}, 4),
        ({"case": "![x](http://example.org/x.png)", "colour": "red"}, 2),
    ],
)
def test_a_broken_link_gives_sentences_and_the_rest_of_it(words: dict[str, str], count: int) -> None:
    at = visit(part="measure", **words)
    (box,) = at.warning
    assert box.value.count("\n\n") + 1 == count
    assert "](http" not in box.value
    assert link(at) == View()
    fine(at.select_slider(key="m_place").set_value(10.0).run())
    assert not at.warning
