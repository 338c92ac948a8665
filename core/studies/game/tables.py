"""The tables of a game of two players."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.game.experiment import GAMES, SLOPE
from core.studies.game.theory import gradient, logit
from core.studies.game.trajectory import GameTrajectory

THEORY_PLACES = 61
"""Head starts at which theory is told, at equal ratios."""


def path(trajectory: GameTrajectory) -> pd.DataFrame:
    """Return one row a game and recorded step of the generator."""
    games, starts = zip(*trajectory.experiment.cells, strict=True)
    steps, runs = trajectory.steps, trajectory.experiment.runs
    names = {"place": "generator_place", "gradient": "generator_gradient"}
    return pd.DataFrame(
        {
            "game": np.repeat(games, len(steps)),
            "head_start": np.repeat(starts, len(steps)),
            "step": np.tile(steps, runs),
            **{
                names.get(name, name): trajectory[name].T.ravel()
                for name in ("place", "logit_data", "logit_made", "gradient")
            },
        }
    )


def ends(trajectory: GameTrajectory) -> pd.DataFrame:
    """Return one row a game: what the head start left of the generator's gradient, and when it was half way."""
    experiment = trajectory.experiment
    games, starts = zip(*experiment.cells, strict=True)
    theory = [_theory(game, np.array([start * experiment.rate])) for game, start in experiment.cells]
    return pd.DataFrame(
        {
            "game": games,
            "head_start": starts,
            "outcome": [trajectory.outcome(run) for run in range(experiment.runs)],
            "logit_data": trajectory["logit_data"][0],
            "generator_gradient": trajectory["gradient"][0],
            "theory_logit": [float(one[0][0]) for one in theory],
            "theory_gradient": [float(one[1][0]) for one in theory],
            "half_step": trajectory["half_step"],
        }
    )


def closed_form(trajectory: GameTrajectory) -> pd.DataFrame:
    """Return theory against the head start, one row a game and place."""
    experiment = trajectory.experiment
    starts = np.geomspace(1, max(2, *experiment.head_starts), THEORY_PLACES)
    parts = []
    for game in GAMES:
        known, pull = _theory(game, starts * experiment.rate)
        columns = {"game": game, "head_start": starts, "theory_logit": known, "theory_gradient": pull}
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _theory(game: str, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = logit(game, SLOPE, time)
    return known, gradient(game, known, -known)


TABLES: Mapping[str, Callable[[GameTrajectory], pd.DataFrame]] = {
    "game": path,
    "game_ends": ends,
    "game_theory": closed_form,
}
"""The tables by the name of their CSV file."""
