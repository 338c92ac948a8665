"""What was measured of networks over the phase plane, in a sentence or two."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.figure.powers import SUPERSCRIPTS
from core.studies.phase_plane.view import PhasePlaneView

NAMES = {
    ("relative_weight_change", "temperature"): "|Δw| / |w₀| ~ T^",
    ("relative_weight_change", "n_train"): "|Δw| / |w₀| ~ P^",
    ("time", "temperature"): "t* ~ T^",
    ("time", "n_train"): "t* ~ P^",
    ("critical_temperature", "n_train"): "T_c ~ P^",
}
SURE = 2.0
"""Two means differ if they are further apart than this many standard errors."""


def verdict(view: PhasePlaneView, plane: pd.DataFrame, exponents: pd.DataFrame) -> str:
    """Say what was measured, as Markdown.

    Args:
        plane: the rows of the table at the chosen training-set and batch size.
        exponents: the whole table.
    """
    said = [*_noise(view, plane), *_scale(view, plane)] if view.is_plane else _exponents(exponents)
    return " ".join(said) or "Nothing has fitted yet that could be compared."


def _noise(view: PhasePlaneView, plane: pd.DataFrame) -> list[str]:
    """Compare the cell of the smallest T with the worst or the best other one at the chosen alpha."""
    rows = _known(plane[plane["alpha"] == view.cell.alpha]).sort_values("temperature")
    if len(rows) < 2:
        return []
    cold, hotter = rows.iloc[0], rows.iloc[1:]
    far = hotter.iloc[int(np.abs(hotter["test_error"] - cold["test_error"]).to_numpy().argmax())]
    change = "raises" if far["test_error"] > cold["test_error"] else "lowers"
    if not _differ(cold, far):
        return [
            f"At α = {_power(view.cell.alpha)} noise changes the test error by no more than two standard errors: "
            f"{_error(cold)} at T = {_power(cold['temperature'])}, {_error(far)} at {_power(far['temperature'])}."
        ]
    return [
        f"At α = {_power(view.cell.alpha)} noise **{change}** the test error: from {_error(cold)} at "
        f"T = {_power(cold['temperature'])} to {_error(far)} at {_power(far['temperature'])}."
    ]


def _scale(view: PhasePlaneView, plane: pd.DataFrame) -> list[str]:
    """Compare the chosen alpha with the best lower one, at the chosen T or, if nothing fitted there, the nearest."""
    plane, cell = _known(plane), view.cell
    own = plane[plane["alpha"] == cell.alpha]
    if not len(own):
        return []
    here = own.iloc[int(np.abs(np.log2(own["temperature"] / cell.temperature)).to_numpy().argmin())]
    lower = plane[(plane["alpha"] < cell.alpha) & (plane["temperature"] == here["temperature"])]
    if not len(lower):
        return []
    best = lower.loc[lower["test_error"].idxmin()]
    if not _differ(here, best) or best["test_error"] > here["test_error"]:
        return [f"No lower α is better by two standard errors at T = {_power(here['temperature'])}."]
    return [
        f"Lowering α from there, at T = {_power(here['temperature'])}, **lowers** it from {_error(here)} to "
        f"{_error(best)} at α = {_power(best['alpha'])}."
    ]


def _exponents(exponents: pd.DataFrame) -> list[str]:
    """Name the fitted exponents with their standard errors."""
    said = []
    for row in exponents[exponents["exponent"].notna()].to_dict("records"):
        if (name := NAMES.get((row["quantity"], row["against"]))) is not None:
            error = f" ± {row['standard_error']:.2f}" if np.isfinite(row["standard_error"]) else ""
            said.append(f"{name}({row['exponent']:.2f}{error})".replace("-", "−"))
    return [f"Measured: {', '.join(said)}."] if said else []


def _known(plane: pd.DataFrame) -> pd.DataFrame:
    known: pd.DataFrame = plane[np.isfinite(plane["test_error"].to_numpy(np.float64))]
    return known


def _differ(one: pd.Series, other: pd.Series) -> bool:
    """Whether two means over seeds are further apart than their standard errors explain; one seed never says so."""
    errors = [row["test_error_deviation"] / np.sqrt(max(row["fitted"], 1)) for row in (one, other)]
    spread = float(np.hypot(*errors))
    return bool(abs(one["test_error"] - other["test_error"]) > SURE * spread) if np.isfinite(spread) else False


def _error(row: pd.Series) -> str:
    spread = row["test_error_deviation"] / np.sqrt(max(row["fitted"], 1))
    return f"{row['test_error']:.3f}" + (f" ± {spread:.3f}" if np.isfinite(spread) else "")


def _power(value: float) -> str:
    return "2" + "".join(SUPERSCRIPTS[digit] for digit in f"{np.log2(value):z.3g}")
