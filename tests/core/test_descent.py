"""Plain descent of ReLU networks: against torch's own gradients and optimiser, and by an identity of its steps."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from core.theory.modes import pull
from core.training.descent import Networks, Points
from tests.claims import Measured, near

LOSSES = {
    "cross_entropy": lambda margin: torch.nn.functional.softplus(-margin),
    "hinge": lambda margin: torch.relu(1 - margin),
    "squared": lambda margin: (1 - margin) ** 2 / 2,
}
SIZES = {1: (), 2: (6,), 3: (6, 5), 4: (4, 5, 3)}


def drawn(depth: int, runs: int, seed: int = 0) -> tuple[Networks, Points]:
    rng = np.random.default_rng(seed)
    sizes = (4, *SIZES[depth])
    hidden = [0.8 * rng.standard_normal((runs, b, a)) for a, b in pairwise(sizes)]
    points = Points(rng.standard_normal((7, 4)), np.where(rng.random(7) < 0.5, -1.0, 1.0), rng.random((runs, 7)) / 7)
    return Networks.of(*hidden, head=rng.standard_normal((runs, sizes[-1]))), points


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("depth", SIZES)
def test_steps_are_those_of_torch(depth: int, loss: str) -> None:
    networks, points = drawn(depth, runs=3)
    for run in range(3):
        own = [torch.tensor(layer[run], requires_grad=True) for layer in (*networks.hidden, networks.head)]
        optimiser = torch.optim.SGD(own, lr=0.1)
        x, sign, share = (torch.tensor(part) for part in (points.x, points.sign, points.share[run]))
        alone = Networks.of(*(layer[run : run + 1] for layer in networks.hidden), head=networks.head[run : run + 1])
        mine = Points(points.x, points.sign, points.share[run])
        for _ in range(25):
            value = x
            for layer in own[:-1]:
                value = torch.relu(value @ layer.T)
            logit = value @ own[-1]
            optimiser.zero_grad()
            (share * LOSSES[loss](sign * logit)).sum().backward()
            optimiser.step()
            before = alone.step(mine, loss, 0.1)
            np.testing.assert_allclose(before[0], logit.detach().numpy(), rtol=1e-10, atol=1e-12)
        for layer, other in zip((*alone.hidden, alone.head), own, strict=True):
            np.testing.assert_allclose(layer[0], other.detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("depth", SIZES)
def test_networks_side_by_side_are_those_alone(depth: int) -> None:
    together, points = drawn(depth, runs=3, seed=1)
    alone, _ = drawn(depth, runs=3, seed=1)
    one = Networks.of(*(layer[1:2] for layer in alone.hidden), head=alone.head[1:2])
    for _ in range(20):
        together.step(points, "cross_entropy", 0.1)
        one.step(Points(points.x, points.sign, points.share[1]), "cross_entropy", 0.1)
    np.testing.assert_allclose(together.logits(points.x)[1], one.logits(points.x)[0], rtol=1e-12)


def test_a_weight_that_is_held_stays() -> None:
    networks, points = drawn(2, runs=1)
    mask = np.ones_like(networks.hidden[0])
    mask[:, 2] = 0
    held = Networks([networks.hidden[0].copy()], networks.head.copy(), [mask])
    for _ in range(5):
        held.step(points, "cross_entropy", 0.1)
    moved = (held.hidden[0] != networks.hidden[0]).any(axis=(0, 2))
    assert not moved[2]
    assert moved.any()


def test_hinge_stands_still_bit_for_bit_once_its_loss_is_zero() -> None:
    """The subgradient at the margin itself is 0, as torch's."""
    networks = Networks.of(np.array([[[1.0, 0.0]]]), head=np.array([[1.0]]))
    points = Points(np.array([[1.0, 0.0]]), np.array([1.0]), np.array([1.0]))
    networks.step(points, "hinge", 0.1)
    assert networks.logits(points.x)[0, 0] == 1.0
    assert networks.hidden[0].tolist() == [[[1.0, 0.0]]]


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_what_is_kept_shrinks_by_an_exact_factor(loss: str, measured: Measured) -> None:
    """T4: on one point, descent multiplies y^2 - z^2 by prod(1 - (lr r)^2), r = p |x| g(N), in every neuron."""
    rng = np.random.default_rng(3)
    share, norm, rate = 0.7, 1.5, 0.05
    networks = Networks.of(np.abs(rng.standard_normal((1, 24, 1))) * 0.1, head=rng.standard_normal((1, 24)) * 0.02)
    networks.head[:] = np.abs(networks.head)
    points = Points(np.array([[norm]]), np.array([1.0]), np.array([share]))
    first = networks.hidden[0][0, :, 0] ** 2 - networks.head[0] ** 2
    factor = 1.0
    for _ in range(2000):
        logit = networks.step(points, loss, rate)
        factor *= 1 - (rate * share * norm * float(pull(loss, logit)[0, 0])) ** 2
    assert factor < 0.99
    off = np.abs((networks.hidden[0][0, :, 0] ** 2 - networks.head[0] ** 2) / (factor * first) - 1).max()
    measured("T4", f"y^2 - z^2 after 2,000 steps, {loss}, less prod(1 - (lr r)^2), relative", off, near(0, 1e-9))
