"""Words and papers: each said once, and used."""

import re
from pathlib import Path

import pytest

from core.columns import COLUMNS
from core.glossary import TERMS
from core.papers import PAPERS, Paper

ROOT = Path(__file__).parents[2]
PAGES = {path.parent.name: path.read_text() for path in (ROOT / "pages").glob("*/page.py")}
ARXIV = r"arxiv\.org/abs/([\d.]+\d)"


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_said_with_columns_that_there_are_and_stands_on_a_page(name: str) -> None:
    term = TERMS[name]
    assert set(term.columns) <= set(COLUMNS)
    assert term.meaning.endswith(".")
    assert not term.formula.endswith(".")
    assert any(f'"{name}"' in text for text in PAGES.values())


def test_a_term_is_one_paragraph() -> None:
    assert TERMS["mu"].markdown == (
        "**μ_Y(F;L)**, performance correlation. How much of what F knows about Y the explainer L knows, too. "
        "μ_Y(F;L) = I(F;Y) − I(F;Y|L). In tables: `mu_y`."
    )


def test_papers_are_those_of_the_readme_and_every_page_cites_one_of_them() -> None:
    references = (ROOT / "README.md").read_text().partition("## References")[2]
    ours = {paper.arxiv for paper in PAPERS}
    assert ours == set(re.findall(r"\d{4}\.\d{4,5}", references))
    cited = {name: set(re.findall(ARXIV, text)) for name, text in PAGES.items()}
    assert set().union(*cited.values()) <= ours
    for paper in PAPERS:
        assert f"{paper.who} {paper.year}" in references.replace("\n", " ")


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
