"""Small MNIST: gradients against autograd, AdamW against torch's own, averaging by hand, and the claim."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import DataError, Source, load
from core.part import Shown
from core.store import decode, encode
from core.studies.small_mnist.experiment import SmallMnist
from core.studies.small_mnist.scene import verdict
from core.studies.small_mnist.training import DEVIATION, Network, averaged, begin, with_one
from core.studies.small_mnist.trajectory import SmallMnistTrajectory
from core.studies.small_mnist.view import SmallMnistView
from core.study import studies
from core.sweeps import train
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import SIGN, Expected, Measured, above, below, seeds

SMALL = SmallMnist(n_train=40, width=8, batch_size=20, scales=(1.0, 8.0), step_limit=30)


def trained(experiment: SmallMnist, source: Source) -> SmallMnistTrajectory:
    found = train(experiment, source=source, workers=1)
    assert isinstance(found, SmallMnistTrajectory)
    return found


def tables(found: SmallMnistTrajectory) -> dict[str, pd.DataFrame]:
    return {name: table(found) for name, table in studies()["small_mnist"].tables().items()}


def network() -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    layers = [rng.standard_normal((out, into + 1)) for into, out in ((6, 9), (9, 7), (7, 10))]
    return Network(layers), with_one(rng.standard_normal((5, 6))), np.eye(10)[[3, 1, 4, 1, 5]]


def loss(weights: list[torch.Tensor], x: np.ndarray, y: np.ndarray) -> torch.Tensor:
    act = torch.tensor(x[:, :-1])
    for place, layer in enumerate(weights):
        act = act @ layer[:, :-1].T + layer[:, -1]
        act = torch.relu(act) if place < len(weights) - 1 else act
    return ((act - torch.tensor(y)) ** 2).mean()


def test_the_gradient_is_autograds() -> None:
    found, x, y = network()
    weights = [torch.tensor(layer, requires_grad=True) for layer in found.layers]
    value = loss(weights, x, y)
    assert ((found(x) - y) ** 2).mean() == pytest.approx(value.item(), rel=1e-12)
    for own, other in zip(found.gradient(x, y), torch.autograd.grad(value, weights), strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-11, atol=1e-13)


def test_a_step_is_that_of_torchs_adamw() -> None:
    found, x, y = network()
    weights = [torch.tensor(layer.copy(), requires_grad=True) for layer in found.layers]
    optimizer = torch.optim.AdamW(weights, lr=0.01, weight_decay=0.3)
    for _ in range(5):
        optimizer.zero_grad()
        loss(weights, x, y).backward()
        optimizer.step()
        found.step(x, y, 0.01, 0.3)
    for own, other in zip(found.layers, weights, strict=True):
        np.testing.assert_allclose(own, other.detach(), rtol=1e-9, atol=1e-11)


def test_images_are_averaged_by_hand() -> None:
    images = np.random.default_rng(0).standard_normal((3, 28, 28)).astype(np.float32)
    found = averaged(images.reshape(3, -1), 7).reshape(3, 7, 7)
    for row, column in ((0, 0), (2, 5), (6, 6)):
        block = images[1, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        assert found[1, row, column] == pytest.approx(DEVIATION * block.mean(), rel=1e-4)
    assert averaged(images.reshape(3, -1), 14).shape == (3, 196)


def test_networks_share_images_and_start_alike_up_to_their_scale(real: Source) -> None:
    begun = begin(SMALL, [0, 1], real, "cpu")
    for one, other in zip(begun.networks[0].layers, begun.networks[1].layers, strict=True):
        np.testing.assert_allclose(8 * one, other, rtol=1e-6)
    assert abs(begun.networks[0].layers[1]).max() <= 8**-0.5
    assert begun.images.train.shape == (40, 50)
    pixels = load("mnist_ten", n_train=1000, seed=0, source=real).train_inputs * DEVIATION
    assert np.ptp(pixels) == pytest.approx(1, abs=2e-3)  # from 0 to 1


def test_what_is_recorded_is_what_the_networks_are(real: Source) -> None:
    begun, step = begin(SMALL, [0, 1], real, "cpu"), 0
    begun.record(0)
    while begun.live:
        step = begun.advance(step)
        begun.record(step)
    for run, net in enumerate(begun.networks):
        output = net(begun.images.test)
        kept = {name: array[-1, run] for name, array in begun.recording.arrays.items() if array.ndim == 2}
        assert kept["test_loss"] == pytest.approx(((output - begun.images.test_y) ** 2).mean(), rel=1e-4)
        assert kept["test_error"] == pytest.approx((output.argmax(1) != begun.images.test_y.argmax(1)).mean())
        assert kept["norm"] == pytest.approx(np.sqrt(sum((layer**2).sum() for layer in net.layers)), rel=1e-5)


def test_runs_end_with_a_reason_come_back_and_are_told(real: Source) -> None:
    found = trained(SMALL, real)
    again = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
    assert (found["outcome"] == STEP_LIMIT).all()
    assert encode(found) == encode(train(SMALL, source=real, workers=2))
    for name, table in tables(found).items():
        assert set(table.columns) <= set(columns()), name
    end = tables(found)["mnist_ends"].iloc[1]
    assert f"{end['test_error']:.0%}" in verdict(SmallMnistView(experiment=SMALL), Shown(found))
    lost = trained(replace(SMALL, rate=0.1, decay=1.0, scales=(1.0, 32.0), step_limit=5), real)
    broken = replace(lost, arrays={**lost.arrays, "outcome": np.array([DIVERGED, DIVERGED], np.int8)})
    assert "diverged by step" in verdict(SmallMnistView(experiment=lost.experiment, scale=32.0), Shown(broken))


def test_files_that_are_absent_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"MNIST: .*not found.*TRAINSCOPE_DATA\.$"):
        begin(SMALL, [0], Source(data_dir=tmp_path), "cpu")
    assert SMALL.trained_on_files == "mnist_ten"


@pytest.mark.parametrize(
    ("name", "value"),
    [("side", "5"), ("scales", (8.0, 1.0)), ("rate", 1.0), ("decay", -1), ("n_train", 10), ("batch_size", 501)],
)
def test_bad_settings_are_one_sentence(name: str, value: object) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        SmallMnist(**{name: value})  # type: ignore[arg-type]


@pytest.mark.claim
def test_g10_large_initial_weights_delay_generalization_on_mnist(measured: Measured, real: Source) -> None:
    found = [trained(SmallMnist(scales=(8.0,), seed=seed), real) for seed in seeds(6)]
    large, paths = (
        pd.concat([tables(one)[name] for one in found], ignore_index=True) for name in ("mnist_ends", "mnist")
    )
    then, delay = large["test_error_at_hundredth"], large["fifth_delay"]
    error, late = Expected("null 0.2", 0.4, 0.65, 0.2, 1), Expected("null 1", 3.5, 8, 1, 1)
    measured("G10", "scale 8: test error at a training error of 0.01", then.mean(), error, then.sem())
    said = "scale 8: steps to a test error of 0.2 over steps to a training error of"
    measured("G10", f"{said} 0.01", delay.mean(), late, delay.sem())
    # One image of 500 may be learned thousands of steps later: with seed 1 as late as the test error is 0.2.
    last = large["fifth_step"] / large["fitted_step"]
    measured("G10", f"{said} 0", last.mean(), late, last.sem(), verdict=SIGN)
    starts = (paths["step"] == 0).cumsum()  # a run each
    for count, name in ((0, "0"), (1, "one image")):
        reached = paths[(paths["step"] > 0) & (paths["train_error"] <= count / 500 + 1e-9)].groupby(starts).first()
        if count:
            ratio = large["fifth_step"].to_numpy() / reached["step"]
            measured("G10", f"{said} {name}", ratio.mean(), late, ratio.sem())
        at = reached["test_error"]
        measured("G10", f"scale 8: test error at a training error of {name}", at.mean(), error, at.sem())
    measured("G10", "scale 8: norm at the end over that at the start", large["norm_ratio"].max(), below(1))


@pytest.mark.claim
def test_g10_usual_initial_weights_do_not_delay_it(measured: Measured, real: Source) -> None:
    usual = pd.concat(tables(trained(SmallMnist(scales=(1.0,), seed=seed), real))["mnist_ends"] for seed in seeds(3))
    early = usual["test_error_at_hundredth"].max()
    measured("G10", "scale 1: test error at a training error of 0.01", early, below(0.2))


@pytest.mark.claim
def test_g10_without_weight_decay_the_test_error_stays_high(measured: Measured, real: Source) -> None:
    plain = SmallMnist(scales=(8.0,), decay=0.0, seed=seeds(1)[0])
    end = tables(trained(plain, real))["mnist_ends"].iloc[0]["test_error"]
    measured("G10", "scale 8 without weight decay: test error at the end", end, above(0.2, by=0.2))
