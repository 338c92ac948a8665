"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "z_2": ("", "response of the second feature, likewise"),
    "s_1": ("", "strength of the first feature; the second's is fixed"),
    "dz_2_ds_1": ("", "how the fixed point's z_2 moves with s_1: exact, by the curvature of the objective"),
    "fixed_z_1": ("", "z_1 at the fixed point"),
    "fixed_z_2": ("", "z_2 at the fixed point"),
}
"""By name: unit (none where empty) and meaning."""
