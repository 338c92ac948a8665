"""Presets of the Learning dynamics page's part on depth and the loss."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.depths.experiment import Depths
from core.study import Preset

PRESETS: Mapping[str, Preset[Depths]] = {
    "learning_dynamics/depth": Preset(
        "One to six layers, three losses",
        "From N = 0.05 every additional layer helps; from 0.001 two layers are the fastest, and six slower than one.",
        Depths(),
    ),
    "learning_dynamics/saxe": Preset(
        "Modes of linear networks, one by one",
        "Saxe et al.: stronger singular values are learned first, in steps that depth makes steeper; one layer learns "
        "all at once.",
        Depths(
            depths=(1, 2, 3, 4),
            starts=(0.01,),
            strengths=(1.0, 2.0, 3.0, 5.0),
            learning_rate=0.001,
            last_time=12.0,
        ),
    ),
    "learning_dynamics/unaligned": Preset(
        "Layers that are not aligned",
        "Random weights on top of the aligned ones: the theory of one variable is off, and more so with depth.",
        Depths(starts=(0.05,), noise=0.5, learning_rate=0.01, last_time=25.0),
        shipped=False,
    ),
}
