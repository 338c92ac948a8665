"""The critical temperatures of the weights and of the error: planted ones come out; what is beyond a grid is said."""

from __future__ import annotations

import numpy as np
import pytest

from core.studies.phase_plane.experiment import PhasePlane
from core.studies.phase_plane.observables import CRITICAL_CHANGE
from core.studies.phase_plane.onsets import DEPARTURE, departure, onset, onsets
from core.studies.phase_plane.tables import exponents
from core.studies.phase_plane.trajectory import MEASURES, PhasePlaneTrajectory
from core.trajectory import DIVERGED, FITTED

TEMPERATURES = tuple(2.0**k for k in range(-11, -2))
SIZES, SEEDS = (256, 1024, 4096), (0, 1, 2, 3, 4)


def planted(spread: float = 0.0, alpha: float = 2.0**15) -> PhasePlaneTrajectory:
    """Runs whose weights change as T P^(1/2) and whose error falls by 20 % a doubling of T from P^(-1/2) on."""
    experiment = PhasePlane(n_train=SIZES, alphas=(alpha,), temperatures=TEMPERATURES, seeds=SEEDS)
    shape = (len(PhasePlaneTrajectory.scheduled(experiment)), experiment.runs)
    arrays = {name: np.full(shape, np.nan) for name in MEASURES}
    for run, cell in enumerate(experiment.cells):
        own = 1 + spread * (cell.seed - 2)
        arrays["relative_weight_change"][-1, run] = own * 0.1 * cell.temperature * cell.n_train**0.5
        above = np.log2(cell.temperature * cell.n_train**0.5) + own
        arrays["test_error"][-1, run] = own * 0.1 * (1 - 0.2 * max(above, 0))
    arrays |= {"end_step": np.full(experiment.runs, 10), "outcome": np.full(experiment.runs, FITTED)}
    arrays["initial_kernel"] = np.full((len(SEEDS), len(SIZES)), 0.1)
    return PhasePlaneTrajectory(experiment, arrays)


def test_planted_critical_temperatures_come_out() -> None:
    table = onsets(planted()).set_index(["n_train", "measure"])
    for size in SIZES:
        weights, error = (
            table.loc[(size, measure), "critical_temperature"] for measure in ("relative_weight_change", "test_error")
        )
        assert weights == pytest.approx(CRITICAL_CHANGE / 0.1 / size**0.5, rel=1e-6)
        assert error == pytest.approx(2 ** (DEPARTURE / 0.2 - 1) / size**0.5, rel=1e-6)
    assert table["interval_low"].isna().all(), "seeds that are all the same have no interval"


def test_intervals_hold_the_estimate_and_widen_with_the_spread_of_seeds() -> None:
    narrow, wide = (onsets(planted(spread)).dropna() for spread in (0.02, 0.1))
    for table in (narrow, wide):
        assert len(table) == 2 * len(SIZES)
        assert (table["interval_low"] <= table["critical_temperature"]).all()
        assert (table["critical_temperature"] <= table["interval_high"]).all()
        assert (table["reached"] == 1).all()
    widths = [np.log(table["interval_high"] / table["interval_low"]).to_numpy() for table in (narrow, wide)]
    assert (widths[0] < widths[1]).all()


def test_an_error_that_comes_back_or_never_leaves_has_no_onset() -> None:
    flat, back, late = np.full(6, 0.2), np.array([0.2] * 3 + [0.3, 0.3, 0.2]), np.array([0.2] * 5 + [0.1])
    early = np.array([0.2] * 3 + [0.1] * 3)
    temperature = 2.0 ** np.arange(-6.0, 0)
    found = onset(departure(np.stack([flat, back, late, early])), temperature)
    assert np.isinf(found[:2]).all()
    assert temperature[4] < found[2] < temperature[5]
    assert temperature[2] < found[3] < temperature[3]
    unknown = np.array([0.2, 0.2, 0.2, np.nan, 0.1, np.nan])
    assert np.isfinite(onset(departure(unknown), temperature))
    assert onset(np.full(6, 1.0), temperature) == 0, "it has left before the grid begins"
    assert np.isinf(onset(np.full(6, np.nan), temperature))


def test_runs_that_did_not_fit_do_not_count() -> None:
    whole = planted(0.02)
    outcome = whole["outcome"].copy()
    outcome[whole["test_error"][-1] < 0.05] = DIVERGED
    arrays = {name: whole[name] for name in MEASURES} | {"outcome": outcome}
    arrays |= {name: whole[name] for name in ("end_step", "initial_kernel")}
    table = onsets(PhasePlaneTrajectory(whole.experiment, arrays))
    assert np.isfinite(table["critical_temperature"].astype(float)).all()


def test_there_are_none_outside_of_the_lazy_regime() -> None:
    assert onsets(planted(alpha=1.0)).empty


def test_the_exponent_of_the_weights_is_not_held_against_an_identity() -> None:
    table = exponents(planted(0.02)).set_index(["quantity", "against"])
    row = table.loc[("critical_temperature", "n_train")]
    assert row["exponent"] == pytest.approx(-0.5, abs=0.01)
    assert np.isnan(row["theory"])
