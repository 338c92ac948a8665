"""Kinks: why do few kinks remain, and where?"""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.directions.part import PART as directions
from core.studies.greedy.part import PART as greedy
from core.studies.kinks.part import PART as kinks
from core.studies.smooth_targets.part import PART as smooth_targets
from pages.kinks.kinks import HOOKS
from pages.shared.heading import heading
from pages.shared.switch import Titled, either, titled

PARTS: Mapping[str, Titled] = {
    "line": titled(kinks, HOOKS),
    "smooth": titled(smooth_targets),
    "inputs": titled(directions),
    "greedy": titled(greedy),
}
"""By their names in links."""


def page() -> None:
    """Draw the page."""
    heading(
        "Gradient descent quantizes ReLU features",
        "Hundreds of ReLU units, a few points on a line. **From a small initialization their kinks gather at a few "
        "places that the data choose, however wide the network, before the loss falls at all.** Maennel, Bousquet and "
        "Gelly 2018 ([1803.08367](https://arxiv.org/abs/1803.08367)) report at most 2K + 1 kinks for K points on a "
        "line.",
        ("step", "kink", "active", "n_eff", "lazy"),
    )
    either("k_part", "part", PARTS)


page()
