"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "flow_time": ("", "base_rate times step"),
    "participation_ratio": (
        "",
        "sum |w_k|^4 / (sum |w_k|^2)^2 over the frequencies k of a neuron's weights from a, mean over neurons",
    ),
    "base_rate": ("", "eta0 = learning_rate alpha^2"),
    "half_step": ("steps", "likewise with a test_error of at most 1/2"),
    "tenth_step": ("steps", "likewise with a test_error of at most 1/10"),
    "half_delay": ("", "half_step / fitted_step"),
    "tenth_delay": ("", "tenth_step / fitted_step"),
    "test_error_at_fit": ("share", "test_error at fitted_step"),
    "participation_at_half": ("", "participation_ratio at half_step"),
    "alignment_at_half": ("", "kernel_alignment at half_step"),
    "kernel_change_at_half": ("", "kernel_change at half_step"),
    "test_peak_ratio": ("", "the largest recorded test_loss over that at step 0"),
    "power_share": ("share", "|w_k|^2 over the sum of all frequencies of the neuron"),
}
"""By name: unit (none where empty) and meaning."""
