"""The experiment on a game of two players: a linear discriminator, and a generator that is a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, whole, wholes

GAMES = ("minimax", "non_saturating", "hinge")
"""The losses of both players."""
MOST_STARTS = 12
SLOPE = 0.01
"""w at the start."""


@dataclass(frozen=True, kw_only=True)
class Game(Experiment):
    """D(x) = w x + b tells data at 1 from what the generator makes, a point theta that begins at -1.

    The discriminator steps on the sum of both points' losses, log(1 + exp(-+D)) or max(0, 1 -+ D), with plus for data;
    w begins at `SLOPE` and b at 0. The generator then descends log(1 - sigma(D(theta))) (minimax),
    -log sigma(D(theta)) (non-saturating; both Goodfellow et al. 2014, 1406.2661) or -D(theta) (hinge). First the
    discriminator takes a head start against a generator that is held; then both step in turn.

    Runs go through `GAMES`, then head starts.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "game"

    head_starts: tuple[int, ...] = wholes(
        (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000),
        1,
        100_000,
        most=MOST_STARTS,
        label="Head starts",
        help="Steps of the discriminator before the generator moves, in increasing order, with commas between them.",
        section="Players",
    )
    rate: float = number(
        0.1,
        1e-3,
        1,
        label="Discriminator's learning rate",
        section="Players",
        offered=(0.01, 0.03, 0.1, 0.3),
    )
    generator_rate: float = number(
        0.01,
        1e-4,
        1,
        label="Generator's learning rate",
        section="Players",
        offered=(0.001, 0.003, 0.01, 0.03, 0.1),
    )
    step_limit: int = whole(
        10_000,
        1,
        100_000,
        label="Steps",
        help="Of the generator, each followed by one of the discriminator.",
        section="Players",
        offered=(1000, 3000, 10_000, 30_000),
        form="{:,}",
    )

    @property
    def runs(self) -> int:
        """How many games are played."""
        return len(GAMES) * len(self.head_starts)

    @property
    def cells(self) -> tuple[tuple[str, int], ...]:
        """The losses and head start of every run, in order."""
        return tuple((game, start) for game in GAMES for start in self.head_starts)
