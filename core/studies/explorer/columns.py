"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "kink_displacement": (
        "initial spreads",
        "median |s - s(0)| of the kinks over the interquartile range of s(0)",
    ),
    "active_right": ("", "whether the unit is on to the right of its kink"),
    "mu_y_share": ("share", "mu_Y / I(F;Y); empty where I(F;Y) is under 0.02 bit"),
}
"""By name: unit (none where empty) and meaning."""
