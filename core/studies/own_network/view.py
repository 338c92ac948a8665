"""What is shown of a network of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from core.comparison.fields import estimate_field, heat_field
from core.experiment import Experiment
from core.field import word
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_network.presets import PRESETS
from core.view import View

FIRST = PRESETS["complexity/resnet"].experiment


@dataclass(frozen=True, kw_only=True)
class OwnNetworkView(View):
    """A recording, the explainer that its network is compared with, and how that is shown."""

    part: ClassVar[str] = "own"
    all_at_once: ClassVar[tuple[str, ...]] = ("recording", "step_limit", "fitted_on")

    experiment: OwnNetwork = FIRST
    explainer: str = word(
        "linear",
        r"[^\n<>\[\]]{1,80}",
        "the name of an explainer, of 1 to 80 letters",
        label="Explainer L",
        help="The classifier that the network is compared with. A click on a row of the staircase chooses it, too.",
        hidden=True,
    )
    estimate: str = estimate_field("miller-madow")
    heat: str = heat_field()

    def with_preset(self, experiment: Experiment) -> Self:
        """Return a preset's network, explained as this one is."""
        return self.of(experiment, explainer=self.explainer, estimate=self.estimate, heat=self.heat)
