"""The losses of a margin s N that the learning-dynamics studies share, s being the class, -1 or 1, and N the logit."""

from __future__ import annotations

from collections.abc import Mapping

LOSSES: Mapping[str, str] = {
    "cross_entropy": "log(1 + exp(-sN))",
    "hinge": "max(0, 1 - sN)",
    "squared": "(1 - sN)^2 / 2",
}
"""Each loss and its formula. Hinge has margin 1, squared the target 1."""
