"""Words and papers: each said once, and used."""

import re
from pathlib import Path

import pytest

from core.columns import columns
from core.glossary import TERMS
from core.papers import PAPERS, Paper
from core.study import parts

ROOT = Path(__file__).parents[2]
PAGES = {path.parent.name: path.read_text() for path in (ROOT / "pages").glob("*/page.py")}
ARXIV = r"arxiv\.org/abs/([\d.]+\d)"


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_said_with_columns_that_there_are_and_stands_on_a_page(name: str) -> None:
    term = TERMS[name]
    assert set(term.columns) <= set(columns())
    assert term.meaning.endswith(".")
    assert not term.formula.endswith(".")
    assert any(f'"{name}"' in text for text in PAGES.values())


def test_a_term_is_one_paragraph() -> None:
    assert TERMS["mu"].markdown == (
        "**μ_Y(F;L)**, performance correlation. How much of what F knows about Y the explainer L knows, too. "
        "μ_Y(F;L) = I(F;Y) − I(F;Y|L). In tables: `mu_y`."
    )


def test_every_paper_that_a_page_cites_is_in_the_list_and_no_other() -> None:
    introductions = [part.introduction for part in parts().values()]
    cited = set(re.findall(ARXIV, " ".join([*PAGES.values(), *introductions])))
    assert cited == {paper.arxiv for paper in PAPERS}


def test_an_entry_of_a_bibliography() -> None:
    paper = Paper("1312.6120", 2013, ("Saxe, Andrew M.", "McClelland, James L.", "Ganguli, Surya"), "Exact solutions")
    assert paper.who == "Saxe, McClelland, Ganguli"
    assert paper.bibtex == (
        "@misc{saxe2013,\n  title = {{Exact solutions}},\n"
        "  author = {Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya},\n  year = {2013},\n"
        "  eprint = {1312.6120},\n  archivePrefix = {arXiv},\n  url = {https://arxiv.org/abs/1312.6120}\n}\n"
    )
    keys = [re.search(r"{(\w+),", one.bibtex) for one in PAPERS]
    assert len({key[1] for key in keys if key}) == len(PAPERS)
