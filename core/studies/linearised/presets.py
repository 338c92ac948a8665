"""The presets of the study of laziness, which the Explorer draws."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.linearised.experiment import Linearised
from core.study import Preset

PRESETS: Mapping[str, Preset[Linearised]] = {
    "explorer/linearised": Preset(
        "Digits against their linearisation",
        "The Explorer's plane of digits from five seeds, and beside every network its linearisation at initialization, "
        "trained on the same batches.",
        Linearised(),
    ),
}
