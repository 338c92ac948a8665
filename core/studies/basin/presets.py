"""Presets of the Learning dynamics page: where training fails."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.basin.experiment import Basin
from core.study import Preset

PRESETS: Mapping[str, Preset[Basin]] = {
    "learning_dynamics/basin": Preset(
        "Where training fails",
        "Single neurons from 40,401 initializations: five in eight never learn, and theory knows each one's fate.",
        Basin(),
    ),
    "learning_dynamics/basin_hinge": Preset(
        "The same under the hinge loss",
        "The same map of fates, for only the clock differs; but neurons that will die can outlive the training.",
        Basin(loss="hinge"),
    ),
    "learning_dynamics/revival": Preset(
        "Reactivated by the other class",
        "Classes at an angle: a neuron that dies for one class can become active on the other, and serve it.",
        Basin(
            grid=61,
            time_limit=120.0,
            cosines=(-0.95, -0.9, -0.8, -0.65, -0.5, -0.35, -0.2, -0.1, 0.0),
            width=8,
            seeds=tuple(range(64)),
        ),
    ),
}
