"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "late_eta_sharpness": ("", "the median of eta_sharpness over the second half of a run's steps"),
    "sharpness_ratio": (
        "",
        "sharpness at the end over lambda_0, the top eigenvalue of the tangent kernel over n_train at initialization",
    ),
    "initial_ratio": ("", "the same at initialization"),
    "predicted_ratio": (
        "",
        "the same at the end as the law has it: alpha^(-2 depth / (depth + 1)), its factor fitted at alpha <= 1/4",
    ),
    "onset_c": ("", "2 / sharpness_ratio of gradient flow: c above which gradient descent reaches 2 / learning rate"),
    "predicted_onset_c": ("", "2 / predicted_ratio"),
    "largest_c": ("", "the largest c of the plane at which the run neither diverged nor died; empty: none"),
    "spike_ratio": ("", "the largest recorded loss over that at step 0"),
}
"""By name: unit (none where empty) and meaning."""
