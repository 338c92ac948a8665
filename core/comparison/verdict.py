"""What came out of networks in training, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.comparison.compared import LEAST_INFORMATION


def verdict(curves: pd.DataFrame, facts: Mapping[str, Any]) -> str:
    """Say what an explainer explains early and what is retained late, as Markdown.

    Args:
        curves: `explained.curves` of the explainer.
        facts: `explained.facts` of it.
    """
    own = facts["explainer_information"]
    if not np.isfinite(own) or own < LEAST_INFORMATION:
        return _knows_nothing(curves, facts)
    said, last = [], curves.iloc[-1]
    early, unrelated = facts["early"], facts["early_independent"]
    if np.isfinite(early):
        said.append(
            f"Until the network is as good as L, L explains **{early:.0%}** of what it knows (two unrelated "
            f"classifiers: {unrelated:.0%})"
        )
    if np.isfinite(last["retained_share"]):
        said.append(
            f"at the end it retains **{last['retained_share']:.0%}** of what L knows (unrelated: "
            f"{last['retained_share_independent']:.0%}; {_apart(facts)})"
        )
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}." if said else "Too little is known to tell yet."


def _apart(facts: Mapping[str, Any]) -> str:
    """Say how far retention is above that of unrelated classifiers, in standard errors."""
    more, error = facts["apart"], facts["apart_error"]
    said = f"{100 * more:.0f} ± {100 * error:.0f} points apart"
    return f"{said}, within two standard errors" if abs(more) <= 2 * error else said


def _knows_nothing(curves: pd.DataFrame, facts: Mapping[str, Any]) -> str:
    """Say it of an explainer that tells nothing of the label."""
    own, most, end = facts["explainer_information"], curves["mu_y"].max(), curves["mutual_information_test"].iloc[-1]
    then = f"while I(F;Y) ends at {end:.2f} bit" if np.isfinite(end) else "and every network diverged"
    return (
        f"L, {facts['explainer']}, tells {np.fmax(own, 0):.3f} bit of the label; of the network it explains "
        f"**{most:.3f} bit** at most, {then}."
    )
