"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "interval_low": ("", "lower end of the 95 % interval over seeds drawn with replacement; empty beyond the grid"),
    "interval_high": ("", "upper end of it"),
}
"""By name: unit (none where empty) and meaning."""
