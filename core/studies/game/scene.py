"""The charts of a game of two players."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from core.part import Scene, Shown, cards, lost_badge
from core.studies.game.charts import gradients, places, times
from core.studies.game.charts.games import NAMES
from core.studies.game.trajectory import GameTrajectory
from core.studies.game.view import GameView

Played = Shown[GameTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "gradients": (
        "What a head start leaves to the generator",
        "Dots: measured, when the generator begins to move. Lines: theory, in the limit of small steps.",
    ),
    "places": (
        "The generator moves",
        "One line a head start, of the games of the losses chosen. Dashed: the data. Move over the chart to scrub.",
    ),
    "times": (
        "How long to half way",
        "From −1 to 0, with the data at 1. Triangles: not within the steps allowed.",
    ),
}


def scene(view: GameView, drawn: Sequence[Played | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    path, ends, steps = shown.table("game"), shown.table("game_ends"), shown.trajectory.steps
    said, (title, caption) = verdict(view, ends), CARDS["places"]
    return Scene(
        figures={
            "gradients": gradients.figure(ends, shown.table("game_theory")),
            "places": places.figure(path[path["game"] == view.game], steps),
            "times": times.figure(ends, float(steps[-1])),
        },
        cards=cards(
            {**CARDS, "places": (f"{title}: {NAMES[view.game]}", caption)},
            said,
            badge={"places": lost_badge(ends["outcome"])},
            scrub={"places": "concat_0_x"},
        ),
        steps=steps,
        verdict=said,
    )


def verdict(view: GameView, ends: pd.DataFrame) -> str:
    """Say what the longest head start does to the generator of each game, in Markdown."""
    if (ends["outcome"] == "unfinished").any():
        return "The games are being played."
    said = []
    for game, name in NAMES.items():
        own = ends[ends["game"] == game].sort_values("head_start")
        first, last = own.iloc[0], own.iloc[-1]
        said.append(f"{name}: {_steps(first)} after a head start of {first['head_start']:,}, ")
        said[-1] += f"**{_steps(last)}** after {last['head_start']:,}"
    return f"The generator's steps to half way. {'; '.join(said)}."


def _steps(row: pd.Series) -> str:
    return "never" if pd.isna(row["half_step"]) else f"{row['half_step']:,.0f}"
