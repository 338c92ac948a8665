"""Phase plane: when does the noise of SGD help, and when does it hurt?"""

from __future__ import annotations

from pages.phase_plane.perceptron import part as perceptron_part
from pages.phase_plane.phase_plane import part as networks_part
from pages.shared.heading import heading
from pages.shared.switch import either

PARTS = {
    "perceptron": ("The perceptron, exact", perceptron_part.draw),
    "networks": ("Networks", networks_part.draw),
}
"""By their names in links."""


def page() -> None:
    """Draw the page."""
    heading(
        "When SGD noise helps, and when it hurts",
        "**Noise does not stop training from fitting the data; it makes fitting them take longer and larger weights.** "
        "Sclocchi, Geiger, Wyart 2023 ([2301.13703](https://arxiv.org/abs/2301.13703)) find regimes in the plane of "
        "the output scale α and the temperature T = learning rate / batch size; Sclocchi, Wyart 2024 "
        "([2309.10688](https://arxiv.org/abs/2309.10688)) in that of batch size and learning rate.",
    )
    either("pp_part", "part", PARTS)


page()
