"""The tables of the study of complexity: their columns, what adds up, what is masked."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from core.columns import columns
from core.comparison import curves as explained
from core.comparison import tables as frames
from core.comparison.compared import explainer_predictions
from core.datasets import Source
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.study import studies
from core.sweeps import train


@pytest.fixture(scope="module")
def digits() -> ComplexityTrajectory:
    experiment = Complexity(n_train=300, width=32, seeds=(0, 1), step_limit=600, learning_rate=0.02)
    found = train(experiment, source=Source(), device="cpu", workers=1)
    assert isinstance(found, ComplexityTrajectory)
    return found


@pytest.fixture(scope="module")
def information(digits: ComplexityTrajectory) -> pd.DataFrame:
    return frames.information(digits)


def test_the_columns_that_were_promised(digits: ComplexityTrajectory, information: pd.DataFrame) -> None:
    promised = [
        "seed",
        "step",
        "explainer",
        "mutual_information_train",
        "mutual_information_test",
        "conditional_information",
        "mu_y",
        "mu_y_independent",
        "standard_error",
        "accuracy_train",
        "accuracy_test",
        "explained_share",
        "retained_share",
    ]
    assert list(information.columns[: len(promised)]) == promised
    for name, table in studies()["complexity"].tables().items():
        assert set(table(digits).columns) <= set(columns()), name


def test_a_row_an_explainer_seed_and_step(digits: ComplexityTrajectory, information: pd.DataFrame) -> None:
    known = explainer_predictions(digits)
    assert {"linear", "quadratic", "tree", "nearest", "mlp_2", "mlp_4", "mlp_16", "cnn_1", "cnn_4"} < set(known)
    assert len(information) == len(known) * 2 * len(digits.steps)
    assert not information.duplicated(["explainer", "seed", "step"]).any()


def test_what_adds_up(information: pd.DataFrame) -> None:
    both = information["mu_y"] + information["conditional_information"]
    np.testing.assert_allclose(both, information["mutual_information_test"], atol=1e-12)
    told = information["explained_share"].notna()
    product = (information["explained_share"] * information["mutual_information_test"])[told]
    np.testing.assert_allclose(product, information["mu_y"][told])
    assert (information["mutual_information_test"][told] >= 0.02).all()
    assert told.any()
    assert not told.all()


def test_accuracies_are_those_of_the_predictions(digits: ComplexityTrajectory, information: pd.DataFrame) -> None:
    rows = information[(information["explainer"] == "linear") & (information["seed"] == 1)]
    right = (digits["prediction"][:, 1] == digits["test_label"]).mean(axis=1)
    np.testing.assert_allclose(rows["accuracy_test"], right)
    counts = digits["train_counts"][:, 1]
    np.testing.assert_allclose(rows["accuracy_train"], (counts[:, 0, 0] + counts[:, 1, 1]) / 300)


def test_four_cells_are_all_test_points(digits: ComplexityTrajectory) -> None:
    cells = frames.four_cells(digits)
    np.testing.assert_allclose(cells[list(frames.CELLS)].sum(axis=1), 1)
    assert (cells[list(frames.CELLS)] >= -1e-12).all(axis=None)


def test_mu_y_can_be_recomputed_from_the_counts_by_class(
    digits: ComplexityTrajectory, information: pd.DataFrame
) -> None:
    """From the CSV's own text, with entropies written out: mu_Y = I(F;Y) + I(L;Y) - I(F,L;Y)."""
    cells = pd.read_csv(io.StringIO(frames.four_cells(digits).to_csv(index=False)))
    table = cells.merge(information, on=["seed", "step", "explainer"])
    assert len(table) == len(information)
    names = {
        (f, el, y): f"{cell}_{side}"
        for y, side in enumerate(("negative", "positive"))
        for (f, el), cell in zip(((y, y), (y, 1 - y), (1 - y, y), (1 - y, 1 - y)), frames.CELLS, strict=True)
    }
    p = {place: table[name].to_numpy() / len(digits["test_label"]) for place, name in names.items()}

    def entropy(*axes: int) -> np.ndarray:
        joint: dict[tuple[int, ...], np.ndarray] = {}
        for place, share in p.items():
            key = tuple(place[axis] for axis in axes)
            joint[key] = joint.get(key, 0) + share
        return -sum(np.where(share > 0, share * np.log2(np.where(share > 0, share, 1)), 0) for share in joint.values())

    known = [entropy(*part) + entropy(2) - entropy(*part, 2) for part in ((0,), (1,), (0, 1))]
    np.testing.assert_allclose(known[0] + known[1] - known[2], table["mu_y"], atol=1e-12)
    shares = table[list(frames.COUNTS)].to_numpy().reshape(-1, 2, 4).sum(axis=1) / len(digits["test_label"])
    np.testing.assert_allclose(shares, table[list(frames.CELLS)], atol=1e-12)


def test_examples_say_when_they_were_learned(digits: ComplexityTrajectory) -> None:
    table = frames.examples(digits)
    one = table[table["explainer"] == "linear"].set_index("example")
    right = digits["prediction"][:, 0] == digits["test_label"]
    for example in (0, 7, 99):
        if right[-1, example]:
            wrong = np.flatnonzero(~right[:, example])
            expected = digits.steps[wrong[-1] + 1] if len(wrong) else 0
            assert one.loc[example, "learned_step"] == expected
        else:
            assert np.isnan(one.loc[example, "learned_step"])


def test_curves_are_means_over_seeds(digits: ComplexityTrajectory, information: pd.DataFrame) -> None:
    curves = explained.curves(digits, "linear")
    rows = information[information["explainer"] == "linear"].groupby("step")
    for name in ("mu_y", "accuracy_test", "mutual_information_train"):
        np.testing.assert_allclose(curves[name], rows[name].mean())
        np.testing.assert_allclose(curves[f"{name}_low"], rows[name].min())
    assert (curves["bootstrap_low"] <= curves["mu_y"] + 1e-9).all()
    assert (curves["bootstrap_high"] - curves["bootstrap_low"]).iloc[-1] == pytest.approx(
        2 * 1.96 * curves["standard_error"].iloc[-1], rel=0.35
    )
    corrected = explained.curves(digits, "linear", miller_madow=True)
    assert (corrected["mu_y"] >= curves["mu_y"]).all()  # plain frequencies take mu down


def test_the_staircase_has_a_row_an_explainer(digits: ComplexityTrajectory) -> None:
    heat, rows = explained.staircase(digits)
    assert list(rows["explainer"]) == list(explainer_predictions(digits))
    assert len(heat) == len(rows) * len(digits.steps)


def test_the_wall_is_in_the_order_of_learning(digits: ComplexityTrajectory) -> None:
    wall = explained.learning_order(digits, "linear")
    assert wall["example"].is_unique
    learned = wall["learned_step"].to_numpy()
    assert (np.diff(learned[~np.isnan(learned)]) >= 0).all()
    assert np.isnan(learned[np.isnan(learned).argmax() :]).all() or not np.isnan(learned).any()
    assert {len(text) for text in wall["right"]} == {len(digits.steps)}
