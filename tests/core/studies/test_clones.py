"""Clones of a data set: their moments, networks against torch, Gaussian classifiers against scikit-learn; claims."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import multivariate_normal  # type: ignore[import-untyped]
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from core.__main__ import main
from core.columns import columns
from core.comparison.compared import explained
from core.datasets import DataError, Source, load
from core.explainers.gaussian import fit_gaussian
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.clones import images as of_images
from core.studies.clones.distributions import SAMPLERS, Original, moments
from core.studies.clones.experiment import CLONES, EXPLAINERS, KINDS, LEADS, TWO_CLASSES, Clones
from core.studies.clones.pictures import examples, with_pictures
from core.studies.clones.presets import PRESETS
from core.studies.clones.scene import matched_steps, scene, told, verdict
from core.studies.clones.tables import departure
from core.studies.clones.training import Learner, StridedNetwork, begin, explainers
from core.studies.clones.trajectory import ClonesTrajectory
from core.studies.clones.view import ClonesView
from core.study import studies
from core.sweeps import train
from core.training import follow
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import FRESH, Measured, above, below, near, seeds

SMALL = Clones(n_train=400, step_limit=40, width=16, components=10, seeds=(0, 1), learning_rate=0.02)
RNG = np.random.default_rng(0)
MIXED = RNG.standard_normal((6, 6)).astype(np.float32)


@cache
def trained(experiment: Clones, source: Source = Source()) -> ClonesTrajectory:  # noqa: B008
    found = train(experiment, source=source, workers=1)
    assert isinstance(found, ClonesTrajectory)
    return found


def tables(found: ClonesTrajectory) -> dict[str, pd.DataFrame]:
    return {name: table(found) for name, table in studies()["clones"].tables().items()}


def skewed(count: int, seed: int = 0) -> np.ndarray:
    """Correlated inputs that are no Gaussian, (count, 6)."""
    rng = np.random.default_rng(seed)
    return ((rng.exponential(size=(count, 6)) - 0.5) @ MIXED).astype(np.float32)


# ---- clones


@pytest.mark.parametrize("kind", CLONES)
def test_a_clone_has_the_statistics_that_it_is_to_have_and_no_others(kind: str) -> None:
    images, many = skewed(300), 200_000
    found = SAMPLERS[kind](images, many, np.random.default_rng(1)).astype(np.float64)
    covariance, own = np.cov(found.T), np.cov(images.T.astype(np.float64))
    wanted = {
        "gauss": own,
        "iso": np.eye(6) * np.diag(own).mean(),
        "indep": np.diag(np.diag(own)) * 299 / 300,
    }[kind]
    np.testing.assert_allclose(found.mean(axis=0), images.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(covariance, wanted, atol=0.02 * np.abs(own).max())
    third = [((part - part.mean(axis=0)) ** 3).mean(axis=0) for part in (found, images.astype(np.float64))]
    if kind == "indep":
        np.testing.assert_allclose(third[0], third[1], rtol=0.1, atol=0.3)
        assert all(set(found[:, pixel]) <= set(images[:, pixel].astype(np.float64)) for pixel in range(6))
    else:
        assert np.abs(third[0]).max() < 0.1 * np.abs(third[1]).max()


def test_a_gaussian_clone_of_few_images_lies_in_their_span() -> None:
    images = skewed(3)  # three images in six dimensions: a singular covariance
    found = SAMPLERS["gauss"](images, 50, np.random.default_rng(0)) - images.mean(axis=0)
    centred = images - images.mean(axis=0)
    _, values, axes = np.linalg.svd(centred)
    assert values[2] < 1e-5
    np.testing.assert_allclose(found @ axes[2:].T, 0, atol=1e-5)


def test_a_class_without_a_covariance_and_one_without_images_are_refused_in_one_sentence() -> None:
    images, labels = skewed(5), np.array([0, 0, 1, 2, 2])
    with pytest.raises(DataError, match=r"n_train: enough for 2 images of every class, .* 1 of class 1"):
        Original(images, labels)
    whole = Original(images, np.array([0, 0, 1, 1, 1]))
    with pytest.raises(DataError, match="n_train: enough for images of every class; none is of class 2"):
        whole.clone("iso", np.array([0, 2]), np.random.default_rng(0))


def test_moments_of_a_set_itself_are_right_and_of_a_shifted_one_wrong() -> None:
    images, labels = skewed(200), np.repeat([0, 1], 100)
    images[labels == 1] += 2
    assert moments(images, images, labels) == (0, 1)
    spread = images[labels == 1].mean(axis=0) - images[labels == 0].mean(axis=0)
    size = float(np.sqrt((spread**2).mean())) / 2  # each class mean's distance from their middle
    found = moments(images, 3 * images - 2 * np.stack([images[labels == one].mean(axis=0) for one in labels]), labels)
    assert found == (pytest.approx(0, abs=1e-6), pytest.approx(9, rel=1e-5))
    shifted = moments(images, images + np.float32(size), labels)
    assert shifted == (pytest.approx(1, rel=1e-4), pytest.approx(1, rel=1e-4))


def test_a_clipped_clone_keeps_to_the_range_of_real_pixels_and_loses_variance() -> None:
    task = of_images.images(SMALL, Source())
    labels = task.train_labels.astype(np.int64)
    plain, clipped = (
        Original(task.train_inputs, labels, clip).clone("iso", labels, np.random.default_rng(0))
        for clip in (False, True)
    )
    original = Original(task.train_inputs, labels)
    low, high = original.ends
    assert clipped.min() == pytest.approx(low)
    assert clipped.max() == pytest.approx(high)
    assert original.outside(clipped) == 0 < original.outside(plain)
    ratios = [moments(task.train_inputs, clone, labels).variance_ratio for clone in (plain, clipped)]
    assert ratios[0] == pytest.approx(1, abs=0.03)
    assert ratios[1] < 0.8


# ---- images


def test_halved_images_are_means_of_squares() -> None:
    pixels = np.arange(32, dtype=np.float32).reshape(1, 2, 4, 4)
    found = of_images.halved(pixels.reshape(1, -1), (2, 4, 4))
    by_torch = torch.nn.functional.avg_pool2d(torch.from_numpy(pixels), 2).numpy().reshape(1, -1)
    np.testing.assert_allclose(found, by_torch)


@pytest.mark.parametrize("dataset", TWO_CLASSES)
def test_two_classes_are_those_of_the_data_set_of_two(dataset: str, real: Source) -> None:
    ten = load(dataset, n_train=100, seed=0, source=real, test_points=500)
    two = load(TWO_CLASSES[dataset], n_train=100, seed=0, source=real, test_points=500)
    np.testing.assert_array_equal(np.isin(ten.test_labels, of_images.positive(dataset)), two.test_labels > 0)


def test_absent_files_are_one_sentence() -> None:
    with pytest.raises(DataError, match=r"MNIST: .* not found, as no folder is named"):
        begin(replace(SMALL, dataset="mnist_ten"), [0], Source(), "cpu")


def test_cifar_of_twenty_thousand_needs_two_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data_batch_1.bin, data_batch_2.bin, test_batch.bin"):
        begin(PRESETS["complexity/clones"].experiment, [0], Source(data_dir=tmp_path), "cpu")


# ---- networks


def built(shape: tuple[int, int, int]) -> tuple[StridedNetwork, torch.Tensor, torch.Tensor]:
    draws = torch.Generator().manual_seed(0)
    inputs = torch.randn(5, int(np.prod(shape)), generator=draws)
    return StridedNetwork.build(shape, 4, 10, 0), inputs, torch.tensor([3, 1, 4, 1, 9])


def by_torch(weights: list[torch.Tensor], shape: tuple[int, int, int], inputs: torch.Tensor) -> torch.Tensor:
    act = inputs.view(-1, *shape)
    for layer, stride in enumerate((1, 2, 2)):
        act = torch.relu(torch.nn.functional.conv2d(act, *weights[2 * layer : 2 * layer + 2], stride=stride, padding=1))
    return torch.nn.functional.linear(act.flatten(1), *weights[-2:])


@pytest.mark.parametrize("shape", [(3, 16, 16), (1, 28, 28), (1, 8, 8), (1, 7, 7)])
def test_a_convolutional_network_and_its_gradient_are_torchs(shape: tuple[int, int, int]) -> None:
    network, inputs, labels = built(shape)
    weights = [weight.clone().requires_grad_() for weight in network.weights]
    output = by_torch(weights, shape, inputs)
    torch.testing.assert_close(network(inputs), output)
    loss = torch.nn.functional.cross_entropy(output, labels)
    for found, wanted in zip(network.gradient(inputs, labels), torch.autograd.grad(loss, weights), strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-6, rtol=1e-4)
    assert all(weight.abs().max() <= weight[0].numel() ** -0.5 + 1e-7 for weight in network.weights[::2])


def test_steps_with_momentum_are_torchs() -> None:
    shape = (1, 8, 8)
    network, inputs, labels = built(shape)
    weights = [weight.clone().requires_grad_() for weight in network.weights]
    optimizer = torch.optim.SGD(weights, lr=0.1, momentum=0.9)
    learner = Learner(network, inputs, labels, 0.1, 0.9)
    for rows in torch.tensor([[0, 1], [2, 3], [4, 0], [1, 2]]):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(by_torch(weights, shape, inputs[rows]), labels[rows]).backward()
        optimizer.step()
        learner.step(rows)
    for found, wanted in zip(network.weights, weights, strict=True):
        torch.testing.assert_close(found, wanted.detach(), atol=1e-6, rtol=1e-4)


# ---- Gaussian classifiers


def grouped() -> tuple[np.ndarray, np.ndarray]:
    groups = np.repeat([0, 1, 2], [150, 100, 50])
    inputs = np.concatenate([skewed(150, 1), skewed(100, 2) * 2 + 1, skewed(50, 3) - 1])
    return inputs.astype(np.float32), groups


@pytest.mark.parametrize("positive", [(2,), (0, 2)])
def test_one_covariance_for_all_is_fishers_discriminant(positive: tuple[int, ...]) -> None:
    inputs, groups = grouped()
    found = fit_gaussian(inputs, groups, positive, shrinkage=1.0)(inputs)
    by_sklearn = LinearDiscriminantAnalysis(solver="lsqr").fit(inputs, groups).predict(inputs)
    np.testing.assert_array_equal(found, np.isin(by_sklearn, positive))


@pytest.mark.parametrize("shrinkage", [0.0, 0.3])
def test_covariances_of_their_own_are_scored_by_the_density(shrinkage: float) -> None:
    inputs, groups = grouped()
    parts = [inputs[groups == one].astype(np.float64) for one in range(3)]
    own = [np.cov(part.T, bias=True) for part in parts]
    pooled = sum(len(part) * one for part, one in zip(parts, own, strict=True)) / len(inputs)
    scores = [
        np.log(len(part) / len(inputs))
        + multivariate_normal(part.mean(axis=0), (1 - shrinkage) * one + shrinkage * pooled).logpdf(inputs)
        for part, one in zip(parts, own, strict=True)
    ]
    found = fit_gaussian(inputs, groups, (1,), shrinkage=shrinkage)(inputs)
    np.testing.assert_array_equal(found, np.argmax(scores, axis=0) == 1)
    assert 0.1 < found.mean() < 0.9


def test_a_singular_covariance_is_one_sentence() -> None:
    inputs = np.concatenate([skewed(100), skewed(4)])
    with pytest.raises(DataError, match=r"shrinkage: more, or .* with 0 .* of class 7 is singular in 6"):
        fit_gaussian(inputs, np.repeat([3, 7], [100, 4]), (7,), shrinkage=0.0)
    fit_gaussian(inputs, np.repeat([3, 7], [100, 4]), (7,), shrinkage=0.1)
    lacking = replace(SMALL, n_train=150, components=30, shrinkage=0.0)
    with pytest.raises(DataError, match="shrinkage: more, or fewer components"):
        explainers(lacking, of_images.images(lacking, Source()))


def test_a_singular_covariance_is_one_line_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = [f"--set={one}" for one in ("shrinkage=0", "n_train=150", "step_limit=20", "seeds=0")]
    assert main(["train", "complexity/clones_digits", *sets, "--cache", str(tmp_path), "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err.replace("\r", "\n").strip().splitlines()[-1]
    assert "shrinkage: more, or fewer components: with 0 of the pooled covariance that of class" in said
    assert not list(tmp_path.glob("*.csv"))


# ---- training


def test_networks_of_a_seed_begin_alike_and_seeds_do_not() -> None:
    found = trained(SMALL)
    at_first = found["on_real"][0]
    assert (at_first == at_first[:, :1]).all()
    assert (found["on_real"][1:] != found["on_real"][1:, :, :1]).any()
    assert (found["on_real"][-1, 0] != found["on_real"][-1, 1]).any()
    np.testing.assert_array_equal(found["on_clone"][..., 0], found["on_real"][..., 0])


def test_same_experiment_same_bytes_and_it_comes_back() -> None:
    found = trained(SMALL)
    again = train(SMALL, source=Source(), workers=1)
    back = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name], err_msg=name)
        np.testing.assert_array_equal(back[name], found[name], err_msg=name)


def test_a_seed_does_not_depend_on_the_others() -> None:
    alone = trained(replace(SMALL, seeds=(1,)))
    for name in ("on_real", "on_clone", "prediction"):
        np.testing.assert_array_equal(alone[name][:, 0], trained(SMALL)[name][:, 1])


def test_a_network_that_diverges_ends_its_seed_and_is_said() -> None:
    with torch.inference_mode():
        training = begin(SMALL, [0, 1], Source(), "cpu")
        training.record(0)
        training.advance(0)
        training.seeds[0].learners["iso"].network.weights[0][:] = np.nan
        training.record(1)
    lost = ClonesTrajectory.join(SMALL, [([0, 1], follow(training).arrays)])
    assert lost["outcome"].tolist() == [DIVERGED, STEP_LIMIT]
    assert lost["end_step"].tolist() == [1, SMALL.step_limit]
    assert np.isnan(lost["on_real"][1:, 0]).all()
    assert np.isfinite(lost["on_real"][:, 1]).all()
    drawn = scene(ClonesView(experiment=SMALL), [Shown(lost)])
    assert drawn.cards["staircase"].badge == {"text": "1 of 2 seeds diverged", "tone": "alert"}


def test_what_is_known_of_one_seed_is_drawn_while_others_train() -> None:
    whole = trained(SMALL)
    one = trained(replace(SMALL, seeds=(0,)))
    part = ClonesTrajectory.join(SMALL, [([0], one.arrays)])
    drawn = scene(ClonesView(experiment=SMALL), [Shown(part)])
    assert list(drawn.figures) == ["staircase", "recognised"]
    assert drawn.cards["staircase"].badge == {"text": "in training", "tone": "quiet"}
    assert list(scene(ClonesView(experiment=SMALL), [Shown(whole)]).figures)[2:] == ["beyond", "explained"]


def test_tables_have_their_columns_and_what_is_said_is_in_them() -> None:
    found = trained(SMALL)
    rows = tables(found)
    for name, table in rows.items():
        assert set(table.columns) <= set(columns()), name
    assert set(found["outcome"]) == {STEP_LIMIT}
    path, last = rows["clones"], rows["clones"]["step"] == SMALL.step_limit
    assert path.groupby(["trained_on", "tested_on"], sort=False).ngroups == 2 * len(KINDS) - 1
    mine = path[last & (path["trained_on"] == "gauss")]["accuracy_test"]
    summary = rows["clones_summary"].set_index("clone")
    assert summary.loc["gauss", "end_accuracy"] == pytest.approx(mine.mean())
    said = verdict(ClonesView(experiment=SMALL), Shown(found))
    assert f"on the Gaussian clone (**{mine.mean():.2f}** in the end)" in said
    assert set(rows["clones_departures"]["lead"]) == set(LEADS)


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (
            (75.0, 118.0, 1185.0, 289.0),
            "first tells as much as logistic regression at step 75, LDA of ten Gaussians at",
        ),
        ((75.0, np.nan, np.nan, np.nan), "at step 75 and never tells as much as LDA of ten Gaussians, QDA of two"),
        ((np.nan,) * 4, "The network of two classes never tells as much as logistic regression, LDA"),
    ],
)
def test_it_is_said_when_the_network_is_as_good_as_each_classifier(steps: tuple[float, ...], text: str) -> None:
    assert text in told(dict(zip(EXPLAINERS, steps, strict=True)))


def test_a_departure_lasts_until_the_end() -> None:
    ahead = np.array([0.5, 0.0, 0.04, 0.02, 0.03, 0.06])
    assert departure(ahead, 0.03) == 4
    assert departure(ahead, 0.05) == 5
    assert departure(ahead, 0.07) is None
    assert departure(np.array([0.1, 0.2]), 0.05) == 0
    assert departure(np.array([0.1, np.nan]), 0.05) is None


def test_a_view_takes_the_nearest_lead_and_as_many_images_as_there_are() -> None:
    assert ClonesView(lead=0.024).lead == 0.02
    view = ClonesView().changed({"dataset": "digits_ten"})
    assert view.experiment.n_train == 1012
    assert view.offered("filters", {"network": "mlp"}) == ()
    assert view.offered("width", {"network": "mlp"}) is None


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"dataset": "mnist_halves"}, "dataset: one of digits_ten"),
        ({"n_train": 1013}, "n_train: at most 1012 for digits_ten; got 1013"),
        ({"n_train": 100, "batch_size": 101}, "batch_size: at most n_train = 100; got 101"),
        ({"momentum": 1.0}, "momentum: a number, .*got 1"),
        ({"shrinkage": -0.1}, "shrinkage: a number, .*got -0.1"),
        ({"seeds": (1, 1)}, "seeds: 1 to 9 different whole numbers"),
    ],
)
def test_bad_settings_are_one_sentence(changes: dict[str, object], text: str) -> None:
    with pytest.raises(ExperimentError, match=text):
        Clones(**changes)  # type: ignore[arg-type]


# ---- claims


@pytest.fixture
def clones_of(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    """What ships; on fresh seeds what is trained now, where the data files are."""

    def found(name: str) -> ClonesTrajectory:
        experiment = replace(PRESETS[name].experiment, seeds=seeds(3))
        if FRESH in os.environ:
            source = Source() if "digits" in name else request.getfixturevalue("real")
            return trained(experiment, source)
        stored, said = Store(tmp_path).load(experiment)
        assert not said
        assert isinstance(stored, ClonesTrajectory)
        return stored

    return found


def sem(values: np.ndarray) -> float:
    return float(np.std(values, ddof=1) / len(values) ** 0.5)


def at(found: ClonesTrajectory, step: int) -> int:
    """The snapshot nearest to a step."""
    return int(np.abs(found.steps - step).argmin())


@pytest.mark.claim
@pytest.mark.parametrize(("dataset", "error"), [("mnist_ten", 0.12), ("cifar_ten", 0.25)])
def test_d1_clones_have_their_moments(dataset: str, error: float, real: Source, measured: Measured) -> None:
    experiment = Clones(dataset=dataset, n_train=5000)
    task = of_images.images(experiment, real)
    labels = task.train_labels.astype(np.int64)
    for clip in (False, True) if dataset == "mnist_ten" else (False,):
        original = Original(task.train_inputs, labels, clip)
        for kind in CLONES:
            found = moments(task.train_inputs, original.clone(kind, labels, np.random.default_rng(seeds(1)[0])), labels)
            said = f"{dataset}, about 500 a class, {kind}{', clipped' if clip else ''}"
            if not clip:
                measured("D1", f"{said}: error of class means over their spread", found.mean_error, near(0, error))
                measured("D1", f"{said}: variance over that of images", found.variance_ratio, near(1, 0.03))
            elif kind != "indep":
                measured("D1", f"{said}: variance over that of images", found.variance_ratio, below(1, by=0.35))


@pytest.mark.claim
def test_d2_the_staircase_on_cifar(clones_of, real: Source, measured: Measured) -> None:  # type: ignore[no-untyped-def]
    found = clones_of("complexity/clones")
    on_real = found["on_real"].astype(np.float64)  # (snapshot, run, kind)
    mean = on_real.mean(axis=1)
    early = mean[: at(found, 79) + 1]
    widest = (early.max(axis=1) - early.min(axis=1)).max()
    measured("D2", "CIFAR-10, up to step 79: widest range of the four accuracies", widest, near(0, 0.06))
    best, ends = likeliest_mean(found.experiment, real), on_real[-1]
    for kind in ("iso", "indep"):
        own = ends[:, list(KINDS).index(kind)]
        said = f"CIFAR-10, the end: trained on {kind}, tested on real; the isotropic clone's best classifier"
        measured("D2", said, own.mean(), near(round(best, 3), 0.05, null=0.1), sem(own))
    for one, other, least in (("gauss", "iso", 0.08), ("real", "gauss", 0.05)):
        more = ends[:, list(KINDS).index(one)] - ends[:, list(KINDS).index(other)]
        measured("D2", f"CIFAR-10, the end: {one} less {other}", more.mean(), above(0, by=least), sem(more))
    lead = on_real[at(found, 218), :, :1] - on_real[at(found, 218)]  # (run, kind)
    measured("D2", "CIFAR-10, near step 218: real less gauss", lead[:, 1].mean(), near(0, 0.04))
    measured("D2", "CIFAR-10, near step 218: real less iso", lead[:, 2].mean(), above(0, by=0.08), sem(lead[:, 2]))


@pytest.mark.claim
def test_d3_the_staircase_on_mnist(clones_of, real: Source, measured: Measured) -> None:  # type: ignore[no-untyped-def]
    found = clones_of("complexity/clones_mnist")
    on_real = found["on_real"].astype(np.float64)
    lead = on_real[at(found, 290), :, :1] - on_real[at(found, 290)]
    measured("D3", "MNIST, near step 290: real less gauss", lead[:, 1].mean(), near(0, 0.03))
    measured("D3", "MNIST, near step 290: real less iso", lead[:, 2].mean(), above(0, by=0.08), sem(lead[:, 2]))
    best = likeliest_mean(found.experiment, real)
    for kind in ("iso", "indep"):
        ends = on_real[-1, :, list(KINDS).index(kind)]
        said = f"MNIST, the end: trained on {kind}, tested on real; the isotropic clone's best classifier"
        measured("D3", said, ends.mean(), near(round(best, 3), 0.04, null=0.1), sem(ends))
    ends = on_real[-1]
    more = ends[:, 1] - ends[:, 2]
    measured("D3", "MNIST, the end: gauss less iso", more.mean(), above(0, by=0.08), sem(more))
    more = ends[:, 0] - ends[:, 1]
    measured("D3", "MNIST, the end: real less gauss", more.mean(), above(0, by=0.01), sem(more))


def likeliest_mean(experiment: Clones, source: Source) -> float:
    """The accuracy on real test images of the best classifier of the isotropic clone: Gaussians mu_c, s_c^2 I."""
    task = of_images.images(experiment, source)
    scores = []
    for label in range(10):
        own = task.train_inputs[task.train_labels == label].astype(np.float64)
        square = own.var(axis=0).mean()
        far = ((task.test_inputs - own.mean(axis=0)) ** 2).sum(axis=1)
        scores.append(np.log(len(own)) - far / (2 * square) - own.shape[1] * np.log(square) / 2)
    return float((np.argmax(scores, axis=0) == task.test_labels).mean())


@pytest.mark.claim
def test_d3_on_small_digits(measured: Measured) -> None:
    found = trained(replace(PRESETS["complexity/clones_digits"].experiment, seeds=seeds(3)))
    on_real = found["on_real"].astype(np.float64)
    early = np.abs(on_real[: at(found, 118) + 1].mean(axis=1)[:, :1] - on_real[: at(found, 118) + 1].mean(axis=1))
    measured("D3", "digits, up to step 118: largest lead of real on gauss", early[:, 1].max(), near(0, 0.03))
    end = on_real[-1]
    best, alone = likeliest_mean(found.experiment, Source()), end[:, 2]
    said = "digits, the end: trained on iso; the isotropic clone's best classifier"
    measured("D3", said, alone.mean(), near(round(best, 3), 0.04, null=0.1), sem(alone))
    for place, kind in ((2, "iso"), (3, "indep")):
        more = end[:, 1] - end[:, place]
        measured("D3", f"digits, the end: gauss less {kind}", more.mean(), above(0, by=0.03), sem(more))
    more = end[:, 0] - end[:, 1]
    measured("D3", "digits, the end: real less gauss", more.mean(), above(0, by=0.01), sem(more))


@pytest.mark.claim
def test_d4_rise_and_fall_on_clones(clones_of, measured: Measured) -> None:  # type: ignore[no-untyped-def]
    found = clones_of("complexity/clones")
    on_clone = found["on_clone"].astype(np.float64)
    mean = on_clone.mean(axis=1)
    early = found.steps < 500
    for kind in ("iso", "indep"):
        place = list(KINDS).index(kind)
        said = f"CIFAR-10, trained on real, tested on {kind}"
        peak, end = mean[early, place].max(), on_clone[-1, :, place]
        measured("D4", f"{said}: peak before step 500", peak, above(0.1, by=0.35))
        fall = on_clone[early, :, place].max(axis=0) - end
        measured("D4", f"{said}: peak of a seed less its end", fall.mean(), above(0, by=0.1), sem(fall))
    apart = np.abs(mean[:, 1] - mean[:, 0]).max()
    measured("D4", "CIFAR-10, trained on real: largest distance of gauss from real", apart, near(0, 0.06))
    rise = on_clone[-1, :, 0] - on_clone[at(found, 451), :, 0]
    measured("D4", "CIFAR-10: real at the end less step 451", rise.mean(), above(0, by=0.02), sem(rise))


@pytest.mark.claim
def test_d4_there_is_no_fall_on_mnist(clones_of, measured: Measured) -> None:  # type: ignore[no-untyped-def]
    on_clone = clones_of("complexity/clones_mnist")["on_clone"].astype(np.float64)
    for kind in ("iso", "indep"):
        place = list(KINDS).index(kind)
        fall = on_clone[..., place].max(axis=0) - on_clone[-1, :, place]
        measured("D4", f"MNIST, trained on real, tested on {kind}: peak less the end", fall.mean(), near(0, 0.05))


@pytest.mark.claim
def test_d5_a_gaussian_explainer_on_mnist(clones_of, measured: Measured) -> None:  # type: ignore[no-untyped-def]
    found = clones_of("complexity/clones_mnist")
    of = {name: explained(found, name) for name in EXPLAINERS}
    t0 = of["linear"].matched_step
    early = [(found.steps >= 30) & (found.steps <= step) for step in t0]
    beyond = {
        name: np.array([one.bits.conditional_information[on, run].mean() for run, on in enumerate(early)])
        for name, one in of.items()
    }
    what = "MNIST, from step 30 to the T0 of logistic"
    for other, most in (("linear", 0.25), ("lda_ten", 0.5)):
        ratio = beyond["qda"] / beyond[other]
        said = f"{what}: I(F;Y given QDA) over I(F;Y given {EXPLAINERS[other]})"
        measured("D5", said, ratio.mean(), below(1, by=1 - most), sem(ratio))
    shares = {
        name: np.array([np.nanmean(one.explained_share[one.early[:, run], run]) for run in range(len(t0))])
        for name, one in of.items()
    }
    said = "MNIST: mean explained share before T0"
    measured("D5", f"{said}, QDA", shares["qda"].mean(), near(1, 0.04), sem(shares["qda"]))
    measured("D5", f"{said}, logistic", shares["linear"].mean(), near(1, 0.2, null=0), sem(shares["linear"]))
    more = shares["qda"] - shares["linear"]
    measured("D5", f"{said}, QDA less logistic", more.mean(), above(0, by=0.03), sem(more))
    for name in ("qda", "lda_ten"):
        unrelated = np.array(
            [np.nanmean(of[name].explained_share_independent[of[name].early[:, run], run]) for run in range(len(t0))]
        )
        more = shares[name] - unrelated
        measured("D5", f"{said}, {EXPLAINERS[name]}, less unrelated", more.mean(), above(0, by=0.2), sem(more))
    ratio = of["qda"].matched_step / t0
    measured("D5", "MNIST: T0 of QDA over T0 of logistic", ratio.mean(), above(1, by=1.5), sem(ratio))
    for name in ("linear", "qda"):
        kept = of[name].retained_share[-1]
        measured("D5", f"MNIST: retained share at the end, {EXPLAINERS[name]}", kept.mean(), near(1, 0.07), sem(kept))


@pytest.mark.claim
def test_d5_is_no_result_on_cifar(clones_of, measured: Measured) -> None:  # type: ignore[no-untyped-def]
    """The quadratic discriminant knows more, but explains no larger share of what the network knows early."""
    found = clones_of("complexity/clones")
    shares = {}
    for name in ("linear", "qda"):
        one = explained(found, name)
        runs = range(found.experiment.runs)
        shares[name] = np.array([np.nanmean(one.explained_share[one.early[:, run], run]) for run in runs])
    more = shares["qda"] - shares["linear"]
    said = "CIFAR-10: early explained share of QDA less that of logistic"
    measured("D5", said, more.mean(), below(0), sem(more))
    steps = matched_steps(Shown(found))
    measured("D5", "CIFAR-10: T0 of QDA over T0 of logistic", steps["qda"] / steps["linear"], above(1, by=0.5))


def test_pictures_are_real_images_and_clones_of_their_class() -> None:
    experiment = PRESETS["complexity/clones_digits"].experiment
    found = examples(experiment, Source())
    assert set(found) == set(KINDS)
    task = of_images.images(experiment, Source())
    labels = task.train_labels.astype(int)
    low, high = task.train_inputs.min(), task.train_inputs.max()
    for label in range(10):
        own = (task.train_inputs[labels == label] - low) / (high - low) * 255
        assert (np.abs(own - found["real"][label].ravel()).max(axis=1) <= 0.51).any()
        for value, pixels in zip(found["indep"][label].ravel(), own.T, strict=True):
            assert np.abs(pixels - value).min() <= 0.51  # of an image of the class, each pixel by itself
    means = np.stack([task.train_inputs[labels == label].mean(axis=0) for label in range(10)])
    seen = (found["gauss"].reshape(10, -1) / 255.0) * (high - low) + low
    near = ((seen[:, None] - means[None]) ** 2).sum(axis=2).argmin(axis=1)
    assert (near == np.arange(10)).mean() >= 0.8


def test_pictures_of_files_that_are_absent_are_a_note(tmp_path: Path) -> None:
    view = ClonesView()
    kept, _ = Store(Path("nowhere")).load(view.experiment)
    assert isinstance(kept, ClonesTrajectory)
    shown = Shown(kept)
    plain = scene(view, [shown])
    found = with_pictures(plain, shown, Source(data_dir=tmp_path))
    assert list(found.figures) == list(plain.figures)
    assert "CIFAR-10" in found.notes[-1]
    assert "not on this machine" in found.notes[-1]
