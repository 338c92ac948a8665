"""Stories that begin in the Explorer."""

from __future__ import annotations

from typing import Any

from core.story import Place, Question, Step, Story, on
from core.studies.explorer.presets import PRESETS

FIRST = PRESETS["explorer/digits"].experiment


def _cell(alpha: int, temperature: int, colour: str = "test_error", **settings: Any) -> Place:
    """Return a cell of the digits' plane, counted from the lower left."""
    place = {"alpha": FIRST.alphas[alpha], "temperature": FIRST.temperatures[temperature]}
    return on("explorer/digits", **place, colour=colour, **settings)


LAZY = Story(
    "lazy",
    "Lazy or rich",
    "A network can fit its data with its kinks in place, or by moving them. What decides?",
    (
        Step(
            "look",
            "Large α and small T. Play from the first step to the last. The upper half of the first chart is the "
            "output along a line through the data; the lower half shows where each hidden unit switches. In the end "
            "every training point is fitted, and the units switch almost where they did at initialization.",
            _cell(11, 2),
        ),
        Step(
            "predict",
            "Only the output scale changes, from α = 1,024 to α = 0.12. Data, initial weights, batches and T stay.",
            _cell(11, 2),
            Question(
                asked="What do the kinks do?",
                choices=(
                    "They stay where they are, as before",
                    "The median one moves by a third of the initial spread or more",
                    "Nothing can be said: training diverges",
                ),
                answer=1,
                why="The kinks travel, and their slope jumps grow. The plane is now coloured by how far the median "
                "kink moves: at this T it moves farther as α falls to about 1.",
                then=_cell(3, 2, "kink_displacement"),
            ),
        ),
        Step(
            "why",
            "The hinge loss asks for y F ≥ 1/α with F = f(w) − f(w₀), and its gradient does not depend on α. While "
            "the weights move little, F ≈ ∇f(w₀)·Δw, so |Δw| has to be of the order 1/α. At large α this is small "
            "beside |w₀|: the network is linear in its weights, and no unit has to turn. At small α the first order "
            "does not suffice, and the weights have to grow. The plane shows |Δw| / |w₀|.",
            _cell(11, 2, "relative_weight_change"),
        ),
        Step(
            "change",
            "α is 1,024 again. This time T rises, from 0.003 to 0.16: larger steps, hence more noise.",
            _cell(11, 2),
            Question(
                asked="Do the kinks stay in place because α is large?",
                choices=("Yes, at large α they stay whatever T is", "No, noise moves them, too"),
                answer=1,
                why="There are two ways out of the lazy regime. With more noise a larger signal is needed before every "
                "point has its margin, and the weights move farther.",
                then=_cell(11, 9, "kink_displacement"),
            ),
        ),
        Step(
            "limit",
            "Does a network that moves its kinks generalize better? The plane shows the test error of one seed, and "
            "much of what differs between cells is chance: over eight seeds at α = 1,024 it changes by −0.001 ± 0.005 "
            "from T = 0.0017 to 0.16. And noise has an end: at the largest T no network of this plane fits its data.",
            _cell(11, 9),
        ),
    ),
)

