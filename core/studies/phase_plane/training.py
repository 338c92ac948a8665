"""A shard of the phase plane in training: runs that share one seed, one training set and one batch size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core.datasets import Source, load
from core.networks import initial_stack
from core.studies.phase_plane.convolutional import ConvolutionShard, initial_convolutions
from core.studies.phase_plane.experiment import PhaseCell, PhasePlane
from core.studies.phase_plane.recording import PhasePlaneRecording
from core.training.shard import (
    Astray,
    ConnectedShard,
    Points,
    Shard,
    ShardTraining,
    begin_shard,
    on_host,
    points_of,
    relative_weight_change,
)
from core.trajectory import Array

KERNEL_POINTS = 64
"""The tangent kernel is followed on this many training points, the first ones."""


@dataclass(frozen=True)
class Kernel:
    """The tangent kernel before training, on the first training points."""

    first: Tensor  # (point, point)
    labels: Tensor  # (point,)

    def compared(self, now: Tensor) -> tuple[Tensor, Tensor]:
        """Return |K - K0| / |K0| and y K y / (|K| |y|^2) of kernels (run, point, point), Frobenius norms, (run,) each.

        The alignment is 1 where K is a multiple of y y^T (Cristianini et al. 2002; of networks in training: Geiger et
        al. 2019, 1906.08034).
        """
        change = (now - self.first).square().sum((1, 2)).sqrt() / self.first.square().sum().sqrt()
        towards = torch.einsum("i,rij,j->r", self.labels, now, self.labels)
        return change, towards / (now.square().sum((1, 2)).sqrt() * len(self.labels))


def make_shard(experiment: PhasePlane, cells: Sequence[PhaseCell], dim: int, device: torch.device) -> Shard[Any]:
    """Return the untrained shard of `cells`, which share one seed and so one initialization."""
    alphas = [cell.alpha for cell in cells]
    rates = [experiment.learning_rate(cell.temperature, cell.batch_size) / cell.batch_size for cell in cells]
    runs, seed = len(cells), cells[0].seed
    width, depth = experiment.width, experiment.depth
    if experiment.network == "cnn":
        stack = initial_convolutions(
            runs=runs, dataset=experiment.dataset, width=width, depth=depth, seed=seed, device=device
        )
        return ConvolutionShard.of(stack, alphas, rates)
    connected = initial_stack(
        runs=runs, dim=dim, width=width, depth=depth, activation=experiment.activation, seed=seed, device=device
    )
    return ConnectedShard.of(connected, alphas, rates)


def begin(experiment: PhasePlane, runs: Sequence[int], source: Source, device: str) -> ShardTraining:
    """Return the untrained runs, with the data loaded."""
    every = experiment.cells
    chosen = [every[run] for run in runs]
    shared = {(cell.seed, cell.n_train, cell.batch_size) for cell in chosen}
    if len(shared) != 1:
        raise ValueError(f"runs: those of a shard share seed, n_train and batch_size; got {sorted(shared)}")
    [(seed, n_train, batch_size)] = shared
    task = load(experiment.dataset, n_train=n_train, seed=seed, source=source, test_points=experiment.test_points)
    shard = make_shard(experiment, chosen, task.train_inputs.shape[1], torch.device(device))
    points = points_of(shard.stack, task, torch.device(device))
    untrained = points.untrained
    shown = points.train[0][:KERNEL_POINTS]
    kernel = Kernel(untrained.tangent_kernel(shown)[0], points.labels[:KERNEL_POINTS])
    diagonal = float(untrained.tangent_diagonal(points.train[0]).double().mean())

    def observe(shard: Shard[Any], points: Points[Any]) -> tuple[Array, dict[str, Array]]:
        """Return the rows of the live runs, and what a snapshot keeps of each (see `trajectory.AXES`).

        F of a run that has not moved is 0 by definition, but f - f0 may be a rounding error, whose sign would count.
        """
        change = relative_weight_change(shard.stack, points.untrained)
        moved = (change != 0)[:, None]
        train_output = points.output(shard.stack, points.train) * moved
        kernel_change, alignment = kernel.compared(shard.stack.tangent_kernel(shown))
        state = on_host(
            {
                "row": shard.rows,
                "test_output": points.output(shard.stack, points.test) * moved,
                "train_output": train_output,
                "loss": (shard.margin - train_output * points.labels).clamp(min=0).mean(1),
                "relative_weight_change": change,
                "kernel_change": kernel_change * moved[:, 0],
                "alignment": alignment,
            }
        )
        return state.pop("row"), state

    return begin_shard(
        shard,
        points,
        PhasePlaneRecording(experiment, len(runs), task, diagonal),
        observe,
        batch_size=batch_size,
        seed=seed,
        step_limit=experiment.step_limit,
        astray=Astray(),
    )
