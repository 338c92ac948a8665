"""Images and their clones as pictures, where the files they come from lie on this machine; none are ever stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.datasets import CATALOGUE, DataError, Source, missing
from core.figure import pixels
from core.figure.figure import Figure
from core.part import Card, Scene, Shown
from core.randomness import generator
from core.studies.clones.charts import strip
from core.studies.clones.distributions import Original
from core.studies.clones.experiment import KINDS, Clones
from core.studies.clones.images import images, shape_of
from core.studies.clones.trajectory import ClonesTrajectory

NAMES = {"real": "real", "gauss": "Gaussian", "iso": "isotropic", "indep": "independent"}
SEEN = 5000
"""Training images that the pictures' clones are made of at most: the page makes them while somebody waits."""


def with_pictures(scene: Scene, shown: Shown[ClonesTrajectory], source: Source) -> Scene:
    """Return the scene with a strip of images and clones first, or with a note that says which files are absent."""
    experiment = shown.trajectory.experiment
    try:
        figure = shown.once(("pictures", source), lambda: _figure(experiment, source))
    except DataError as error:
        title = CATALOGUE[experiment.dataset].title
        absent = f"The data files of {title} are not on this machine, so its images and clones are not shown."
        return replace(scene, notes=(*scene.notes, absent if missing(experiment.dataset, source) else str(error)))
    count = min(experiment.n_train, SEEN)
    card = Card(
        title="Images and their clones",
        caption=f"A training image of every class, and a sample of each clone of {count:,} training images: the "
        "Gaussian clone has the means and covariances of its class, the isotropic one the means and one variance, the "
        "last one every pixel's own distribution. Pixels beyond the range of real ones are shown at its ends.",
        alt="Images and their clones: one real image of every class, and below it a sample of each clone.",
    )
    return replace(scene, figures={"images": figure, **scene.figures}, cards={"images": card, **scene.cards})


def _figure(experiment: Clones, source: Source) -> Figure:
    found = examples(experiment, source)
    classes = [str(label) for label in range(len(found["real"]))]
    return strip.figure({kind: [_png(one) for one in found[kind]] for kind in KINDS}, NAMES, classes)


def examples(experiment: Clones, source: Source) -> dict[str, NDArray[np.uint8]]:
    """Return a picture of every kind and class, (class, channel, row, column) by the names of the kinds.

    Raises:
        DataError: the files are absent or damaged, or a class has too few images.
    """
    few = replace(experiment, n_train=(n := min(experiment.n_train, SEEN)), batch_size=min(experiment.batch_size, n))
    task, rng = images(few, source), generator("noise", experiment.seeds[0])
    labels = task.train_labels.astype(np.int64)
    classes, first = np.unique(labels, return_index=True)
    original = Original(task.train_inputs, labels, experiment.clip)
    found = {"real": task.train_inputs[first]}
    found |= {kind: original.clone(kind, classes, rng) for kind in KINDS if kind != "real"}
    shape = shape_of(experiment.dataset)
    seen = task.train_inputs.reshape(len(labels), shape[0], -1)
    low, high = (end(seen, axis=(0, 2))[:, None, None] for end in (np.min, np.max))  # of each channel

    def picture(inputs: NDArray[np.float32]) -> NDArray[np.uint8]:
        shares = (inputs.reshape(len(inputs), *shape) - low) / (high - low)
        return np.asarray(np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8))

    return {kind: picture(one) for kind, one in found.items()}


def _png(picture: NDArray[np.uint8]) -> str:
    """Return the data URI of a picture (channel, row, column)."""
    return pixels.data_uri(pixels.picture(picture))
