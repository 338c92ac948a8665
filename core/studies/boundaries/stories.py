"""The story of what bends a decision boundary."""

from __future__ import annotations

from core.story import Question, Step, Story, on

BENDING = Story(
    "bending",
    "What bends a boundary",
    "A straight line separates two moons. Which training learns more than that line?",
    (
        Step(
            "look",
            "The moons are pulled apart, so that a straight line separates them. Without a penalty the decision "
            "boundary comes out nearly straight, with weight decay, too. Spectral Decoupling, a penalty on the logits, "
            "bends it along the moons.",
            on("learning_dynamics/two_moons"),
        ),
        Step(
            "predict",
            "Pezeshki et al. 2021 claim that no usual variant of training does the same. One of them is Adam instead "
            "of gradient descent, at a rate of 0.003 and without any penalty.",
            on("learning_dynamics/two_moons"),
            Question(
                asked="How far from a straight line is the boundary after 1,000 steps of Adam?",
                choices=(
                    "About as far as under gradient descent",
                    "More than twice as far",
                    "Less than half as far",
                ),
                answer=1,
                why="It is bent, too, though less than under Spectral Decoupling. On these moons the claim does not "
                "hold for Adam.",
                then=on("learning_dynamics/ten_variants"),
            ),
        ),
        Step(
            "why",
            "A sample that is right already pulls with g = 1/(1 + exp(y f)), which falls to 0 as its logit grows: once "
            "the straight line is learned, little gradient is left to learn anything else. Spectral Decoupling keeps "
            "logits small, and g alive. Adam divides the gradient of each weight by its usual size, so a small "
            "gradient need not make a small step. That fits what is seen; whether it is the cause is not tested here.",
            on("learning_dynamics/ten_variants"),
        ),
        Step(
            "change",
            "At a rate of 0.0001 Adam has bent the boundary half as far by now. All variants train on, to ten times as "
            "many steps.",
            on("learning_dynamics/ten_variants"),
            Question(
                asked="How far does Adam at 0.0001 get?",
                choices=(
                    "It stays where it is",
                    "It goes back to a straight line",
                    "It bends about as far as Adam at 0.003",
                ),
                answer=2,
                why="The smaller rate is slower, not straighter. Plain gradient descent is at about a third of that "
                "distance, Spectral Decoupling at twice as much.",
                then=on("learning_dynamics/ten_variants_long"),
            ),
        ),
        Step(
            "limit",
            "These are three seeds of one dataset, at the rates of the published code. The order of the variants is "
            "measured; its cause is not.",
            on("learning_dynamics/ten_variants_long"),
        ),
    ),
)

STORIES = (BENDING,)
