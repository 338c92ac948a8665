"""Presets of the Grokking page: polynomial regression."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.polynomial.experiment import Polynomial
from core.study import Preset

PRESETS: Mapping[str, Preset[Polynomial]] = {
    "grokking/polynomial": Preset(
        "Infinite width",
        "A square to be learned from 250 points in 50 dimensions: the delay grows with α until there is no "
        "generalization in these steps.",
        Polynomial(),
    ),
    "grokking/polynomial_few": Preset(
        "Fewer points",
        "150 points: the delays are longer.",
        Polynomial(n_train=150),
    ),
    "grokking/polynomial_linear": Preset(
        "A nearly linear activation",
        "ε = 0.1: the linear part memorises first, and the test loss rises before it falls.",
        Polynomial(epsilon=0.1),
    ),
}
