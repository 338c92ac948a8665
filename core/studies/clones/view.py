"""What is shown of networks that are trained on clones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.experiment import Experiment
from core.field import choice, declared, number
from core.studies.clones.experiment import EXPLAINERS, LEADS, Clones, most_images
from core.studies.clones.presets import PRESETS
from core.view import View

FIRST = PRESETS["complexity/clones"].experiment


@dataclass(frozen=True, kw_only=True)
class ClonesView(View):
    """A training, the lead at which a clone is left, and the classifier that the two-class network is compared with.

    A lead that is none of `LEADS` is the nearest of them.
    """

    part: ClassVar[str] = "clones"
    estimate: ClassVar[str] = "plain"
    heat: ClassVar[str] = "explained_share"

    experiment: Clones = FIRST
    explainer: str = choice(
        "qda",
        EXPLAINERS,
        label="Explainer L",
        help="The classifier that the two-class network is compared with: logistic regression; discriminants that take "
        "either class, or each of the ten, for a Gaussian; linear ones (LDA) with one covariance for all of them.",
    )

    lead: float = number(
        0.03,
        min(LEADS),
        max(LEADS),
        label="A clone is left at a lead of",
        help="By how much accuracy on real images the network trained on them has to lead that on a clone, from some "
        "step on until the end.",
        offered=LEADS,
        form="{:.0%}",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "lead", min(LEADS, key=lambda lead: abs(lead - self.lead)))

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values: as many images as the data set has."""
        own = {**{name: getattr(self.experiment, name) for name in declared(Clones)}, **values}
        fitting = {}
        for name in ("n_train", "batch_size"):
            low, high = self.limits(name, own) or (0, 0)
            fitting[name] = own[name] = min(max(own[name], low), high)
        return super().changed({**values, **fitting})

    def limits(self, name: str, values: Mapping[str, Any]) -> tuple[int, int] | None:
        """Return the range of the training images, and of a batch of them."""
        if name not in ("n_train", "batch_size"):
            return None
        low, high = (int(end) for end in (declared(Clones)[name].bounds.low, declared(Clones)[name].bounds.high))
        most = most_images(values["dataset"]) if name == "n_train" else int(values["n_train"] or high)
        return low, min(high, most)

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return nothing for what the network does not have."""
        unused = "width" if values["network"] == "cnn" else "filters"
        return () if name == unused else None

    def with_preset(self, experiment: Experiment) -> Self:
        """Return a preset's networks, compared as these are."""
        return self.of(experiment, explainer=self.explainer, lead=self.lead)
