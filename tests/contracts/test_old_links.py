"""Links of schema 1, as earlier versions wrote them: each still leads to the experiment and the view that it meant.

The JSON beside this file was written by the code that wrote the links: a link, the digest of its experiment, what was
shown of it, and how many sentences it was answered with.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.experiment import digest
from core.study import parts
from core.view import View, from_query

LINKS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "links").glob("*.json"))
}
CASES = [(name, number) for name, links in LINKS.items() for number in range(len(links))]


def meaning(view: View, name: str) -> Any:
    """What a view says under a name that the JSON has."""
    value = getattr(view, name)
    if name == "pinned":
        run = view.pinned_runs().get("A")  # type: ignore[attr-defined]
        return None if run is None else digest(run.point)
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(("name", "number"), CASES)
def test_an_old_link_means_what_it_meant(name: str, number: int) -> None:
    """`name` is that of the part that reads the link."""
    case = LINKS[name][number]
    view, said = from_query(parts()[name].view, case["query"])
    assert len(said) <= case["sentences"], said  # what is allowed may have grown
    if not said:  # a broken link costs its broken fields
        assert {word: meaning(view, word) for word in case["shown"]} == case["shown"]
        assert not case["experiment"] or digest(view.experiment) == case["experiment"]


def test_there_are_links_of_every_part() -> None:
    assert set(parts()) <= set(LINKS)
