"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "linearised_weight_change": (
        "",
        "|w - w0| / |w0| of the network's linearisation at initialization, F = grad f(w0, x) . (w - w0), trained from "
        "the same initialization on the same batches",
    ),
    "linearised_test_error": ("share", "test_error of the linearisation"),
    "linearised_outcome": ("", "how the linearisation ended: fitted or step_limit"),
    "linearised_steps": ("steps", "the last step that moved the linearisation (fitted), or at which it was stopped"),
}
"""By name: unit (none where empty) and meaning."""
