"""Two moons: a half of the part on Spectral Decoupling of the Learning dynamics page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.part import Lesson, Part, late
from core.studies.moons.presets import PRESETS
from core.studies.moons.view import FIRST, MoonsView

INTRODUCTION = (
    "**Once a straight line separates the moons, cross-entropy keeps to it and learns little else; Spectral "
    "Decoupling, a penalty on the logits, bends the decision boundary along them.** The data and settings are those of "
    "the code of Pezeshki et al. 2021 ([2011.09468](https://arxiv.org/abs/2011.09468)), written anew here. Not "
    "everyone finds the same: an independent replication, STMOZOO, reports a curved boundary without any penalty under "
    "Adam with minibatches. Here it is full-batch gradient descent with momentum."
)

LESSONS = (
    Lesson(
        "A straight line suffices",
        "Δ = 0.1: without a penalty the boundary turns into a nearly straight line and stays one. The penalty on "
        "logits stops the easy direction from growing, and the boundary bends.",
        MoonsView(),
    ),
    Lesson(
        "A straight line fails",
        "Δ = −0.1: the moons reach into each other, and cross-entropy alone bends the boundary too. So the network "
        "could have bent it before.",
        MoonsView(margin=-0.1),
    ),
    Lesson(
        "Weight decay is no cure",
        "The middle plane: smaller logits, the same straight boundary. The weights are smaller, but the same direction "
        "wins.",
        MoonsView(experiment=replace(FIRST, margins=(-0.1, 0.2)), margin=0.2),
    ),
    Lesson(
        "Ten times as long",
        "10,000 steps: time alone does not bend it. Under Spectral Decoupling mean |f| converges to theory's m.",
        MoonsView(experiment=PRESETS["learning_dynamics/two_moons_long"].experiment),
    ),
)


def _notes(view: MoonsView) -> Mapping[str, str]:
    experiment = view.experiment
    count = len(experiment.seeds)
    drawn = f"the noise on {experiment.n_train} points and the initial weights"
    seeds = f"One seed draws {drawn}." if count == 1 else f"{count} seeds draw {drawn}; the planes show the first."
    return {"Network and optimizer": seeds}


PART = Part(
    view=MoonsView,
    title="Two moons",
    key="dm",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Penalties", "Network and optimizer"),
    notes=_notes,
    scene=late("core.studies.moons.scene"),
    tables={
        "moons": "Every run at every recorded epoch.",
        "boundary": "The decision boundary x1(x2) of every run at every recorded epoch.",
        "responses": "Along two directions of the initial tangent kernel, at every recorded epoch.",
        "points": "The training sets.",
        "runs": "How every run ended.",
    },
)