REGIMES = Story(
    "regimes",
    "Lazy against feature learning",
    "One distinction on four pages: does a network keep the features it starts with, or learn others?",
    (
        Step(
            "look",
            "The lazy corner of the (α, T) plane. The training points are fitted while the weights change by less "
            "than one percent: the network uses the features that it was initialized with.",
            _cell(11, 0),
        ),
        Step(
            "see",
            "On a line both regimes can be seen at once. Five points, 512 units, two initialization scales: from "
            "σ = 0.001 the kinks gather at a few places, which are features of the data; from σ = 30 they stay, and "
            "what is learned is how to weight them.",
            on("kinks/zig5", twin=True),
        ),
        Step(
            "predict",
            "Addition mod 23, α = 64. The training error is 0 early on, and the test error stays near 1: the initial "
            "features fit the training pairs and say nothing of the others. Next α = 1/4.",
            on("grokking/modular_lazy", alpha=64.0),
            Question(
                asked="When does the test error fall below one tenth?",
                choices=(
                    "Soon after the training error is 0",
                    "Only after more than three times as many steps",
                    "Never in these steps",
                ),
                answer=0,
                why="From the beginning the weights move far. Features that add modulo 23 are learned along "
                "with the training pairs.",
                then=on("grokking/modular", alpha=0.25),
            ),
        ),
        Step(
            "why",
            "With F = f(w) − f(w₀) and a fit at F of the order 1/α, a fit to first order takes "
            "|Δw| ~ 1 / (α |∇f|). The larger α, the less the weights and the tangent kernel "
            "K(x, x′) = ∇f(x)·∇f(x′) change before the data are fitted; in the limit training is regression with the "
            "initial kernel. The second chart of this page shows what moves at each α.",
            on("grokking/modular", alpha=16.0),
        ),
        Step(
            "limit",
            "Which regime generalizes better depends on the task. On addition mod 23 lazy training says nothing of "
            "other pairs. On CIFAR-10, animals against vehicles, it says much, and features of the data add little: "
            "along the row of the lowest T the test error falls only far to the left.",
            on("phase_plane/cifar10", at_alpha=2.0**12, at_temperature=2.0**-12),
        ),
    ),
)

NOISE = Story(
    "noise",
    "Does noise help?",
    "A larger T makes SGD noisier. Whether the test error falls depends on where one starts.",
    (
        Step(
            "look",
            "One seed, α = 1,024. Follow the last column of the plane upwards: from T = 0.0017 to 0.16 the test error "
            "falls from 0.041 to 0.028. It looks as if noise helped.",
            _cell(11, 9),
        ),
        Step(
            "predict",
            "The same networks were trained from eight seeds.",
            _cell(11, 9),
            Question(
                asked="What does the mean over eight seeds do between the same two temperatures?",
                choices=("It falls by about as much", "It hardly changes", "It rises by about as much"),
                answer=1,
                why="The fall was that of one seed. One seed is not the plane.",
                then=on("phase_plane/digits_one_layer", at_alpha=2.0**10, at_temperature=2.0**-2.6),
            ),
        ),
        Step(
            "predict",
            "Five layers on MNIST, at an intermediate scale, α = 4, means over five seeds. T rises from 2⁻¹² to 0.036.",
            on("phase_plane/digits_one_layer", at_alpha=2.0**10, at_temperature=2.0**-2.6),
            Question(
                asked="And the test error here?",
                choices=("It rises", "It hardly changes", "It falls"),
                answer=2,
                why="Around α = 1 noise takes the network out of the lazy regime, and the error falls up to the "
                "largest T that fits.",
                then=on("phase_plane/mnist", at_alpha=4.0, at_temperature=0.036),
            ),
        ),
        Step(
            "change",
            "CIFAR-10, animals against vehicles, in the lazy regime, α = 4,096. T rises from 2⁻¹² to 2⁻⁶.",
            on("phase_plane/mnist", at_alpha=4.0, at_temperature=0.036),
            Question(
                asked="What does noise do to the test error in the lazy regime?",
                choices=("It rises", "It hardly changes", "It falls"),
                answer=0,
                why="Here noise hurts, until just below the largest T that fits.",
                then=on("phase_plane/cifar10", at_alpha=2.0**12, at_temperature=2.0**-6),
            ),
        ),
        Step(
            "why",
            "T = learning rate / (batch size · width) sets how far one batch moves the output. Where T α is large, "
            "noise and not the margin decides how large the weights have to grow before every point is fitted: "
            "|Δw| / |w₀| grows with T. Sclocchi, Geiger and Wyart report that raising T and lowering α both leave the "
            "lazy regime and can have opposite effects on the error. Compare a step up and a step to the left here.",
            on("phase_plane/cifar10", at_alpha=2.0**12, at_temperature=2.0**-6, measure="relative_weight_change"),
        ),
        Step(
            "limit",
            "There is a largest T, above which training diverges or no longer fits. Its line over α depends on the "
            "depth: with one hidden layer it is about flat, with more it bends at small α.",
            on("phase_plane/digits_one_layer", at_alpha=1.0, at_temperature=2.0**-4),
        ),
    ),
)

STORIES = (LAZY, REGIMES, NOISE)
