"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "target": ("", "sine, bump, random (drawn anew for every seed) or kink (a multiple of |x|)"),
    "method": (
        "",
        "small and lazy: networks, from a small and from a large initialization; interpolant: piecewise linear through "
        "the points; spline: the cubic spline through them (not-a-knot ends)",
    ),
    "points": ("points", "K, the number of training points"),
    "spacing": ("", "2 / (K - 1), the mean distance of neighbouring points on [-1, 1]"),
    "widest_gap": ("", "h, the largest distance of neighbouring points"),
    "rms_error": ("", "root of the mean of (f - target)^2 over 1,001 places evenly on [-1, 1]"),
    "sup_error": ("", "largest |f - target| over these places"),
    "fit_error": ("", "root of the mean of (f - target)^2 over the training points; 0 of what interpolates"),
    "sup_bound": ("", "h^2 max |target''| / 8, which bounds sup_error of the interpolant; empty: it has a kink"),
    "rate": (
        "",
        "r of rms_error ~ spacing^r, by least squares in logarithms over K of 8 and more: the mean over seeds",
    ),
    "rate_error": ("", "standard error of `rate` over seeds; empty for one seed"),
    "theory_rate": (
        "",
        "of the interpolant 2 and of the spline 4 on a smooth target, 3/2 across a kink; empty: there is none",
    ),
    "over_interpolant": (
        "",
        "rms_error over that of the interpolant: the geometric mean over seeds and K of 8 and more",
    ),
    "over_interpolant_error": ("", "standard error of ln over_interpolant over seeds; empty for one seed"),
    "interpolates": ("share", "networks that ended with a loss of at most 1e-8 of that of f = 0"),
}
"""By name: unit (none where empty) and meaning."""
