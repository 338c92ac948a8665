"""The edge of stability: recorded sharpness against the dense Hessian; where eta S stays."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.batches import batches
from core.columns import columns
from core.datasets import Source
from core.experiment import digest, to_json
from core.part import Shown
from core.store import decode, encode
from core.studies.edge.experiment import Edge
from core.studies.edge.part import PART
from core.studies.edge.scene import scene, verdict
from core.studies.edge.training import begin
from core.studies.edge.trajectory import EdgeTrajectory
from core.studies.edge.view import EdgeView
from core.study import from_json, studies
from core.sweeps import train
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import HOLDS, SIGN, Expected, Measured, above, below, near, seeds
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
        assert set(table.columns) - set(columns()) - {"eta_sharpness_low", "eta_sharpness_high"} == set(), name
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


DIGITS = Edge(task="digits", n=40, widths=(8,), rates=(0.1,), batch_sizes=(4, 40), every=10, step_limit=60)


def test_a_minibatch_step_is_gradient_descent_on_its_points_and_the_sharpness_is_that_of_all() -> None:
    training = begin(DIGITS, [0, 1], Source(), "cpu")
    start = [layer.copy() for layer in training.networks.layers]
    rows = next(batches(40, 4, DIGITS.seed))[0]
    assert len(set(rows.tolist())) == 4
    training.take(0)
    for run, points in enumerate((rows, np.arange(40))):
        all_of = training.networks
        alone = replace(
            all_of, x=all_of.x[points], y=all_of.y[points], layers=[layer[run : run + 1] for layer in start]
        )
        alone.layers = [layer.copy() for layer in alone.layers]
        alone.step(np.array([0.1]))
        for mine, other in zip(all_of.layers, alone.layers, strict=True):
            np.testing.assert_allclose(mine[run], other[0], atol=1e-6)
    assert training.networks.y.sum(axis=1).tolist() == [1.0] * 40
    training.record(0)
    whole = replace(training.networks, layers=[layer.astype(np.float64) for layer in training.networks.layers])
    exact = np.linalg.eigvalsh(hessians(replace(whole, x=whole.x.astype(np.float64), y=whole.y.astype(np.float64))))
    np.testing.assert_allclose(training.recording.arrays["sharpness"][0], exact[:, -1], rtol=1e-4)


def test_minibatches_have_a_level_of_the_second_half_and_say_so() -> None:
    path, ends = tables(DIGITS)["edge"], tables(DIGITS)["edge_ends"]
    assert ends["batch_size"].tolist() == [4, 40]
    assert path["batch_size"].unique().tolist() == [4, 40]
    late = path[(path["batch_size"] == 4) & (path["step"] >= 30)]["eta_sharpness"].median()
    assert ends["eta_sharpness"][0] == pytest.approx(late, rel=1e-5)
    assert ends["rising_before"].isna().all()
    view, shown = EdgeView.of(DIGITS, rate=4.0), Shown(trained(DIGITS))
    assert f"**{late:.2f}**" in verdict(view, shown)
    assert "B = 4" in verdict(view, shown)
    drawn = scene(view, [shown])
    assert "batch size" in drawn.cards["levels"].caption
    assert [row["rate"] for row in drawn.figures["levels"].tables["strips"].rows] == [4, 40]
    assert PART.picked is not None
    assert PART.picked(view, {"fields": {"rate": 40.0}}).rate == 40.0


def test_a_run_that_starts_above_2_is_said_to() -> None:
    rate = 2.1 / tables(DIGITS)["edge"]["sharpness"][0]
    hot = replace(DIGITS, rates=(rate,), batch_sizes=())
    ends = tables(hot)["edge_ends"]
    assert ends["crossed_step"][0] == 0
    said = verdict(EdgeView(experiment=hot, rate=rate), Shown(trained(hot)))
    assert "starts above 2" in said
    assert f"**{ends['eta_sharpness'][0]:.3f}**" in said


def test_a_batch_of_all_points_is_gradient_descent() -> None:
    whole = replace(DIGITS, batch_sizes=())
    np.testing.assert_allclose(trained(DIGITS)["sharpness"][:, 1], trained(whole)["sharpness"][:, 0], rtol=1e-3)


def test_fields_that_came_later_leave_the_digest_of_what_is_stored_as_it_was() -> None:
    assert digest(Edge()) == "7714c95bd39a3831111a16b6660fb648"
    for experiment in (Edge(), DIGITS, replace(DIGITS, batch_sizes=())):
        assert from_json(to_json(experiment)) == experiment
    assert "task" not in to_json(Edge())
    assert len({digest(one) for one in (Edge(n=40), replace(DIGITS, n=40), replace(DIGITS, batch_sizes=()))}) == 3
    assert replace(DIGITS, degree=2) == DIGITS


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"batch_sizes": (2, 4)}, "rates: one where there are batch sizes; got"),
        ({"batch_sizes": (4, 2), "rates": (0.1,)}, "batch_sizes: none, or 1 to 12 increasing whole numbers"),
        ({"batch_sizes": (2, 21), "rates": (0.1,)}, r"batch_sizes: at most n \(20\); got 21"),
        ({"task": "mnist"}, "task: one of chebyshev, digits; got"),
    ],
)
def test_settings_that_do_not_go_together_are_one_sentence(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        Edge(**settings)


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


ON_DIGITS = Edge(task="digits", n=500, widths=(50, 50), rates=(0.1, 0.2, 0.3, 0.4), every=50, step_limit=3000)


def _late(path: pd.DataFrame, rate: float) -> float:
    own = path[(path["learning_rate"] == rate) & (path["step"] >= ON_DIGITS.step_limit / 2)]
    return float(own["eta_sharpness"].median())


@pytest.mark.claim
def test_l7_on_digits_sharpness_comes_to_2_over_the_learning_rate_from_either_side(measured: Measured) -> None:
    found = [tables(replace(ON_DIGITS, seed=seed)) for seed in seeds(3)]
    for rate in ON_DIGITS.rates:
        own = pd.concat([one["edge_ends"][one["edge_ends"]["learning_rate"] == rate] for one in found])
        start = np.mean([one["edge"][one["edge"]["learning_rate"] == rate]["eta_sharpness"].iloc[0] for one in found])
        said, level = f"eos-digits, eta = {rate}: median of eta S after the crossing", own["eta_sharpness"]
        expected = Expected("theory 2", 2.0, 2.05, float(start), 1 if start < 2 else -1)
        # From above it comes to 2 slowly: later steps are within the range that was set beforehand, all are not. At 0.3
        # they are on its border: 2.05 and 2.056 on two processors, whose roundings descent at the edge multiplies.
        verdict = {0.3: (HOLDS, SIGN), 0.4: SIGN}.get(rate, HOLDS)
        measured("L7", said, level.mean(), expected, level.sem(), verdict)
        late = pd.Series([_late(one["edge"], rate) for one in found])
        said = f"eos-digits, eta = {rate}: median of eta S over the second half"
        measured("L7", said, late.mean(), expected, late.sem())
        often = own["rising_after"]
        said = f"eos-digits, eta = {rate}: share of steps with a rising loss after it"
        measured("L7", said, often.mean(), above(0, by=0.02), often.sem())


@pytest.mark.claim
def test_l8_minibatches_stay_below_the_edge(measured: Measured) -> None:
    ranges = {2: (0.4, 0.7), 8: (0.9, 1.2), 32: (1.55, 1.85), 128: (1.8, 2.05), 500: (1.98, 2.06)}
    found = []
    for seed in seeds(3):
        experiment = replace(ON_DIGITS, rates=(0.1,), batch_sizes=tuple(ranges), seed=seed)
        found.append(tables(experiment)["edge_ends"]["eta_sharpness"].to_numpy())
    levels = np.array(found)  # (seed, size)
    for (size, (low, high)), level in zip(ranges.items(), levels.T, strict=True):
        expected = Expected("null 2", low, high, 2, -1) if size < 128 else Expected("theory 2", low, high)
        said = f"digits, eta = 0.1, B = {size}: median of eta S over the second half"
        measured("L8", said, level.mean(), expected, level.std(ddof=1) / 3**0.5)
    grown = np.diff(levels, axis=1).min()
    measured("L8", "digits, eta = 0.1: least growth of eta S from a batch size to the next", grown, above(0))
