"""A recording that somebody brings, as an experiment: its name is the hash of its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import whole, word


@dataclass(frozen=True, kw_only=True)
class OwnNetwork(Experiment):
    """A network that was trained and recorded elsewhere, and the explainers that are fitted for it here.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "own_network"

    recording: str = word(
        "0" * 64,
        r"[0-9a-f]{64}",
        "the 64 hex digits of a recording that was opened",
        label="SHA-256 of the recording",
        help="`python -m core open FILE` and the upload on the page check a file and store it under this name.",
        section="Your network",
        hidden=True,
    )
    step_limit: int = whole(
        1, 0, 10**12, label="Last step", help="The last recorded step.", section="Your network", hidden=True
    )
    fitted_on: int = whole(
        0,
        0,
        8192,  # core.recorded.FITTED, which an experiment may not import
        label="Points for explainers",
        help="How many points explainers are fitted to; none if the recording has no inputs.",
        section="Your network",
        hidden=True,
    )

    @property
    def uploads(self) -> tuple[str, ...]:
        """The recording, which a person brought unless it ships."""
        return (f"{self.recording}.npz",)

    @property
    def runs(self) -> int:
        """One network."""
        return 1
