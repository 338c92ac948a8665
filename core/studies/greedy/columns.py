"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "method": ("", "greedy: built unit by unit; descent: gradient descent on all units from a small initialization"),
    "relative_loss": ("", "training loss over that of f = 0"),
    "network_units": ("units", "how many the network has: those added so far, or the width"),
    "added_unit": ("", "number of the unit that was added to the network, from 1 on"),
    "output_distance": (
        "",
        "root mean square over test points of the difference of the greedy network's output and the descent's, over "
        "that of the descent's output",
    ),
}
"""By name: unit (none where empty) and meaning."""
