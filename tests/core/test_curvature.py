"""Networks on squared loss: steps, Hessian-vector products and sharpness against autograd's."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import torch

from core.curvature import Networks, top
from tests.core.autograd import flat, hessians, loss

RATES = np.array([0.1, 0.3])


def networks(activation: str, outputs: int, constant: bool, factors: tuple[float, ...], own_y: bool) -> Networks:
    rng = np.random.default_rng(0)
    sizes = (3, 6, 5, outputs)
    shapes = [(2, sizes[i + 1], sizes[i] + constant) for i in range(3)]
    y = rng.standard_normal((2, 9, outputs) if own_y else (9, outputs))
    layers = [rng.standard_normal(shape) for shape in shapes]
    return Networks(rng.standard_normal((9, 3)), y, layers, activation, factors, constant)


KINDS: dict[str, Callable[[], Networks]] = {
    "tanh with biases": partial(networks, "tanh", 1, True, (), False),
    "tanh, several outputs": partial(networks, "tanh", 3, True, (), False),
    "gelu with factors, targets of each run": partial(networks, "gelu", 1, False, (0.6, 0.7, 0.2), True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_gradient_descent(kind: str) -> None:
    found = KINDS[kind]()
    before = [flat(found, run).requires_grad_() for run in range(2)]
    values = [loss(found, weights, run) for run, weights in enumerate(before)]
    moves = [torch.autograd.grad(value, weights)[0] for value, weights in zip(values, before, strict=True)]
    np.testing.assert_allclose(found.loss(), [value.item() for value in values], rtol=1e-12)
    said = found.step(RATES)
    for run, rate in enumerate(RATES):
        assert said[run] == pytest.approx(values[run].item())
        np.testing.assert_allclose(flat(found, run), (before[run] - rate * moves[run]).detach(), atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_hessian_vector_products_and_sharpness_are_those_of_the_dense_hessian(kind: str) -> None:
    found = KINDS[kind]()
    for layer in found.layers:
        layer *= 0.5
    product, size = found.hessian(), len(flat(found, 0))
    columns = np.stack([product(np.repeat(one[None], 2, axis=0)) for one in np.eye(size)], axis=2)
    dense = hessians(found)
    np.testing.assert_allclose(columns, dense, atol=1e-12)
    value, vector = top(product, np.random.default_rng(0).standard_normal((2, size)), 40)
    values, vectors = np.linalg.eigh(dense)
    np.testing.assert_allclose(value, values[:, -1], atol=1e-6)
    assert np.abs((vector * vectors[:, :, -1]).sum(axis=1)).min() > 1 - 1e-5


def test_the_largest_eigenvalue_is_not_the_largest_in_size() -> None:
    value, _ = top(lambda v: v * np.array([[-9.0, 1.0, 2.0]]), np.ones((1, 3)), 3)
    assert value == pytest.approx([2.0])


def test_a_matrix_of_rank_one_ends_the_iterations() -> None:
    value, vector = top(lambda v: v.sum(axis=1, keepdims=True) * np.ones((1, 4)), np.ones((1, 4)), 4)
    assert value == pytest.approx([4.0])
    assert vector == pytest.approx(np.full((1, 4), 0.5))
