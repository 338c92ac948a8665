"""The record of claims: what each verdict means, what the table says, and that mutations name lines that are there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.claims import (
    CONTRADICTED,
    HOLDS,
    NONE,
    RECORD,
    SIGN,
    UNDRAWN,
    Claim,
    Expected,
    above,
    below,
    factor,
    near,
    rows,
    write,
    write_fresh,
)
from tests.mutations.catalogue import MUTATIONS
from tests.statements import PAPERS, STATEMENTS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("expected", "value", "error", "verdict"),
    [
        (near(1, 0.1), 1.05, 0, HOLDS),
        (near(1, 0.1), 1.2, 0, CONTRADICTED),
        (near(1, 0.1, null=0), 0.8, 0.1, SIGN),
        (near(1, 0.1, null=0), 0.1, 0.1, NONE),
        (near(1, 0.1, null=0), -0.5, 0.1, CONTRADICTED),
        (near(-1, 0.1, null=0), -0.8, 0.1, SIGN),
        (above(0), 0.3, 0.1, HOLDS),
        (above(0), 0.1, 0.1, NONE),
        (above(0), -0.3, 0.1, CONTRADICTED),
        (above(0, by=0.5), 0.3, 0.1, SIGN),
        (below(1, by=0.1), 0.8, 0, HOLDS),
        (below(1), 1.0, 0, NONE),
        (factor(2, 4), 7.9, 0, HOLDS),
        (factor(2, 4), 0.4, 0, CONTRADICTED),
        (above(0), float("nan"), 0, CONTRADICTED),
    ],
)
def test_verdicts(expected: Expected, value: float, error: float, verdict: str) -> None:
    assert expected.verdict(value, error) == verdict


def test_every_row_of_the_record_reads_back_and_has_a_statement() -> None:
    found = list(rows(RECORD.read_text(encoding="utf-8")))
    assert len(found) > 150
    assert not [key for key, times in Counter((name, what) for name, _, what, *_ in found).items() if times > 1]
    for name, source, _, _, _, reference, _, fails, verdict in found:
        assert (source, fails) == (STATEMENTS[name].source, STATEMENTS[name].fails)
        assert reference.startswith(("theory", "null"))
        assert verdict.strip("*") in (HOLDS, SIGN, NONE, CONTRADICTED)
    assert {name for name, *_ in found} == set(STATEMENTS), "every claim is measured"
    assert {STATEMENTS[name].paper for name, *_ in found} == set(PAPERS)


def test_a_row_is_read_as_it_is_written() -> None:
    claim = Claim("C7", "|w_perp| over theory", 1.03, near(1, 0.12), 0.02)
    (cells,) = rows(claim.row)
    assert " | ".join((cells[0], cells[2], cells[5], cells[6])) == claim.key
    assert cells[3:5] == ("1.03 ± 0.02", UNDRAWN)


def test_fresh_seeds_stand_beside_what_was_measured_with_their_verdict_if_it_is_another() -> None:
    def claim(value: float) -> Claim:
        return Claim("C7", "|w_perp| over theory", value, near(1, 0.12), 0.02)

    (cells,) = rows(claim(1.03).row)
    for value, shown in ((1.03, UNDRAWN), (0.95, "0.95 ± 0.02"), (1.3, "1.3 ± 0.02 (**contradicted**)")):
        (beside,) = rows(claim(value).beside(cells))
        assert beside == (*cells[:4], shown, *cells[5:])


def test_what_fresh_seeds_showed_stays_when_a_row_is_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "CLAIMS.md"
    record.write_text("# Claims\n", encoding="utf-8")
    monkeypatch.setattr("tests.claims.RECORD", record)
    first, fresh, again = (Claim("C7", "a thing", value, near(1, 0.5)) for value in (1.0, 1.1, 1.2))
    write([first], whole=True)
    write_fresh([fresh, Claim("C7", "not in the record", 1.0, near(1, 0.5))])
    write([again], whole=False)
    (cells,) = rows(record.read_text(encoding="utf-8"))
    assert cells[3:5] == ("1.2", "1.1")


def test_mutations_change_one_line_that_is_there_and_name_tests_that_are() -> None:
    assert len(MUTATIONS) >= 30
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS)
    for one in MUTATIONS:
        assert (ROOT / one.file).read_text(encoding="utf-8").count(one.old) == 1, one.name
        assert one.old != one.new
        for test in one.tests:
            file, *_, name = test.split("::")
            assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8"), test
