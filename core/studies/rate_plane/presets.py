"""Presets of the Learning rate page: the plane of output scales and learning rates."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.rate_plane.experiment import RatePlane
from core.study import Preset

PRESETS: Mapping[str, Preset[RatePlane]] = {
    "learning_rate/plane": Preset(
        "Two hidden layers",
        "Digits at nine output scales and fourteen learning rates: lazy, at the edge of stability, a catapult, or "
        "diverged.",
        RatePlane(),
    ),
    "learning_rate/plane_shallow": Preset(
        "One hidden layer",
        "The same plane with one hidden layer: the final sharpness depends less on α.",
        RatePlane(depth=1),
    ),
}
