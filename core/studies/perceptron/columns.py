"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "chi": ("", "the density of x1 vanishes at the decision boundary as |x1|^chi"),
    "unfitted_share": ("share", "training points with y f below the margin"),
    "xi": ("", "the point's coordinate along w_perp"),
}
"""By name: unit (none where empty) and meaning."""
