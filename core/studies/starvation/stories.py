"""Stories that begin with gradient starvation."""

from __future__ import annotations

from core.story import Question, Step, Story, on

STARVING = Story(
    "starving",
    "How a feature starves",
    "One feature is enough to be right. Is the other still learned?",
    (
        Step(
            "look",
            "Samples of one class have a strong feature or a weak, rarer one, and none has both. In all three models "
            "both are learned, the weak one later.",
            on("learning_dynamics/starvation_exclusive"),
        ),
        Step(
            "predict",
            "Now every sample with the weak feature has the strong one, too. The weak feature is as frequent as "
            "before, 3 samples in 10. We stop when the strong feature by itself gives a probability of 99 %.",
            on("learning_dynamics/starvation_exclusive"),
            Question(
                asked="How large is the logit of the weak feature by itself, compared with before?",
                choices=("About as large", "Larger: it is helped by the strong one", "Less than half as large"),
                answer=2,
                why="In every model it is less than half of what it was; in M2, two layers with neurons of one "
                "feature each, next to nothing is left of it.",
                then=on("learning_dynamics/starvation"),
            ),
        ),
        Step(
            "why",
            "With N_s and N_w the logits of the features by themselves and g = −dl/dN, the gradient that pushes the "
            "weak feature is G_w = q_w g(N_w) + q_sw g(N_s + N_w). If the weak one never comes alone, q_w = 0. Then "
            "what is left is the gradient of samples that are right already: as N_s grows, g(N_s + N_w) goes to 0.",
            on("learning_dynamics/starvation"),
        ),
        Step(
            "change",
            "Cross-entropy, stopped at 99 %, is replaced by the hinge loss, which ends by itself.",
            on("learning_dynamics/starvation"),
            Question(
                asked="Is the logit of the weak feature larger then?",
                choices=("Yes, in every model", "In some models", "No, in none"),
                answer=2,
                why="The gradient of the hinge loss is exactly 0 once every sample has its margin. From then on "
                "nothing changes: the weak feature is not just starved, but frozen.",
                then=on("learning_dynamics/starvation_hinge"),
            ),
        ),
        Step(
            "limit",
            "Starved is not frozen under cross-entropy: over a time far beyond any training the weak feature goes on "
            "growing. And the amount left depends on the model: a formula for one says nothing of another.",
            on("learning_dynamics/starvation", long=True),
        ),
    ),
)

STORIES = (STARVING,)
