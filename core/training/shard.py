"""A bank of networks on the hinge loss in training: minibatches, recorded steps, and how its runs end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from core.schedule import check_steps
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, Array

BLOWN_UP = 1e3
"""|w - w0| / |w0| beyond which a run counts as diverged, finite or not (fitted runs stay below 1e2)."""

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
    """Inputs on the device, with f at initialisation on each: the predictor is F = f(w, x) - f(w0, x)."""

    untrained: Nets  # one run
    train: tuple[Tensor, Tensor]  # inputs (point, dim), f0 (point,)
    test: tuple[Tensor, Tensor]
    labels: Tensor  # (point,), +-1

    def output(self, stack: Nets, part: tuple[Tensor, Tensor]) -> Tensor:
        """Return the predictor F, (run, point)."""
        return stack(part[0]) - part[1]


@dataclass(frozen=True)
class Runs(Generic[Nets]):
    """A stack in training and what each of its live runs needs, all with leading axis run."""

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
        """Return the bank of the runs where `chosen` is true."""
        names = ("rows", "margin", "rate", "last_update")
        return replace(self, stack=self.stack.take(chosen), **{name: getattr(self, name)[chosen] for name in names})

    def advance(self, points: Any, batches: Tensor, step: int) -> None:
        """Take a step on each batch (step, batch) of training rows, after `step` steps."""
        raise NotImplementedError


class Bank(Runs[Stack]):
    """Fully connected networks, stepped by the engine."""

    def advance(self, points: Any, batches: Tensor, step: int) -> None:
        """Take a step on each batch (step, batch) of training rows, after `step` steps."""
        data = (points.train[0], points.labels, points.train[1])
        advance(self.stack, "hinge", data, batches, self.margin[:, 0], self.rate[:, 0], self.last_update, step)


class Recorded(Protocol):
    """What is kept of a bank."""

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays of the study's trajectory, for the bank's runs."""

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the runs `rows` in the snapshot of `step` and, until they move on, in every later one."""

    def end(self, rows: Array, outcomes: Array, end_steps: Array) -> None:
        """Note how and when `rows` ended."""


@dataclass(frozen=True)
class Astray:
    """When a run that is finite and still moves counts as diverged all the same: all of this, after so many steps."""

    steps: int = 500
    train_error: float = LOST
    relative_weight_change: float = 1.0
    outputs: float = 100.0
    """Margins 1/alpha that |F| exceeds at half of the training points."""


Observe = Callable[[Any, Any], tuple[Array, dict[str, Array]]]
"""Returns the rows of a bank's live runs, and what a snapshot keeps of each."""


@dataclass
class BankTraining:
    """Runs that share one training set and its batches, in training.

    A run ends when every training point has margin 1/alpha (fitted), when large steps have destroyed it (diverged: not
    finite, blown up, or near chance with every unit off wherever a margin is missing, which leaves no gradient), or at
    the step limit. A hinge loss moves nothing once all points are fitted, so a run's end step is its last update, exact
    although runs are checked only now and then.
    """

    bank: Runs[Any]
    points: Points[Any]
    recording: Recorded
    observe: Observe
    stops: Iterator[int]
    recorded: frozenset[int]
    checked: frozenset[int]
    stream: Iterator[NDArray[np.int64]]
    step_limit: int
    astray: Astray | None = None
    chunk: Tensor | None = None

    @property
    def live(self) -> int:
        """How many runs still train."""
        return len(self.bank.rows)

    def advance(self, step: int) -> int:
        """Train up to the next stop and return it."""
        if step % CHUNK == 0:
            self.chunk = torch.from_numpy(next(self.stream)).to(self.points.labels.device)
        assert self.chunk is not None
        start, step = step, next(self.stops)
        self.bank.advance(self.points, self.chunk[start % CHUNK :][: step - start], start)
        return step

    def look(self, step: int) -> bool:
        """Record and check what the stop calls for; return whether it was recorded."""
        if step in self.recorded:
            self.recording.write(step, *self.observe(self.bank, self.points))
        if step in self.checked:
            self.bank = drop_ended(
                self.bank, self.points, self.recording, step, self.step_limit, self.observe, self.astray
            )
        return step in self.recorded


def begin_bank(
    bank: Runs[Any],
    points: Points[Any],
    recording: Recorded,
    observe: Observe,
    *,
    recorded: Sequence[int],
    batch_size: int,
    seed: int,
    step_limit: int,
    astray: Astray | None = None,
) -> BankTraining:
    """Return the untrained runs of a bank with their batches and stops."""
    checked = frozenset(check_steps(step_limit))
    return BankTraining(
        bank=bank,
        points=points,
        recording=recording,
        observe=observe,
        stops=iter(sorted((set(recorded) | checked | set(range(0, step_limit, CHUNK))) - {0})),
        recorded=frozenset(recorded),
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
    bank: Runs[Any],
    points: Points[Any],
    recording: Recorded,
    step: int,
    step_limit: int,
    observe: Observe,
    astray: Astray | None = None,
) -> Runs[Any]:
    """Return the bank without the runs that have ended, after recording their last state and how they ended."""
    inputs, initial = points.train
    output = bank.stack(inputs)
    margins = (output - initial) * points.labels
    change, wrong = relative_weight_change(bank.stack, points.untrained), (margins <= 0).float().mean(1)
    sane = torch.isfinite(margins).all(1) & (change < BLOWN_UP)
    short = margins < bank.margin
    stuck = ((output == 0) | ~short).all(1) & short.any(1)  # off where it is short: the gradient is 0 for good
    sane &= ~(stuck & (wrong > LOST))
    if astray is not None and step >= astray.steps:
        far = margins.abs().median(dim=1).values > astray.outputs * bank.margin[:, 0]
        sane &= ~(far & (wrong > astray.train_error) & (change > astray.relative_weight_change))
    fitted = ~short.any(1) & sane
    outcomes = torch.full_like(bank.rows, STEP_LIMIT)
    outcomes[fitted], outcomes[~sane] = FITTED, DIVERGED
    ended = outcomes != STEP_LIMIT
    if step == step_limit:
        ended[:] = True
    if ended.any():
        last = bank.take(ended)
        end_steps = torch.where(fitted, bank.last_update, step)[ended]
        rows, state = observe(last, points)
        recording.write(step, rows, state)
        recording.end(rows, outcomes[ended].cpu().numpy(), end_steps.cpu().numpy())
        bank = bank.take(~ended)
    return bank


def relative_weight_change(stack: Networks, untrained: Networks) -> Tensor:
    """Return |w - w0| / |w0| over all parameters, (run,)."""
    pairs = list(zip(stack.parameters(), untrained.parameters(), strict=True))
    moved = torch.stack([(now - first).flatten(1).square().sum(1) for now, first in pairs]).sum(0)
    size = torch.stack([first.square().sum() for _, first in pairs]).sum()
    return torch.sqrt(moved / size)
