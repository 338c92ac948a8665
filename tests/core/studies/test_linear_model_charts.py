"""The charts of the linear model: constant specs, means and bands over seeds, divergence as gaps, the clock's dots."""

import json

import numpy as np
import pandas as pd
import pytest

from core.figure.drawing import svg
from core.figure.figure import Figure
from core.studies.linear_model.charts import ends as linear_ends
from core.studies.linear_model.charts import explained as linear_explained
from core.studies.linear_model.charts import path as linear_path
from core.studies.linear_model.charts.starts import STARTS

STEPS = np.array([0, 1, 3, 10, 40, 100])
SEEDS = (0, 4)


def path(lost: int | None = None) -> pd.DataFrame:
    """Invented ways of three starts and two seeds; from the snapshot `lost` on, seed 4 has none."""
    rows = []
    for start in STARTS:
        for seed in SEEDS:
            for place, step in enumerate(STEPS.tolist()):
                value = 0.5 + 0.5 * start * (1 - 0.1 * place) - 0.01 * seed
                gone = lost is not None and seed == 4 and place >= lost
                rows.append((start, seed, step, *(np.nan if gone else value for _ in range(4)), 0.531))
    names = ["start", "seed", "step", "train_accuracy", "population_accuracy", "mu_y", "mu_y_clean"]
    return pd.DataFrame(rows, columns=[*names, "explainer_information"])


ENDS = pd.DataFrame(
    [(ratio, start, seed, 0.5 + start / (2 * ratio)) for ratio in (1.5, 4.0) for start in STARTS for seed in SEEDS],
    columns=["d_over_n", "start", "seed", "interpolator_accuracy"],
)
APPROXIMATION = pd.DataFrame(
    [(start, ratio, 0.5 + start / (2 * ratio)) for start in STARTS for ratio in (1.5, 2.0, 4.0)],
    columns=["start", "d_over_n", "approximate_accuracy"],
)


def figures(lost: int | None = None) -> dict[str, Figure]:
    return {
        "path": linear_path.figure(path(lost), ENDS[ENDS["d_over_n"] == 4.0], STEPS),
        "ends": linear_ends.figure(ENDS, APPROXIMATION, path(lost), 4.0, STEPS),
        "explained": linear_explained.figure(path(lost), STEPS),
    }


@pytest.mark.parametrize("name", figures())
@pytest.mark.parametrize("lost", [None, 0, 3])
def test_a_figure_can_be_drawn_from_a_constant_spec_and_finite_rows(name: str, lost: int | None) -> None:
    figure = figures(lost)[name]
    assert figures()[name].spec is figure.spec
    assert not figure.spec.get("datasets")
    for table in figure.tables.values():
        assert "NaN" not in table.json
        json.loads(table.json)
    for frame in (0, len(STEPS) - 1):
        assert svg(figure, frame).startswith("<svg")


@pytest.mark.parametrize("name", figures())
def test_every_start_is_named(name: str) -> None:
    drawn = svg(figures()[name], 0)
    assert all(label in drawn for label, _ in STARTS.values())


def test_curves_are_means_and_bands_the_least_and_the_greatest_seed() -> None:
    rows = {(row["start"], row["step"]): row for row in figures()["path"].tables["population"].rows}
    row = rows["1: simple", 10]
    assert (row["low"], row["value"], row["high"]) == pytest.approx((0.81, 0.83, 0.85))
    assert len(rows) == 3 * len(STEPS)
    levels = {row["start"]: row["value"] for row in figures()["path"].tables["ends"].rows}
    assert levels == {"1: simple": 0.625, "0: nothing": 0.5, "−1: opposite": 0.375}


def test_seeds_that_diverged_are_left_out_of_means_and_all_diverged_is_a_gap() -> None:
    rows = {(row["start"], row["step"]): row for row in figures(lost=3)["path"].tables["population"].rows}
    assert rows["1: simple", 10]["value"] == rows["1: simple", 10]["low"] == pytest.approx(0.85)
    gone = linear_path.figure(path().assign(population_accuracy=np.nan), ENDS, STEPS)
    assert {row["value"] for row in gone.tables["population"].rows} == {None}
    assert {row["low"] for row in gone.tables["population"].rows} == {None}
    assert svg(gone, 2).startswith("<svg")


def test_the_models_in_training_stand_at_their_ratio() -> None:
    tables = figures()["ends"].tables
    assert [row["ratio"] for row in tables["sgd"].rows] == [4.0] * 3
    assert tables["sgd"].rows[0]["v"] == pytest.approx([0.98, 0.93, 0.88, 0.83, 0.78, 0.73])
    assert tables["trained"].rows == [{"ratio": 4.0, "text": "trained: d/n = 4", "align": "right"}]
    assert len(tables["ends"].rows) == len(ENDS)
    assert all(abs(row["ratio"] / row["at"] - 1) < 0.05 for row in tables["ends"].rows)


def test_the_ceiling_is_all_that_the_explainer_knows() -> None:
    noisy, clean = (linear_explained.figure(path(), STEPS, name) for name in ("mu_y", "mu_y_clean"))
    assert noisy.tables["ceiling"].rows[0]["value"] == 0.531
    assert clean.tables["ceiling"].rows[0]["value"] == 1.0
    assert noisy.params["bits"] < clean.params["bits"]
