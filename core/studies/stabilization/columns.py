"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "weight_noise": ("", "standard deviation of the normal number that is added to every weight at every step"),
    "sharpest_step": ("steps", "of the largest eta_sharpness until it is below 2 again; empty: it is not"),
    "farthest_step": ("steps", "likewise of the largest |displacement|"),
    "growth_ratio": ("", "|x'| / |x| over |1 - eta S|, x' being the displacement a step later: the median over steps"),
    "damping": ("", "B of this line"),
    "r_squared": ("", "the share of the variance of what S changes by that this line explains"),
    "r_squared_single": ("", "the same over single steps, in which S also moves with the sign of x"),
    "balance_displacement": ("", "delta = sqrt(drift / damping), at which the sharpness stays; empty: there is none"),
    "rms_displacement": ("", "the root of the mean of x^2 over all recorded steps"),
}
"""By name: unit (none where empty) and meaning."""
