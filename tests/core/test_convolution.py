"""The convolutional network against torch's own modules, autograd and optimiser."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from core.convolution import ConvolutionalNetwork, build, gradient, outputs, sgd_steps

DATASETS = {"digits_halves": (1, 8), "mnist_parity": (1, 28), "cifar_animals": (3, 32)}


def modules(network: ConvolutionalNetwork) -> nn.Sequential:
    """The network as the replications write it, with copies of its weights: ReLU before pooling."""
    layers: list[nn.Module] = []
    for number, (kernel, bias) in enumerate(zip(network.kernels, network.biases, strict=True)):
        convolution = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3, padding="same")
        convolution.weight.data, convolution.bias.data = kernel.clone(), bias.clone()
        layers += [convolution, nn.ReLU()] + ([nn.MaxPool2d(2)] if number < 2 else [])
    dense, head = nn.Linear(network.dense.shape[1], len(network.dense)), nn.Linear(len(network.dense), 1)
    dense.weight.data, dense.bias.data = network.dense.clone(), network.dense_bias.clone()
    head.weight.data, head.bias.data = network.head[None].clone(), network.head_bias.clone()
    return nn.Sequential(nn.Unflatten(1, network.shape), *layers, nn.Flatten(), dense, nn.ReLU(), head, nn.Flatten(0))


def points(dim: int, count: int) -> tuple[Tensor, Tensor]:
    rng = np.random.default_rng(1)
    x = torch.from_numpy(rng.standard_normal((count, dim), dtype=np.float32))
    return x, torch.from_numpy(np.where(rng.random(count) < 0.5, -1, 1).astype(np.float32))


def loss(reference: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return torch.log1p(torch.exp(-y * reference(x))).mean()


def inputs_of(network: ConvolutionalNetwork) -> int:
    return math.prod(network.shape)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("dataset", DATASETS)
def test_outputs_are_those_of_torch_modules(dataset: str, depth: int) -> None:
    network = build(dataset, depth, 4, 6, seed=0)
    channels, side = DATASETS[dataset]
    assert network.shape == (channels, side, side)
    assert network.depth == depth
    x, _ = points(channels * side * side, 11)
    expected = modules(network)(x).detach()
    for at_once in (3, 11, 500):
        found = outputs(network, x, at_once)
        assert found.shape == (11,)
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("dataset", ["digits_halves", "cifar_animals"])
def test_the_gradient_is_autograds(dataset: str, depth: int) -> None:
    network = build(dataset, depth, 5, 7, seed=2)
    reference, (x, y) = modules(network), points(inputs_of(network), 9)
    loss(reference, x, y).backward()
    *convolutions, dense, head = [part for part in reference if isinstance(part, nn.Conv2d | nn.Linear)]
    expected = [
        dense.weight.grad,
        *(part.weight.grad for part in convolutions),
        *(part.bias.grad for part in convolutions),
        dense.bias.grad,
        head.weight.grad[0],
        head.bias.grad,
    ]
    found = gradient(network, x, y).whole()
    assert [part.shape for part in found] == [part.shape for part in network.parameters()]
    for ours, theirs in zip(found, expected, strict=True):
        assert theirs.abs().max() > 0
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(("dataset", "depth"), [("digits_parity", 4), ("digits_parity", 1), ("cifar_animals", 2)])
def test_steps_are_those_of_torch_sgd(dataset: str, depth: int) -> None:
    network = build(dataset, depth, 4, 6, seed=1)
    before = network.dense.clone()
    reference, (x, y) = modules(network), points(inputs_of(network), 40)
    batches = torch.from_numpy(np.random.default_rng(3).integers(40, size=(20, 8)))
    optimiser = torch.optim.SGD(reference.parameters(), lr=0.05)
    for rows in batches:
        optimiser.zero_grad()
        loss(reference, x[rows], y[rows]).backward()
        optimiser.step()
    sgd_steps(network, x, y, batches, 0.05)
    assert not torch.allclose(network.dense, before, atol=1e-3)
    torch.testing.assert_close(outputs(network, x), reference(x).detach(), rtol=1e-3, atol=1e-4)


def test_it_trains_inside_and_outside_of_inference_mode() -> None:
    x, y = points(64, 40)
    batches = torch.arange(40).view(5, 8)
    with torch.inference_mode():
        inside = build("digits_halves", 2, 4, 6, seed=0)
        sgd_steps(inside, x, y, batches, 0.1)
    outside = build("digits_halves", 2, 4, 6, seed=0)
    sgd_steps(outside, x, y, batches, 0.1)
    assert torch.equal(outputs(inside, x), outputs(outside, x))


def test_weights_fill_the_range_of_glorot_and_biases_are_zero() -> None:
    network = build("cifar_animals", 3, 16, 64, seed=5)
    fans = [9 * (3 + 16), 9 * 32, 9 * 32, 16 * 8 * 8 + 64, 64 + 1]
    for weight, fan in zip([*network.kernels, network.dense, network.head], fans, strict=True):
        bound = math.sqrt(6 / fan)
        assert 0.9 * bound < weight.abs().max() <= bound * (1 + 1e-6)
        assert weight.mean().abs() < 4 * bound / math.sqrt(3 * weight.numel())
        assert weight.std() == pytest.approx(bound / math.sqrt(3), rel=0.2 if weight.numel() < 100 else 0.1)
    for bias in (*network.biases, network.dense_bias, network.head_bias):
        assert not bias.any()


def test_a_seed_gives_one_network_and_another_seed_another() -> None:
    first, again, other = (build("mnist_halves", 2, 4, 8, seed) for seed in (3, 3, 4))
    for one, same, different in zip(first.kernels, again.kernels, other.kernels, strict=True):
        assert torch.equal(one, same)
        assert not torch.equal(one, different)
    assert torch.equal(first.dense, again.dense)


def test_a_rate_that_is_too_large_gives_nan() -> None:
    network, (x, y) = build("digits_halves", 2, 4, 6, seed=0), points(64, 16)
    sgd_steps(network, 1e6 * x, y, torch.arange(16).expand(60, 16), 1e30)
    assert torch.isnan(outputs(network, x)).all()


@pytest.mark.parametrize("dataset", ["two_moons", "sinusoid", "csv"])
def test_a_data_set_without_images_is_refused(dataset: str) -> None:
    with pytest.raises(ValueError, match=rf"^dataset: one with images, .*digits, mnist, cifar; '{dataset}' came\.$"):
        build(dataset, 2, 4, 8, seed=0)


@pytest.mark.parametrize("depth", [0, 5])
def test_a_depth_out_of_range_is_refused(depth: int) -> None:
    with pytest.raises(ValueError, match=rf"^depth: 1 to 4 convolutions; {depth} came\.$"):
        build("digits_halves", depth, 4, 8, seed=0)
