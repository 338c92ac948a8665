"""The door as Streamlit runs it, without a browser: what is on it, where its links lead, and who still gets past it."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.export.vignettes import VIGNETTES
from core.runs import named
from core.study import page_of, parts
from core.view import from_query, leads_to, to_query
from tests.pages.visiting import REPOSITORY, charts, fine, link, open_page, player

DOOR, EXPLORER = "pages/door/page.py", "pages/explorer.py"
SMALL_BYTES = 350_000


def links(at: AppTest) -> list[tuple[str, dict[str, str], str]]:
    """Where the links of the page lead: a page, a link's words, and what it is called."""
    found = [one.proto for one in at.get("page_link")]
    return [(one.page, dict(parse_qsl(one.query_string, keep_blank_values=True)), one.label) for one in found]


def vignettes(at: AppTest) -> list[str]:
    return [one.proto.body for one in at.get("html") if 'class="vignette"' in one.proto.body]


def test_it_plays_one_chart_and_trains_nothing(asked: list[Experiment]) -> None:
    at = open_page(DOOR)
    payload = player(at, SMALL_BYTES)
    assert list(payload["charts"]) == ["boundary"]
    assert payload["clock"]["autoplay"] is True
    assert not [*at.error, *at.warning, *at.info]
    assert asked == []
    assert "link" not in at.session_state, "the address stays bare"


def test_its_links_lead_to_views_that_ship_without_a_word_of_theirs_refused() -> None:
    found = links(open_page(DOOR))
    assert {page for page, _, _ in found} == {
        "explorer", "kinks", "complexity", "phase_plane", "learning_dynamics", "learning_rate", "grokking"
    }  # fmt: skip
    assert all((REPOSITORY / "pages" / page / "page.py").is_file() for page, _, _ in found)
    for page, query, _ in found:
        if query:
            part = next(part for part in parts().values() if leads_to(part.view, query))
            assert page_of(part) == page
            assert from_query(part.view, query)[1] == []


@pytest.mark.parametrize("name", VIGNETTES)
def test_a_question_has_a_picture_and_leads_to_the_view_that_is_in_it(name: str) -> None:
    at = open_page(DOOR)
    assert len(vignettes(at)) == 4
    query = to_query(VIGNETTES[name].view)
    assert [label for page, words, label in links(at) if (page, words) == (name, query)]
    page = open_page(f"pages/{name}.py", **query)
    assert link(page) == query
    assert charts(page)


@pytest.mark.parametrize("query", [{"v": "1", "part": "explorer", "axis": "linear"}, {"axis": "linear"}, {"v": "1"}])
def test_a_link_at_the_root_opens_the_explorer(query: Mapping[str, str]) -> None:
    at = open_page(DOOR, **query)
    assert list(charts(at)) == ["kinks", "information", "plane"]
    assert link(at)["axis"] == query.get("axis", "log")


def test_an_embedded_root_is_the_explorer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.is_embedded", True)
    assert list(charts(open_page(DOOR))) == ["kinks", "information", "plane"]


def test_a_link_of_the_door_is_taken_up_by_a_page_that_showed_something_else() -> None:
    _, view = named("kinks/abs5")
    at = open_page("pages/kinks.py", **to_query(view))
    at.query_params.clear()
    fine(at.run())
    fine(at.switch_page(DOOR).run())
    wanted = to_query(VIGNETTES["kinks"].view)
    at.switch_page("pages/kinks/page.py")
    for name, text in wanted.items():
        at.query_params[name] = text
    assert link(fine(at.run())) == wanted
    assert at.session_state["link_offered"] is False, "from now on the page keeps what it shows"


def test_what_moves_can_be_stopped() -> None:
    at = open_page(DOOR)
    assert all('class="moving"' in one and 'class="still"' in one for one in vignettes(at))
    fine(at.toggle[0].set_value(False).run())
    assert len(vignettes(at)) == 4
    assert not any('class="moving"' in one for one in vignettes(at))


def test_every_page_has_a_door_of_its_own_for_a_visit_that_begins_there() -> None:
    folders = {path.parent.name for path in (Path(REPOSITORY) / "pages").glob("*/page.py")} - {"door"}
    assert all((REPOSITORY / "pages" / f"{name}.py").is_file() for name in folders)
