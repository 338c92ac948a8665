"""Every sentence on a page that states a result is tied to a claim, or to an oracle, by name.

    python -m tests.test_results

prints the seals of texts that changed: look at what they are tied to before you write them into `tests/results.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.study import parts, presets
from tests.claims import HOLDS, RECORD, rows
from tests.results import TIES
from tests.statements import STATEMENTS

ROOT = Path(__file__).parents[1]
RESULT = re.compile(
    r"\d\s?%|±|\b(falls|rises|grows|never|nearly all|at once|more than|fastest|slowest|times as|in proportion|retained|"
    r"starves|scales as|converges|depends on)\b"
)
"""What a sentence that says what comes out often has in it."""
SETTING = {"measure", "directions"}
"""Introductions that have such words in definitions or questions."""


def texts() -> Iterator[tuple[str, str]]:
    """Yield the texts of all presets, introductions and lessons, by name."""
    for name, preset in presets().items():
        yield name, preset.sentence
    for key, part in parts().items():
        if part.introduction:
            yield key, part.introduction
        for lesson in part.lessons:
            yield f"{key}: {lesson.title}", lesson.text


TEXTS = dict(texts())


def seal(text: str) -> str:
    """Return the digits that tell a text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def test_every_text_is_tied_and_no_tie_is_left_over() -> None:
    assert set(TIES) == set(TEXTS)


@pytest.mark.parametrize("name", list(TEXTS))
def test_a_text_is_the_one_that_was_tied(name: str) -> None:
    assert TIES[name].seal == seal(TEXTS[name]), "the text has changed: does what it is tied to still say so?"


@pytest.mark.parametrize("name", list(TIES))
def test_what_a_text_is_tied_to_is_measured(name: str) -> None:
    verdicts: dict[str, set[str]] = {}
    for claim, *_, verdict in rows(RECORD.read_text(encoding="utf-8")):
        verdicts.setdefault(claim, set()).add(verdict.strip("*"))
    for one in TIES[name].names.split():
        file, _, test = one.partition("::")
        if test:
            path = ROOT / "tests" / "core" / "studies" / f"test_{file}.py"
            assert f"def {test}(" in path.read_text(encoding="utf-8"), one
        else:
            assert one in STATEMENTS, one
            assert HOLDS in verdicts[one], f"{one} holds nowhere"


def test_texts_that_state_a_result_are_tied() -> None:
    loose = [
        name for name, text in TEXTS.items() if not TIES[name].names and RESULT.search(text) and name not in SETTING
    ]
    assert not loose


if __name__ == "__main__":
    for name, text in TEXTS.items():
        if name not in TIES or TIES[name].seal != seal(text):
            print(f"{name}: {seal(text)}")
