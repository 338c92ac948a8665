"""Ten variants of training on two moons: a part of the Learning dynamics page."""

from __future__ import annotations

from core.part import Lesson, Part, late
from core.studies.boundaries.experiment import Boundaries
from core.studies.boundaries.presets import PRESETS
from core.studies.boundaries.view import BoundariesView

INTRODUCTION = (
    "**Does anything but Spectral Decoupling bend the decision boundary of two moons that a straight line separates?** "
    "Pezeshki et al. 2021 ([2011.09468](https://arxiv.org/abs/2011.09468)) compare ten variants of training and claim "
    "that nothing else does; an independent replication, STMOZOO, reports a curved boundary under Adam with "
    "minibatches. Data and settings are those of their code, written anew, but on three seeds, not ten, for 1,000 "
    "epochs (or 10,000, as theirs), and the hidden layers of the five-layer network are 100 wide."
)

LESSONS = (
    Lesson(
        "Read the ten pictures",
        "All networks see the same moons, Δ = 0.1 to either side of a straight line. Compare each picture with the "
        "first, plain gradient descent, and its residual with the spread between seeds.",
        BoundariesView(),
    ),
    Lesson(
        "Adam at a larger rate",
        "At a rate of 0.003 Adam bends the boundary, too, without any penalty on the logits: not what the claim says. "
        "At 0.0001 it bends it far less.",
        BoundariesView(step=1000),
    ),
    Lesson(
        "How early does it show?",
        "The same at step 100. Play from here: which boundaries still move in the last hundreds of steps?",
        BoundariesView(step=100),
    ),
)

PART = Part(
    view=BoundariesView,
    title="Ten variants",
    key="dv",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network and optimizer"),
    notes=lambda view: {"Network and optimizer": _seeds(view.experiment)},
    scene=late("core.studies.boundaries.scene"),
    tables={
        "variants": "Every run at every recorded step.",
        "bending": "The mean residual of every variant at every recorded step, with its standard error.",
        "variant_boundaries": "The decision boundary x1(x2) of every run at every recorded step.",
        "variant_points": "The training sets.",
        "runs": "How every run ended.",
    },
)


def _seeds(experiment: Boundaries) -> str:
    count = len(experiment.seeds)
    return f"{count} {'seed' if count == 1 else 'seeds'} of the points, the initial weights and the dropped units."
