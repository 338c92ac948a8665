"""Trajectories: named axes hold, runs lie where they say, shards join without loss."""

from collections.abc import Callable

import numpy as np
import pytest

from core.studies.explorer.experiment import Explorer
from core.studies.explorer.trajectory import AXES, PlaneTrajectory, cells
from core.study import join
from core.trajectory import DIVERGED, FITTED, OUTCOMES, STATIONARY, STEP_LIMIT, UNFINISHED, Array


def test_cells_go_through_seeds_then_alphas_then_temperatures(trajectory: PlaneTrajectory) -> None:
    found = [(cell.seed, cell.alpha, cell.temperature) for cell in trajectory.cells]
    assert found == [(s, a, t) for s in (0, 3) for a in (0.5, 64.0) for t in (0.125, 2.0)]
    for run, cell in enumerate(trajectory.cells):
        assert trajectory.run(cell.alpha, cell.temperature, cell.seed) == run
        assert trajectory.seed_row(run) == run // 4
    assert trajectory.run(0.7, 0.125, 0) is None
    assert trajectory.run(0.5, 0.125, 1) is None


def test_runs_end_in_every_way_and_the_fixture_shows_all(trajectory: PlaneTrajectory) -> None:
    assert set(trajectory["outcome"]) == {FITTED, STEP_LIMIT, DIVERGED}
    assert [OUTCOMES[k] for k in (FITTED, STEP_LIMIT, DIVERGED, UNFINISHED, STATIONARY)] == list(OUTCOMES)
    assert trajectory.complete


def test_axes_are_consistent_and_arrays_read_only(trajectory: PlaneTrajectory) -> None:
    sizes: dict[str, int] = {}
    for name, axes in AXES.items():
        for axis, size in zip(axes, trajectory[name].shape, strict=True):
            assert sizes.setdefault(axis, size) == size
        with pytest.raises(ValueError, match="read-only"):
            trajectory[name][...] = 0
    expected = {
        "snapshot": len(PlaneTrajectory.schedule.steps(200)),
        "run": 8,
        "neuron": 8,
        "seed": 2,
        "train_point": 48,
        "grid": 101,
    }
    assert sizes == expected | {"test_point": 785}


def test_arrays_of_another_shape_are_refused(trajectory: PlaneTrajectory) -> None:
    arrays = dict(trajectory.arrays)
    with pytest.raises(ValueError, match="loss: axis snapshot"):
        PlaneTrajectory(trajectory.experiment, arrays | {"loss": arrays["loss"][1:]})
    with pytest.raises(ValueError, match="outcome: has 2 axes"):
        PlaneTrajectory(trajectory.experiment, arrays | {"outcome": arrays["outcome"][None]})
    with pytest.raises(ValueError, match="axis run"):
        PlaneTrajectory(trajectory.experiment.at(0.5, 0.125), arrays)


def test_last_snapshot_is_the_first_with_the_final_state(trajectory: PlaneTrajectory) -> None:
    for run in range(8):
        last = trajectory.last_snapshot(run)
        end = trajectory["end_step"][run]
        assert trajectory.steps[last] >= end
        assert last == 0 or trajectory.steps[last - 1] < end
        for name, axes in AXES.items():
            if axes[:2] == ("snapshot", "run"):
                final = trajectory[name][last, run]
                np.testing.assert_array_equal(
                    trajectory[name][last:, run], np.broadcast_to(final, trajectory[name][last:, run].shape)
                )
        if trajectory["outcome"][run] != DIVERGED:
            before = trajectory["relative_weight_change"][last - 1, run]
            assert before != trajectory["relative_weight_change"][last, run]


def shard_of(trajectory: PlaneTrajectory, runs: list[int]) -> tuple[list[int], dict[str, Array]]:
    row = [trajectory.seed_row(runs[0])]
    take = {"run": runs, "seed": row}
    part = {}
    for name, axes in AXES.items():
        axis = axes.index("run") if "run" in axes else axes.index("seed")
        part[name] = np.take(trajectory[name], take[axes[axis]], axis=axis)
    return runs, part


def test_join_puts_runs_back_in_place(trajectory: PlaneTrajectory) -> None:
    parts = [shard_of(trajectory, runs) for runs in ([5, 7], [0, 2], [4, 6], [1, 3])]
    whole = join(trajectory.experiment, parts)
    for name in AXES:
        np.testing.assert_array_equal(whole[name], trajectory[name])
        assert whole[name].dtype == trajectory[name].dtype


def test_runs_of_no_shard_are_unfinished_and_not_a_number(trajectory: PlaneTrajectory) -> None:
    half = join(trajectory.experiment, [shard_of(trajectory, [0, 2])])
    assert [int(k) for k in half["outcome"]] == [trajectory["outcome"][0], 3, trajectory["outcome"][2], 3, 3, 3, 3, 3]
    assert not half.complete
    absent = [1, 3, 4, 5, 6, 7]
    for name in ("test_error", "train_error", "loss", "kink_position", "line_function", "relative_weight_change"):
        assert np.isnan(half[name][:, absent]).all()
        np.testing.assert_array_equal(half[name][:, [0, 2]], trajectory[name][:, [0, 2]])
    assert np.isnan(half["train_projection"][1]).all()


def test_cells_depend_on_the_experiment_alone(tiny: Callable[..., Explorer]) -> None:
    assert len(cells(tiny(seeds=(1, 2, 3)))) == tiny(seeds=(1, 2, 3)).runs == 12
