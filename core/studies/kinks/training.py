"""Networks on a line in training: x~ = (x, 1), and steps as `core.training.flow` takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from core.datasets import Source
from core.networks import Stack, small_stack
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.recording import KinkRecording, LineState
from core.studies.kinks.trajectory import KinkTrajectory
from core.training import flow
from core.training.flow import AT_ONE_RATE, CHECK, FITTED_SHARE, Checked, Sample
from core.trajectory import DIVERGED, FITTED, STATIONARY, STEP_LIMIT

MOVED = 0.02
"""Between scheduled steps a function is recorded that has moved by this fraction of its height, or y's, on the data."""


@dataclass(frozen=True)
class Runs:
    """The live runs of a shard, every tensor with leading axis run."""

    stack: Stack
    output: Tensor  # (run, point), f at the last scheduled step
    rows: Tensor
    time: Tensor
    first_loss: Tensor
    escaped: Tensor
    checked: Checked

    def take(self, chosen: Tensor) -> Runs:
        """Return the runs where `chosen` is true."""
        parts = (self.output, self.rows, self.time, self.first_loss, self.escaped)
        output, rows, time, first_loss, escaped = (part[chosen] for part in parts)
        return Runs(self.stack.take(chosen), output, rows, time, first_loss, escaped, self.checked.take(chosen))


def begin(experiment: Kinks, runs: Sequence[int], source: Source, device: str) -> LineTraining:
    """Return the untrained networks of some seeds; always on the CPU, which steps one of them in microseconds."""
    stack = small_stack(
        seeds=[experiment.seed + run for run in runs],
        dim=2,
        width=experiment.width,
        sigma=experiment.sigma,
        balance=experiment.balance,
        paired=experiment.paired,
        dtype=torch.float64,
    )
    x = torch.tensor(experiment.x, dtype=torch.float64)
    line = Sample(
        torch.stack([x, torch.ones_like(x)], 1), torch.tensor(experiment.y, dtype=torch.float64), experiment.loss
    )
    zeros = torch.zeros(len(runs), dtype=torch.float64)
    output = stack(line.x)
    first_loss = line.losses(output)
    return LineTraining(
        line=line,
        runs=Runs(
            stack,
            output=output,
            rows=torch.arange(len(runs)),
            time=zeros,
            first_loss=first_loss,
            escaped=zeros > 0,
            checked=Checked(first_loss, zeros),
        ),
        recording=KinkRecording(experiment, len(runs), motion=0 in runs),
        step_limit=experiment.step_limit,
        scheduled=KinkTrajectory.scheduled(experiment).tolist(),
    )


@dataclass
class LineTraining:
    """Some seeds in training. A run ends when it interpolates, comes to rest, is no longer finite, or at the limit.

    At rest the loss falls no more and no living unit (one that is active on a point) grows: with no such "escape
    neuron" a stationary point is a local minimum.
    """

    line: Sample
    runs: Runs
    recording: KinkRecording
    step_limit: int
    scheduled: list[int]
    pauses: int = 0
    place: int = 0  # in `scheduled`, of the next one
    shown: Tensor = field(default_factory=lambda: torch.zeros(0))  # f of the first run at its last snapshot

    @property
    def live(self) -> int:
        """How many runs still train."""
        return len(self.runs.rows)

    def advance(self, step: int) -> int:
        """Train for a few steps at one learning rate a run; return the step reached."""
        to = min(step + AT_ONE_RATE, self.scheduled[self.place])
        runs, line = self.runs, self.line
        rate = self.rates()
        flow.step(runs.stack, line, rate, step, to - step)
        self.runs = replace(runs, time=runs.time + rate * (to - step))
        return to

    def record(self, step: int) -> bool:
        """Record a snapshot if it is due or the function has moved; end runs that have reached their end."""
        self.pauses += 1
        output = self.runs.stack(self.line.x)
        self.runs = replace(self.runs, output=output)
        self._note_escapes(step, output)
        due = step >= self.scheduled[self.place]
        self.place += due
        moved = self.recording.motion and int(self.runs.rows[0]) == 0 and self._has_moved(output[0])
        if due or moved:
            self.recording.write(step, self._state(output))
            self.shown = output[0]
        if step and (due or self.pauses % CHECK == 0):
            self._drop_ended(step, output)
        return due or moved

    def rates(self) -> Tensor:
        """Return the learning rate of each run, (run,)."""
        return flow.exact_rate(self.runs.stack, self.line, self.runs.output)

    def _has_moved(self, output: Tensor) -> bool:
        reach = max(float(self.line.y.abs().max()), float(output.abs().max()))
        return len(self.shown) > 0 and bool((output - self.shown).abs().max() > MOVED * reach)

    def _note_escapes(self, step: int, output: Tensor) -> None:
        runs = self.runs
        new = ~runs.escaped & (self.line.losses(output) < 0.99 * runs.first_loss)
        if new.any():
            self.recording.escaped(runs.rows[new].numpy(), step, runs.time[new].numpy())
            self.runs = replace(runs, escaped=runs.escaped | new)

    def _state(self, output: Tensor) -> LineState:
        runs, first = self.runs, self.runs.stack.first
        arrays = (output, first[:, 0], first[:, 1], runs.stack.head)
        return LineState(runs.rows.numpy(), runs.time.numpy(), *(part.numpy() for part in arrays))

    def _drop_ended(self, step: int, output: Tensor) -> None:
        runs, line = self.runs, self.line
        loss = line.losses(output)
        outcomes = torch.full_like(runs.rows, -1)
        if step >= self.step_limit:
            outcomes[:] = STEP_LIMIT
        resting, checked = flow.at_rest(runs.stack, line, output, runs.time, runs.checked)
        self.runs = replace(runs, checked=checked)
        outcomes[resting] = STATIONARY
        outcomes[loss <= FITTED_SHARE * line.losses(torch.zeros_like(output))] = FITTED
        outcomes[~torch.isfinite(loss)] = DIVERGED
        ended = outcomes >= 0
        if ended.any():
            self.recording.write(step, self._state(output))
            self.recording.end(runs.rows[ended].numpy(), outcomes[ended].numpy())
            self.runs = self.runs.take(~ended)
