"""Claims of the papers and of our working notes: what a run of the tests measured of them, and whether that holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

Measured = Callable[[str, str, float, float, float], None]
"""Notes a measurement (claim, what, value, low, high), and fails outside the range: the fixture `measured`."""

RECORD = Path(__file__).parent / "CLAIMS.md"
"""The table of claims, written by `pytest --write-claims`."""


class Claim(NamedTuple):
    """What was measured of a claim, and the range in which it holds."""

    name: str
    what: str
    value: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the value is a number in the range."""
        return self.low <= self.value <= self.high

    @property
    def range(self) -> str:
        """The range in words."""
        if self.low == self.high:
            return f"{self.low:g}"
        if self.low == -float("inf"):
            return f"up to {self.high:g}"
        return f"{self.low:g} to {self.high:g}" if self.high < float("inf") else f"from {self.low:g} on"

    @property
    def key(self) -> str:
        """The row of the table but for what was measured."""
        what = self.what.replace("|", r"\|")
        return f"{self.name} | {what} | {self.range}"

    @property
    def row(self) -> str:
        """The row of the table."""
        name, what, within = self.key.split(" | ", 1)[0], self.what.replace("|", r"\|"), self.range
        return f"| {name} | {what} | {self.value:.3g} | {within} | {'holds' if self.holds else '**fails**'} |"


def table(claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the lines of the claims' table, as Markdown."""
    yield "| claim | measured quantity | measured | range | verdict |"
    yield "| --- | --- | --- | --- | --- |"
    order = {claim.key: claim for claim in claims}
    for claim in sorted(
        order.values(), key=lambda claim: (claim.name[0], int(re.sub(r"\D", "", claim.name)), claim.what)
    ):
        yield claim.row


def recorded() -> set[str]:
    """Return the keys of the rows in the record."""
    rows = (
        line.strip("| ").split(" | ") for line in RECORD.read_text(encoding="utf-8").splitlines() if line[:3] > "| -"
    )
    return {" | ".join((name, " | ".join(rest[:-3]), rest[-2])) for name, *rest in rows if len(rest) >= 4}


def write(claims: Sequence[Claim]) -> None:
    """Write the table into the record, below its words."""
    words = RECORD.read_text(encoding="utf-8").split("| claim |")[0]
    RECORD.write_text(words + "\n".join(table(claims)) + "\n", encoding="utf-8")
