"""What a preset is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from core.experiments import Experiment

Kind = TypeVar("Kind", bound=Experiment, covariant=True)


@dataclass(frozen=True)
class Preset(Generic[Kind]):
    """An experiment with a name people can say, and what to look at in it."""

    title: str
    sentence: str
    experiment: Kind
    shipped: bool = False
