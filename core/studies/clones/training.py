"""Networks on real images and on clones of them, in training side by side, and classifiers to compare them with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import softmax
from core.batches import batches
from core.datasets import Source, Task
from core.explainers import Classifier
from core.explainers.components import reduction
from core.explainers.gaussian import fit_gaussian
from core.explainers.linear import fit_linear
from core.networks import with_constant
from core.randomness import generator
from core.studies.clones.distributions import Original, moments
from core.studies.clones.experiment import CLONES, EXPLAINERS, KINDS, Clones
from core.studies.clones.images import images, positive, shape_of
from core.studies.clones.recording import ClonesRecording
from core.training.recorded import RecordedTraining

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

AT_ONCE = 256
"""Images of a forward pass of a convolutional network."""
COUNTED = 2000
"""Training images, the first ones, on which the two-class network's accuracy is read."""
STRIDES = (1, 2, 2)
TWO = "two_classes"


class Network(Protocol):
    """One network; training changes its tensors in place."""

    @property
    def weights(self) -> list[Tensor]:
        """All parameter tensors."""

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return f of inputs (point, dim) as (point, class)."""

    def gradient(self, inputs: Tensor, labels: Tensor) -> list[Tensor]:
        """Return the gradient of the mean cross-entropy of a batch (point, dim), (point,) in every parameter."""


@dataclass(frozen=True)
class StridedNetwork:
    """Three 3 x 3 convolutions, the last two with stride 2, and a linear layer; ReLU units, padded with zeros."""

    shape: tuple[int, int, int]  # channels, height, width of an image
    weights: list[Tensor]
    """Of each convolution (filter, channel, 3, 3) and (filter,), then (class, filter * height * width), (class,)."""

    @classmethod
    def build(cls, shape: tuple[int, int, int], filters: int, classes: int, seed: int) -> StridedNetwork:
        """Return the network that `seed` draws: weights and biases uniform within 1 / sqrt(fan-in), torch's default."""
        rng = generator("init", seed)
        channels, height, width = shape
        for stride in STRIDES:
            height, width = -(-height // stride), -(-width // stride)
        layers = [(n, m, 3, 3) for m, n in pairwise((channels, filters, 2 * filters, 4 * filters))]
        weights = []
        for size in (*layers, (classes, 4 * filters * height * width)):
            bound = 1 / np.sqrt(np.prod(size[1:]))
            for part in (size, size[:1]):
                drawn = torch.from_numpy(rng.uniform(-bound, bound, part).astype(np.float32))
                # Cloned: one input channel lies first and last at once, and `contiguous` would leave that to chance.
                weights.append(drawn.clone(memory_format=torch.channels_last) if len(part) == 4 else drawn)
        return cls(shape, weights)

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return f of inputs (point, dim) as (point, class)."""
        return torch.cat([self._layers(part)[-1] for part in torch.split(inputs, AT_ONCE)])

    def gradient(self, inputs: Tensor, labels: Tensor) -> list[Tensor]:
        """Return the gradient of the mean loss of a batch (point, dim), (point,), written out with torch's kernels."""
        *acts, output = self._layers(inputs)  # (point, channel, row, column) each
        push = softmax.force(output, labels)  # (point, class)
        found = [push.t() @ acts[-1].flatten(1), push.sum(0)]
        down = (push @ self.weights[-2]).view(acts[-1].shape).contiguous(memory_format=torch.channels_last)
        for layer in reversed(range(len(STRIDES))):
            down = torch.ops.aten.threshold_backward(down, acts[layer + 1], 0)
            kernel, stride = self.weights[2 * layer], [STRIDES[layer]] * 2
            down, *own = torch.ops.aten.convolution_backward(
                down,
                acts[layer],
                kernel,
                [len(kernel)],
                stride,
                [1, 1],
                [1, 1],
                False,
                [0, 0],
                1,
                [layer > 0, True, True],
            )
            found = [*own, *found]
        return found

    def _layers(self, inputs: Tensor) -> list[Tensor]:
        """Return the images, what every convolution leaves, and f."""
        acts = [inputs.view(-1, *self.shape).contiguous(memory_format=torch.channels_last)]
        for layer, stride in enumerate(STRIDES):
            kernel, bias = self.weights[2 * layer : 2 * layer + 2]
            acts.append(torch.conv2d(acts[-1], kernel, bias, stride=stride, padding=1).clamp_(min=0))
        return [*acts, torch.addmm(self.weights[-1], acts[-1].flatten(1), self.weights[-2].t())]


@dataclass(eq=False)
class Learner:
    """A network with its training set, stepped by SGD with momentum: v <- m v + gradient, w <- w - rate v."""

    network: Network
    x: Tensor  # (point, dim)
    y: Tensor  # (point,), classes as whole numbers
    rate: float
    momentum: float
    velocity: list[Tensor] = field(init=False)

    def __post_init__(self) -> None:
        self.velocity = [torch.zeros_like(weight) for weight in self.network.weights]

    def step(self, rows: Tensor) -> None:
        """Take a step on a batch of rows."""
        found = self.network.gradient(self.x.index_select(0, rows), self.y.index_select(0, rows))
        if self.momentum:
            torch._foreach_mul_(self.velocity, self.momentum)
            torch._foreach_add_(self.velocity, found)
            found = self.velocity
        torch._foreach_add_(self.network.weights, found, alpha=-self.rate)

    def classes(self, inputs: Tensor) -> Labels | None:
        """Return the class of the largest output, (point,); None where an output is not a number."""
        output = self.network(inputs)
        found: Labels = output.argmax(1).numpy()
        return found if bool(torch.isfinite(output).all()) else None


@dataclass(eq=False)
class Seed:
    """The networks of one seed, by what they are trained on, and the test images of each kind."""

    learners: Mapping[str, Learner]
    tests: Mapping[str, Tensor]  # (test image, dim) each
    rows: Iterator[Tensor]
    live: bool = True


def begin(experiment: Clones, runs: Sequence[int], source: Source, device: str) -> ClonesTraining:
    """Return the networks of some seeds at step 0, and fit what they are compared with; on the CPU."""
    task = images(experiment, source)
    plus = positive(experiment.dataset)
    truth, labels = (of.astype(np.int64) for of in (task.test_labels, task.train_labels))
    recording = ClonesRecording(experiment, len(runs), np.isin(truth, plus))
    fitted = explainers(experiment, task)
    kept = recording.arrays
    for place, name in enumerate(EXPLAINERS):
        kept["explainer_prediction"][place] = fitted[name](task.test_inputs)
        right = fitted[name](task.train_inputs) == np.isin(labels, plus)
        kept["explainer_train_accuracy"][place] = right.mean()
    original = Original(task.train_inputs, labels, experiment.clip)
    seeds = []
    for run, number in enumerate(experiment.seeds[run] for run in runs):
        rng = generator("noise", number)
        train, test = ({"real": _seen(experiment, inputs)} for inputs in (task.train_inputs, task.test_inputs))
        for place, kind in enumerate(CLONES):  # one at a time: each is as large as the data set
            clone = original.clone(kind, labels, rng)
            kept["mean_error"][run, place], kept["variance_ratio"][run, place] = moments(
                task.train_inputs, clone, labels
            )
            kept["outside_share"][run, place] = original.outside(clone)
            train[kind] = _seen(experiment, clone)
            test[kind] = _seen(experiment, original.clone(kind, truth, rng))
        seeds.append(_seed(experiment, number, train, test, labels, plus))
    return ClonesTraining(experiment, seeds, truth, recording)


def _seed(
    experiment: Clones,
    seed: int,
    train: Mapping[str, Tensor],
    test: Mapping[str, Tensor],
    labels: Labels,
    plus: tuple[int, ...],
) -> Seed:
    """Return the untrained networks of one seed: those of ten classes begin alike."""
    of_two = np.isin(labels, plus).astype(np.int64)
    learners = {
        kind: Learner(
            build(experiment, 10, seed),
            inputs,
            torch.from_numpy(labels),
            experiment.learning_rate,
            experiment.momentum,
        )
        for kind, inputs in train.items()
    }
    learners[TWO] = Learner(
        build(experiment, 2, seed),
        learners["real"].x,
        torch.from_numpy(of_two),
        experiment.two_class_rate,
        experiment.momentum,
    )
    chunks = batches(experiment.n_train, experiment.batch_size, seed)
    rows = (rows for chunk in chunks for rows in torch.from_numpy(chunk))
    return Seed(learners, test, rows)


def build(experiment: Clones, classes: int, seed: int) -> Network:
    """Return an untrained network: of `core.softmax`, Xavier-uniform, or convolutional."""
    if experiment.network == "cnn":
        return StridedNetwork.build(shape_of(experiment.dataset), experiment.filters, classes, seed)
    dim = int(np.prod(shape_of(experiment.dataset))) + 1
    return softmax.build(dim, experiment.width, 2, classes, seed, torch.device("cpu"))


def _seen(experiment: Clones, inputs: Floats) -> Tensor:
    """Return inputs as networks see them: fully connected ones have a constant input, their first layer's bias."""
    return torch.from_numpy(np.array(inputs) if experiment.network == "cnn" else with_constant(inputs))


def explainers(experiment: Clones, task: Task) -> Mapping[str, Classifier]:
    """Return the classifiers of two classes by their names, fitted to the first principal components of the images."""
    plus, labels = positive(experiment.dataset), task.train_labels.astype(np.int64)
    reduced = reduction(task.train_inputs, many=experiment.components, components=experiment.components)
    inputs, of_two = reduced(task.train_inputs), np.isin(labels, plus)
    fitted = {
        "linear": fit_linear(inputs, of_two),
        "lda_ten": fit_gaussian(inputs, labels, plus, shrinkage=1.0),
        "qda": fit_gaussian(inputs, of_two.astype(np.int64), (1,), shrinkage=experiment.shrinkage),
        "qda_ten": fit_gaussian(inputs, labels, plus, shrinkage=experiment.shrinkage),
    }

    def seen(classify: Classifier) -> Classifier:
        return lambda points: classify(reduced(points))

    return {name: seen(classify) for name, classify in fitted.items()}


@dataclass(eq=False)
class ClonesTraining(RecordedTraining):
    """Seeds in training, all of whose networks take all their steps."""

    experiment: Clones
    seeds: list[Seed]
    truth: Labels  # (test image,): the class of each
    recording: ClonesRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        for seed in self.seeds:
            if not seed.live:
                continue
            for _ in range(start, stop):
                rows = next(seed.rows)
                for learner in seed.learners.values():
                    learner.step(rows)

    def record(self, step: int) -> bool:
        """Record every seed; note those with a network that diverged, and at the last step that the others ended."""
        at = self.recording.snapshot(step)
        for run, seed in enumerate(self.seeds):
            seed.live = seed.live and self._read(at, run, seed)
        self.end(step, np.array([not seed.live for seed in self.seeds]))
        return True

    def _read(self, at: int, run: int, seed: Seed) -> bool:
        """Record one seed in a snapshot; return whether all its networks are finite."""
        kept, real, two = self.recording.arrays, seed.learners["real"], seed.learners[TWO]
        found = [seed.learners[kind].classes(seed.tests["real"]) for kind in KINDS]
        on_clone = [real.classes(seed.tests[kind]) for kind in KINDS]
        sides, seen = two.classes(seed.tests["real"]), two.classes(two.x[:COUNTED])
        if any(one is None for one in (*found, *on_clone, sides, seen)):
            return False
        for name, answers in (("on_real", found), ("on_clone", on_clone)):
            kept[name][at, run] = [np.mean(answer == self.truth) for answer in answers]
        kept["prediction"][at:, run] = sides == 1
        code = 2 * np.asarray(seen) + two.y[:COUNTED].numpy()
        kept["train_counts"][at:, run] = np.bincount(code, minlength=4).reshape(2, 2)
        return True
