"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "rising_before": ("share", "steps at which the loss rose, of those up to crossed_step"),
    "rising_after": ("share", "the same of those after it; empty if there are none"),
}
"""By name: unit (none where empty) and meaning."""
