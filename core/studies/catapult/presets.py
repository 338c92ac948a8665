"""Presets of the Learning rate page: the catapult."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.catapult.experiment import Catapult
from core.study import Preset

FEW = (1.0, 1.5, 1.9, 2.2, 2.5, 2.8, 3.0, 3.5, 3.8, 4.0, 4.3, 6.0)

PRESETS: Mapping[str, Preset[Catapult]] = {
    "learning_rate/catapult": Preset(
        "ReLU on digits",
        "Twelve learning rates, one initialization. Above c = 2 the loss first rises, and the network lands where the "
        "curvature is lower.",
        Catapult(),
    ),
    "learning_rate/catapult_linear": Preset(
        "A linear network",
        "The network closest to the toy: it converges up to c = 4 and diverges above.",
        Catapult(activation="linear", rates=FEW),
    ),
    "learning_rate/catapult_tanh": Preset(
        "tanh on digits",
        "The same digits with tanh: does it diverge, too, or does it find another way out?",
        Catapult(activation="tanh", rates=FEW),
    ),
}
