"""Softmax cross-entropy and the networks that are trained on it, against torch's own loss, autograd and optimiser."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from core import convolution
from core.convolution import ConvolutionalNetwork
from core.softmax import DenseNetwork, build, force, sgd_steps

CLASSES = 10
CPU = torch.device("cpu")


def points(dim: int, count: int) -> tuple[Tensor, Tensor]:
    rng = np.random.default_rng(1)
    x = torch.from_numpy(rng.standard_normal((count, dim), dtype=np.float32))
    return x, torch.from_numpy(rng.integers(CLASSES, size=count))


def dense_modules(network: DenseNetwork) -> nn.Sequential:
    """The network as torch's own layers, with copies of its weights."""
    layers: list[nn.Module] = []
    for weight in network.weights:
        layer = nn.Linear(*weight.shape, bias=False)
        layer.weight.data = weight.t().clone()
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convolutional_modules(network: ConvolutionalNetwork) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Unflatten(1, network.shape)]
    for number, (kernel, bias) in enumerate(zip(network.kernels, network.biases, strict=True)):
        layer = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3, padding="same")
        layer.weight.data, layer.bias.data = kernel.clone(), bias.clone()
        layers += [layer, nn.ReLU(), *[nn.MaxPool2d(2)] * (number < 2)]
    dense, head = nn.Linear(network.dense.shape[1], len(network.dense)), nn.Linear(len(network.dense), CLASSES)
    dense.weight.data, dense.bias.data = network.dense.clone(), network.dense_bias.clone()
    head.weight.data, head.bias.data = network.head.clone(), network.head_bias.clone()
    return nn.Sequential(*layers, nn.Flatten(), dense, nn.ReLU(), head)


def by_torch(reference: nn.Module, x: Tensor, y: Tensor, batches: Tensor, rate: float) -> None:
    """Train by torch's own optimiser on the same batches."""
    optimiser = torch.optim.SGD(reference.parameters(), lr=rate)
    for rows in batches:
        optimiser.zero_grad()
        nn.functional.cross_entropy(reference(x[rows]), y[rows]).backward()
        optimiser.step()


def test_the_force_is_autograds() -> None:
    _, y = points(3, 20)
    output = torch.randn(20, CLASSES, requires_grad=True)
    nn.functional.cross_entropy(output, y).backward()
    torch.testing.assert_close(force(output.detach(), y), output.grad)


def test_of_two_outputs_the_force_is_that_of_the_logistic_loss_of_their_difference() -> None:
    output, y = torch.randn(20, 2), torch.arange(20) % 2
    f, sign = output[:, 1] - output[:, 0], 2 * y - 1
    logistic = -sign * torch.sigmoid(-sign * f) / 20
    torch.testing.assert_close(force(output, y), torch.stack([-logistic, logistic], dim=1))


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_a_dense_gradient_is_autograds(depth: int) -> None:
    network, (x, y) = build(12, 7, depth, CLASSES, 3, CPU), points(12, 9)
    reference = dense_modules(network)
    torch.testing.assert_close(network(x), reference(x).detach())
    nn.functional.cross_entropy(reference(x), y).backward()
    for ours, theirs in zip(network.gradient(x, y), reference.parameters(), strict=True):
        assert theirs.grad is not None
        assert theirs.grad.abs().max() > 0
        torch.testing.assert_close(ours.t(), theirs.grad, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("depth", [0, 2])
def test_dense_steps_are_those_of_torch_sgd(depth: int) -> None:
    network, (x, y) = build(12, 16, depth, CLASSES, 0, CPU), points(12, 60)
    reference, before = dense_modules(network), network.weights[-1].clone()
    batches = torch.from_numpy(np.random.default_rng(3).integers(60, size=(50, 8)))
    by_torch(reference, x, y, batches, 0.1)
    sgd_steps(network, x, y, batches, 0.1)
    assert not torch.allclose(network.weights[-1], before, atol=1e-2)
    for ours, theirs in zip(network.weights, reference.parameters(), strict=True):
        torch.testing.assert_close(ours.t(), theirs.detach(), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("dataset", "depth"), [("digits_ten", 1), ("digits_ten", 4), ("cifar_ten", 2)])
def test_convolutional_steps_are_those_of_torch_sgd(dataset: str, depth: int) -> None:
    network = convolution.build(dataset, depth, 4, 6, seed=1, classes=CLASSES)
    reference, (x, y) = convolutional_modules(network), points(int(np.prod(network.shape)), 40)
    batches = torch.from_numpy(np.random.default_rng(3).integers(40, size=(20, 8)))
    before = network.head.clone()
    by_torch(reference, x, y, batches, 0.1)
    convolution.sgd_steps(network, x, y, batches, 0.1)
    assert not torch.allclose(network.head, before, atol=1e-3)
    *convolutions, dense, head = [part for part in reference if isinstance(part, nn.Conv2d | nn.Linear)]
    expected = [dense.weight, *(part.weight for part in convolutions), *(part.bias for part in convolutions)]
    expected += [dense.bias, head.weight, head.bias]
    for ours, theirs in zip(network.parameters(), expected, strict=True):
        torch.testing.assert_close(ours, theirs.detach(), rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(convolution.outputs(network, x, 7), reference(x).detach(), rtol=1e-3, atol=1e-4)


def test_weights_are_xavier_uniform_and_drawn_by_the_seed() -> None:
    network, again, other = (build(200, 100, 2, CLASSES, seed, CPU) for seed in (3, 3, 4))
    sizes = pairwise((200, 100, 100, CLASSES))
    for weight, same, another, fans in zip(network.weights, again.weights, other.weights, sizes, strict=True):
        assert weight.shape == fans
        assert torch.equal(weight, same)
        assert not torch.equal(weight, another)
        bound = (6 / sum(fans)) ** 0.5
        assert 0.9 * bound < weight.abs().max() <= bound * (1 + 1e-6)
        assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.1)


def test_a_rate_that_is_too_large_gives_nan() -> None:
    network, (x, y) = build(12, 7, 2, CLASSES, 0, CPU), points(12, 16)
    sgd_steps(network, 1e6 * x, y, torch.arange(16).expand(60, 16), 1e30)
    assert torch.isnan(network(x)).any()
