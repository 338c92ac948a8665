"""What the charts of modular addition share: a colour for each output scale."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.figure import graded

Alphas = tuple[float, ...]
DASH = [4, 3]
"""Of what is measured on pairs trained on."""


def colour(alphas: Alphas, *, legend: bool) -> alt.Color:
    """Return the colour of an output scale, with a legend of all of them."""
    return graded.colour("alpha", "output scale α", alphas, legend=legend)


def alphas_of(path: pd.DataFrame) -> Alphas:
    """Return the output scales of a table's column alpha, ascending."""
    return tuple(sorted({float(alpha) for alpha in path["alpha"]}))
