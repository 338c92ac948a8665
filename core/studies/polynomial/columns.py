"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "variance_part": ("", "(1 - tr Q / D)^2 / 4 over E y^2, Q = alpha epsilon (M - M(0)): of test_loss"),
    "misalignment_part": ("", "|Q - beta beta^T|^2 / (2 D^2) over E y^2, likewise"),
    "linear_part": ("", "alpha^2 |wbar - wbar(0)|^2 / D over E y^2, likewise"),
    "target_overlap": ("", "beta^T dM beta / (|dM| |beta|^2), dM = M - M(0): 1 where M has changed along beta alone"),
    "neurons_loss": ("", "train_loss of a network of neurons, for the first 300 steps"),
    "closed_form_error": ("", "largest |F| by which its neurons are off the closed form from their own weights"),
    "train_step": ("steps", "first recorded step with a train_loss below 0.1; empty: never"),
    "test_step": ("steps", "first recorded step with a test_loss below 0.2; empty: never"),
    "loss_delay": ("", "test_step / train_step"),
    "test_loss_at_train": ("", "test_loss at train_step"),
    "kernel_change_at_test": ("", "kernel_change at test_step"),
}
"""By name: unit (none where empty) and meaning."""
