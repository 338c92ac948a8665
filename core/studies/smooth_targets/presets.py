"""Presets of the Kinks page: smooth targets."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.smooth_targets.experiment import SmoothTargets
from core.study import Preset

PRESETS: Mapping[str, Preset[SmoothTargets]] = {
    "kinks/smooth_targets": Preset(
        "Smooth targets",
        "Three targets of bounded second derivative and |x|, on 4 to 32 points: the test error of networks from a "
        "small and from a large initialization, of the piecewise-linear interpolant and of a cubic spline.",
        SmoothTargets(),
    ),
}
