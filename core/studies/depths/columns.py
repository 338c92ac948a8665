"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "end_logit": ("", "logit that the time is measured to"),
    "singular_value": ("", "s of the target's mode"),
}
"""By name: unit (none where empty) and meaning."""
