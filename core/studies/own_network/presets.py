"""The recording that comes with the app."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.own_network.experiment import OwnNetwork
from core.study import Preset

PRESETS: Mapping[str, Preset[OwnNetwork]] = {
    "complexity/resnet": Preset(
        "Somebody's ResNet",
        "A small ResNet that a plain script trained on the ten classes of CIFAR-10, recorded on 2,000 test images.",
        OwnNetwork(),
        shipped=True,
    ),
}
