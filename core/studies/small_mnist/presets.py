"""Presets of the Grokking page: small MNIST."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.small_mnist.experiment import SmallMnist
from core.study import Preset

PRESETS: Mapping[str, Preset[SmallMnist]] = {
    "grokking/mnist": Preset(
        "Large initial weights",
        "500 digits, initial weights times 1, 4 and 8, with weight decay: from large weights the test error falls long "
        "after the training error.",
        SmallMnist(),
    ),
    "grokking/mnist_decay": Preset(
        "Without weight decay",
        "The same without weight decay: does the test error fall, too?",
        SmallMnist(decay=0.0),
    ),
}
