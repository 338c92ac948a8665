"""A table of runs that somebody brings, as an experiment: its name is the hash of its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import whole, word


@dataclass(frozen=True, kw_only=True)
class OwnPlane(Experiment):
    """Networks that were trained elsewhere at several settings each; here they are read, and nothing is trained.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "own_plane"

    table: str = word(
        "0" * 64,
        r"[0-9a-f]{64}",
        "the 64 hex digits of a table that was opened",
        label="SHA-256 of the table",
        help="`python -m core open FILE` and the upload on the page check a file and store it under this name.",
        section="Your runs",
        hidden=True,
    )
    step_limit: int = whole(
        0, 0, 10**12, label="Last step", help="The last step in the table.", section="Your runs", hidden=True
    )

    @property
    def uploads(self) -> tuple[str, ...]:
        """The table, which a person brought unless it ships."""
        return (f"{self.table}.npz",)

    @property
    def runs(self) -> int:
        """One table."""
        return 1
