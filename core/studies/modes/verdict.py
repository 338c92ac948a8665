"""What came out of two modes, in a few sentences: measured numbers with theory's, or theory's alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.part import Shown
from core.studies.modes.experiment import COMPARED, MODES, Modes
from core.studies.modes.tables import RELU, clocks_theory
from core.studies.modes.trajectory import ModesTrajectory

PLUS = list(MODES).index("plus")
HINGE_MARGIN = 1.0
"""The logit at which the hinge loss is zero."""


def verdict(experiment: Modes, shown: Shown[ModesTrajectory] | None) -> str:
    """Return the sentences, in Markdown."""
    rows = clocks_theory(experiment) if shown is None else shown.table("clocks")
    times = rows.set_index(["loss", "mode", "event"])["time_theory" if shown is None else "time_measured"]
    source = "In theory" if shown is None else "Measured"
    said = f"{source}: under cross-entropy {_reached(experiment, times, 'cross_entropy', 'N = 1', 'N = 1')}"
    plus, minus = (float(times["cross_entropy", mode, "N = 1"]) for mode in MODES)
    if plus > 0 and minus > 0:
        said += f": x₋ takes **{minus / plus:.3g} times** as long, and p₊/p₋ = {experiment.p / (1 - experiment.p):.3g}"
    said += f". Under hinge {_reached(experiment, times, 'hinge', 'zero loss', 'zero loss')}."
    return said if shown is None else said + _compared(shown, float(times["hinge", "plus", "zero loss"]))


def _reached(experiment: Modes, times: pd.Series, loss: str, event: str, what: str) -> str:
    """Say when both modes reached something."""
    plus, minus = (_at(float(times[loss, mode, event]), experiment.last_time) for mode in MODES)
    return f"x₊ reaches {what} {plus} and x₋ {minus}"


def _at(time: float, last: float) -> str:
    return f"not before t = {last:g}" if np.isnan(time) else f"at t = {time:.3g}"


def _compared(shown: Shown[ModesTrajectory], end: float) -> str:
    """Say how far cross-entropy has come when the hinge loss of x₊ is zero, and how far measurement is from theory."""
    said = ""
    if not np.isnan(end):
        entropy = shown.trajectory["logit"][:, COMPARED.index("cross_entropy"), RELU, PLUS]
        n = float(np.interp(end, shown.trajectory.times, entropy))
        said = (
            f" When the hinge loss of x₊ reaches zero, at a confidence of {_confidence(HINGE_MARGIN):.1%}, "
            f"cross-entropy is at **{_confidence(n):.1%}**."
        )
    rows = shown.table("modes")
    measured, theory = (rows[rows["source"] == source]["error"].to_numpy() for source in ("measured", "theory"))
    return said + f" Measurement and theory differ by at most {np.nanmax(np.abs(measured - theory)):.2g} in soft error."


def _confidence(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))
