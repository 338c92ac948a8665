"""Claims of the papers and of our working notes: what a run of the tests measured of them, and whether that holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

Measured = Callable[[str, str, float, float, float], None]
"""Notes a measurement (claim, what, value, low, high), and fails outside the range: the fixture `measured`."""


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


def table(claims: list[Claim]) -> Iterator[str]:
    """Yield the lines of the claims' table, as Markdown."""
    yield "| claim | measured quantity | measured | range | verdict |"
    yield "| --- | --- | --- | --- | --- |"
    for claim in sorted(claims, key=lambda claim: (claim.name[0], int(re.sub(r"\D", "", claim.name)))):
        what, verdict = claim.what.replace("|", r"\|"), "holds" if claim.holds else "**fails**"
        yield f"| {claim.name} | {what} | {claim.value:.3g} | {claim.range} | {verdict} |"
