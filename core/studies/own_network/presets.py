"""The recording that comes with the app."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.own_network.experiment import OwnNetwork
from core.study import Preset

PRESETS: Mapping[str, Preset[OwnNetwork]] = {
    "complexity/resnet": Preset(
        "Somebody's ResNet",
        "A small ResNet that a plain script (tests/examples/resnet.py) trained on the ten classes of CIFAR-10, "
        "recorded on 2,000 test images: 64 % of them right after 3,000 steps.",
        OwnNetwork(recording="22e57a928d7c27af145efe7163769a85c77e3a11793af7fafb4622fc15e19ac8", step_limit=3000),
    ),
}
