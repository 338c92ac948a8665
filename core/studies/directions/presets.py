"""Presets of the Kinks page."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.directions.experiment import Directions
from core.study import Preset

PRESETS: Mapping[str, Preset[Directions]] = {
    "kinks/moons": Preset(
        "Two moons",
        "Two inputs: a unit's kink is a line in the plane. Hundreds of lines turn to two; a few suffice for the fit.",
        Directions(dataset="two_moons", n_train=(60,), seeds=(0,), loss="logistic", sigma=1e-2, target_loss=0.02),
    ),
    "kinks/digits_count": Preset(
        "Digits: directions against data",
        "How many directions fit 20 to 640 small digits to the same loss, and does their number grow sub-linearly?",
        Directions(),
    ),
    "kinks/digits_count_lazy": Preset(
        "Digits, lazy",
        "The same digits, large initialization: directions stay as they began, one per unit, however many digits.",
        Directions(sigma=30.0, paired=True),
        shipped=False,
    ),
    "kinks/mnist_count": Preset(
        "MNIST: directions against data",
        "The same count on real MNIST: two directions suffice for 128 digits, and fifty are in use at 1,024.",
        Directions(dataset="mnist_parity", n_train=(32, 64, 128, 256, 512, 1024)),
    ),
}
