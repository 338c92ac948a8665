"""Games of two players, all stepped at once; a head start comes before the first snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source
from core.recording import AllStepsRecording
from core.studies.game.experiment import GAMES, SLOPE, Game
from core.studies.game.theory import gradient
from core.studies.game.trajectory import MEASURES, GameTrajectory
from core.training.recorded import RecordedTraining

Floats = NDArray[np.float64]

DATA, MADE = 1.0, -1.0
"""Where the data is, and where the generator begins."""


def begin(experiment: Game, runs: Sequence[int], source: Source, device: str) -> GameTraining:
    """Return some games after their head starts; always on the CPU, and with no files."""
    cells = [experiment.cells[run] for run in runs]
    games = Games(
        hinge=np.array([game == "hinge" for game, _ in cells]),
        game=np.array([GAMES.index(game) for game, _ in cells]),
        slope=np.full(len(cells), SLOPE),
        offset=np.zeros(len(cells)),
        place=np.full(len(cells), MADE),
    )
    starts = np.array([start for _, start in cells])
    for step in range(int(starts.max())):
        games.discriminate(experiment.rate, step < starts)
    return GameTraining(experiment, games, GameRecording(experiment, len(runs)))


@dataclass(eq=False)
class Games:
    """Both players of every game, (run,) each, stepped in place."""

    hinge: NDArray[np.bool_]
    game: NDArray[np.int64]  # in `GAMES`
    slope: Floats  # w
    offset: Floats  # b
    place: Floats  # theta

    def logits(self) -> tuple[Floats, Floats]:
        """Return D at the data and at theta."""
        return self.slope * DATA + self.offset, self.slope * self.place + self.offset

    def discriminate(self, rate: float, moving: NDArray[np.bool_] | bool = True) -> None:
        """Take a step of the discriminator in the games that are `moving`."""
        data, made = self.logits()
        with np.errstate(over="ignore"):
            up = np.where(self.hinge, data < 1, 1 / (1 + np.exp(data)))
            down = np.where(self.hinge, made > -1, 1 / (1 + np.exp(-made)))
        self.slope += np.where(moving, rate * (up * DATA - down * self.place), 0)
        self.offset += np.where(moving, rate * (up - down), 0)

    def gradients(self) -> Floats:
        """Return the generator's."""
        _, made = self.logits()
        return np.asarray(np.choose(self.game, [gradient(game, self.slope, made) for game in GAMES]))


class GameRecording(AllStepsRecording):
    """The arrays of one shard's games (see `trajectory.AXES`)."""

    def __init__(self, experiment: Game, runs: int) -> None:
        super().__init__(GameTrajectory, experiment, runs)
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in MEASURES}
        self.arrays["half_step"] = np.full(runs, np.nan)


@dataclass(eq=False)
class GameTraining(RecordedTraining):
    """Games being played."""

    experiment: Game
    games: Games
    recording: GameRecording

    def train(self, start: int, stop: int) -> None:
        """Play the steps from `start` up to `stop`."""
        half = self.recording.arrays["half_step"]
        for now in range(start, stop):
            self.games.place += self.experiment.generator_rate * self.games.gradients()
            half[np.isnan(half) & (self.games.place >= 0)] = now + 1
            self.games.discriminate(self.experiment.rate)

    def record(self, step: int) -> bool:
        """Record every game; note those that are no longer finite, and at the last step that the others ended."""
        data, made = self.games.logits()
        state = dict(zip(MEASURES, (self.games.place, data, made, self.games.gradients()), strict=True))
        lost = ~np.isfinite(np.array(list(state.values()))).all(axis=0)
        self.recording.write(step, **{name: np.where(lost, np.nan, values) for name, values in state.items()})
        self.end(step, lost)
        return True
