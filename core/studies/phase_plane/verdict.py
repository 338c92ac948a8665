"""What was measured of networks over the phase plane, in a sentence or two.

An effect is named only if a permutation test over all cells that are compared has p below `LEVEL` / 2, so that of a
hundred planes without any effect at most five are said to have one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.powers import SUPERSCRIPTS
from core.observables.permutations import largest_change
from core.studies.phase_plane.view import PhasePlaneView

Floats = NDArray[np.float64]

NAMES = {
    ("relative_weight_change", "temperature"): "|Δw| / |w₀| ~ T^",
    ("relative_weight_change", "n_train"): "|Δw| / |w₀| ~ P^",
    ("time", "temperature"): "t* ~ T^",
    ("time", "n_train"): "t* ~ P^",
    ("critical_temperature", "n_train"): "T_c of the weights ~ P^",
}
LEVEL = 0.05
"""How often the two sentences about noise and about alpha together may name an effect where there is none."""


def verdict(view: PhasePlaneView, plane: pd.DataFrame, exponents: pd.DataFrame, errors: Floats) -> str:
    """Say what was measured, as Markdown.

    Args:
        plane: the rows of the table at the chosen training-set and batch size.
        exponents: the whole table.
        errors: (seed, alpha, temperature), test errors at that training-set and batch size, NaN where not fitted.
    """
    if not view.is_plane:
        return " ".join(_exponents(exponents)) or "No fitted runs to compare yet."
    found = _Cells(view, plane, errors)
    return " ".join([*_noise(found), *_scale(found)]) or "No fitted runs to compare yet."


class _Cells:
    """The cells that have a mean, with their errors by seed."""

    def __init__(self, view: PhasePlaneView, plane: pd.DataFrame, errors: Floats) -> None:
        self.view, self.alphas = view, np.array(view.experiment.alphas)
        self.rows = plane.sort_values(["alpha", "temperature"])
        self.temperatures = np.unique(self.rows["temperature"])
        shown = np.isfinite(self.rows["test_error"].to_numpy(np.float64)).reshape(len(self.alphas), -1)
        self.errors = np.where(shown, errors, np.nan)  # (seed, alpha, temperature)
        self.alpha = int(np.abs(self.alphas - view.cell.alpha).argmin())

    def row(self, alpha: int, temperature: int) -> pd.Series:
        """Return a row of the plane."""
        return self.rows.iloc[alpha * len(self.temperatures) + temperature]


def _noise(cells: _Cells) -> list[str]:
    """Compare the coldest cell with the one that differs most from it at the chosen alpha."""
    own = cells.errors[:, cells.alpha]
    known = np.flatnonzero(np.isfinite(own).any(axis=0))
    if len(known) < 2:
        return []
    change = largest_change(own, int(known[0]))
    assert change is not None
    cold, far = cells.row(cells.alpha, int(known[0])), cells.row(cells.alpha, change.place)
    ends = f"{_error(cold)} at T = {_power(cold['temperature'])}, {_error(far)} at {_power(far['temperature'])}"
    at = f"At α = {_power(cells.view.cell.alpha)}"
    if change.p > LEVEL / 2:
        return [f"{at} noise changes the test error by no more than chance: {ends} (p = {change.p:.2f})."]
    said = "raises" if change.difference > 0 else "lowers"
    return [f"{at} noise **{said}** the test error: {ends} (p = {change.p:.2g})."]


def _scale(cells: _Cells) -> list[str]:
    """Compare the chosen alpha with the best lower one, at the chosen T or, if nothing fitted there, the nearest."""
    there = np.flatnonzero(np.isfinite(cells.errors[:, cells.alpha]).any(axis=0))
    if not len(there):
        return []
    away = np.abs(np.log2(cells.temperatures[there] / cells.view.cell.temperature))
    temperature = int(there[away.argmin()])
    change = largest_change(cells.errors[:, : cells.alpha + 1, temperature], cells.alpha, side=-1)
    if change is None:
        return []
    here, best = cells.row(cells.alpha, temperature), cells.row(change.place, temperature)
    at = f"at T = {_power(here['temperature'])}"
    if change.p > LEVEL / 2 or change.difference >= 0:
        return [f"No lower α is better by more than chance {at} (p = {change.p:.2f})."]
    return [
        f"Lowering α from there, {at}, **lowers** it from {_error(here)} to {_error(best)} at "
        f"α = {_power(best['alpha'])} (p = {change.p:.2g})."
    ]


def _exponents(exponents: pd.DataFrame) -> list[str]:
    """Name the fitted exponents with their standard errors."""
    said = []
    for row in exponents[exponents["exponent"].notna()].to_dict("records"):
        if (name := NAMES.get((row["quantity"], row["against"]))) is not None:
            error = f" ± {row['standard_error']:.2f}" if np.isfinite(row["standard_error"]) else ""
            said.append(f"{name}({row['exponent']:.2f}{error})".replace("-", "−"))
    return [f"Measured: {', '.join(said)}."] if said else []


def _error(row: pd.Series) -> str:
    spread = row["test_error_deviation"] / np.sqrt(max(row["fitted"], 1))
    return f"{row['test_error']:.3f}" + (f" ± {spread:.3f}" if np.isfinite(spread) else "")


def _power(value: float) -> str:
    return "2" + "".join(SUPERSCRIPTS[digit] for digit in f"{np.log2(value):z.3g}")
