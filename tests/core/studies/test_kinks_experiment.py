"""The experiment on a line: what it takes, what it refuses in one sentence, and how points are moved into range."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import digest, to_json, with_settings
from core.studies.kinks.experiment import Kinks, rescaled
from core.study import from_json
from core.values import ExperimentError

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"x": (0.0,), "y": (1.0,)}, "x: 2 to 200 numbers"),
    ({"x": (), "y": ()}, "x: 2 to 200 numbers"),
    ({"x": tuple(k / 300 for k in range(201)), "y": (0.0,) * 201}, "x: 2 to 200 numbers"),
    ({"x": (0.0, 0.0), "y": (1.0, 2.0)}, "x: different numbers, at least 0.001 apart"),
    ({"x": (0.0, 1e6), "y": (1.0, 2.0)}, "each -1 to 1; got 1000000.0"),
    ({"x": (0.0, 1.0), "y": (1.0, 1e6)}, "each -10 to 10"),
    ({"x": (0.0, math.nan), "y": (1.0, 1.0)}, "each -1 to 1"),
    ({"x": (0.0, 1.0), "y": (1.0, 2.0, 3.0)}, "x and y: equally many numbers"),
    ({"x": "0,1"}, "x: 2 to 200 numbers"),
    ({"loss": "hinge"}, "loss: one of squared, logistic"),
    ({"loss": "logistic"}, "y: -1 or 1 with the logistic loss"),
    ({"width": 0}, "width: a whole number, 1 to 4096"),
    ({"width": 8000}, "width: a whole number, 1 to 4096"),
    ({"width": 31, "paired": True}, "width: an even number where units are paired"),
    ({"paired": 1}, "paired: true or false"),
    ({"sigma": 0}, "sigma: a number, 1e-12 to 100"),
    ({"sigma": math.inf}, "sigma: a number"),
    ({"balance": -1}, "balance: a number"),
    ({"seed": 0.5}, "seed: a whole number"),
    ({"seeds": 65}, "seeds: a whole number, 1 to 64"),
    ({"step_limit": 0}, "step_limit: a whole number"),
]


@pytest.mark.parametrize(("fields", "sentence"), REFUSED)
def test_what_is_refused_is_said_in_one_sentence(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Kinks(**fields)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_points_in_another_order_and_other_number_types_are_the_same_experiment() -> None:
    one = Kinks(x=(-1, 0, 1), y=(1, 2, 3), sigma=1)
    other = Kinks(x=(1.0, -1.0, 0.0), y=(3.0, 1.0, 2.0), sigma=1.0)
    assert one == other
    assert digest(one) == digest(other)
    assert from_json(to_json(one)) == one


def test_settings_as_the_command_line_gives_them() -> None:
    found = with_settings(Kinks(), {"x": "-1,0.5,1", "y": "0,1,0", "sigma": "30", "paired": "true", "width": "2^5"})
    assert found == Kinks(x=(-1, 0.5, 1), y=(0, 1, 0), sigma=30, paired=True, width=32)
    with pytest.raises(ExperimentError, match="paired: true or false; got 'maybe'"):
        with_settings(Kinks(), {"paired": "maybe"})


def test_points_where_they_should_be_are_not_moved() -> None:
    points = ((-0.75, -0.5, 0.125), (1.1, 0.1, 0.8))
    assert rescaled(*points) == points


@given(st.floats(-1e12, 1e12), st.floats(1e-3, 1e12), st.floats(10.5, 1e200))
def test_other_points_are_moved_and_keep_their_shape(start: float, reach: float, height: float) -> None:
    x, y = rescaled((start + 2, start + 2 + reach / 4, start + 2 + reach), (height, -height / 2, 0.0))
    assert -1 <= min(x) < max(x) <= 1
    assert y == (1.0, -0.5, 0.0)


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [((1.0,), (1.0,), "x: 2 to 200"), ((1.0, 2.0), (1.0, math.inf), "finite"), ((1.0, math.nan), (0, 0), "finite")],
)
def test_points_that_no_move_helps(x: Any, y: Any, sentence: str) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        rescaled(x, y)
