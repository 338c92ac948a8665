"""Classifiers that take all their steps, each measured by itself; they diverge by their logits and end by their fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from core.training.one_by_one import OneByOneTraining
from core.trajectory import FITTED, STEP_LIMIT

BLOWN_UP = 1e6
"""A mean |f| beyond this counts as diverged, finite or not."""


class Classifier(Protocol):
    """A network that says what is recorded of it."""

    def measures(self) -> Mapping[str, Any]:
        """Return what is recorded of the network as it is, by name; mean_logit and accuracy among it."""


class ClassifiersTraining(OneByOneTraining):
    """Some classifiers in training; one that is found diverged is not a number from then on."""

    networks: Sequence[Classifier]

    def measure(self, run: int, step: int) -> Mapping[str, Any]:
        """Return what is recorded of a run, by name."""
        return self.networks[run].measures()

    def lost(self, run: int, step: int, found: Mapping[str, Any]) -> bool:
        """Return whether its logits have blown up, finite or not."""
        return not found["mean_logit"] < BLOWN_UP

    def outcome(self, found: Mapping[str, Any]) -> int:
        """Return whether a run that has taken all its steps fits its training set."""
        return FITTED if found["accuracy"] == 1 else STEP_LIMIT
