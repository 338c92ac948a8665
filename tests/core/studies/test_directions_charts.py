"""The charts of directions in many inputs: constant specs, lines where the kinks are, the exponent in words."""

import numpy as np
import pandas as pd
import pytest

from core.figure.drawing import svg
from core.figure.figure import Figure
from core.studies.directions.charts import alignment, counting, kink_lines

STEPS = np.array([0, 1, 2, 5, 10, 30, 100])
UNITS = 6


def motion() -> pd.DataFrame:
    """Six invented units: lines that turn, one of them without a direction to turn to."""
    time = np.linspace(0, 1, len(STEPS))[:, None]
    first = np.linspace(0, 5, UNITS)[None]
    angle = first + time
    to = np.where(np.arange(UNITS) == 3, np.nan, 90 * np.exp(-5 * time) * np.ones(UNITS))
    columns = {
        "step": np.repeat(STEPS, UNITS),
        "neuron": np.tile(np.arange(UNITS), len(STEPS)),
        "angle_to_extremal": to,
        "radius": 1e-4 * np.exp(time * np.arange(UNITS)),
        "sign": np.broadcast_to(np.array([1, -1] * 3), angle.shape),
        "w1": np.cos(angle),
        "w2": np.sin(angle),
        "b": 0.5 * np.ones_like(angle),
    }
    return pd.DataFrame({name: np.ravel(values) for name, values in columns.items()})


POINTS = pd.DataFrame({"x1": [-0.5, 0.25, 1.0], "x2": [0.5, -1.0, 0.0], "label": [-1, 1, 1]})
EXTREMAL = pd.DataFrame({"sign": [1, -1], "w1": [0.6, 1.0], "w2": [0.8, 0.0], "b": [-0.5, 0.2]})
LOSS = pd.DataFrame({"step": STEPS, "loss": [0.5, 0.5, 0.5, 0.499, 0.4, 0.2, 0.1]})
COUNTS = pd.DataFrame(
    [(n, seed, "interpolated", float(n // 4 + seed)) for n in (16, 32, 64) for seed in (0, 1)],
    columns=["n_train", "seed", "outcome", "directions"],
)
FIT = pd.DataFrame(
    [("directions", 16, 64, 0.91, 0.02, 0.3, "sub-linear")],
    columns=["measure", "low_n", "high_n", "exponent", "standard_error", "prefactor", "verdict"],
)


def figures() -> dict[str, Figure]:
    return {
        "kink_lines": kink_lines.figure(motion(), EXTREMAL, POINTS, STEPS),
        "alignment": alignment.figure(motion(), LOSS, STEPS),
        "counting": counting.figure(COUNTS, FIT),
    }


def test_a_line_is_where_its_unit_switches() -> None:
    """(cos t) x1 + (sin t) x2 = c with c = -b / |w|."""
    rows = kink_lines.figure(motion(), EXTREMAL, POINTS, STEPS).tables["lines"].rows
    assert len(rows) == UNITS
    now = motion()
    for row in rows:
        mine = now[now["neuron"] == row["neuron"]].reset_index()
        for frame in range(len(STEPS)):
            foot = row["c"][frame] * np.array([np.cos(row["t"][frame]), np.sin(row["t"][frame])])
            assert mine["w1"][frame] * foot[0] + mine["w2"][frame] * foot[1] + mine["b"][frame] == pytest.approx(
                0, abs=2e-3
            )
        assert np.abs(np.diff(row["t"])).max() < 1  # never leaps by a turn
        assert max(row["q"]) <= 1


def test_a_line_without_slope_is_off_the_picture() -> None:
    angle, offset = kink_lines._line(np.array([0.0]), np.array([0.0]), np.array([1.0]))
    assert offset[0] == kink_lines.AWAY
    assert angle[0] == 0


def test_units_that_nothing_pushes_are_not_shown_and_the_fall_is() -> None:
    tables = alignment.figure(motion(), LOSS, STEPS).tables
    assert sorted(row["neuron"] for row in tables["units"].rows) == [0, 1, 2, 4, 5]
    assert tables["falls"].rows == [{"step": 10, "text": "the loss falls", "align": "right"}]
    flat = LOSS.assign(loss=0.5)
    assert alignment.figure(motion(), flat, STEPS).tables["falls"].rows == []


def test_the_exponent_is_said_and_runs_that_missed_the_target_are_hollow() -> None:
    counts = COUNTS.copy()
    counts.loc[5, "outcome"] = "step_limit"
    tables = counting.figure(counts, FIT).tables
    words = ["slope 0.91 ± 0.02, P = 16 to 64:", "sub-linear"]
    assert tables["said"].rows == [{"row": row, "text": text} for row, text in enumerate(words)]
    assert [row["outcome"] for row in tables["runs"].rows].count("step_limit") == 1
    means = {row["n"]: row["count"] for row in tables["means"].rows}
    assert means == {16: pytest.approx(np.sqrt(20), abs=1e-3), 32: pytest.approx(np.sqrt(72), abs=1e-3), 64: 16}


def test_nothing_counted_yet_is_an_empty_picture() -> None:
    counts = COUNTS.assign(outcome="unfinished", directions=np.nan)
    figure = counting.figure(counts, FIT.iloc[:0])
    assert figure.tables["runs"].rows == []
    assert svg(figure, 0).startswith("<svg")
