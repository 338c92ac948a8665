"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "predicted_peak_step": (
        "steps",
        "with the slope 1 / (2 ln(c - 1)) against ln(width), through the mean of peak_step",
    ),
    "rising_steps": ("steps", "at how many the loss rose"),
    "eta_lambda": (
        "",
        "learning rate times the top eigenvalue of the tangent kernel over n_train; of the toy a",
    ),
    "dead_share": ("share", "hidden units that no training point activates"),
    "eta_output": ("", "b = learning_rate f / sqrt(width) of the toy f = u.v / sqrt(width)"),
    "peak_output": ("", "the largest |b| on the way, likewise"),
    "sum_square": ("", "p = learning_rate |u + v|^2 / (4 width)"),
    "difference_square": ("", "q = learning_rate |u - v|^2 / (4 width)"),
}
"""By name: unit (none where empty) and meaning."""
