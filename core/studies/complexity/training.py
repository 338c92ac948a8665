"""Networks whose predictions are kept, in training, and the simpler classifiers that explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import convolution, softmax
from core.batches import CHUNK, batches
from core.datasets import CATALOGUE, Source, Task, load
from core.engine import advance
from core.explainers.classes import fit_classes
from core.explainers.names import available
from core.networks import glorot_stack, with_constant
from core.observables.information_points import measured
from core.randomness import generator
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.recording import ExplainerRecording, NetworkRecording, decided, grid_of, on_grid

FRESH_POINTS = 2048
"""The most inputs that are neither trained nor tested on, for classifiers fitted to a network's own labels."""

Inputs = NDArray[np.float32]
Classes = NDArray[Any]
"""Whether each point is in class +1, or its class as a whole number if there are more than two."""


class Network(Protocol):
    """One network in training."""

    def advance(self, rows: NDArray[np.int64], step: int) -> None:
        """Take an SGD step on each batch (step, batch) of training rows, after `step` steps."""

    def __call__(self, inputs: Inputs) -> Inputs:
        """Return f (point,), or (point, class) if there are more than two."""


@dataclass(frozen=True)
class Given:
    """What all networks and classifiers of an experiment see."""

    experiment: Complexity
    task: Task
    fresh: Inputs  # (point, dimension)

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return self.experiment.classes

    def truth(self, labels: Inputs) -> Classes:
        """Return the classes of points with these labels, in the form of `decided`."""
        return labels > 0 if self.classes == 2 else labels.astype(np.uint16)

    def fitted(self, name: str, inputs: Inputs, truth: Classes, device: str) -> Callable[[Inputs], Classes]:
        """Return an explainer fitted to the classes (point,) of inputs (point, dimension)."""
        dataset, seed = self.experiment.dataset, self.experiment.data_seed
        return fit_classes(name, inputs, truth, self.classes, dataset=dataset, seed=seed, device=device)

    @property
    def flat(self) -> bool:
        """Whether the inputs are two and a constant."""
        return CATALOGUE[self.experiment.dataset].dimension == 3

    @property
    def grid(self) -> Inputs:
        """The coordinates of the grid, none of them unless inputs are two."""
        return grid_of(self.task.test_inputs) if self.flat else np.zeros(0, np.float32)


def given(experiment: Complexity, source: Source) -> Given:
    """Load the task and flip its training labels; inputs get a constant 1 in the end unless they have one."""
    own = experiment.dataset == "csv"  # whose rows are not counted before it is read
    most = experiment.n_train if own else CATALOGUE[experiment.dataset].n_train_max
    whole = load(
        experiment.dataset,
        n_train=max(experiment.n_train, min(experiment.n_train + FRESH_POINTS, most)),
        seed=experiment.data_seed,
        source=source,
        csv_digest=experiment.csv_digest,
        test_points=experiment.test_points,
    )
    inputs, labels = whole.train_inputs[: experiment.n_train], whole.train_labels[: experiment.n_train]
    rng = generator("noise", experiment.data_seed)
    flipped = rng.random(len(labels)) < experiment.label_noise
    others = -labels
    if experiment.classes > 2:
        others = (labels + rng.integers(1, experiment.classes, len(labels))) % experiment.classes
    labels = np.where(flipped, others, labels).astype(np.float32)
    return Given(
        experiment, replace(whole, train_inputs=inputs, train_labels=labels), whole.train_inputs[experiment.n_train :]
    )


class Perceptrons:
    """One network of `depth` hidden layers of ReLU units, without factors: f = a . relu(W relu(V x))."""

    def __init__(self, seen: Given, seed: int, device: str) -> None:
        experiment, task = seen.experiment, seen.task
        x = with_constant(task.train_inputs)
        self.device = torch.device(device)
        self.stack = glorot_stack(x.shape[1], experiment.width, experiment.depth, seed, self.device)
        self.points = tuple(
            torch.from_numpy(np.array(part)).to(self.device)
            for part in (x, task.train_labels, np.zeros(len(x), np.float32))
        )
        self.margin = torch.ones(1, device=self.device)
        self.rate = self.margin * (experiment.learning_rate / experiment.batch_size)
        self.last = torch.zeros(1, dtype=torch.long, device=self.device)

    def advance(self, rows: NDArray[np.int64], step: int) -> None:
        """Take an SGD step on each batch."""
        x, y, zero = self.points
        batch = torch.from_numpy(rows).to(self.device)
        advance(self.stack, "logistic", (x, y, zero), batch, self.margin, self.rate, self.last, step)

    def __call__(self, inputs: Inputs) -> Inputs:
        """Return f."""
        x = torch.from_numpy(with_constant(inputs)).to(self.device)
        values: Inputs = self.stack(x)[0].cpu().numpy()
        return values


