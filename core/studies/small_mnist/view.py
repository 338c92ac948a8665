"""What is shown of small MNIST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import entry
from core.studies.small_mnist.experiment import SmallMnist
from core.studies.small_mnist.presets import PRESETS
from core.view import View

FIRST = PRESETS["grokking/mnist"].experiment


@dataclass(frozen=True, kw_only=True)
class SmallMnistView(View):
    """A training, and the initialization scale that is marked."""

    part: ClassVar[str] = "small_mnist"

    experiment: SmallMnist = FIRST
    scale: float = entry(
        8.0,
        "scales",
        label="Initialization scale",
        help="The network that is marked in the charts.",
        offered=FIRST.scales,
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the initialization scales that are trained."""
        return self.experiment.scales if name == "scale" else None
