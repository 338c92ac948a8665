"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "y_theory": ("", "y of the neuron in theory"),
    "z_theory": ("", "z of the neuron in theory"),
}
"""By name: unit (none where empty) and meaning."""
