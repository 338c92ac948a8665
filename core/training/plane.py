"""A bank of the Explorer in training: minibatches, recorded steps, and how its runs end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.batches import CHUNK, batches
from core.datasets import Source, Task, load
from core.engine import advance
from core.experiments import Explorer
from core.lines import Line, data_line
from core.networks import Stack, initial_stack
from core.recording.plane import PlaneRecording
from core.schedule import check_steps, recorded_steps
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, Array, Cell, cells

BLOWN_UP = 1e3
"""|w - w0| / |w0| beyond which a run counts as diverged, finite or not (fitted runs stay below 1e2)."""

LOST = 0.4
"""Train error above which a run that can never move again counts as diverged."""


@dataclass(frozen=True)
class Bank:
    """A stack in training and what each of its live runs needs, all with leading axis run."""

    stack: Stack
    rows: Tensor  # (run,): the run's row in the recording
    margin: Tensor  # (run, 1): 1/alpha
    rate: Tensor  # (run, 1): learning rate / batch size
    last_update: Tensor  # (run,): the last step that moved the run

    def take(self, chosen: Tensor) -> Bank:
        """Return the bank of the runs where `chosen` is true."""
        parts = (part[chosen] for part in (self.rows, self.margin, self.rate, self.last_update))
        return Bank(self.stack.take(chosen), *parts)

    def advance(self, points: Points, batches: Tensor, step: int) -> None:
        """Take a step on each batch (step, batch) of training rows, after `step` steps."""
        data = (points.train[0], points.labels, points.train[1])
        advance(self.stack, "hinge", data, batches, self.margin[:, 0], self.rate[:, 0], self.last_update, step)


@dataclass(frozen=True)
class Points:
    """Inputs on the device, with f at initialisation on each: the predictor is F = f(w, x) - f(w0, x)."""

    untrained: Stack  # one run
    train: tuple[Tensor, Tensor]  # inputs (point, dim), f0 (point,)
    test: tuple[Tensor, Tensor]
    grid: tuple[Tensor, Tensor]  # along the data line
    labels: Tensor  # (point,), +-1
    line: tuple[Tensor, Tensor]  # origin, direction: (dim,)

    def output(self, stack: Stack, part: tuple[Tensor, Tensor]) -> Tensor:
        """Return the predictor F, (run, point)."""
        return stack(part[0]) - part[1]


@dataclass
class PlaneTraining:
    """The runs of some cells, which share one seed, in training.

    A run ends when every training point has margin 1/alpha (fitted), when large steps have destroyed it (diverged: not
    finite, blown up, or near chance with every unit off wherever a margin is missing, which leaves no gradient), or at
    the step limit. A hinge loss moves nothing once all points are fitted, so a run's end step is its last update, exact
    although runs are checked only now and then.
    """

    bank: Bank
    points: Points
    recording: PlaneRecording
    stops: Iterator[int]
    recorded: frozenset[int]
    checked: frozenset[int]
    stream: Iterator[NDArray[np.int64]]
    step_limit: int
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
            self.recording.write(step, *observe(self.bank, self.points))
        if step in self.checked:
            self.bank = drop_ended(self.bank, self.points, self.recording, step, self.step_limit)
        return step in self.recorded


def begin(experiment: Explorer, runs: Sequence[int], source: Source, device: str) -> PlaneTraining:
    """Return the untrained runs, which share one seed, with the data loaded."""
    every = cells(experiment)
    chosen = [every[run] for run in runs]
    task = load(
        experiment.dataset,
        n_train=experiment.n_train,
        seed=chosen[0].seed,
        source=source,
        csv_digest=experiment.csv_digest,
    )
    return begin_on(experiment, chosen, task, device)


def begin_on(experiment: Explorer, chosen: Sequence[Cell], task: Task, device: str) -> PlaneTraining:
    """Return the untrained runs of `chosen` on a task."""
    line = data_line(task, experiment.line)
    bank = make_bank(experiment, chosen, task.train_inputs.shape[1], torch.device(device))
    recorded, checked = set(recorded_steps(experiment.step_limit)), set(check_steps(experiment.step_limit))
    return PlaneTraining(
        bank=bank,
        points=make_points(bank.stack, task, line, torch.device(device)),
        recording=PlaneRecording(experiment, chosen, task, line),
        stops=iter(sorted((recorded | checked | set(range(0, experiment.step_limit, CHUNK))) - {0})),
        recorded=frozenset(recorded),
        checked=frozenset(checked),
        stream=batches(experiment.n_train, experiment.batch_size, chosen[0].seed),
        step_limit=experiment.step_limit,
    )


def make_bank(experiment: Explorer, cells: Sequence[Cell], dim: int, device: torch.device) -> Bank:
    """Return the untrained bank of `cells`, which share one seed and so one initialisation."""
    seeds = {cell.seed for cell in cells}
    if len(seeds) != 1:
        raise ValueError(f"cells: a bank's runs share one seed; got {sorted(seeds)}")
    stack = initial_stack(
        runs=len(cells),
        dim=dim,
        width=experiment.width,
        depth=experiment.depth,
        activation=experiment.activation,
        seed=cells[0].seed,
        device=device,
    )

    def column(values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float32, device=device)[:, None]

    return Bank(
        stack=stack,
        rows=torch.arange(len(cells), device=device),
        margin=column([1 / cell.alpha for cell in cells]),
        rate=column([experiment.learning_rate(cell.temperature) / experiment.batch_size for cell in cells]),
        last_update=torch.zeros(len(cells), dtype=torch.long, device=device),
    )


def make_points(stack: Stack, task: Task, line: Line, device: torch.device) -> Points:
    """Move the data to the device and evaluate the untrained network on it."""
    first = torch.zeros(len(stack.head), dtype=torch.bool, device=device)
    first[0] = True
    untrained = stack.take(first)

    def moved(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.array(array)).to(device)

    def with_initial(inputs: Tensor) -> tuple[Tensor, Tensor]:
        return inputs, untrained(inputs)[0]

    origin, direction = moved(line.origin), moved(line.direction)
    return Points(
        untrained=untrained,
        train=with_initial(moved(task.train_inputs)),
        test=with_initial(moved(task.test_inputs)),
        grid=with_initial(origin + moved(line.grid)[:, None] * direction),
        labels=moved(task.train_labels),
        line=(origin, direction),
    )


def observe(bank: Bank, points: Points) -> tuple[Array, dict[str, Array]]:
    """Return the rows of the live runs, and what a snapshot keeps of each (units and axes: `trajectory.plane.AXES`).

    F of a run that has not moved is 0 by definition, but f - f0 may be a rounding error, whose sign would count.
    """
    position, slope_jump, active_right = bank.stack.on_line(*points.line)
    change = relative_weight_change(bank.stack, points.untrained)
    moved = (change != 0)[:, None]
    train_output = points.output(bank.stack, points.train) * moved
    state = on_host(
        {
            "row": bank.rows,
            "kink_position": position,
            "slope_jump": slope_jump,
            "active_right": active_right,
            "line_function": points.output(bank.stack, points.grid) * moved,
            "test_output": points.output(bank.stack, points.test) * moved,
            "train_output": train_output,
            "loss": (bank.margin - train_output * points.labels).clamp(min=0).mean(1),
            "relative_weight_change": change,
        }
    )
    return state.pop("row"), state


def on_host(state: dict[str, Tensor]) -> dict[str, Array]:
    """Return tensors as arrays, in one copy: on a GPU each copy waits for all work under way."""
    whole = torch.cat([value.flatten().view(torch.uint8) for value in state.values()]).cpu()
    sizes = [value.numel() * value.element_size() for value in state.values()]
    parts = zip(state.items(), torch.split(whole, sizes), strict=True)
    return {name: part.clone().view(value.dtype).view(value.shape).numpy() for (name, value), part in parts}


def drop_ended(bank: Bank, points: Points, recording: PlaneRecording, step: int, step_limit: int) -> Bank:
    """Return the bank without the runs that have ended, after recording their last state and how they ended."""
    inputs, initial = points.train
    output = bank.stack(inputs)
    margins = (output - initial) * points.labels
    sane = torch.isfinite(margins).all(1) & (relative_weight_change(bank.stack, points.untrained) < BLOWN_UP)
    short = margins < bank.margin
    stuck = ((output == 0) | ~short).all(1) & short.any(1)  # off where it is short: the gradient is 0 for good
    sane &= ~(stuck & ((margins <= 0).float().mean(1) > LOST))
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


def relative_weight_change(stack: Stack, untrained: Stack) -> Tensor:
    """Return |w - w0| / |w0| over all parameters, (run,)."""
    pairs = list(zip(stack.parameters(), untrained.parameters(), strict=True))
    moved = torch.stack([(now - first).flatten(1).square().sum(1) for now, first in pairs]).sum(0)
    size = torch.stack([first.square().sum() for _, first in pairs]).sum()
    return torch.sqrt(moved / size)
