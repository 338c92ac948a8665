"""What is kept of a shard of the Explorer while it trains: turns states into the arrays of a trajectory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.datasets import Task
from core.explainers.linear import linear_predictions
from core.lines import Line
from core.recording import EarlyEndRecording, error, rounded
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.trajectory import AXES, Cell, PlaneTrajectory
from core.trajectory import Array

FRACTION_BITS = {
    "kink_position": 12,
    "slope_jump": 10,
    "line_function": 9,
    "loss": 12,
    "relative_weight_change": 12,
}
"""Bits kept of a recorded float's fraction (9 are 1e-3 of its value): finer than a screen, half the size on disk."""

BOOLEANS = ("active_right", "prediction")


class PlaneRecording(EarlyEndRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`), filled snapshot by snapshot."""

    def __init__(self, experiment: Explorer, cells: Sequence[Cell], task: Task, line: Line) -> None:
        super().__init__(PlaneTrajectory, experiment, len(cells))
        self.labels, self.test_labels = task.train_labels, task.test_labels
        self.arrays |= {
            "test_label": task.test_labels[None] > 0,
            "train_label": task.train_labels[None] > 0,
            "train_projection": line.project(task.train_inputs)[None],
            "line_grid": line.grid[None].copy(),
            "explainer_prediction": linear_predictions(task)[None],
        }
        sizes = {
            "snapshot": len(self.steps),
            "run": len(cells),
            "neuron": experiment.width,
            "grid": len(line.grid),
            "test_point": len(task.test_labels),
        }
        for name in (name for name in AXES if name not in self.arrays):
            shape = tuple(sizes[axis] for axis in AXES[name])
            self.arrays[name] = np.zeros(shape, bool) if name in BOOLEANS else np.full(shape, np.nan, np.float32)

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the runs `rows` in the snapshot of `step` and, until they move on, in every later one."""
        now: dict[str, Any] = dict(state)
        test, train = now.pop("test_output"), now.pop("train_output")
        now["kink_position"][~np.isfinite(now["kink_position"])] = np.nan
        kept = {name: rounded(now[name], bits) for name, bits in FRACTION_BITS.items()}
        kept["active_right"] = now["active_right"]
        kept["test_error"] = error(test, self.test_labels)
        kept["train_error"] = error(train, self.labels)
        kept["prediction"] = test > 0
        self.keep(step, rows, kept)
