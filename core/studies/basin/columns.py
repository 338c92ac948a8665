"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "y_other": ("", "its first layer along x / |x| of class -1"),
    "fate": (
        "",
        "of a neuron of class +1, in theory: learns (y > 0, y + z > 0), doomed (will die: y > 0 > y + z), dead "
        "(inactive: y <= 0), or border (on the boundary: y > 0 = y + z)",
    ),
    "mismatch": ("", "whether training ended otherwise than theory predicts"),
    "doomed": ("units", "neurons that will die in their class and start inactive on the other class"),
    "reborn": ("units", "those reactivated: active on the other class only at the end, with the sign that serves it"),
}
"""By name: unit (none where empty) and meaning."""
