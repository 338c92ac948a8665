"""A shard of networks and linearisations in training, on the same batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.batches import CHUNK
from core.datasets import Source, load
from core.networks import Stack, initial_stack
from core.studies.linearised.experiment import Linearised
from core.studies.linearised.machines import Floats, Machines, Whole, shared
from core.studies.linearised.recording import LinearisedRecording
from core.training.shard import (
    ConnectedShard,
    Points,
    ShardTraining,
    begin_shard,
    on_host,
    points_of,
    relative_weight_change,
)
from core.trajectory import FITTED, STEP_LIMIT, Array

ROWS_AT_ONCE = 1024
"""Test points of which the tangent features are held at a time."""


@dataclass(kw_only=True)
class PairTraining(ShardTraining):
    """Networks as `ShardTraining` has them, and their linearisations beside them."""

    recording: LinearisedRecording
    machines: Machines
    number: Whole  # (run,): the machine that is the run's linearisation
    scale: Floats  # (run,): alpha |w0|
    test_kernel: Floats  # (test point, training point): K(x, x_i) y_i

    @property
    def live(self) -> int:
        """How many networks and machines still train."""
        return len(self.shard.rows) + len(self.machines.number)

    def advance(self, step: int) -> int:
        """Train up to the next scheduled step and return it."""
        if step % CHUNK == 0:
            self.chunk = torch.from_numpy(next(self.stream))
        assert self.chunk is not None
        start, step = step, next(self.scheduled)
        batches = self.chunk[start % CHUNK :][: step - start]
        if len(self.shard.rows):
            self.shard.advance(self.points, batches, start)
        self.machines.advance(batches.numpy(), start)
        return step

    def record(self, step: int) -> bool:
        """Record and check what a scheduled step calls for; return whether it was recorded."""
        if step in self.recorded:
            self._write(step, self.machines)
        if step in self.checked:
            self._drop_fitted(step)
        if not len(self.shard.rows):
            return step in self.recorded
        return super().record(step)

    def _drop_fitted(self, step: int) -> None:
        fitted = self.machines.fitted
        ended = fitted | (step == self.step_limit)
        if ended.any():
            last, how = self.machines.take(ended), np.where(fitted, FITTED, STEP_LIMIT)[ended]
            runs, at = self._write(step, last)
            end_steps = np.where(how == FITTED, last.last_update, step)
            self.recording.end_linearised(runs, how[at], end_steps[at])
            self.machines = self.machines.take(~ended)

    def _write(self, step: int, machines: Machines) -> tuple[Whole, Whole]:
        """Record all runs of some machines; return the runs, and the place of each one's machine among these."""
        runs = np.flatnonzero(np.isin(self.number, machines.number))
        at = np.searchsorted(machines.number, self.number[runs])
        output = (machines.weight @ self.test_kernel.T).astype(np.float32)  # alpha F, (machine, point)
        change = machines.size[at] / self.scale[runs]
        self.recording.write_linearised(step, runs, {"test_output": output[at], "relative_weight_change": change})
        return runs, at


def begin(experiment: Linearised, runs: Sequence[int], source: Source, device: str) -> PairTraining:
    """Return the untrained runs, which share one seed, with the data loaded."""
    chosen = [experiment.pairs[run] for run in runs]
    seed = chosen[0].seed
    task = load(experiment.dataset, n_train=experiment.n_train, seed=seed, source=source)
    stack = initial_stack(
        runs=len(chosen),
        dim=task.train_inputs.shape[1],
        width=experiment.width,
        depth=experiment.depth,
        activation=experiment.activation,
        seed=seed,
        device=torch.device("cpu"),
    )
    alphas = [pair.alpha for pair in chosen]
    rates = [experiment.learning_rate(pair.temperature) / experiment.batch_size for pair in chosen]
    points = points_of(stack, task, torch.device("cpu"))
    networks = begin_shard(
        ConnectedShard.of(stack, alphas, rates),
        points,
        LinearisedRecording(experiment, len(chosen), task.test_labels),
        observe,
        batch_size=experiment.batch_size,
        seed=seed,
        step_limit=experiment.step_limit,
    )
    untrained, labels = points.untrained, task.train_labels.astype(np.float64)
    tangent = tangent_kernel(untrained, points.train[0], points.train[0])
    size = sum(float(one.double().square().sum()) for one in untrained.parameters())
    products, number = shared(np.array(alphas) * np.array(rates))
    return PairTraining(
        **vars(networks),
        machines=Machines.of(labels[:, None] * tangent * labels, products),
        number=number,
        scale=np.array(alphas) * size**0.5,
        test_kernel=tangent_kernel(untrained, points.test[0], points.train[0]) * labels,
    )


def observe(shard: ConnectedShard, points: Points[Stack]) -> tuple[Array, dict[str, Array]]:
    """Return the rows of the live networks, and what a snapshot keeps of each.

    F of a run that has not moved is 0 by definition, but f - f0 may be a rounding error, whose sign would count.
    """
    change = relative_weight_change(shard.stack, points.untrained)
    output = points.output(shard.stack, points.test) * (change != 0)[:, None]  # F, (run, point)
    state = on_host({"row": shard.rows, "test_output": output, "relative_weight_change": change})
    return state.pop("row"), state


def tangent_kernel(untrained: Stack, inputs: Tensor, others: Tensor) -> Floats:
    """Return K(x, x') = df(x)/dw . df(x')/dw of one network before training, (point, other)."""
    beside = untrained.tangent_features(others)
    parts = [
        sum(
            (below @ low.transpose(1, 2)) * (flow @ high.transpose(1, 2))
            for (below, flow), (low, high) in zip(untrained.tangent_features(rows), beside, strict=True)
        )
        for rows in torch.split(inputs, ROWS_AT_ONCE)
    ]
    return np.concatenate([part[0].double().numpy() for part in parts if isinstance(part, Tensor)])
