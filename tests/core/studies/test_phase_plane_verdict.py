"""What is said of noise and of alpha: true where there is an effect, and seldom said where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.observables.of_cells import over_seeds
from core.studies.phase_plane.experiment import PhasePlane
from core.studies.phase_plane.verdict import LEVEL, verdict
from core.studies.phase_plane.view import PhasePlaneView

ALPHAS, TEMPERATURES = (1.0, 4.0, 16.0, 64.0), tuple(2.0**-power for power in range(10, 0, -1))
EXPERIMENT = PhasePlane(alphas=ALPHAS, temperatures=TEMPERATURES)
VIEW = PhasePlaneView.of(EXPERIMENT, at_alpha=64.0, at_temperature=TEMPERATURES[5])


def said(errors: np.ndarray) -> str:
    """The sentences on errors (seed, alpha, temperature)."""
    mean, deviation = over_seeds(errors)
    plane = pd.DataFrame(
        {
            "alpha": np.repeat(ALPHAS, len(TEMPERATURES)),
            "temperature": np.tile(TEMPERATURES, len(ALPHAS)),
            "test_error": mean.ravel(),
            "test_error_deviation": deviation.ravel(),
            "fitted": len(errors),
        }
    )
    return verdict(VIEW, plane, pd.DataFrame({"exponent": []}), errors)


def drawn(rng: np.random.Generator) -> np.ndarray:
    """Errors of five seeds without any effect: a level a seed, and chance a cell."""
    shape = (5, len(ALPHAS), len(TEMPERATURES))
    return np.asarray(0.1 + 0.01 * rng.standard_normal((5, 1, 1)) + 0.01 * rng.standard_normal(shape))


def test_without_an_effect_one_is_named_in_a_twentieth_of_planes_at_most() -> None:
    rng, draws = np.random.default_rng(0), 300
    spoken = sum("**" in said(drawn(rng)) for _ in range(draws))
    assert spoken <= draws * LEVEL + 2 * (draws * LEVEL * (1 - LEVEL)) ** 0.5


def test_effects_are_named_with_their_signs() -> None:
    errors = drawn(np.random.default_rng(1))
    errors[:, 3, 6:] += 0.05
    errors[:, 0] -= 0.05
    text = said(errors)
    assert "noise **raises** the test error" in text
    assert "Lowering α from there" in text
    assert "**lowers** it" in text
    errors[:, 3, 6:] -= 0.1
    assert "noise **lowers** the test error" in said(errors)


def test_cells_without_a_mean_are_no_part_of_it() -> None:
    errors = drawn(np.random.default_rng(2))
    errors[:, 3] = np.nan
    assert said(errors) == "No fitted runs to compare yet."
    errors[:, 3, 2] = 0.1
    assert said(errors).startswith("No lower α is better")
