"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "mean_logit": ("", "mean of |f| over training points"),
    "z_6": ("", "yhat along eigenvector 6 of the tangent kernel at step 0"),
}
"""By name: unit (none where empty) and meaning."""