class Softmax:
    """One network of `depth` hidden layers of ReLU units with an output a class, without factors."""

    def __init__(self, seen: Given, seed: int, device: str) -> None:
        experiment, task = seen.experiment, seen.task
        x = with_constant(task.train_inputs)
        self.device = torch.device(device)
        self.network = softmax.build(x.shape[1], experiment.width, experiment.depth, seen.classes, seed, self.device)
        self.x, self.y = (torch.from_numpy(part).to(self.device) for part in (x, task.train_labels.astype(np.int64)))
        self.rate = experiment.learning_rate

    def advance(self, rows: NDArray[np.int64], step: int) -> None:
        """Take an SGD step on each batch."""
        softmax.sgd_steps(self.network, self.x, self.y, torch.from_numpy(rows).to(self.device), self.rate)

    def __call__(self, inputs: Inputs) -> Inputs:
        """Return f."""
        values: Inputs = self.network(torch.from_numpy(with_constant(inputs)).to(self.device)).cpu().numpy()
        return values


class Convolutions:
    """One convolutional network, trained by torch."""

    def __init__(self, seen: Given, seed: int, device: str) -> None:
        experiment, task = seen.experiment, seen.task
        self.device = torch.device(device)
        self.network = convolution.build(
            experiment.dataset,
            experiment.depth,
            experiment.filters,
            experiment.width,
            seed,
            device,
            classes=seen.classes,
        )
        labels = task.train_labels if seen.classes == 2 else task.train_labels.astype(np.int64)
        self.x, self.y = (self._moved(part) for part in (task.train_inputs, labels))
        self.rate = experiment.learning_rate

    def advance(self, rows: NDArray[np.int64], step: int) -> None:
        """Take an SGD step on each batch."""
        convolution.sgd_steps(self.network, self.x, self.y, self._moved(rows), self.rate)

    def __call__(self, inputs: Inputs) -> Inputs:
        """Return f."""
        values: Inputs = convolution.outputs(self.network, self._moved(inputs)).cpu().numpy()
        return values

    def _moved(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.array(array)).to(self.device)


def network(seen: Given, seed: int, device: str) -> Network:
    """Return the untrained network of a seed; the engine knows dense ones of one output."""
    if seen.experiment.network == "cnn":
        return Convolutions(seen, seed, device)
    return Perceptrons(seen, seed, device) if seen.classes == 2 else Softmax(seen, seed, device)


MOST_STEPS = 64
"""Most steps at a time."""


def begin(
    experiment: Complexity, runs: Sequence[int], source: Source, device: str
) -> NetworkTraining | ExplainerTraining:
    """Return the untrained networks of some runs; of no runs: the classifiers that are fitted to the labels."""
    seen = given(experiment, source)
    if not runs:
        names = available(experiment.dataset)
        fitted = ExplainerRecording(len(names), seen.truth(seen.task.test_labels), len(seen.grid))
        return ExplainerTraining(seen, fitted, names, device)
    recording = NetworkRecording(
        experiment,
        len(runs),
        seen.truth(seen.task.test_labels),
        seen.task.test_inputs,
        seen.grid,
        first=0 in runs,
    )
    return NetworkTraining(
        seen=seen,
        networks=[network(seen, experiment.seeds[run], device) for run in runs],
        streams=[batches(experiment.n_train, experiment.batch_size, experiment.seeds[run]) for run in runs],
        recording=recording,
        steps=recording.steps.tolist(),
    )


