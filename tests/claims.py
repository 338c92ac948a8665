"""Claims of the papers and of our working notes: what a run of the tests measured of them, and whether that holds.

A claim is measured against a prediction: theory with a stated tolerance (`near`), or a null value that it must exclude
(`above`, `below`). So every row can fail, and none holds because it was measured before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.statements import PAPERS, STATEMENTS

RECORD = Path(__file__).parent / "CLAIMS.md"
"""The table of claims, written by `python -m core claims`."""

HOLDS, SIGN, NONE, CONTRADICTED = "holds", "holds in sign", "consistent with none", "contradicted"
"""The verdicts: as predicted; on the predicted side of the null, but not where predicted; not to be told from the null;
neither."""

HEAD = (
    "| claim | source | measured quantity | measured | fresh seeds "
    "| theory or null | range | what would fail it | verdict |"
)
CELLS = HEAD.count("|") - 1
UNDRAWN = "–"
"""Stands under `fresh seeds` where none were tried, or where the measurement draws none."""
SURE = 2.0
"""Standard errors that a value is away from the null if it differs from it."""


FRESH = "TRAINSCOPE_FRESH_SEEDS"
"""The variable that `--fresh-seeds` sets: claims are then measured on seeds that nobody looked at before."""


def seeds(count: int) -> tuple[int, ...]:
    """Return the seeds on which claims are measured: 0, 1, ..., fixed in advance, or fresh ones from 1000 on."""
    first = 1000 if FRESH in os.environ else 0
    return tuple(range(first, first + count))


class Expected(NamedTuple):
    """What a claim predicts of a number."""

    reference: str
    """Theory's value or the null value, in words."""
    low: float
    high: float
    null: float | None = None
    """What it would be if there were no effect; None where no such value exists."""
    side: float = 0.0
    """On which side of the null it should be: 1 above, -1 below."""

    @property
    def range(self) -> str:
        """The range in words."""
        if self.low == self.high:
            return f"{self.low:.4g}"
        if self.low == -float("inf"):
            return f"up to {self.high:.4g}"
        return f"{self.low:.4g} to {self.high:.4g}" if self.high < float("inf") else f"from {self.low:.4g} on"

    def verdict(self, value: float, error: float) -> str:
        """Return the verdict on a value with its standard error (0 where it has none)."""
        away = 0.0 if self.null is None else value - self.null
        certain = self.null is None or abs(away) > SURE * error or not self.side
        if self.low <= value <= self.high and certain:
            return HOLDS
        if self.null is None or value != value:
            return CONTRADICTED
        if abs(away) <= SURE * error:
            return NONE
        return SIGN if away * self.side > 0 else CONTRADICTED


def near(theory: float, tolerance: float, null: float | None = None) -> Expected:
    """Return theory's value plus or minus a stated tolerance, for a value that were `null` without any effect."""
    side = 0.0 if null is None else 1.0 if theory > null else -1.0
    return Expected(f"theory {theory:.4g}", theory - tolerance, theory + tolerance, null, side)


def factor(theory: float, times: float) -> Expected:
    """Return theory's value up to a stated factor: for orders of magnitude."""
    return Expected(f"theory {theory:.4g}", theory / times, theory * times)


def above(null: float, by: float = 0.0) -> Expected:
    """Return everything above a null value, by more than two standard errors and by a stated amount at least."""
    return Expected(f"null {null:.4g}", null + by, float("inf"), null, 1.0)


def below(null: float, by: float = 0.0) -> Expected:
    """Return everything below a null value, by more than two standard errors and by a stated amount at least."""
    return Expected(f"null {null:.4g}", -float("inf"), null - by, null, -1.0)


class Measured(Protocol):
    """Notes a measurement and fails unless the verdict on it is one that is stated: the fixture `measured`.

    Several are stated of what lies on the border of its range, and on either side of it from processor to processor.
    """

    def __call__(
        self,
        claim: str,
        what: str,
        value: float,
        expected: Expected,
        error: float = 0.0,
        verdict: str | tuple[str, ...] = HOLDS,
    ) -> None:
        """Note it."""


