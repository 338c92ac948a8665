"""What is shown of depth and the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.experiment import Experiment
from core.field import choice, entry, flag
from core.studies.depths.experiment import Depths
from core.studies.depths.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_dynamics/depth"].experiment
LOSS_NAMES = {"cross_entropy": "Cross-entropy", "hinge": "Hinge", "squared": "Squared"}


@dataclass(frozen=True, kw_only=True)
class DepthsView(View):
    """A training, and what its charts show of it."""

    part: ClassVar[str] = "depth"

    experiment: Depths = FIRST
    start: float = entry(
        0.05,
        "starts",
        label="Initial logit N₀",
        help="The logit at time 0: every layer's norm is (N₀/|x|)^(1/D).",
        section="Initialization",
        offered=(1e-4, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
        link="from",
    )
    measure: str = choice("error", {"error": "Soft error", "logit": "Logit"}, label="Curves of", link="curves")
    loss: str = choice("cross_entropy", LOSS_NAMES, label="Times to learn under", link="times")
    layers: int = entry(2, "depths", label="Layers of the linear network")
    together: bool = flag(False, label="One axis of time", help="For all three losses, to compare their times.")

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return a view of an experiment, from the greatest of its initial logits if it is not said from which."""
        assert isinstance(experiment, Depths)
        return super().of(experiment, **{"start": experiment.starts[-1], **shown})

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; an initial logit that is not trained takes the place of all that are."""
        start = values.get("start", self.start)
        new = {} if start in self.experiment.starts else {"starts": (start,)}
        return super().changed({**values, **new})
