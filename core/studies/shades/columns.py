"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "reversed_accuracy": ("share", "test images right, shaded as the other class"),
}
"""By name: unit (none where empty) and meaning."""