class Claim(NamedTuple):
    """What was measured of a claim, and what it predicts."""

    name: str
    what: str
    value: float
    expected: Expected
    error: float = 0.0

    @property
    def verdict(self) -> str:
        """The verdict on what was measured."""
        return self.expected.verdict(self.value, self.error)

    @property
    def key(self) -> str:
        """What the record has of the row but for what was measured."""
        return f"{self.name} | {_cell(self.what)} | {self.expected.reference} | {self.expected.range}"

    @property
    def row(self) -> str:
        """The row of the table."""
        said, expected = STATEMENTS[self.name], self.expected
        about = (expected.reference, expected.range, said.fails)
        verdict = self.verdict if self.verdict == HOLDS else f"**{self.verdict}**"
        return f"| {' | '.join((self.name, said.source, _cell(self.what), self.shown, UNDRAWN, *about, verdict))} |"

    @property
    def shown(self) -> str:
        """What was measured, as the table has it."""
        return f"{self.value:.3g}" + (f" ± {self.error:.2g}" if self.error > 0 else "")

    def beside(self, cells: Sequence[str]) -> str:
        """Return a row of the record with this measurement, on fresh seeds, beside what it has; its verdict if it is
        another."""
        same = self.shown == cells[3]
        other = "" if self.verdict == cells[-1].strip("*") else f" (**{self.verdict}**)"
        return f"| {' | '.join((*cells[:4], UNDRAWN if same else self.shown + other, *cells[5:]))} |"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _place(name: str) -> tuple[str, int]:
    return name[0], int(re.sub(r"\D", "", name))


def table(claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the lines of the claims' table, as Markdown."""
    yield from (HEAD, f"|{' --- |' * CELLS}")
    order = {claim.key: claim for claim in claims}
    for claim in sorted(order.values(), key=lambda claim: (*_place(claim.name), claim.what)):
        yield claim.row


def rows(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the cells of the rows of all tables in the record."""
    for line in text.splitlines():
        cells = tuple(line.strip("| ").split(" | "))
        if line.startswith("| ") and not line.startswith(("| claim |", "| --- ")) and len(cells) == CELLS:
            yield cells


def recorded() -> set[str]:
    """Return the keys of the rows in the record."""
    found = rows(RECORD.read_text(encoding="utf-8"))
    return {" | ".join((name, what, reference, within)) for name, _, what, _, _, reference, within, *_ in found}


def write(claims: Sequence[Claim], *, whole: bool) -> None:
    """Write what was measured into the record, a table a paper; rows that were not measured now stay unless `whole`."""
    text = RECORD.read_text(encoding="utf-8")
    kept = () if whole else rows(text)
    lines = {(*_place(cells[0]), cells[2]): _row(cells) for cells in kept}
    fresh = {(*_place(cells[0]), cells[2]): cells[4] for cells in rows(text)}  # what they showed stays
    for claim in claims:
        place = (*_place(claim.name), _cell(claim.what))
        lines[place] = claim.row.replace(f" | {UNDRAWN} | ", f" | {fresh.get(place, UNDRAWN)} | ", 1)
    _put(text, lines)


def write_fresh(claims: Sequence[Claim]) -> None:
    """Write what was measured on fresh seeds beside the rows of the record that it belongs to."""
    text = RECORD.read_text(encoding="utf-8")
    lines = {(*_place(cells[0]), cells[2]): cells for cells in rows(text)}
    measured = {(*_place(claim.name), _cell(claim.what)): claim for claim in claims}
    _put(text, {at: measured[at].beside(cells) if at in measured else _row(cells) for at, cells in lines.items()})


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _put(text: str, lines: Mapping[tuple[str, int, str], str]) -> None:
    """Write the record with these rows, a table a paper."""
    parts = [text.split("\n## ")[0].rstrip()]
    for paper in PAPERS:
        own = [name for name, said in STATEMENTS.items() if said.paper == paper]
        body = [line for place, line in sorted(lines.items()) if f"{place[0]}{place[1]}" in own]
        said = [f"- **{name}** ({STATEMENTS[name].source}): {STATEMENTS[name].text}" for name in own]
        parts.append("\n".join([f"## {paper}", "", *said, "", *list(table(()))[:2], *body]))
    RECORD.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
