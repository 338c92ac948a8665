"""What is shown of a network on a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from core.experiment import Experiment
from core.field import choices, declared, flag, number
from core.studies.kinks.counts import MERGED, OTHER_MERGED
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.presets import PRESETS
from core.studies.kinks.tables.beside import REFERENCES
from core.view import View

FIRST = PRESETS["kinks/zig5"].experiment
LAZY_SIGMA = PRESETS["kinks/zig5_lazy"].experiment.sigma
SEEDS_COMPARED = PRESETS["kinks/seeds"].experiment.seeds
WIDTHS = (16, 32, 64, 128, 512)
"""Those at which the share of stuck seeds is shown."""
SIGMAS = (1e-2, 1e-3, 1e-4, 1e-5)
"""The initialization scales over which the time of the escape is shown."""
CODES: Mapping[str, str] = dict(zip(("dots", "norm", "limit", "lazy", "greedy"), REFERENCES, strict=True))
"""The references by their words in links."""


@dataclass(frozen=True, kw_only=True)
class KinksView(View):
    """A training run, and what is drawn for comparison."""

    part: ClassVar[str] = "line"
    opens: ClassVar[bool] = True
    unlinked: ClassVar[tuple[str, ...]] = ("seeds",)
    all_at_once: ClassVar[tuple[str, ...]] = ("x", "y")

    experiment: Kinks = FIRST
    references: tuple[str, ...] = choices((), CODES, label="Compare f with", link="beside")
    twin: bool = flag(
        False,
        label="The other regime",
        help=f"The same points from a large initialization (σ = {LAZY_SIGMA:g}, units in pairs); of a lazy run, from a "
        "small one.",
    )
    strip: bool = flag(
        False,
        label=f"{SEEDS_COMPARED} seeds",
        help=f"Which functions {SEEDS_COMPARED} initializations lead to, and how often. Takes seconds.",
    )
    widths: bool = flag(
        False,
        label="Stuck seeds against width",
        help=f"How many of {SEEDS_COMPARED} seeds stay short of the data, at {len(WIDTHS)} widths.",
    )
    scales: bool = flag(
        False,
        label="Escape time against σ",
        help=f"When the loss falls from σ = {SIGMAS[0]:g} to {SIGMAS[-1]:g}, and the slope over ln(1/σ).",
    )
    merged: float = number(
        MERGED,
        0,
        0.05,
        label="Kinks merged within",
        help="Kinks within this share of the range of x count as one position where f is compared with the bound "
        "2K + 1. At 0 every unit counts by itself.",
        offered=(0.0, *OTHER_MERGED[:1], MERGED, *OTHER_MERGED[1:], 0.02, 0.05),
        form="{:g}",
    )

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return a view of an experiment with its first seed on screen."""
        assert isinstance(experiment, Kinks)
        return super().of(replace(experiment, seeds=1), **shown)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; under the logistic loss the points are labels, -1 or 1."""
        now = {name: values.get(name, getattr(self.experiment, name)) for name in ("loss", "y")}
        if now["loss"] == "logistic":
            values = {**values, "y": labels(now["y"])}
        return super().changed(values)

    def with_preset(self, experiment: Experiment) -> Self:
        """Return a preset's training run, compared with what this one is; a preset of several seeds compares them."""
        assert isinstance(experiment, Kinks)
        own = {name: getattr(self, name) for name in declared(type(self))}
        return self.of(experiment, **{**own, "strip": self.strip or experiment.seeds > 1})

    @property
    def other_regime(self) -> Kinks:
        """The same points from a large initialization, units in pairs; of a lazy run, from a small one."""
        own = self.experiment
        if own.sigma >= 1:
            return replace(own, sigma=FIRST.sigma, paired=False)
        return replace(own, sigma=LAZY_SIGMA, paired=True, width=own.width + own.width % 2)

    @property
    def over_scales(self) -> Mapping[str, Kinks]:
        """The same points from ever smaller initializations, by the names that a person reads."""
        return {f"σ = {sigma:g}": replace(self.experiment, sigma=sigma, paired=False) for sigma in SIGMAS}

    @property
    def over_widths(self) -> Mapping[str, Kinks]:
        """The same settings from many initializations at several widths, likewise."""
        return {f"Width {width}": replace(self.seeds_compared, width=width) for width in WIDTHS}

    @property
    def seeds_compared(self) -> Kinks:
        """The same settings from many initializations."""
        return replace(self.experiment, seeds=SEEDS_COMPARED)


def labels(heights: Sequence[float]) -> tuple[float, ...]:
    """Return the points' labels, -1 or 1, from their heights."""
    return tuple(1.0 if y > 0 else -1.0 for y in heights)
