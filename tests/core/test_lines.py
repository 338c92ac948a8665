"""The line through the data on which kinks are drawn."""

import numpy as np
import pytest

from core.datasets import DataError, Task, load
from core.lines import GRID_POINTS, data_line


def small(inputs: list[list[float]], labels: list[int]) -> Task:
    x, y = np.array(inputs, np.float32), np.array(labels, np.float32)
    return Task(train_inputs=x, train_labels=y, test_inputs=x.copy(), test_labels=y.copy())


def test_it_runs_from_the_mean_of_minus_to_the_mean_of_plus() -> None:
    task = load("digits_parity", n_train=100, seed=0)
    line = data_line(task, ())
    for y, s in ((-1, 0), (1, 1)):
        mean = task.train_inputs[task.train_labels == y].mean(axis=0)
        np.testing.assert_allclose(line.origin + s * line.direction, mean, atol=1e-5)
        assert line.project(mean[None])[0] == pytest.approx(s, abs=1e-5)


def test_it_runs_through_two_points() -> None:
    task = load("two_moons", n_train=50, seed=0)
    line = data_line(task, (7, 3))
    np.testing.assert_allclose(line.project(task.train_inputs[[7, 3]]), [0, 1], atol=1e-5)
    assert line.direction[-1] == 0  # the constant input, a unit's bias


def test_projection_is_the_nearest_point() -> None:
    task = load("digits_parity", n_train=100, seed=0)
    line = data_line(task, ())
    s = line.project(task.train_inputs)
    assert s.dtype == np.float32
    rest = task.train_inputs - line.origin - s[:, None] * line.direction
    np.testing.assert_allclose(rest @ line.direction, 0, atol=1e-3)


def test_the_grid_reaches_past_all_projected_points() -> None:
    task = small([[0, 0], [4, 1], [8, 5], [2, 2]], [-1, 1, 1, -1])
    line = data_line(task, (0, 1))
    s = line.project(task.train_inputs)
    assert line.grid.shape == (GRID_POINTS,)
    assert line.grid.dtype == np.float32
    reach = s.max() - s.min()
    assert line.grid[0] == pytest.approx(s.min() - 0.15 * reach, abs=1e-5)
    assert line.grid[-1] == pytest.approx(s.max() + 0.15 * reach, abs=1e-5)
    assert (np.diff(line.grid) > 0).all()


def test_two_equal_points_are_no_line() -> None:
    task = small([[1, 2], [1, 2], [3, 4]], [-1, 1, 1])
    with pytest.raises(DataError, match="line: the two points must differ"):
        data_line(task, (0, 1))
    with pytest.raises(DataError, match="line: "):  # class means that coincide
        data_line(small([[1, 0], [-1, 0], [0, 0]], [-1, -1, 1]), ())
