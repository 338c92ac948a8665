"""Which statistics it learns first: a part of the Complexity page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, late
from core.studies.clones.presets import PRESETS
from core.studies.clones.view import ClonesView

INTRODUCTION = (
    "**A network first uses the class means, then covariances, and only later the rest.** Refinetti, Ingrosso, Goldt "
    "2023 ([2211.11567](https://arxiv.org/abs/2211.11567)) train it on clones of the data, samples of a distribution "
    "that shares only its low-order statistics: as long as it uses no others, it learns as much from a clone as from "
    "the images. Belrose et al. 2024 ([2402.04362](https://arxiv.org/abs/2402.04362)) test a network on such inputs "
    "while it trains on real ones. Networks here are small and trained for minutes."
)

LESSONS = (
    Lesson(
        "A staircase",
        "CIFAR-10. The isotropic clone has the class means alone; then the covariances of the Gaussian clone serve; "
        "then only real images do. Where each is left is marked.",
        ClonesView(),
    ),
    Lesson(
        "Rise and fall",
        "The second chart: on inputs with nothing but class means, or with independent pixels, the network is good "
        "early, then loses it. On the Gaussian clone it does not, in so short a training.",
        ClonesView(),
    ),
    Lesson(
        "Pixels one by one",
        "MNIST. Independent pixels have the whole distribution of every pixel, and serve hardly longer than isotropic "
        "noise: what matters beyond the means is how pixels vary together.",
        ClonesView(experiment=PRESETS["complexity/clones_mnist"].experiment),
    ),
    Lesson(
        "A Gaussian explainer",
        "MNIST, 0 to 4 against 5 to 9. Until the network is as good as the logistic classifier, the quadratic "
        "discriminant leaves less of it unexplained than the logistic one; the linear discriminant of ten digits, "
        "nearly as accurate as the quadratic one, is the control. On CIFAR-10 the quadratic one explains no larger "
        "share of the network than the logistic one.",
        ClonesView(experiment=PRESETS["complexity/clones_mnist"].experiment),
    ),
)


def _notes(view: ClonesView) -> Mapping[str, str]:
    experiment = view.experiment
    clipped = "clipped to the range of real pixels" if experiment.clip else "not clipped"
    return {
        "Data": f"Clones have the labels of the images and are {clipped}; statistics are those of the training images.",
        "Network and training": f"Batches of {experiment.batch_size}, softmax cross-entropy; a network of two classes "
        "is trained on the real images besides.",
    }


PART = Part(
    view=ClonesView,
    title="Which statistics it learns first",
    key="cs",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network and training", "Classifiers"),
    notes=_notes,
    scene=late("core.studies.clones.scene"),
    tables={
        "clones": "Accuracy of every network, one row a kind of training and test images, seed and step.",
        "clones_summary": "How well each clone has the moments of the images, where the network on it ends, and how "
        "accurate the network on real images is on it.",
        "clones_departures": "When each clone is left, one row a clone and lead.",
        "information": "Of the two-class network: information and accuracy, one row a classifier, seed and step.",
        "explainers": "How good each classifier is and what it explains, one row a classifier and seed.",
    },
)
