"""The fields of a view that compares: how information is estimated, and what colours the staircase."""

from __future__ import annotations

from typing import Any

from core.field import choice

HEATS = {"explained_share": "explained share", "retained_share": "retained share", "mu_y": "μ_Y in bits"}
"""What may colour the staircase (`charts.staircase.MEASURES` has the titles of its legend)."""


def estimate_field(default: str) -> Any:
    """Declare how information is estimated."""
    return choice(
        default,
        {"plain": "Plain", "miller-madow": "Miller–Madow"},
        label="Estimate of information",
        help="Plain frequencies overestimate information a little, which the correction of Miller and Madow takes off; "
        "the error bars matter more.",
        section="Explainer",
    )


def heat_field() -> Any:
    """Declare what colours the staircase."""
    return choice("explained_share", HEATS, label="Colour of the staircase")
