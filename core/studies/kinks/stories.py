"""Stories that begin with a network on a line."""

from __future__ import annotations

from core.story import Question, Step, Story, on

KINKS = Story(
    "kinks",
    "Why small starts make few kinks",
    "512 units could bend a function in 512 places. From small initial weights they bend it in a few.",
    (
        Step(
            "look",
            "Five points and 512 ReLU units, σ = 0.001 at the beginning. Play slowly. For a long time the function "
            "stays at zero, while the units turn: their kinks gather.",
            on("kinks/zig5", step=0),
        ),
        Step(
            "predict",
            "Each triangle is the kink of a unit. Training goes on until the function passes through all five points.",
            on("kinks/zig5", step=0),
            Question(
                asked="Where will the function bend in the end?",
                choices=("At hundreds of places, one a unit", "At a few places, at or near the inner points"),
                answer=1,
                why="The units form a few bundles, and a bundle bends the function as one unit would. Of all |a w|, "
                "nearly all lies within 0.02 of a data point.",
                then=on("kinks/zig5"),
            ),
        ),
        Step(
            "why",
            "While f ≈ 0 the residuals are the labels. A unit (w, b) at angle θ then follows the landscape "
            "G(θ) = (1/K) Σ yᵢ relu(xᵢ cos θ + sin θ): units with a > 0 climb it, with a < 0 descend it, and the size "
            "of a unit grows at the rate of its height, d log|(w, b)|/dt = ± G(θ). Turning does not depend on the "
            "size, growing takes a time of about ln(1/σ) / max |G|. From a small σ every unit has turned to a maximum "
            "or a minimum before any has grown; a maximum or minimum may lie at a data point, where G has a corner.",
            on("kinks/zig5"),
        ),
        Step(
            "change",
            "The same points from σ = 30, with units in pairs that cancel, so that f is zero at first, too.",
            on("kinks/zig5"),
            Question(
                asked="What happens to the kinks from large initial weights?",
                choices=(
                    "They gather at the same few places",
                    "They hardly move, and the function is a smooth-looking curve",
                    "The network does not fit the points",
                ),
                answer=1,
                why="Large weights change f by much when they change by little: the points are fitted before any unit "
                "has turned. The bends of hundreds of units add up to a curve.",
                then=on("kinks/zig5_lazy"),
            ),
        ),
        Step(
            "limit",
            "Few kinks can be too few. On these three points all units turn to directions in which they can lower the "
            "loss no further: training converges at the least-squares line. A direction that would help exists, but "
            "no active unit has it.",
            on("kinks/bf3"),
        ),
    ),
)

STORIES = (KINKS,)
