"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "fifth_step": ("steps", "first recorded step with a test_error of at most 1/5; empty: never"),
    "hundredth_step": ("steps", "first recorded step with a train_error of at most 1/100; empty: never"),
    "fifth_delay": ("", "fifth_step / hundredth_step"),
    "test_error_at_hundredth": ("share", "test_error at hundredth_step"),
}
"""By name: unit (none where empty) and meaning."""
