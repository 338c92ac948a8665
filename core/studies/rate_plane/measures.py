"""What colours the plane of learning rates."""

from __future__ import annotations

from collections.abc import Mapping

from core.figure.measure import Measure

MEASURES: Mapping[str, Measure] = {
    "late_eta_sharpness": Measure("ηS in the second half of a run", "redyellowblue", reverse=True, format=".2~f"),
    "sharpness_ratio": Measure("final sharpness S / λ₀", "magma", log=True, format="~g"),
    "spike_ratio": Measure("largest loss / initial loss", "yelloworangered", log=True, format="~g"),
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
}
"""Columns of the table `rate_plane`."""
