"""Presets of the Phase plane page: ensembles."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.ensembles.experiment import Ensembles
from core.study import Preset

PRESETS: Mapping[str, Preset[Ensembles]] = {
    "phase_plane/ensembles": Preset(
        "Ten initializations",
        "Small digits, one hidden layer of 16 to 512 units, four output scales: how much do networks differ when "
        "only their initial weights do?",
        Ensembles(),
    ),
    "phase_plane/ensembles_deep": Preset(
        "Three hidden layers",
        "The same with three hidden layers of 16 to 256 units and GELU.",
        Ensembles(depth=3, activation="gelu", widths=(16, 32, 64, 128, 256), alphas=(2.0**-5, 1.0, 2.0**5), members=8),
        shipped=False,
    ),
}
