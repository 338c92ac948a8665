"""A shard of an ensemble in training: networks of one initialization at every output scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from core.datasets import Source, load
from core.networks import initial_stack
from core.studies.ensembles.experiment import Ensembles
from core.studies.ensembles.recording import EnsemblesRecording
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


def begin(experiment: Ensembles, runs: Sequence[int], source: Source, device: str) -> ShardTraining:
    """Return the untrained networks of some runs, which share training set, width and initialization."""
    every = experiment.places
    places = [every[run] for run in runs]
    shared = {(place.seed, place.width, place.member) for place in places}
    if len(shared) != 1:
        raise ValueError(f"runs: those of a shard share seed, width and member; got {sorted(shared)}")
    [(seed, width, _)] = shared
    task = load(
        experiment.dataset, n_train=experiment.n_train, seed=seed, source=source, test_points=experiment.test_points
    )
    stack = initial_stack(
        runs=len(places),
        dim=task.train_inputs.shape[1],
        width=width,
        depth=experiment.depth,
        activation=experiment.activation,
        seed=places[0].init_seed,
        device=torch.device(device),
    )
    points = points_of(stack, task, torch.device(device))

    def observe(shard: Shard[Any], points: Points[Any]) -> tuple[Array, dict[str, Array]]:
        """Return the rows of the live runs, and what a snapshot keeps of each (see `trajectory.AXES`).

        F of a run that has not moved is 0 by definition, but f - f0 may be a rounding error, whose sign would count.
        """
        change = relative_weight_change(shard.stack, points.untrained)
        moved = (change != 0)[:, None]
        state = on_host(
            {
                "row": shard.rows,
                "test_output": points.output(shard.stack, points.test) * moved,
                "relative_weight_change": change,
            }
        )
        return state.pop("row"), state

    return begin_shard(
        ConnectedShard.of(stack, [place.alpha for place in places], [experiment.temperature * width] * len(places)),
        points,
        EnsemblesRecording(experiment, places, task),
        observe,
        batch_size=experiment.batch_size,
        seed=seed,
        step_limit=experiment.step_limit,
        astray=Astray(),
    )
