"""A page in the frame of another, with one chart; and the line that puts it there."""

import html
import re
import urllib.parse

from streamlit.testing.v1 import AppTest

from core.studies.kinks.view import KinksView
from core.view import from_query, to_query
from tests.pages.visiting import REPOSITORY, fine, player

VIEW = KinksView(step=300)


def framed(chart: str, *, embedded: bool = True) -> AppTest:
    at = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=90)
    at.context["is_embedded"] = embedded
    at.context["url"] = "https://example.org/kinks"
    at.switch_page("pages/kinks.py")
    for name, text in {**to_query(VIEW), "chart": chart}.items():
        at.query_params[name] = text
    return fine(at.run())


def test_a_frame_shows_one_chart_and_nothing_is_said_of_its_name() -> None:
    at = framed("trails")
    assert list(player(at)["charts"]) == ["trails"]
    assert any("display: none" in part.proto.body for part in at.get("html"))
    assert not at.warning


def test_elsewhere_all_charts_are_shown() -> None:
    at = framed("trails", embedded=False)
    assert len(player(at)["charts"]) > 3
    assert not at.warning


def test_a_chart_that_there_is_not_is_said() -> None:
    at = framed("trail")
    assert len(player(at)["charts"]) > 3
    assert [one.value for one in at.warning] == [
        "chart: one of network, trails, directions, growth, loss; got 'trail'."
    ]


def test_the_line_to_copy_leads_to_this_view() -> None:
    at = framed("trails", embedded=False)
    found = re.search(
        r"&lt;iframe src=&quot;(.*?)&quot;", next(p.proto.body for p in at.get("html") if "iframe" in p.proto.body)
    )
    assert found is not None
    link = urllib.parse.urlsplit(html.unescape(html.unescape(found[1])))
    query = dict(urllib.parse.parse_qsl(link.query, keep_blank_values=True))
    assert (link.netloc, link.path, query["embed"]) == ("example.org", "/kinks", "true")
    assert query["chart"] in player(at)["charts"]
    assert from_query(KinksView, query) == (VIEW, [])
