"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "logit_strong": ("", "N_s, the logit of the strong feature by itself"),
    "logit_weak": ("", "N_w, the logit of the weak feature by itself"),
    "probability_weak": ("", "sigmoid(N_w), the probability that the weak feature by itself gives to its class"),
    "time_strong": ("time", "when N_s was at the logit of 1 - delta (hinge: at 1); empty: never"),
    "time_weak": ("time", "when N_w was; empty: never"),
    "clock_ratio": ("", "the same in theory where the two features never meet"),
}
"""By name: unit (none where empty) and meaning."""
