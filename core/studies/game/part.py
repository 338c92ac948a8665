"""A game of two players: a part of the Learning dynamics page."""

from __future__ import annotations

from core.part import Lesson, Part, late
from core.studies.game.presets import PRESETS
from core.studies.game.view import GameView

INTRODUCTION = (
    "**A discriminator that is too good may leave nothing to learn from: its loss decides.** Tachet des Combes et "
    "al. 2018 compare cross-entropy and hinge and say that the difference matters for the training of generative "
    "adversarial networks. Here is the smallest such game: data at one point, a generator that is another, and a "
    "linear discriminator with a head start. Its logit grows with the logarithm of time under cross-entropy, and stops "
    "at the margin under hinge; which gradient that leaves depends on the generator's loss, too. Theory is derived "
    "here."
)

LESSONS = (
    Lesson(
        "Saturation",
        "The minimax game: the longer the head start, the smaller the gradient to the generator, about as one over "
        "time, and the longer it stays where it is.",
        GameView(game="minimax"),
    ),
    Lesson(
        "Another loss for the generator",
        "The same discriminator of logit D, but the generator raises log σ(D) instead of lowering log(1 − σ(D)): now "
        "a head start helps it, for the slope that it climbs has grown.",
        GameView(game="non_saturating"),
    ),
    Lesson(
        "Hinge",
        "Once both points are beyond the margin the discriminator stops: a longer head start changes nothing, and the "
        "gradient stays that of the margin.",
        GameView(game="hinge"),
    ),
)

PART = Part(
    view=GameView,
    title="Two players",
    key="dg",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Players",),
    scene=late("core.studies.game.scene"),
    trainings=lambda view: {"These games": view.experiment},
    tables={
        "game": "Every game at every recorded step of the generator.",
        "game_ends": "What every head start left to the generator, and when that was half way.",
        "game_theory": "The closed form against the head start.",
    },
)
