"""The About page as Streamlit runs it, without a browser."""

import importlib.metadata
from pathlib import Path

import pytest

from core.glossary import TERMS
from core.papers import PAPERS
from tests.pages.visiting import REPOSITORY, open_page


def test_it_says_words_papers_and_how_the_app_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINSCOPE_WIDTH", "77")
    at = open_page("pages/about.py")
    said = [one.value for one in at.markdown]
    assert {term.markdown for term in TERMS.values()} <= set(said)
    assert all(any(paper.title in one for one in said) for paper in PAPERS)
    assert at.code[0].value == "\n".join(paper.bibtex for paper in PAPERS).strip()
    facts = next(one for one in said if "| Python |" in one)
    assert f"| torch | {importlib.metadata.version('torch')} |" in facts
    assert "| Training now | 0 |" in facts
    allowed = at.dataframe[0].value.set_index("variable")["bound"]
    assert allowed["TRAINSCOPE_WIDTH"] == "77"
    assert allowed["TRAINSCOPE_RUNS"] == "none"


def test_a_page_says_its_words() -> None:
    at = open_page("pages/kinks.py")
    assert TERMS["kink"].markdown in [one.value for one in at.markdown]


def test_the_explorer_says_what_this_is_and_leads_to_a_question_a_page() -> None:
    at = open_page("pages/explorer/page.py")
    assert any("Trainscope trains small networks and plays how they learn" in one.value for one in at.markdown)
    links = [one.proto for one in at.get("page_link")]
    pages = [(Path(REPOSITORY) / "pages" / link.page / "page.py") for link in links]
    assert len(pages) == 6
    assert all(page.is_file() for page in pages)
    assert all(link.label.endswith("?") for link in links)
