"""Learning rate: what does gradient descent do when its steps are too large for the curvature it meets?"""

from __future__ import annotations

from core.studies.catapult.part import PART as catapult
from core.studies.edge.part import PART as edge
from core.studies.rate_plane.part import PART as plane
from core.studies.stabilization.part import PART as stabilization
from pages.shared.heading import heading
from pages.shared.switch import either, titled

PARTS = {
    "catapult": titled(catapult),
    "edge": titled(edge),
    "stabilization": titled(stabilization),
    "plane": titled(plane),
}
"""By their names in links."""


def page() -> None:
    """Draw the page."""
    heading(
        "When the learning rate is too large",
        "**Gradient descent often survives steps that are too large for the curvature it meets: it moves to where the "
        "loss is flatter, or stays at the edge.** After Lewkowycz et al. 2020 "
        "([2003.02218](https://arxiv.org/abs/2003.02218)) and Cohen et al. 2021 "
        "([2103.00065](https://arxiv.org/abs/2103.00065)). The equations of the first paper and the body of the second "
        "were not at hand: the formulas are derived and checked here.",
        ("step", "rate", "curvature", "sharpness", "active"),
    )
    either("lr_part", "part", PARTS)


page()
