"""Stories that begin in the Explorer."""

from __future__ import annotations

from typing import Any

from core.story import Place, Question, Step, Story, on
from core.studies.explorer.presets import PRESETS

FIRST = PRESETS["explorer/digits"].experiment


def _cell(alpha: int, temperature: int, colour: str = "kink_displacement", **settings: Any) -> Place:
    """Return a cell of the digits' plane, counted from the lower left."""
    place = {"alpha": FIRST.alphas[alpha], "temperature": FIRST.temperatures[temperature]}
    return on("explorer/digits", **place, colour=colour, **settings)


LAZY = Story(
    "lazy",
    "Lazy or rich",
    "When do the kinks of a network move, and when does it fit its data without moving them?",
    (
        Step(
            "look",
            "Large α and small T. Play from the first step to the last. In the left chart the upper half is the output "
            "along a line through the data, the lower half shows where each hidden unit switches. Every training point "
            "is fitted in the end, and the units switch almost where they did at initialization.",
            _cell(11, 2, "test_error"),
        ),
        Step(
            "predict",
            "Now only the output scale changes, from α = 1,024 to α = 0.12. Data, initial weights, batches and T stay.",
            _cell(11, 2, "test_error"),
            Question(
                asked="What do the kinks do?",
                choices=(
                    "They stay where they are, as before",
                    "They move by a third of their initial spread or more",
                    "Nothing can be said: training diverges",
                ),
                answer=1,
                why="The kinks travel, and their slope jumps grow. The plane is coloured by how far the median kink "
                "moves: the smaller α, the more, until about α = 1.",
                then=_cell(3, 2),
            ),
        ),
        Step(
            "why",
            "The hinge loss asks for y F ≥ 1/α, with F = f(w) − f(w₀), and its gradient does not depend on α. While "
            "the weights move little, F ≈ ∇f(w₀)·Δw, so that |Δw| has to be of the order 1/α: at large α this is small "
            "beside |w₀|, the network is linear in its weights, and no unit has to turn. At small α the first order "
            "does not suffice: the weights have to grow. The plane now shows |Δw| / |w₀|.",
            _cell(11, 2, "relative_weight_change"),
        ),
        Step(
            "change",
            "α goes back to 1,024. This time T is raised, from 0.003 to 0.16: larger steps, hence more noise.",
            _cell(11, 2, "test_error"),
            Question(
                asked="Do the kinks stay in place, for α is large?",
                choices=("Yes, at large α they stay whatever T is", "No, noise moves them, too"),
                answer=1,
                why="There are two ways out of the lazy regime. With noise a larger signal is needed before every "
                "point has its margin, and so the weights move farther.",
                then=_cell(11, 9),
            ),
        ),
        Step(
            "limit",
            "Does a network that moves its kinks generalize better? The plane shows the test error of this one seed. "
            "Differences between neighbouring cells are mostly chance: over eight seeds at α = 1,024 the error changes "
            "by −0.001 ± 0.005 from T = 0.0017 to 0.16. And the largest T of all is too large: training diverges.",
            _cell(11, 9, "test_error"),
        ),
    ),
)

STORIES = (LAZY,)
