"""Complexity: does SGD learn a linear function first, and keep it?"""

from __future__ import annotations

from core.studies.clones.part import PART as clones
from core.studies.complexity.measure.part import PART as measure
from core.studies.complexity.part import PART as data
from core.studies.linear_model.part import PART as theorem
from core.studies.own_network.part import PART as own
from pages.complexity.clones import HOOKS as clones_hooks
from pages.complexity.complexity import HOOKS as data_hooks
from pages.complexity.measure import HOOKS as measure_hooks
from pages.complexity.own import HOOKS as own_hooks
from pages.shared.heading import heading
from pages.shared.switch import either, titled

PARTS = {
    "data": titled(data, data_hooks),
    "clones": titled(clones, clones_hooks),
    "own": titled(own, own_hooks),
    "measure": titled(measure, measure_hooks),
    "theorem": titled(theorem),
}
"""By their names in links."""


def page() -> None:
    """Draw the page."""
    heading(
        "SGD learns functions of increasing complexity",
        "**At first a linear classifier knows nearly all that a network knows. Later the network knows more, and still "
        "knows that.** Nakkiran et al. 2019 ([1905.11604](https://arxiv.org/abs/1905.11604)) measure it in bits: "
        "μ_Y(F;L) = I(F;Y) − I(F;Y|L) is the part of the network F's performance that a simpler classifier L explains.",
        ("step", "fly", "information", "conditional", "mu", "clone"),
    )
    either("c_part", "part", PARTS)


page()
