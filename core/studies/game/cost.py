"""About how long games of two players take, on one core."""

from __future__ import annotations

from core.studies.game.experiment import GAMES, Game

ROUND_SECONDS = 2.2e-5
"""A step of all games at once, whose number hardly matters: measured."""


def a_game(experiment: Game) -> tuple[float, float]:
    """Return the seconds of one game, which takes all its steps."""
    rounds = experiment.step_limit * 2 + max(experiment.head_starts)
    seconds = rounds * ROUND_SECONDS / (len(GAMES) * len(experiment.head_starts))
    return seconds, 3 * seconds
