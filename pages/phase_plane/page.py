"""Phase plane: when does the noise of SGD help, and when does it hurt?"""

from __future__ import annotations

from core.studies.ensembles.part import PART as ensembles
from core.studies.own_plane.part import PART as own
from core.studies.perceptron.part import PART as perceptron
from core.studies.phase_plane.part import PART as networks
from pages.phase_plane.own import HOOKS as own_hooks
from pages.shared.heading import heading
from pages.shared.switch import either, titled

PARTS = {
    "perceptron": titled(perceptron),
    "networks": titled(networks),
    "ensembles": titled(ensembles),
    "runs": titled(own, own_hooks),
}
"""By their names in links."""


def page() -> None:
    """Draw the page."""
    heading(
        "When SGD noise helps, and when it hurts",
        "**Noise does not stop training from fitting the data; it makes fitting slower and the final weights larger.** "
        "Sclocchi, Geiger, Wyart 2023 ([2301.13703](https://arxiv.org/abs/2301.13703)) find regimes in the plane of "
        "the output scale α and the temperature T; Sclocchi, Wyart 2024 "
        "([2309.10688](https://arxiv.org/abs/2309.10688)) in that of batch size and learning rate. T is learning rate "
        "/ (batch size · width) for networks, and learning rate / batch size for the perceptron.",
        ("step", "alpha", "temperature", "lazy", "feature", "change", "critical", "largest", "points"),
    )
    either("pp_part", "part", PARTS)


page()
