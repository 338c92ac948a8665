"""Clones of a set of images: samples of a simpler distribution that has some of its statistics, class by class.

After Refinetti, Ingrosso, Goldt 2023 (2211.11567) and Belrose et al. 2024 (2402.04362); the Gaussian one has the full
covariance of a class, of all channels together, and by default nothing is clipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.datasets import DataError

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
Sampler = Callable[[Floats, int, np.random.Generator], Floats]
"""From the images of a class (image, pixel) and a number of samples to the samples, (sample, pixel)."""

FEWEST = 2
"""Images of a class from which a covariance can be told."""


def isotropic(images: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return mu + s g, g ~ N(0, I), s^2 the mean variance of a pixel."""
    scale = np.sqrt(images.var(axis=0, ddof=1, dtype=np.float64).mean())
    noise = rng.standard_normal((count, images.shape[1]), np.float32)
    return np.asarray(_mean(images) + np.float32(scale) * noise)


def gaussian(images: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return mu + g Z / sqrt(n - 1), g ~ N(0, I_n), Z the n centred images: Gaussian, of exactly their covariance.

    Nothing is factorised or regularized, so a singular covariance will do: the samples lie in the span of the images.
    """
    centred = images - _mean(images)
    noise = rng.standard_normal((count, len(images)), np.float32)
    return np.asarray(_mean(images) + noise @ centred / np.float32(np.sqrt(len(images) - 1)))


def independent(images: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return images each of whose pixels is that of an image drawn for it alone."""
    rows = rng.integers(len(images), size=(count, images.shape[1]))
    return np.asarray(np.take_along_axis(images, rows, axis=0))


SAMPLERS: Mapping[str, Sampler] = {"gauss": gaussian, "iso": isotropic, "indep": independent}
"""By the names of `experiment.CLONES`."""


@dataclass(frozen=True, eq=False)
class Original:
    """The images that clones are made of."""

    inputs: Floats  # (image, pixel)
    labels: Labels  # (image,)
    clip: bool = False
    """Whether the pixels of a clone are clipped to the range of those of the images."""

    def __post_init__(self) -> None:
        """Refuse a class that has no covariance."""
        counts = np.bincount(self.labels)
        rarest = int(np.argmin(np.where(counts > 0, counts, len(self.labels) + 1)))
        if counts[rarest] < FEWEST:
            raise DataError(
                f"n_train: enough for {FEWEST} images of every class, or a clone has no covariance; "
                f"{len(self.labels)} images have {counts[rarest]} of class {rarest}."
            )

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest pixel."""
        return float(self.inputs.min()), float(self.inputs.max())

    def clone(self, kind: str, labels: Labels, rng: np.random.Generator) -> Floats:
        """Return a clone of these labels (sample,) as (sample, pixel).

        Raises:
            DataError: a label is of a class that the images have not.
        """
        found = np.empty((len(labels), self.inputs.shape[1]), np.float32)
        for label in np.unique(labels):
            own, rows = self.inputs[self.labels == label], np.flatnonzero(labels == label)
            if not len(own):
                raise DataError(f"n_train: enough for images of every class; none is of class {label}.")
            found[rows] = SAMPLERS[kind](own, len(rows), rng)
        return np.clip(found, *self.ends) if self.clip else found

    def outside(self, clone: Floats) -> float:
        """Return the share of a clone's pixels that are outside the range of those of the images."""
        low, high = self.ends
        return float(((clone < low) | (clone > high)).mean())


class Moments(NamedTuple):
    """How well a clone (sample, pixel) with the labels of its images has their moments."""

    mean_error: float
    """Root mean square over classes and pixels of the error of a class mean, over that of the spread of the means."""
    variance_ratio: float
    """Total variance within classes, over that of the images."""


def moments(images: Floats, clone: Floats, labels: Labels) -> Moments:
    """Return how well a clone of some images (image, pixel) has their moments; the labels (image,) are those of both.

    A sample of n points a class has means that are wrong by its standard deviation over sqrt(n), whatever it is of.
    """
    there = np.unique(labels)
    means, others = (np.stack([_mean(part[labels == one]) for one in there]) for part in (images, clone))
    spread = means - means.mean(axis=0)
    within = [
        np.mean([part[labels == one].var(axis=0, dtype=np.float64).sum() for one in there]) for part in (images, clone)
    ]
    error = np.sqrt(((others - means) ** 2).mean() / (spread**2).mean())
    return Moments(float(error), float(within[1] / within[0]))


def _mean(images: Floats) -> Floats:
    return np.asarray(images.mean(axis=0, dtype=np.float64).astype(np.float32))
