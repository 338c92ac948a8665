"""Presets of the Learning dynamics page: a game of two players."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.game.experiment import Game
from core.study import Preset

PRESETS: Mapping[str, Preset[Game]] = {
    "learning_dynamics/game": Preset(
        "Two players",
        "A discriminator with a head start against a generator: how long until the generator is half way to the data?",
        Game(),
    ),
    "learning_dynamics/game_slow": Preset(
        "A slower generator",
        "The generator at a tenth of the rate.",
        Game(generator_rate=0.001, step_limit=30_000),
    ),
}
