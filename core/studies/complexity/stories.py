"""Stories that begin with networks and simpler classifiers."""

from __future__ import annotations

from core.story import Question, Step, Story, on

SIMPLE = Story(
    "simple",
    "Simple first",
    "Networks learn something simple before the rest. Simple in which sense, and what becomes of it?",
    (
        Step(
            "look",
            "The target has a linear part and a fast sine in 20 dimensions. The network first learns what a linear "
            "classifier knows: μ_Y(F;L) = I(F;Y) − I(F;Y|L) lies close to I(F;Y). It stays there, and then learns "
            "more; μ_Y does not fall.",
            on("complexity/sinusoid"),
        ),
        Step(
            "predict",
            "Another sense of simple, on CIFAR-10. Clones of the images are drawn from distributions: one kind has "
            "the mean of each class and nothing more, another the covariances, too. A network is trained on each "
            "kind, and compared on real images with one that is trained on real images.",
            on("complexity/sinusoid"),
            Question(
                asked="Which of the networks keeps up for longer?",
                choices=(
                    "The one that knows the class means alone",
                    "The one that knows the covariances, too",
                    "Both are left behind at the same step",
                ),
                answer=1,
                why="First the class means suffice, then covariances, then only real images do.",
                then=on("complexity/clones"),
            ),
        ),
        Step(
            "change",
            "A third sense needs no data set: four modes of a linear map, of strengths 1, 2, 3 and 5, learned by one "
            "layer. Each approaches its strength at the same rate. Now three layers.",
            on("learning_dynamics/saxe", layers=1),
            Question(
                asked="In what order are the modes learned?",
                choices=("All at once, as with one layer", "The strongest first", "The weakest first"),
                answer=1,
                why="One mode after the other, each in a sigmoid, the strongest first.",
                then=on("learning_dynamics/saxe", layers=3),
            ),
        ),
        Step(
            "why",
            "In D balanced layers a mode of strength s that has reached N follows N′ = D N^(2 − 2/D) (s − N). With "
            "D = 1 the time constant is the same for every s. With D = 2 a small N grows at the rate 2s: a strong mode "
            "is learned while a weak one waits. More layers make the wait longer and the rise steeper.",
            on("learning_dynamics/saxe", layers=2),
        ),
        Step(
            "predict",
            "Back to the linear classifier. On small digits, trained to zero training error, the network keeps "
            "nearly all that it shared with it. Now a fifth of the training labels are wrong, and the network is "
            "again trained until it fits them all.",
            on("complexity/digits_fitted"),
            Question(
                asked="How much of what the linear classifier knows does the network retain?",
                choices=("Nearly all, as before", "About half", "Nothing"),
                answer=1,
                why="Fitting the wrong labels costs it. What is learned first need not stay: it depends on the data.",
                then=on("complexity/noisy_digits"),
            ),
        ),
        Step(
            "limit",
            "On XOR no linear classifier is better than chance, and the network learns it all the same. Nothing is "
            "explained, as nothing linear is there to be learned first. Choose the quadratic explainer on the left: "
            "what is simple depends on what one compares with.",
            on("complexity/xor"),
        ),
    ),
)

STORIES = (SIMPLE,)
