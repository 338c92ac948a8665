"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "angle_to_extremal": (
        "degrees",
        "between (w, b) and the direction that the residual of f = 0 turns the unit to; empty: none pushes it",
    ),
    "w1": ("", "weight of the first input; the unit's kink is the line w1 x1 + w2 x2 + b = 0"),
    "w2": ("", "weight of the second input"),
    "directions_95": ("", "likewise, within cos 0.95"),
    "directions_999": ("", "likewise, within cos 0.999"),
    "effective_directions": ("", "1 / sum q^2 over the clusters' shares q of |a| |v|"),
    "active_units": ("units", "how many hold 99 % of sum |a| |v|"),
    "low_n": ("points", "smallest training set that the power law is fitted to"),
    "high_n": ("points", "largest one"),
    "bend_error": ("", "standard error of bend over seeds (clustered)"),
}
"""By name: unit (none where empty) and meaning."""
