"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "amplitude": (
        "",
        "root mean square over test points of the mean of alpha F over the networks, their variance over their number "
        "taken off its square",
    ),
    "fluctuation": ("", "root mean square over test points of the standard deviation of alpha F over the networks"),
    "relative_fluctuation": ("", "fluctuation / amplitude"),
    "ensemble_test_error": ("share", "test points on the wrong side of the mean of F over the networks"),
}
"""By name: unit (none where empty) and meaning."""
