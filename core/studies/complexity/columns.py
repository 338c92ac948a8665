"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "n_test": ("points", "size of the test set"),
    "joint_error": ("share", "e11, test points that both F and L get wrong"),
    "relation": ("", "of F and L at that joint error: independent given Y, noisy_copy of one another, nested errors"),
    "lower_bound": ("bits", "-min(I(F;Y|L), I(L;Y|F), I(F;L|Y)), which mu_Y cannot be below"),
    "upper_bound": ("bits", "min(I(F;Y), I(L;Y), I(F;L)), which mu_Y cannot be above"),
    "network_right": ("", "whether F is right there"),
}
"""By name: unit (none where empty) and meaning."""
