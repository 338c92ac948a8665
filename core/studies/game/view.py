"""What is shown of a game of two players."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.field import choice
from core.studies.game.charts.games import NAMES
from core.studies.game.experiment import Game
from core.studies.game.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_dynamics/game"].experiment


@dataclass(frozen=True, kw_only=True)
class GameView(View):
    """A training, and the losses whose games are played."""

    part: ClassVar[str] = "game"

    experiment: Game = FIRST
    game: str = choice("minimax", NAMES, label="Losses of the games played")
