"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "on_points": ("share", "of |a w| in the data's range: within 0.02 of a point"),
    "on_kinks": ("share", "likewise: off the points, where several units have their kinks within 0.1 % of the range"),
    "alone": ("share", "likewise: neither"),
    "on_points_by_chance": ("share", "on_points if the units had kinks drawn from those of the initialization"),
    "on_kinks_by_chance": ("share", "on_kinks likewise"),
    "alone_by_chance": ("share", "alone likewise"),
    "bending_kinks": (
        "",
        "positions at which f bends by 0.1 % of all its bends or more; kinks within 0.5 % of the range of x are one",
    ),
    "bending_kinks_fine": ("", "the same, merged within 0.1 % of the range"),
    "bending_kinks_coarse": ("", "the same, merged within 1 %"),
    "stuck": ("share", "seeds that ended short of the data"),
    "stuck_error": ("share", "binomial standard error of `stuck`"),
    "distinct_kinks": (
        "kinks",
        "clusters of kinks in the data's range, at most 4 % of it wide, that bend f by 1 % or more of all bends",
    ),
    "kink_bound": ("kinks", "2 K + 1 for K points"),
    "free_rate": ("1 / time", "largest rate that any direction would give a unit, active or not"),
    "escape_time": ("time", "when the loss fell below 99 % of its first value; empty: never"),
    "predicted_escape": ("time", "ln(1 / sigma) / G_max at f = 0"),
    "on_data": ("share", "of |a w| in the data's range, within 0.02 of a point"),
    "dots_distance": ("", "largest |f - connect the dots| between the first and the last point"),
    "kink_shift": ("", "median |x - x(0)| over kinks that began in the data's range; of the first seed"),
}
"""By name: unit (none where empty) and meaning."""
