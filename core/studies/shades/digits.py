"""Handwritten 3 and 8, and a brightness cue that mostly tells them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator
from core.studies.shades.experiment import Shades

Floats = NDArray[np.float32]

CLASSES = (3, 8)
"""The digits of class -1 and +1."""
WHITE = 16.0
"""The largest value of a pixel in scikit-learn's digits."""


@dataclass(frozen=True, eq=False)
class ShadedDigits:
    """The images of one seed, pixels less the mean pixel of the training set."""

    train: Floats  # (image, pixel)
    train_sign: Floats  # (image,): class, -1 or +1
    luck: NDArray[np.float64]  # (image,): from 0 to 1; the shade is the class's where it is below p
    test: Floats
    test_sign: Floats

    @classmethod
    def draw(cls, experiment: Shades, seed: int) -> ShadedDigits:
        """Return `n_train` images drawn at random, and all others for the test; a larger p changes shades only."""
        from sklearn.datasets import load_digits  # here: scikit-learn takes a second to import

        pixels, digit = load_digits(return_X_y=True)
        chosen = np.isin(digit, CLASSES)
        images = (pixels[chosen] / WHITE).astype(np.float32)
        sign = np.where(digit[chosen] == CLASSES[1], 1, -1).astype(np.float32)
        order = generator("data", seed).permutation(len(sign))
        train, test = order[: experiment.n_train], order[experiment.n_train :]
        images -= images[train].mean()
        luck = generator("noise", seed).random(len(train))
        return cls(images[train], sign[train], luck, images[test], sign[test])

    def training_inputs(self, p: float, shade: float) -> Floats:
        """Return the shaded training images with a constant input, (image, pixel + 1)."""
        told = np.where(self.luck < p, self.train_sign, -self.train_sign)
        return _shaded(self.train, shade * told)

    def test_inputs(self, shade: float) -> Floats:
        """Return the test images, each shaded by `shade` times its class, with a constant input."""
        return _shaded(self.test, shade * self.test_sign)


def _shaded(images: Floats, by: NDArray[np.floating]) -> Floats:
    shaded = images + by[:, None].astype(np.float32)
    return np.column_stack([shaded, np.ones(len(shaded), np.float32)])
