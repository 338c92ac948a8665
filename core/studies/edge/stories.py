"""Stories that begin at the edge of stability."""

from __future__ import annotations

from core.story import Question, Step, Story, on

EDGE = Story(
    "edge",
    "The edge of stability",
    "Gradient descent makes the loss sharper until its steps are just too large. What then?",
    (
        Step(
            "look",
            "Six learning rates, one initialization. The sharpness S is the top eigenvalue of the Hessian. Multiplied "
            "by η, it rises at each of them; where it passes 2 it overshoots and then stays around 2.",
            on("learning_rate/edge", rate=0.15),
        ),
        Step(
            "why",
            "On a quadratic of curvature S a step takes x to (1 − η S) x: it shrinks for η S < 2, and grows and "
            "changes its sign at every step above. A quadratic would diverge. In a network the growing oscillation "
            "leaves the region where the quadratic holds, and what it meets there is flatter; so S falls below 2/η "
            "and rises again. While this goes on the loss rises at many steps and falls in the long run.",
            on("learning_rate/edge", rate=0.3),
        ),
        Step(
            "predict",
            "So far S came from below. On digits η = 0.4 is too large from the first step on: η S is about 4.",
            on("learning_rate/edge", rate=0.3),
            Question(
                asked="Where is η S for most of the training?",
                choices=("It stays about 4", "It comes down to about 2", "It falls far below 2"),
                answer=1,
                why="From above it falls within the first steps recorded, as in a catapult, and then it stays at the "
                "same edge.",
                then=on("learning_rate/edge_digits", rate=0.4),
            ),
        ),
        Step(
            "change",
            "The same digits at η = 0.1, where η S rises to 2 with all 500 points in every step. Now batches of two "
            "points.",
            on("learning_rate/edge_digits", rate=0.1),
            Question(
                asked="Where does η S stay with batches of two?",
                choices=("Around 2, as without noise", "Well below 2", "Well above 2"),
                answer=1,
                why="The smaller the batch, the lower η S stays: noise keeps SGD where the loss is flatter.",
                then=on("learning_rate/edge_sgd", rate=2.0),
            ),
        ),
        Step(
            "limit",
            "The edge is no law for every training: it has to last long enough. At η = 0.05 S does not reach 2/η "
            "within these steps, and the loss falls at every one of them.",
            on("learning_rate/edge", rate=0.05),
        ),
    ),
)

STORIES = (EDGE,)
