"""Stories that begin with modular addition."""

from __future__ import annotations

from core.story import Question, Step, Story, on

GROKKING = Story(
    "grokking",
    "Fits early, generalizes late",
    "A network can know its training pairs by heart long before it can add. What sets the delay?",
    (
        Step(
            "look",
            "Addition mod 23, α = 16. The training error is 0 after some hundred steps, while the test error is still "
            "near 1. It falls below one tenth after about four times as many steps. No weight decay is used.",
            on("grokking/modular", alpha=16.0),
        ),
        Step(
            "predict",
            "The other lines are smaller output scales: the smaller α, the shorter the delay. Next α = 64, and 20,000 "
            "steps.",
            on("grokking/modular", alpha=16.0),
            Question(
                asked="What does the test error do at α = 64?",
                choices=(
                    "It falls together with the training error",
                    "It falls after about four times as many steps, as at α = 16",
                    "It stays near 1 to the end",
                ),
                answer=2,
                why="The training error is 0 as early as before. The larger α, the longer the delay, and here it is "
                "longer than the training.",
                then=on("grokking/modular_lazy", alpha=64.0),
            ),
        ),
        Step(
            "why",
            "F = f − f₀ has to become of the order of the labels, and f is multiplied by α: at large α a change of "
            "the weights of the order 1/α suffices. The pairs are fitted with the initial features, as by a kernel, "
            "and these do not add modulo 23. Later the small gradient that is left changes the features. Kumar et al. "
            "report that the delay comes with lazy training at the beginning. Against the test error, progress of the "
            "features falls on one curve: α changes how early the pairs are fitted, not what is learned.",
            on("grokking/modular", alpha=8.0, against="test_error"),
        ),
        Step(
            "change",
            "So far 8 pairs in 10 were trained on. Now 5 in 10, at small and large α.",
            on("grokking/modular", alpha=0.25),
            Question(
                asked="Does the network generalize from half of the pairs, within these steps?",
                choices=("Yes, only later", "At small α alone", "At none of these α"),
                answer=2,
                why="It fits them at every α, and the test error stays above one half. There have to be enough pairs, "
                "and near the smallest number that suffices delays are longest.",
                then=on("grokking/modular_few", alpha=0.25),
            ),
        ),
        Step(
            "limit",
            "α = 64 again, but f₀ is not subtracted. Now the network has to unlearn its large initial output, which "
            "takes feature learning: it generalizes, and the norm of its weights falls. The delay is one of lazy "
            "training, not of α by itself.",
            on("grokking/modular_unsubtracted", alpha=64.0),
        ),
    ),
)

STORIES = (GROKKING,)
