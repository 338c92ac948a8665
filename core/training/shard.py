"""A shard of networks on the hinge loss in training: minibatches, scheduled steps, and how its runs end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.batches import CHUNK, batches
from core.datasets import Task
from core.engine import advance
from core.networks import Stack
from core.recording import EarlyEndRecording
from core.schedule import check_steps
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, Array

BLOWN_UP = 1e3
"""|w - w0| / |w0| above which a run counts as diverged, finite or not (fitted runs stay below 1e2)."""

LOST = 0.4
"""Train error above which a run that can never move again counts as diverged."""


class Networks(Protocol):
    """Networks of one shape as one stack."""

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return f of shared inputs (point, dim) as (run, point)."""

    def parameters(self) -> list[Tensor]:
        """Return all parameter tensors, each with leading axis run."""

    def take(self, chosen: Tensor) -> Any:
        """Return a copy of the runs where `chosen` is true."""


Nets = TypeVar("Nets", bound=Networks)


@dataclass(frozen=True)
class Points(Generic[Nets]):
    """Inputs on the device, with f at initialization on each: the predictor is F = f(w, x) - f(w0, x)."""

    untrained: Nets  # one run
    train: tuple[Tensor, Tensor]  # inputs (point, dim), f0 (point,)
    test: tuple[Tensor, Tensor]
    labels: Tensor  # (point,), +-1

    def output(self, stack: Nets, part: tuple[Tensor, Tensor]) -> Tensor:
        """Return the predictor F, (run, point)."""
        return stack(part[0]) - part[1]


@dataclass(frozen=True)
class Shard(Generic[Nets]):
    """The live runs of a shard as one stack, and what each of them needs, all with leading axis run."""

    stack: Nets
    rows: Tensor  # (run,): the run's row in the recording
    margin: Tensor  # (run, 1): 1/alpha
    rate: Tensor  # (run, 1): learning rate / batch size
    last_update: Tensor  # (run,): the last step that moved the run

    @classmethod
    def of(cls, stack: Nets, alphas: Sequence[float], rates: Sequence[float]) -> Self:
        """Return the untrained runs of a stack, with the output scale and learning rate / batch size of each."""
        device = stack.parameters()[0].device

        def column(values: Sequence[float]) -> Tensor:
            return torch.tensor(values, dtype=torch.float32, device=device)[:, None]

        return cls(
            stack=stack,
            rows=torch.arange(len(alphas), device=device),
            margin=column([1 / alpha for alpha in alphas]),
            rate=column(rates),
            last_update=torch.zeros(len(alphas), dtype=torch.long, device=device),
        )

    def take(self, chosen: Tensor) -> Self:
        """Return a copy of the runs where `chosen` is true."""
        names = ("rows", "margin", "rate", "last_update")
        return replace(self, stack=self.stack.take(chosen), **{name: getattr(self, name)[chosen] for name in names})

    def advance(self, points: Any, batches: Tensor, step: int) -> None:
        """Take a step on each batch (step, batch) of training rows, after `step` steps."""
        raise NotImplementedError


class ConnectedShard(Shard[Stack]):
    """Fully connected networks, stepped by the engine."""

    def advance(self, points: Any, batches: Tensor, step: int) -> None:
        """Take a step on each batch (step, batch) of training rows, after `step` steps."""
        data = (points.train[0], points.labels, points.train[1])
        advance(self.stack, "hinge", data, batches, self.margin[:, 0], self.rate[:, 0], self.last_update, step)


@dataclass(frozen=True)
class Astray:
    """When a run counts as diverged although it is finite and still moves: if all of this holds after `steps` steps."""

    steps: int = 500
    train_error: float = LOST
    relative_weight_change: float = 1.0
    outputs: float = 100.0
    """How many margins 1/alpha |F| exceeds at half of the training points."""


Observe = Callable[[Any, Any], tuple[Array, dict[str, Array]]]
"""Returns the rows of a shard's live runs, and what a snapshot keeps of each."""


@dataclass
class ShardTraining:
    """Runs that share one training set and its batches, in training.

    A run ends when every training point has margin 1/alpha (fitted), when large steps have destroyed it (diverged: not
    finite, blown up, or near chance with every unit off wherever a margin is missing, which leaves no gradient), or at
    the step limit. A hinge loss moves nothing once all points are fitted, so a run's end step is its last update, exact
    although runs are checked only now and then.
    """

    shard: Shard[Any]
    points: Points[Any]
    recording: EarlyEndRecording
    observe: Observe
    scheduled: Iterator[int]  # the steps to come at which the loop pauses
    recorded: frozenset[int]  # those at which the runs are recorded
    checked: frozenset[int]  # those at which it is seen which runs have ended
    stream: Iterator[NDArray[np.int64]]  # of batches, (step, batch)
    step_limit: int
    astray: Astray | None = None
    chunk: Tensor | None = None  # (CHUNK, batch): the batches under way

    @property
    def live(self) -> int:
        """How many runs still train."""
        return len(self.shard.rows)

    def advance(self, step: int) -> int:
        """Train up to the next scheduled step and return it."""
        if step % CHUNK == 0:
            self.chunk = torch.from_numpy(next(self.stream)).to(self.points.labels.device)
        assert self.chunk is not None
        start, step = step, next(self.scheduled)
        self.shard.advance(self.points, self.chunk[start % CHUNK :][: step - start], start)
        return step

    def record(self, step: int) -> bool:
        """Record and check what a scheduled step calls for; return whether it was recorded."""
        if step in self.recorded:
            self.recording.write(step, *self.observe(self.shard, self.points))
        if step in self.checked:
            self.shard = drop_ended(
                self.shard, self.points, self.recording, step, self.step_limit, self.observe, self.astray
            )
        return step in self.recorded


