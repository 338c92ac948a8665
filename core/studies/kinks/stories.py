"""Stories that begin with a network on a line."""

from __future__ import annotations

from core.story import Question, Step, Story, on

KINKS = Story(
    "kinks",
    "Few kinks from small weights",
    "512 units could bend a function in 512 places. When do they?",
    (
        Step(
            "look",
            "Five points, and 512 ReLU units with large initial weights, σ = 30, in pairs that cancel. Every triangle "
            "is the kink of a unit. The points are fitted within a few hundred steps while the kinks hardly move; "
            "their many small bends add up to a curve.",
            on("kinks/zig5_lazy"),
        ),
        Step(
            "predict",
            "Now the same points and as many units, from σ = 0.001.",
            on("kinks/zig5_lazy"),
            Question(
                asked="Where does the function bend in the end?",
                choices=("At hundreds of places, as before", "At a few places", "Nowhere: it is a straight line"),
                answer=1,
                why="For a long time the function stays at zero while the units turn, and their kinks gather. Of all "
                "|a w| nearly all lies within 0.02 of a data point in the end.",
                then=on("kinks/zig5"),
            ),
        ),
        Step(
            "why",
            "While f ≈ 0 the residuals are the labels. A unit (w, b) at angle θ then follows the landscape "
            "G(θ) = (1/K) Σ yᵢ relu(xᵢ cos θ + sin θ): with a > 0 it climbs, with a < 0 it descends, and its size "
            "grows at the rate ±G(θ). Turning does not depend on the size, and growing takes a time of about "
            "ln(1/σ) / max |G|. So from a small σ the units have turned to maxima and minima of G before any is "
            "large; some of these lie at a data point, where G has a corner.",
            on("kinks/zig5"),
        ),
        Step(
            "change",
            "Only the points change, to five points of |x|, and σ to 0.1. Still 512 units.",
            on("kinks/zig5"),
            Question(
                asked="How many distinct kinks are left?",
                choices=("One", "Three, one at each inner point", "Hundreds"),
                answer=0,
                why="The number of kinks follows the data and not the width. The paper reports at most 2K + 1 kinks "
                "for K points on a line.",
                then=on("kinks/abs5"),
            ),
        ),
        Step(
            "limit",
            "Few kinks can be too few. On these three points the network converges at the least-squares line. A "
            "direction in which the loss would fall exists, but every unit that could take it has died.",
            on("kinks/bf3"),
        ),
    ),
)

STORIES = (KINKS,)
