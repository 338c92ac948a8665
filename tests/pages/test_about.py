"""The About page as Streamlit runs it, without a browser."""

import importlib.metadata

import pytest

from core.glossary import TERMS
from core.papers import PAPERS
from tests.pages.visiting import open_page


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
    assert any(TERMS["kink"].markdown in one.value for one in at.markdown)
