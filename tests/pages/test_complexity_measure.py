"""The part of the Complexity page on what mu_Y measures, as Streamlit runs it, without a browser."""

import json
import math
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.complexity.measure.stage import tables
from pages.complexity.measure.view import CASES, View, from_query, to_query
from tests.pages.visiting import fine
from tests.pages.visiting import link as parameters


def app() -> None:
    from pages.complexity.measure import part

    part.draw()


def visit(**query: str) -> AppTest:
    at = AppTest.from_function(app, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def charts(at: AppTest) -> dict[str, Any]:
    (player,) = [part.proto for part in at.get("bidi_component") if part.proto.component_name == "player.charts"]
    payload = json.loads(player.bytes)
    for chart in payload["charts"]:
        chart["tables"] = {name: payload["rows"][table["version"]] for name, table in chart["tables"].items()}
    return {chart["id"]: chart for chart in payload["charts"]}


def numbers(at: AppTest) -> dict[str, str]:
    """What the table in words says."""
    (table,) = [box.value for box in at.markdown if box.value.startswith("|I(F;Y)|")]
    head, _, values, _ = (line.strip("|").replace(r"\|", "¦").split("|") for line in table.split("\n"))
    return dict(zip(head, values, strict=True))


def mu(at: AppTest) -> float:
    shown = float(numbers(at)["μ_Y(F;L)"].replace("−", "-"))
    (now,) = charts(at)["overlap"]["tables"]["now"]
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
    assert "0.309" in "".join(box.value for box in at.markdown)  # two unrelated ones


def test_the_joint_error_changes_the_numbers_and_the_charts() -> None:
    at = visit()
    found = {}
    for place in (0.0, 50.0, 100.0):
        fine(at.slider(key="m_place").set_value(place).run())
        found[place] = (mu(at), numbers(at)["P(F = L)"], charts(at)["mosaic"]["tables"]["areas"])
    assert found[100.0][0] == pytest.approx(0.382, abs=6e-4)  # nested errors, the note's value
    assert len({value for value, *_ in found.values()}) == 3
    assert [agreement for _, agreement, _ in found.values()] == ["80.0%", "85.0%", "90.0%"]
    assert found[0.0][2] != found[100.0][2]


def test_the_place_stays_when_an_accuracy_moves() -> None:
    at = visit(part="measure", place="25")
    fine(at.slider(key="m_accuracy_l").set_value(0.7).run())
    fine(at.slider(key="m_accuracy_f").set_value(0.6).run())
    assert at.slider(key="m_place").value == 25
    # e1 = .4, e2 = .3: from 0 to .3
    assert numbers(at)["Both wrong, e₁₁"] == "7.50%"


def test_more_points_narrow_the_error_and_leave_the_rest() -> None:
    at = visit()
    before, wide = mu(at), charts(at)["overlap"]["tables"]["now"][0]
    fine(at.select_slider(key="m_points").set_value(50_000).run())
    narrow = charts(at)["overlap"]["tables"]["now"][0]
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
    assert link(at).case == (case if case in CASES else "")
    again = visit(**to_query(link(at)))
    assert numbers(again) == numbers(at)


def test_f_is_not_l_is_wrong_where_l_is_right_and_a_slider_leads_back() -> None:
    at = visit()
    fine(at.button(key="m_case_not_l").click().run())
    assert numbers(at)["Accuracy of F, L"] == "0.150, 0.850"
    assert numbers(at)["P(F = L)"] == "0.0%"
    assert charts(at)["mosaic"]["badge"]["text"] == "F is not L"
    fine(at.slider(key="m_accuracy_f").set_value(0.9).run())
    assert numbers(at)["Accuracy of F, L"] == "0.900, 0.850"
    assert charts(at)["mosaic"]["badge"] is None


@pytest.mark.parametrize("ends", [(0.5, 0.5), (1.0, 1.0), (0.5, 1.0), (1.0, 0.5)])
def test_every_slider_at_its_ends(ends: tuple[float, float]) -> None:
    for place in (0.0, 100.0):
        view = View(accuracy_f=ends[0], accuracy_l=ends[1], place=place, points=50)
        at = visit(**to_query(view))
        assert link(at) == view
        assert mu(at) == pytest.approx(1 if ends == (1.0, 1.0) else 0, abs=5e-4)
        for case in SPECIAL:
            fine(at.button(key=f"m_case_{case}").click().run())


def test_what_is_on_screen_can_be_taken_away() -> None:
    at = visit()
    assert len(at.get("download_button")) == 3
    found = tables(link(at))
    assert float(found["measure"]["mu_y"].iloc[0]) == pytest.approx(mu(at), abs=6e-4)
    assert isinstance(found["overlap"], pd.DataFrame)
    assert len(found["cells"]) == 8


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        ({"accuracy_f": "0.2"}, 1),
        ({"accuracy_f": "nan", "accuracy_l": "2", "place": "-1", "points": "7"}, 4),
        ({"case": "![x](http://example.org/x.png)", "colour": "red"}, 2),
        ({"v": "9"}, 1),
    ],
)
def test_a_broken_link_gives_sentences_and_the_rest_of_it(words: dict[str, str], sentences: int) -> None:
    at = visit(part="measure", **words)
    (box,) = at.warning
    assert box.value.count("\n\n") + 1 == sentences
    assert "](http" not in box.value
    assert link(at) == View()
    fine(at.slider(key="m_place").set_value(10.0).run())
    assert not at.warning


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert not visit(part="data", accuracy_f="7").warning
