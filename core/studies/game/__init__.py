"""A discriminator against a generator that moves: cross-entropy and hinge in a two-player game on a line."""

from __future__ import annotations

from core.split import by_runs, together
from core.studies.game.columns import COLUMNS
from core.studies.game.cost import a_game
from core.studies.game.experiment import Game
from core.studies.game.presets import PRESETS
from core.studies.game.trajectory import GameTrajectory
from core.study import Late, Study

STUDY = Study(
    experiment=Game,
    presets=PRESETS,
    trajectory=GameTrajectory,
    begin=Late("core.studies.game.training", "begin"),
    tables=Late("core.studies.game.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.game.part", "PART"),
    shards=together,
    seconds=by_runs(a_game, together),
)
