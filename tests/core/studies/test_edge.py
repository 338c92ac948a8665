"""The edge of stability: recorded sharpness against the dense Hessian; where eta S stays."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from core.columns import COLUMNS
from core.datasets import Source
from core.part import Shown
from core.store import decode, encode
from core.studies.edge.experiment import Edge
from core.studies.edge.part import PART
from core.studies.edge.scene import verdict
from core.studies.edge.training import begin
from core.studies.edge.trajectory import EdgeTrajectory
from core.studies.edge.view import EdgeView
from core.study import studies
from core.sweeps import train
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import Measured, above, below, near, seeds
from tests.core.autograd import hessians

SMALL = Edge(widths=(6, 4), rates=(0.1, 0.4), step_limit=200)


@cache
def trained(experiment: Edge) -> EdgeTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, EdgeTrajectory)
    return found


def tables(experiment: Edge) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["edge"].tables().items()}


def test_recorded_sharpness_is_that_of_the_dense_hessian() -> None:
    training = begin(SMALL, [0, 1], Source(), "cpu")
    step = 0
    training.record(0)
    while training.live:
        step = training.advance(step)
        training.record(step)
        exact = np.linalg.eigvalsh(hessians(training.networks))[:, -1]
        at = training.recording.snapshot(step)
        np.testing.assert_allclose(training.recording.arrays["sharpness"][at], exact, rtol=1e-4)


def test_runs_end_with_a_reason_and_come_back() -> None:
    found = trained(replace(SMALL, rates=(0.1, 4.0)))
    again = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
    lost = trained(replace(SMALL, rates=(0.1, 4.0), degree=1, widths=(100, 100)))
    for one in (found, lost):
        assert one["outcome"][0] == STEP_LIMIT
    assert lost["outcome"][1] == DIVERGED
    assert np.isnan(lost["loss"][-1, 1])
    assert "diverged by step" in verdict(EdgeView(experiment=lost.experiment, rate=4.0), Shown(lost))


def test_tables_have_their_columns_and_what_is_said_is_in_them() -> None:
    for name, table in tables(SMALL).items():
        assert set(table.columns) - set(COLUMNS) - {"eta_sharpness_low", "eta_sharpness_high"} == set(), name
    path, ends = tables(SMALL)["edge"], tables(SMALL)["edge_ends"]
    assert path["step"].unique().tolist() == list(range(0, 201, 20))
    assert ends["rising_before"].tolist() == [0, 0]
    said = verdict(EdgeView(experiment=SMALL, rate=0.1), Shown(trained(SMALL)))
    assert f"at most **{ends['largest_eta_sharpness'][0]:.2f}**" in said
    assert PART.picked is not None
    assert PART.picked(EdgeView(experiment=SMALL, rate=0.1), {"fields": {"rate": 0.4}}).rate == 0.4


def test_a_rising_loss_is_counted_on_the_side_of_the_crossing() -> None:
    recording = begin(replace(SMALL, rates=(0.1,)), [0], Source(), "cpu").recording
    for value in (3.0, 2.0, 2.5):
        recording.follow(0, np.array([value]))
    recording.cross(20, np.array([2.1]))
    for value in (2.6, 2.4, 2.7):
        recording.follow(0, np.array([value]))
    assert recording.arrays["rises"].tolist() == [[1, 2]]
    assert recording.arrays["counted"].tolist() == [[2, 3]]
    assert recording.arrays["crossed"].tolist() == [20]
    assert recording.arrays["peak"].tolist() == [3.0]


@pytest.mark.parametrize(("name", "value"), [("degree", 0), ("rates", (0.2, 0.1)), ("widths", ()), ("step_limit", 3)])
def test_bad_settings_are_one_sentence(name: str, value: object) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        Edge(**{name: value})  # type: ignore[arg-type]


@pytest.mark.claim
def test_l7_sharpness_rises_to_2_over_the_learning_rate_and_stays(measured: Measured) -> None:
    found = [tables(Edge(rates=(0.05, 0.1, 0.15, 0.2, 0.3), seed=seed)) for seed in seeds(3)]
    ends = pd.concat([one["edge_ends"] for one in found])
    for rate, own in ends[ends["learning_rate"] > 0.05].groupby("learning_rate"):
        said, level = f"eos-cheb, eta = {rate}", own["eta_sharpness"]
        measured("L7", f"{said}: median of eta S after the crossing", level.mean(), near(2, 0.03), level.sem())
        measured("L7", f"{said}: steps with a rising loss before it", own["rising_before"].max(), near(0, 0))
        often = own["rising_after"]
        measured(
            "L7", f"{said}: share of steps with a rising loss after it", often.mean(), above(0, by=0.02), often.sem()
        )
    paths = pd.concat([one["edge"] for one in found])
    control = paths[(paths["learning_rate"] == 0.05) & (paths["step"] <= 6000)]
    measured("L7", "eos-cheb, eta = 0.05, 6,000 steps: largest eta S", control["eta_sharpness"].max(), below(2))
    rising = ends[ends["learning_rate"] == 0.05]["rising_before"].max()
    measured("L7", "eos-cheb, eta = 0.05: steps with a rising loss", rising, near(0, 0))
