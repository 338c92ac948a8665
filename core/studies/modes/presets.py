"""Presets of the Learning dynamics page: modes."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.modes.experiment import Modes
from core.study import Preset

PRESETS: Mapping[str, Preset[Modes]] = {
    "learning_dynamics/modes": Preset(
        "Two modes",
        "Seven points in ten are of one class: 25 neurons learn each class, and one formula describes both.",
        Modes(),
    ),
    "learning_dynamics/losses": Preset(
        "Cross-entropy and hinge",
        "Two classes of equal frequency: both losses move every neuron along the same line. The hinge loss reaches "
        "zero in finite time, cross-entropy never does.",
        Modes(p=0.5, width=20, init=0.2),
    ),
    "learning_dynamics/rare_mode": Preset(
        "A rare mode",
        "One point in ten is of the rare class. It is learned nine times as slowly, along the same curve.",
        Modes(p=0.9, heads="balanced", learning_rate=0.01, last_time=140.0),
    ),
    "learning_dynamics/large_norm": Preset(
        "A large norm",
        "Equal frequencies, but one class has points four times as long: its clock is four times as fast and its "
        "initial logit four times as large, so that it is learned more than four times as early.",
        Modes(p=0.5, norm_plus=4.0, heads="balanced", learning_rate=0.0025, last_time=40.0),
    ),
    "learning_dynamics/some_die": Preset(
        "Some neurons die",
        "Output weights of either sign: neurons that start on the wrong side die on the way, and the others learn.",
        Modes(p=0.5, heads="free", width=20, init=0.15, seed=2),
    ),
}