@dataclass
class NetworkTraining:
    """Networks in training, each with its own weights and batches, on one task."""

    seen: Given
    networks: list[Network]
    streams: list[Iterator[NDArray[np.int64]]]
    recording: NetworkRecording
    steps: list[int]
    snapshot: int = 0
    drawn: NDArray[np.int64] | None = None  # (run, CHUNK, batch): the batches under way
    finite: list[bool] = field(init=False)
    untested: Inputs = field(init=False)
    """The inputs that a network's own labels may be learned from: trained on first, then fresh ones."""
    sides: Classes = field(init=False)  # (snapshot, run, point): the class that the network puts each of those in

    def __post_init__(self) -> None:
        runs = len(self.networks)
        self.finite = [True] * runs
        self.untested = np.concatenate([self.seen.task.train_inputs, self.seen.fresh])
        dtype = self.recording.arrays["prediction"].dtype
        self.sides = np.zeros((len(self.steps), runs, len(self.untested)), dtype)

    @property
    def live(self) -> int:
        """How many networks still train; those that have diverged do not."""
        return 0 if self.snapshot == len(self.steps) else sum(self.finite)

    def advance(self, step: int) -> int:
        """Train up to the next scheduled step: the next snapshot, the end of the batches drawn, or `MOST_STEPS` on."""
        place = step % CHUNK
        if place == 0 or self.drawn is None:
            self.drawn = np.stack([next(stream) for stream in self.streams])
        to = min(self.steps[self.snapshot], step - place + CHUNK, step + MOST_STEPS)
        for network, rows, finite in zip(self.networks, self.drawn, self.finite, strict=True):
            if finite:
                network.advance(np.ascontiguousarray(rows[place : place + to - step]), step)
        return to

    def record(self, step: int) -> bool:
        """Record a snapshot if it is time for one; at the last, fit classifiers to the networks' own labels."""
        if step < self.steps[self.snapshot]:
            return False
        seen, task = self.seen, self.seen.task
        for run, network in enumerate(self.networks):
            if not self.finite[run]:
                continue
            output = network(self.untested)
            train = output[: len(task.train_labels)]
            self.sides[self.snapshot :, run] = decided(output)
            test = network(task.test_inputs)
            self.finite[run] = self.recording.write(self.snapshot, run, test, train, task.train_labels)
            if run == 0 and seen.flat and len(self.recording.arrays["grid"]):
                self.recording.draw(self.snapshot, network(on_grid(seen.grid)))
            if not self.finite[run] or step == self.steps[-1]:
                self.recording.end(run, step, finite=self.finite[run])
        self.snapshot += 1
        if not self.live:
            self._explain_by_own_labels()
        return True

    def _explain_by_own_labels(self) -> None:
        """Fit linear classifiers to each network's labels, as it first was as good as L and as it is in the end.

        Once a network fits all training labels, these are the training labels; so inputs that it was not trained on
        take part (Nakkiran et al. 2019 fit the explainer to the network's own predictions where the best linear
        classifier is not unique).
        """
        task, kept = self.seen.task, self.recording.arrays
        seen, truth = self.seen, self.seen.truth(task.train_labels)
        linear = seen.fitted("linear", task.train_inputs, truth, "cpu")(task.test_inputs)
        for run in range(len(self.networks)):
            found = measured(kept["prediction"][:, run], linear, kept["test_label"], seen.classes)
            as_good = found.mutual_information >= found.explainer_information
            early = int(np.argmax(as_good)) if as_good.any() else len(self.steps) - 1
            for place, snapshot in enumerate((early, len(self.steps) - 1)):
                classify = seen.fitted("linear", self.untested, self.sides[snapshot, run], "cpu")
                kept["explainer_prediction"][place, run] = classify(task.test_inputs)
                kept["explainer_train_accuracy"][place, run] = (classify(task.train_inputs) == truth).mean()
                if run == 0 and len(kept["grid"]):
                    side = len(kept["grid"])
                    kept["explainer_output"][place] = classify(on_grid(seen.grid)).reshape(side, side)


@dataclass
class ExplainerTraining:
    """The classifiers that are fitted to the labels; a step of the loop is one of them."""

    seen: Given
    recording: ExplainerRecording
    names: tuple[str, ...]
    device: str
    fitted: int = 0

    @property
    def live(self) -> int:
        """How many are still to be fitted."""
        return len(self.names) - self.fitted

    def advance(self, step: int) -> int:
        """Fit the next one."""
        task, kept = self.seen.task, self.recording.arrays
        truth = self.seen.truth(task.train_labels)
        classify = self.seen.fitted(self.names[self.fitted], task.train_inputs, truth, self.device)
        kept["explainer_prediction"][self.fitted] = classify(task.test_inputs)
        kept["explainer_train_accuracy"][self.fitted] = (classify(task.train_inputs) == truth).mean()
        if self.seen.flat:
            side = len(self.seen.grid)
            kept["explainer_output"][self.fitted] = classify(on_grid(self.seen.grid)).reshape(side, side)
        self.fitted += 1
        return step + 1

    def record(self, step: int) -> bool:
        """Return whether there is something new."""
        return self.fitted > 0
