"""Stories that begin with the catapult."""

from __future__ import annotations

from core.story import Question, Step, Story, on

CATAPULT = Story(
    "catapult",
    "Steps too large, and survived",
    "Above c = η λ₀ = 2 the steps are too large for the curvature at initialization. What happens?",
    (
        Step(
            "look",
            "A ReLU network on digits at c = 2.5. The loss first rises by more than a factor of four, then falls. "
            "Meanwhile the curvature falls, until the steps fit it: in the end η λ is below 2.",
            on("learning_rate/catapult", c=2.5),
        ),
        Step(
            "why",
            "The toy has one sample, target 0 and a product of two layers. With a = η λ and b in proportion to the "
            "output, a step of gradient descent is b′ = b (1 − a + b²), a′ = a + b² (a − 4). While a > 2 a small "
            "output grows at every step and changes its sign; once b² is large, the second equation lowers a, as long "
            "as a < 4. Where a < 2 the output shrinks again.",
            on("learning_rate/catapult", c=2.5),
        ),
        Step(
            "predict",
            "A linear network of two layers on the digits is the one closest to the toy. We take c = 4.3.",
            on("learning_rate/catapult", c=2.5),
            Question(
                asked="What does the linear network do at c = 4.3?",
                choices=(
                    "The loss rises for a while, then falls, as at c = 2.5",
                    "It diverges",
                    "The loss stays at its initial value",
                ),
                answer=1,
                why="From a > 4 on a′ > a: the curvature grows with the output, and there is no way back. At c = 4 "
                "and below this network converges.",
                then=on("learning_rate/catapult_linear", c=4.3),
            ),
        ),
        Step(
            "change",
            "Back to ReLU units, and with steps far beyond the limit of the toy: c = 16.",
            on("learning_rate/catapult_linear", c=4.3),
            Question(
                asked="What does the ReLU network do at c = 16?",
                choices=(
                    "It diverges, too",
                    "It survives, with all of its units active",
                    "It survives, but most of its hidden units die",
                ),
                answer=2,
                why="The loss rises by a factor of hundreds. Units that are thrown to where no input activates them "
                "no longer add to the curvature; what is left of the network can be trained with these steps.",
                then=on("learning_rate/catapult", c=16.0),
            ),
        ),
        Step(
            "limit",
            "Survival has a price. On the plane of α and c, catapults at large α cost test error: they throw the "
            "features far, while the signal to be learned is small. Flatter is not better here.",
            on("learning_rate/plane", colour="test_error"),
        ),
    ),
)

STORIES = (CATAPULT,)
