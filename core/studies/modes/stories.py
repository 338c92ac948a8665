"""Stories that begin with two modes."""

from __future__ import annotations

from core.story import Question, Step, Story, on

SIGMOIDS = Story(
    "sigmoids",
    "Why learning curves are sigmoids",
    "Two classes, two clocks, one curve. What is a rare class: harder, or only slower?",
    (
        Step(
            "look",
            "Seven points in ten are of one class. Each class is learned by neurons of its own, and its logit follows "
            "one exact curve: slow at first, then fast, then slow.",
            on("learning_dynamics/modes"),
        ),
        Step(
            "predict",
            "Now one class has nine points in ten and the other one in ten.",
            on("learning_dynamics/modes"),
            Question(
                asked="How much longer does the rare class take to a logit of 1?",
                choices=("Three times as long", "Nine times as long", "Eighty-one times as long"),
                answer=1,
                why="Nine times, to this and to every other logit. Over t·p the two curves are one.",
                then=on("learning_dynamics/rare_mode", together=True),
            ),
        ),
        Step(
            "why",
            "For balanced neurons the logit of a class of frequency p and norm |x| follows "
            "N′ = 2 p |x| N / (1 + e^N) under cross-entropy. The factor N makes it slow at first, for the two layers "
            "are both small; 1/(1 + e^N) makes it slow at last. The frequency p multiplies time and nothing else.",
            on("learning_dynamics/rare_mode", together=True),
        ),
        Step(
            "see",
            "Another loss is another clock. Two classes of equal frequency: both losses move every neuron along the "
            "same line. Hinge pulls with full force up to its margin and not at all beyond, so it is zero in finite "
            "time; cross-entropy slows down and never ends.",
            on("learning_dynamics/losses", log=True),
        ),
        Step(
            "limit",
            "The curve is that of neurons that keep to one class. With output weights of either sign some neurons "
            "start on the wrong side and die on the way; the others learn.",
            on("learning_dynamics/some_die"),
        ),
    ),
)

STORIES = (SIGMOIDS,)
