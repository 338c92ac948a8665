"""Points on a line: what is taken, in which order, and what is said of anything else."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from core.studies.kinks.theory.points import on_line


def test_points_come_out_sorted_and_read_only() -> None:
    x = np.array([0.5, -1.0, 0.0])
    points = on_line(x, [1, 2, 3])
    assert points.x.tolist() == [-1, 0, 0.5]
    assert points.y.tolist() == [2, 3, 1]
    assert points.inputs.tolist() == [[-1, 1], [0, 1], [0.5, 1]]
    with pytest.raises(ValueError, match="read-only"):
        points.y[0] = 0
    x[0] = 7  # the caller's own array stays writable, and apart
    assert points.x[2] == 0.5


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([0, 1], [0, 1, 2], "x and y: equally many numbers each; 2 and 3 came."),
        ([0], [0], "points: 2 to 200; 1 came."),
        ([], [], "points: 2 to 200; 0 came."),
        (np.linspace(-1, 1, 201), np.zeros(201), "points: 2 to 200; 201 came."),
        ([0, -1.5], [0, 0], "x: within [-1, 1]; -1.5 came."),
        ([0, 1], [0, -2e6], "y: at most 1e+06 in size; -2e+06 came."),
        ([0.5, -1, 0.5], [0, 0, 0], "x: all different, by at least 1e-06; 0.5 and 0.5 came."),
        ([0, 5e-7], [0, 0], "x: all different, by at least 1e-06; 0 and 5e-07 came."),
        ([0, "a"], [0, 0], "x: a list of numbers."),
        ([0, 1], [[0], [1]], "y: a list of numbers; an array of 2 dimensions came."),
        ([0, np.nan], [0, 0], "x: finite numbers; nan came."),
        ([0, 1], [0, -np.inf], "y: finite numbers; -inf came."),
    ],
)
def test_bad_points_are_refused_in_a_sentence(x: ArrayLike, y: ArrayLike, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:
        on_line(x, y)
    assert str(refusal.value) == sentence
