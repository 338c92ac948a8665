"""What is shown of networks in training and of the classifiers that explain them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.choices import IMAGES
from core.comparison.fields import estimate_field, heat_field
from core.datasets import CATALOGUE
from core.experiment import Experiment
from core.explainers.names import ANOTHER_SEED, TITLES
from core.field import choice, declared
from core.studies.complexity.experiment import MOST_CONVOLUTIONS, Complexity
from core.studies.complexity.presets import PRESETS
from core.studies.complexity.trajectory import explainers
from core.view import View, with_own_table

FIRST = PRESETS["complexity/sinusoid"].experiment


@dataclass(frozen=True, kw_only=True)
class ComplexityView(View):
    """A training, the explainer that it is compared with, and how that is shown."""

    part: ClassVar[str] = "data"
    opens: ClassVar[bool] = True
    all_at_once: ClassVar[tuple[str, ...]] = ("dataset", "csv_digest")

    experiment: Complexity = FIRST
    explainer: str = choice(
        "linear",
        TITLES,
        label="Explainer L",
        help="The classifier that the network is compared with. A click on a row of the staircase chooses it, too.",
        section="Explainer",
    )
    estimate: str = estimate_field("plain")
    heat: str = heat_field()

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values: a network and a training set that the data set allows."""
        own = {**{name: getattr(self.experiment, name) for name in declared(Complexity)}, **values}
        fitting: dict[str, Any] = {}
        if own["dataset"] not in IMAGES:
            fitting["network"] = own["network"] = "mlp"
        for name in ("n_train", "batch_size", "depth"):
            low, high = self.limits(name, own) or (0, 0)
            fitting[name] = own[name] = min(max(own[name], low), high)
        return super().changed(with_own_table(self.experiment, {**values, **fitting}))

    def limits(self, name: str, values: Mapping[str, Any]) -> tuple[int, int] | None:
        """Return the range of the training points, of a batch of them, and of the layers of such a network."""
        if name not in ("n_train", "batch_size", "depth"):
            return None
        bounds = declared(Complexity)[name].bounds
        low, high = int(bounds.low), int(bounds.high)
        if name == "n_train":
            return low, min(high, CATALOGUE[values["dataset"]].n_train_max)
        if name == "batch_size":
            return low, min(high, int(values["n_train"] or high))
        return (1, MOST_CONVOLUTIONS) if _convolutional(values) else (low, high)

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the explainers that such networks have; images alone offer a convolutional network and its filters."""
        if name == "explainer":
            return possible(self.experiment)
        if name == "network" and values["dataset"] not in IMAGES:
            return ("mlp",)
        return () if name == "filters" and not _convolutional(values) else None

    def with_preset(self, experiment: Experiment) -> Self:
        """Return a preset's networks, explained as these are."""
        return self.of(experiment, explainer=self.explainer, estimate=self.estimate, heat=self.heat)


def _convolutional(values: Mapping[str, Any]) -> bool:
    return values["network"] == "cnn" and values["dataset"] in IMAGES


def possible(experiment: Complexity) -> tuple[str, ...]:
    """Return the explainers that networks may have once all are trained, the simplest first."""
    return (*explainers(experiment), *((ANOTHER_SEED,) if experiment.runs > 1 else ()))
