"""Presets of the Grokking page: modular addition."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.modular.experiment import Modular
from core.study import Preset

PRESETS: Mapping[str, Preset[Modular]] = {
    "grokking/modular": Preset(
        "Five output scales",
        "The same initial weights at five α, without weight decay. At small α the network generalizes as it fits; at "
        "large α long after.",
        Modular(),
    ),
    "grokking/modular_lazy": Preset(
        "Larger α",
        "α = 16, 32 and 64: the delay grows until it is longer than the training.",
        Modular(alphas=(16.0, 32.0, 64.0), rate=3e5, seeds=(0,), step_limit=20_000),
    ),
    "grokking/modular_unsubtracted": Preset(
        "f₀ not subtracted",
        "α = 16, 32 and 64 again, but the network has its initial output to unlearn: the delay stays small.",
        Modular(alphas=(16.0, 32.0, 64.0), rate=3e5, seeds=(0,), step_limit=20_000, subtract=False),
    ),
    "grokking/modular_few": Preset(
        "Too few pairs",
        "Half of all pairs: every network fits them, and none generalizes in these steps, whatever α is.",
        Modular(fraction=0.5, seeds=(0,)),
    ),
    "grokking/modular_plane": Preset(
        "α and the fraction of pairs",
        "Five α on eight fractions of all pairs, a network in each cell: from which fraction on does it generalize, "
        "and how long after fitting?",
        Modular(fractions=(0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9), seeds=(0,), step_limit=6000),
    ),
    "grokking/modular_cross_entropy": Preset(
        "Cross-entropy",
        "The logits grow, and the softmax saturates: the test error stays far above 0 at every α.",
        Modular(loss="cross_entropy", seeds=(0,), step_limit=6000),
    ),
}
