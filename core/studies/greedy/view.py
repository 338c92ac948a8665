"""What is shown of greedy construction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import entry
from core.studies.greedy.experiment import Greedy
from core.studies.greedy.presets import PRESETS
from core.view import View

FIRST = PRESETS["kinks/mnist_greedy"].experiment


@dataclass(frozen=True, kw_only=True)
class GreedyView(View):
    """A training, and the size of the training sets on which it is played."""

    part: ClassVar[str] = "greedy"

    experiment: Greedy = FIRST
    size: float = entry(
        512,
        "n_train",
        label="Training points played",
        help="The size of the training sets whose networks are played.",
        offered=FIRST.n_train,
        form="{:,.0f}",
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the sizes that are trained."""
        return self.experiment.n_train if name == "size" else None
