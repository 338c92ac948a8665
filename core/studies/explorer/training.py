"""A shard of the Explorer in training: what a run is, and what a snapshot keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.datasets import Source, Task, load
from core.lines import Line, data_line
from core.networks import Stack, initial_stack
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.recording import PlaneRecording
from core.studies.explorer.trajectory import Cell, cells
from core.training.shard import (
    ConnectedShard,
    Points,
    ShardTraining,
    begin_shard,
    moved,
    on_host,
    points_of,
    relative_weight_change,
)
from core.trajectory import Array


@dataclass(frozen=True)
class LinePoints(Points[Stack]):
    """The points of a task and those of the data line."""

    grid: tuple[Tensor, Tensor]  # along the data line
    line: tuple[Tensor, Tensor]  # origin, direction: (dim,)


def begin(experiment: Explorer, runs: Sequence[int], source: Source, device: str) -> ShardTraining:
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


def begin_on(experiment: Explorer, chosen: Sequence[Cell], task: Task, device: str) -> ShardTraining:
    """Return the untrained runs of `chosen` on a task."""
    line = data_line(task, experiment.line)
    shard = make_shard(experiment, chosen, task.train_inputs.shape[1], torch.device(device))
    return begin_shard(
        shard,
        make_points(shard.stack, task, line, torch.device(device)),
        PlaneRecording(experiment, chosen, task, line),
        observe,
        batch_size=experiment.batch_size,
        seed=chosen[0].seed,
        step_limit=experiment.step_limit,
    )


def make_shard(experiment: Explorer, cells: Sequence[Cell], dim: int, device: torch.device) -> ConnectedShard:
    """Return the untrained shard of `cells`, which share one seed and so one initialization."""
    seeds = {cell.seed for cell in cells}
    if len(seeds) != 1:
        raise ValueError(f"cells: a shard's runs share one seed; got {sorted(seeds)}")
    stack = initial_stack(
        runs=len(cells),
        dim=dim,
        width=experiment.width,
        depth=experiment.depth,
        activation=experiment.activation,
        seed=cells[0].seed,
        device=device,
    )
    rates = [experiment.learning_rate(cell.temperature) / experiment.batch_size for cell in cells]
    return ConnectedShard.of(stack, [cell.alpha for cell in cells], rates)


def make_points(stack: Stack, task: Task, line: Line, device: torch.device) -> LinePoints:
    """Move the data to the device and evaluate the untrained network on it."""
    origin, direction, grid = (moved(part, device) for part in (line.origin, line.direction, line.grid))
    of_task = points_of(stack, task, device)
    along = origin + grid[:, None] * direction
    return LinePoints(
        untrained=of_task.untrained,
        train=of_task.train,
        test=of_task.test,
        labels=of_task.labels,
        grid=(along, of_task.untrained(along)[0]),
        line=(origin, direction),
    )


def observe(shard: ConnectedShard, points: LinePoints) -> tuple[Array, dict[str, Array]]:
    """Return the rows of the live runs, and what a snapshot keeps of each (units and axes: `trajectory.AXES`).

    F of a run that has not moved is 0 by definition, but f - f0 may be a rounding error, whose sign would count.
    """
    position, slope_jump, active_right = shard.stack.on_line(*points.line)
    change = relative_weight_change(shard.stack, points.untrained)
    has_moved = (change != 0)[:, None]  # (run, 1)
    train_output = points.output(shard.stack, points.train) * has_moved  # F, (run, point)
    state = on_host(
        {
            "row": shard.rows,
            "kink_position": position,
            "slope_jump": slope_jump,
            "active_right": active_right,
            "line_function": points.output(shard.stack, points.grid) * has_moved,
            "test_output": points.output(shard.stack, points.test) * has_moved,
            "train_output": train_output,
            "loss": (shard.margin - train_output * points.labels).clamp(min=0).mean(1),
            "relative_weight_change": change,
        }
    )
    return state.pop("row"), state
