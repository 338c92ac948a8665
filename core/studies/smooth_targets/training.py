"""Networks on points of known targets in training, each by itself, for each has points of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from core.datasets import Source
from core.networks import Stack, small_stack
from core.studies.smooth_targets.experiment import Cell, SmoothTargets
from core.studies.smooth_targets.recording import SmoothTargetsRecording
from core.studies.smooth_targets.targets import PLACES, positions, target
from core.training import flow
from core.training.flow import Checked, Sample
from core.trajectory import DIVERGED, FITTED, STATIONARY, STEP_LIMIT, UNFINISHED


def begin(experiment: SmoothTargets, runs: Sequence[int], source: Source, device: str) -> SmoothTargetsTraining:
    """Return the untrained networks of some runs; always on the CPU, and with no files."""
    cells = experiment.cells
    return SmoothTargetsTraining(
        networks=[LineNetwork.of(experiment, cells[run]) for run in runs],
        recording=SmoothTargetsRecording(experiment, len(runs)),
        step_limit=experiment.step_limit,
    )


def _with_ones(x: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> torch.Tensor:
    """Return x~ = (x, 1), (point, 2)."""
    return torch.from_numpy(np.column_stack([x, np.ones_like(x)]))


@dataclass(eq=False)
class LineNetwork:
    """One network, its points and its target, and how far it is."""

    stack: Stack
    sample: Sample
    truth: torch.Tensor  # (place,)
    places: torch.Tensor  # (place, 2)
    time: torch.Tensor  # (1,)
    checked: Checked
    step: int = 0
    outcome: int = UNFINISHED

    @classmethod
    def of(cls, experiment: SmoothTargets, cell: Cell) -> LineNetwork:
        """Return the network of one run at step 0."""
        x, f = positions(cell.points, cell.seed), target(cell.target, cell.seed, experiment.bound)
        lazy = cell.start == "lazy"
        stack = small_stack(
            seeds=[cell.seed],
            dim=2,
            width=experiment.width,
            sigma=experiment.lazy_sigma if lazy else experiment.sigma,
            balance=1.0,
            paired=lazy,
            dtype=torch.float64,
        )
        sample = Sample(_with_ones(x), torch.from_numpy(f(x)), "squared")
        zero = torch.zeros(1, dtype=torch.float64)
        first = Checked(sample.losses(stack(sample.x)), zero)
        return cls(stack, sample, torch.from_numpy(f(PLACES)), _with_ones(PLACES), zero, first)

    def train(self, to: int) -> None:
        """Train up to a step, or until it interpolates, is at rest or is no longer finite."""
        sample, pauses = self.sample, 0
        fitted = flow.FITTED_SHARE * sample.losses(torch.zeros_like(sample.y)[None])[0]
        output = self.stack(sample.x)
        while self.step < to:
            count = min(flow.AT_ONE_RATE, to - self.step)
            rate = flow.exact_rate(self.stack, sample, output)
            flow.step(self.stack, sample, rate, self.step, count)
            self.step, self.time = self.step + count, self.time + rate * count
            output, pauses = self.stack(sample.x), pauses + 1
            loss = sample.losses(output)[0]
            if not torch.isfinite(loss):
                self.outcome = DIVERGED
            elif loss <= fitted:
                self.outcome = FITTED
            elif pauses % flow.CHECK == 0 or self.step == to:
                resting, self.checked = flow.at_rest(self.stack, sample, output, self.time, self.checked)
                if resting[0]:
                    self.outcome = STATIONARY
            if self.outcome != UNFINISHED:
                return

    def errors(self) -> tuple[float, float, float]:
        """Return the root mean square error at the places and on the points, and the largest at the places."""
        off = self.stack(self.places)[0] - self.truth
        fit = self.stack(self.sample.x)[0] - self.sample.y
        return float(off.square().mean().sqrt()), float(fit.square().mean().sqrt()), float(off.abs().max())


@dataclass
class SmoothTargetsTraining:
    """Some networks in training."""

    networks: list[LineNetwork]
    recording: SmoothTargetsRecording
    step_limit: int

    @property
    def live(self) -> int:
        """How many runs still train."""
        return int(self.recording.unfinished.sum())

    def advance(self, step: int) -> int:
        """Train up to the next recorded step and return it."""
        to = self.recording.after(step)
        for run in np.flatnonzero(self.recording.unfinished).tolist():
            self.networks[run].train(to)
        return to

    def record(self, step: int) -> bool:
        """Record every run that still trained; note how those ended that did."""
        for run in np.flatnonzero(self.recording.unfinished).tolist():
            network = self.networks[run]
            if network.outcome == UNFINISHED and step >= self.step_limit:
                network.outcome = STEP_LIMIT
            self.recording.measured(step, run, *network.errors())
            if network.outcome != UNFINISHED:
                ends = np.array([network.outcome]), np.array([network.step])
                self.recording.end(np.array([run]), *ends)
        return True
