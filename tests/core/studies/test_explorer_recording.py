"""What is kept of a shard: a NaN never counts as right, rounding is bounded, ended runs keep their last state."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recording import error, rounded
from core.studies.explorer.recording import FRACTION_BITS
from core.studies.explorer.trajectory import AXES, PlaneTrajectory
from core.trajectory import DIVERGED

LABELS = np.array([1, -1, 1, -1], np.float32)


class TestError:
    @pytest.mark.parametrize(
        ("output", "share"),
        [
            ([1, -1, 1, -1], 0.0),
            ([-1, 1, -1, 1], 1.0),
            ([1, 1, 1, 1], 0.5),
            ([0, 0, 0, 0], 0.5),
            ([9, 0, 9, -9], 0.125),
            ([np.inf, -np.inf, 1, -1], 0.0),
            ([1, -1, 1, np.nan], np.nan),
            ([np.nan] * 4, np.nan),
        ],
    )
    def test_by_hand(self, output: list[float], share: float) -> None:
        np.testing.assert_array_equal(error(np.array([output], np.float32), LABELS), np.array([share], np.float32))

    @given(st.lists(st.floats(width=32, allow_infinity=False), min_size=4, max_size=4))
    def test_one_nan_makes_the_error_nan(self, output: list[float]) -> None:
        found = error(np.array([output, [1, -1, 1, -1]], np.float32), LABELS)
        wrong = [0.5 if f == 0 else float(f * y < 0) for f, y in zip(output, LABELS, strict=True)]
        assert np.isnan(found[0]) == np.isnan(output).any()
        assert np.isnan(found[0]) or found[0] == np.mean(wrong)
        assert found[1] == 0


class TestRounded:
    @given(
        st.lists(st.floats(-(2.0**100), 2.0**100, width=32).filter(lambda v: v == 0 or abs(v) > 2.0**-100)),
        st.sampled_from(sorted(set(FRACTION_BITS.values()))),
    )
    def test_to_the_nearest_with_so_many_bits(self, values: list[float], bits: int) -> None:
        exact = np.array(values, np.float32)
        kept = rounded(exact, bits)
        assert (np.abs(kept - exact) <= np.abs(exact) * 2.0 ** -(bits + 1)).all()
        np.testing.assert_array_equal(rounded(kept, bits), kept)
        mantissa = np.frexp(kept)[0] * 2.0 ** (bits + 1)
        np.testing.assert_array_equal(mantissa, np.round(mantissa))

    def test_what_is_not_finite_stays(self) -> None:
        values = np.array([np.nan, np.inf, -np.inf, 0.0, -np.nan], np.float32)
        values.view(np.uint32)[0] = 0xFFFFFFFF  # a NaN that carries into the sign if it is rounded
        np.testing.assert_array_equal(rounded(values, 9), values)


def test_a_diverged_run_is_nan_from_the_snapshot_at_which_it_was_found(trajectory: PlaneTrajectory) -> None:
    diverged = np.flatnonzero(trajectory["outcome"] == DIVERGED)
    assert len(diverged)
    for run in diverged:
        found = np.searchsorted(trajectory.steps, trajectory["end_step"][run])
        for name, axes in AXES.items():
            if axes[:2] == ("snapshot", "run"):
                after = trajectory[name][found:, run]
                assert (~after if after.dtype == bool else np.isnan(after)).all(), name


def test_other_runs_are_finite_throughout(trajectory: PlaneTrajectory) -> None:
    fine = np.flatnonzero(trajectory["outcome"] != DIVERGED)
    for name in ("test_error", "train_error", "loss", "line_function", "relative_weight_change", "kink_position"):
        assert np.isfinite(trajectory[name][:, fine]).all(), name


def test_at_step_0_the_predictor_is_0_and_the_error_a_half(trajectory: PlaneTrajectory) -> None:
    assert (trajectory["test_error"][0] == 0.5).all()
    assert (trajectory["train_error"][0] == 0.5).all()
    assert (trajectory["line_function"][0] == 0).all()
    assert (trajectory["relative_weight_change"][0] == 0).all()
    margins = np.array([1 / cell.alpha for cell in trajectory.cells])
    np.testing.assert_allclose(trajectory["loss"][0], margins, rtol=2.0**-13)
