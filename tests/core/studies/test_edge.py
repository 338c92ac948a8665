"""The edge of stability: steps, Hessian-vector products and sharpness against autograd; where eta S stays."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import COLUMNS
from core.datasets import Source
from core.part import Shown
from core.store import decode, encode
from core.studies.edge.experiment import Edge
from core.studies.edge.part import PART
from core.studies.edge.scene import verdict
from core.studies.edge.training import Networks, begin, top
from core.studies.edge.trajectory import EdgeTrajectory
from core.studies.edge.view import EdgeView
from core.study import studies
from core.sweeps import train
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import Measured, above, below, near, seeds

SMALL = Edge(widths=(6, 4), rates=(0.1, 0.4), step_limit=200)


@cache
def trained(experiment: Edge) -> EdgeTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, EdgeTrajectory)
    return found


def tables(experiment: Edge) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["edge"].tables().items()}


def flat(found: Networks, run: int) -> torch.Tensor:
    return torch.cat([torch.tensor(layer[run]).ravel() for layer in found.layers])


def loss(found: Networks, weights: torch.Tensor) -> torch.Tensor:
    """The loss as torch has it, of flat weights."""
    act, start = torch.tensor(found.x), 0
    for place, layer in enumerate(found.layers):
        own = weights[start : start + layer[0].size].reshape(layer.shape[1:])
        start += layer[0].size
        act = act @ own[:, :-1].T + own[:, -1]
        act = torch.tanh(act) if place < len(found.layers) - 1 else act
    return ((act[:, 0] - torch.tensor(found.y)) ** 2).mean() / 2


def hessians(found: Networks) -> np.ndarray:
    """The Hessians of two networks by autograd, (run, parameter, parameter)."""
    of = torch.autograd.functional.hessian
    return np.stack([of(lambda weights: loss(found, weights), flat(found, run)).numpy() for run in (0, 1)])


def after(steps: int) -> Networks:
    networks = begin(SMALL, [0, 1], Source(), "cpu").networks
    for _ in range(steps):
        networks.step(np.array(SMALL.rates))
    return networks


def test_a_step_is_gradient_descent() -> None:
    networks = after(30)
    before = [flat(networks, run).requires_grad_() for run in range(2)]
    values = [loss(networks, weights) for weights in before]
    moves = [torch.autograd.grad(value, weights)[0] for value, weights in zip(values, before, strict=True)]
    found = networks.step(np.array(SMALL.rates))
    for run, rate in enumerate(SMALL.rates):
        assert found[run] == pytest.approx(values[run].item())
        np.testing.assert_allclose(flat(networks, run), (before[run] - rate * moves[run]).detach(), atol=1e-14)


@pytest.mark.parametrize("steps", [0, 150])
def test_hessian_vector_products_and_sharpness_are_those_of_the_dense_hessian(steps: int) -> None:
    networks = after(steps)
    product, size = networks.hessian(), len(flat(networks, 0))
    columns = np.stack([product(np.repeat(one[None], 2, axis=0)) for one in np.eye(size)], axis=2)
    dense = hessians(networks)
    np.testing.assert_allclose(columns, dense, atol=1e-13)
    value, vector = top(product, np.random.default_rng(0).standard_normal((2, size)), 20)
    values, vectors = np.linalg.eigh(dense)
    np.testing.assert_allclose(value, values[:, -1], atol=1e-6)
    assert np.abs((vector * vectors[:, :, -1]).sum(axis=1)).min() > 1 - 1e-5


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


def test_the_largest_eigenvalue_is_not_the_largest_in_size() -> None:
    value, _ = top(lambda v: v * np.array([[-9.0, 1.0, 2.0]]), np.ones((1, 3)), 3)
    assert value == pytest.approx([2.0])


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
        recording.follow(np.array([value]))
    recording.cross(20, np.array([2.1]))
    for value in (2.6, 2.4, 2.7):
        recording.follow(np.array([value]))
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
