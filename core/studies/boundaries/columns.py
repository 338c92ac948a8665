"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "variant": (
        "",
        "how the network on two moons is trained: none (gradient descent with momentum), weight_decay, longer (ten "
        "times the epochs), adam_slow (rate 1e-4), adam_fast (3e-3), rotation (points turned by 45 degrees), dropout, "
        "batch_norm, five_layers, spectral_decoupling",
    ),
    "residual_error": ("", "standard error over seeds of the mean residual; empty for fewer than two seeds"),
    "known_seeds": ("", "how many seeds have a boundary from bottom to top, |x2| < 1.2: those that are averaged"),
}
"""By name: unit (none where empty) and meaning."""