def begin_shard(
    shard: Shard[Any],
    points: Points[Any],
    recording: EarlyEndRecording,
    observe: Observe,
    *,
    batch_size: int,
    seed: int,
    step_limit: int,
    astray: Astray | None = None,
) -> ShardTraining:
    """Return the untrained runs of a shard with their batches and scheduled steps."""
    recorded, checked = frozenset(recording.steps.tolist()), frozenset(check_steps(step_limit))
    return ShardTraining(
        shard=shard,
        points=points,
        recording=recording,
        observe=observe,
        scheduled=iter(sorted((recorded | checked | set(range(0, step_limit, CHUNK))) - {0})),
        recorded=recorded,
        checked=checked,
        stream=batches(len(points.labels), batch_size, seed),
        step_limit=step_limit,
        astray=astray,
    )


def points_of(stack: Nets, task: Task, device: torch.device) -> Points[Nets]:
    """Move the data to the device and evaluate the untrained network, the first of the stack, on it."""
    first = torch.zeros(len(stack.parameters()[0]), dtype=torch.bool, device=device)
    first[0] = True
    untrained: Nets = stack.take(first)
    train, test = moved(task.train_inputs, device), moved(task.test_inputs, device)
    return Points(
        untrained=untrained,
        train=(train, untrained(train)[0]),
        test=(test, untrained(test)[0]),
        labels=moved(task.train_labels, device),
    )


def moved(array: Array, device: torch.device) -> Tensor:
    """Return an array as a tensor of its own on the device."""
    return torch.from_numpy(np.array(array)).to(device)


def on_host(state: dict[str, Tensor]) -> dict[str, Array]:
    """Return tensors as arrays, in one copy: on a GPU each copy waits for all work under way."""
    whole = torch.cat([value.flatten().view(torch.uint8) for value in state.values()]).cpu()
    sizes = [value.numel() * value.element_size() for value in state.values()]
    parts = zip(state.items(), torch.split(whole, sizes), strict=True)
    return {name: part.clone().view(value.dtype).view(value.shape).numpy() for (name, value), part in parts}


def drop_ended(
    shard: Shard[Any],
    points: Points[Any],
    recording: EarlyEndRecording,
    step: int,
    step_limit: int,
    observe: Observe,
    astray: Astray | None = None,
) -> Shard[Any]:
    """Return the shard without the runs that have ended, after recording their last state and how they ended."""
    inputs, initial = points.train
    output = shard.stack(inputs)  # f, (run, point)
    margins = (output - initial) * points.labels  # y F, (run, point)
    change, wrong = relative_weight_change(shard.stack, points.untrained), (margins <= 0).float().mean(1)  # (run,)
    sane = torch.isfinite(margins).all(1) & (change < BLOWN_UP)
    short = margins < shard.margin
    stuck = ((output == 0) | ~short).all(1) & short.any(1)  # off where it is short: the gradient is 0 for good
    sane &= ~(stuck & (wrong > LOST))
    if astray is not None and step >= astray.steps:
        far = margins.abs().median(dim=1).values > astray.outputs * shard.margin[:, 0]
        sane &= ~(far & (wrong > astray.train_error) & (change > astray.relative_weight_change))
    fitted = ~short.any(1) & sane
    outcomes = torch.full_like(shard.rows, STEP_LIMIT)  # (run,)
    outcomes[fitted], outcomes[~sane] = FITTED, DIVERGED
    ended = outcomes != STEP_LIMIT
    if step == step_limit:
        ended[:] = True
    if ended.any():
        last = shard.take(ended)
        end_steps = torch.where(fitted, shard.last_update, step)[ended]
        rows, state = observe(last, points)
        recording.write(step, rows, state)
        recording.end(rows, outcomes[ended].cpu().numpy(), end_steps.cpu().numpy())
        shard = shard.take(~ended)
    return shard


def relative_weight_change(stack: Networks, untrained: Networks) -> Tensor:
    """Return |w - w0| / |w0| over all parameters, (run,)."""
    pairs = list(zip(stack.parameters(), untrained.parameters(), strict=True))
    change = torch.stack([(now - first).flatten(1).square().sum(1) for now, first in pairs]).sum(0)  # (run,)
    size = torch.stack([first.square().sum() for _, first in pairs]).sum()
    return torch.sqrt(change / size)
