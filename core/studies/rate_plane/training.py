"""A shard of a plane of learning rates in training, and the sharpness of its networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.curvature import COLD, NOISE, WARM, Networks, top
from core.datasets import Source, load
from core.engine import advance
from core.networks import Stack, initial_stack
from core.randomness import generator
from core.recording import error
from core.schedule import Every
from core.studies.rate_plane.experiment import FIT, RatePlane
from core.studies.rate_plane.recording import RatePlaneRecording
from core.training.shard import LOST, Points, points_of
from core.trajectory import DIVERGED, FITTED, STATIONARY, STEP_LIMIT

Floats = NDArray[Any]

CHECKED = Every(25)
"""When it is seen which runs have ended, and gradient flow takes another learning rate."""
FLOW = 0.3
"""eta S along gradient flow, whose limit of stability is 2."""
BLOWN_UP = 1e6
"""A loss beyond so many times the initial one counts as diverged, finite or not."""
SPIKE, STILL = 2.0, 0.1
"""A network near chance is dead if its loss has been above the one and its eta S is below the other."""


def begin(experiment: RatePlane, runs: Sequence[int], source: Source, device: str) -> RatePlaneTraining:
    """Return the networks of some cells at step 0; on the CPU.

    Raises:
        core.datasets.DataError: the digits cannot be drawn.
    """
    task = load("digits_parity", n_train=experiment.n_train, seed=experiment.seed, source=source)
    stack = initial_stack(
        runs=len(runs),
        dim=task.train_inputs.shape[1],
        width=experiment.width,
        depth=experiment.depth,
        activation="gelu",
        seed=experiment.seed,
        device=torch.device("cpu"),
    )
    points: Points[Stack] = points_of(stack, task, torch.device("cpu"))
    kernel = points.untrained.tangent_kernel(points.train[0])[0].numpy().astype(np.float64)
    curvature = float(np.linalg.eigvalsh(kernel)[-1]) / len(kernel)
    alpha, c = np.array([experiment.cells[run] for run in runs]).T
    noise = generator("noise", experiment.seed)
    size = sum(part[0].numel() for part in stack.parameters())
    return RatePlaneTraining(
        live_runs=Live(
            stack=stack,
            rows=np.arange(len(runs)),
            alpha=alpha,
            rate=c / curvature,
            flows=c == 0,
            top=np.repeat(noise.standard_normal((1, size), np.float32), len(runs), axis=0),
        ),
        points=points,
        test_labels=task.test_labels,
        recording=RatePlaneRecording(experiment, len(runs), curvature),
        noise=noise,
    )


@dataclass(frozen=True)
class Live:
    """The runs that still train, all with leading axis run."""

    stack: Stack
    rows: NDArray[np.int64]  # (run,): the run's row in the recording
    alpha: Floats  # (run,)
    rate: Floats  # (run,): the learning rate, which changes along gradient flow
    flows: NDArray[np.bool_]  # (run,): along gradient flow
    top: Floats  # (run, parameter): the first eigenvector of each Hessian, about

    def take(self, chosen: NDArray[np.bool_]) -> Live:
        """Return a copy of the runs where `chosen` is true."""
        names = ("rows", "alpha", "rate", "flows", "top")
        stack = self.stack.take(torch.from_numpy(chosen))
        return replace(self, stack=stack, **{name: getattr(self, name)[chosen] for name in names})


@dataclass(eq=False, kw_only=True)
class RatePlaneTraining:
    """Runs that end when they are fitted, have diverged or died, or at the step limit."""

    live_runs: Live
    points: Points[Stack]
    test_labels: Floats  # (point,)
    recording: RatePlaneRecording
    noise: np.random.Generator

    @property
    def live(self) -> int:
        """How many runs still train."""
        return len(self.live_runs.rows)

    @property
    def _last(self) -> int:
        return int(self.recording.steps[-1])

    def advance(self, step: int) -> int:
        """Train up to the next scheduled step and return it."""
        to = min(self.recording.after(step), (step // CHECKED.distance + 1) * CHECKED.distance)
        now, (inputs, initial), labels = self.live_runs, self.points.train, self.points.labels
        every = torch.arange(len(labels)).expand(to - step, len(labels))  # (step, point): each sees all points
        margin, rate = 1 / now.alpha, now.rate / (now.alpha * len(labels))
        margins, rates = (torch.from_numpy(part.astype(np.float32)) for part in (margin, rate))
        unused = torch.zeros(len(now.rows), dtype=torch.long)
        advance(now.stack, "squared", (inputs, labels, initial), every, margins, rates, unused, step)
        return to

    def record(self, step: int) -> bool:
        """Record and check the runs; note those that have ended, and drop them."""
        now, recorded = self.live_runs, step in self.recording.steps
        with np.errstate(over="ignore", invalid="ignore"):
            output = self.points.output(now.stack, self.points.train).numpy()  # F, (run, point)
            labels = self.points.labels.numpy()
            loss = ((now.alpha[:, None] * output - labels) ** 2).mean(axis=1)  # over the initial one, (run,)
        lost = ~(loss < BLOWN_UP)
        loss = np.where(lost, np.nan, loss)
        fitted = loss <= FIT
        ended = fitted | lost | (step == self._last)
        sharpness = self.sharpness(ended | recorded | now.flows, lost, first=step == 0)
        highest = np.fmax.reduce(self.recording.arrays["loss"][:, now.rows], axis=0)
        dead = ~fitted & (error(output, labels) > LOST) & (highest > SPIKE) & (now.rate * sharpness < STILL)
        ended |= dead
        written = np.full(len(ended), recorded) | ended
        if written.any():
            test = self.points.output(now.stack.take(torch.from_numpy(written)), self.points.test).numpy()
            state = {
                "loss": loss[written].astype(np.float32),
                "sharpness": sharpness[written].astype(np.float32),
                "test_error": error(test, self.test_labels),
            }
            self.recording.write(step, now.rows[written], state)
        outcome = np.select([lost, fitted, dead], [DIVERGED, FITTED, STATIONARY], STEP_LIMIT)
        self.recording.end(now.rows[ended], outcome[ended], np.full(ended.sum(), step))
        rate = np.where(now.flows, FLOW / np.maximum(sharpness, 1e-12), now.rate)
        self.live_runs = replace(now, rate=rate).take(~ended)
        return recorded

    def sharpness(self, chosen: NDArray[np.bool_], lost: NDArray[np.bool_], *, first: bool) -> Floats:
        """Return the sharpness of the chosen runs that are not lost, (run,); NaN of the others."""
        now, found = self.live_runs, np.full(len(chosen), np.nan)
        chosen = chosen & ~lost
        if not chosen.any():
            return found
        networks = dense(now.take(chosen), self.points)
        warm = now.top[chosen] + NOISE * self.noise.standard_normal(now.top.shape[1], np.float32)
        found[chosen], now.top[chosen] = top(networks.hessian(), warm, COLD if first else WARM)
        return found


def dense(live: Live, points: Points[Stack]) -> Networks:
    """Return networks as `core.curvature` has them, on the loss (F - y / alpha)^2 / 2."""
    stack, (inputs, initial) = live.stack, points.train
    target = points.labels.numpy() / live.alpha[:, None] + initial.numpy()  # (run, point)
    return Networks(
        inputs.numpy(),
        target[:, :, None].astype(np.float32),
        [*(part.numpy().swapaxes(1, 2) for part in stack.weights), stack.head.numpy()[:, None, :]],
        stack.activation,
        [float(factor) for factor in stack.factors()],
        constant=False,
    )
