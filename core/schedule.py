"""When runs are recorded, and when it is seen which of them have ended.

A schedule is a value that each study's trajectory carries (`core.trajectory`): what trains, what is read back from disk
and what is drawn take the recorded steps from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]

GROWTH = 1.16
"""Ratio of successive recorded steps once they are past the first few: about 60 snapshots to 20,000 steps."""


class Schedule:
    """A rule for the recorded steps."""

    def steps(self, last: int) -> Steps:
        """Return the recorded steps, ascending from 0 up to and including `last`, (snapshot,)."""
        raise NotImplementedError

    @staticmethod
    def log(count: int) -> Spread:
        """Return the schedule of at most `count` steps that spread evenly over the logarithm of the step."""
        return Spread(count)

    def __or__(self, other: Schedule) -> Schedule:
        return Either(self, other)


@dataclass(frozen=True)
class Log(Schedule):
    """0, 1, 2, ... and then steps that grow by a ratio."""

    growth: float = GROWTH

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        found, step = [0], 0
        while step < last:
            step = min(max(step + 1, round(step * self.growth)), last)
            found.append(step)
        return np.array(found)


@dataclass(frozen=True)
class Few(Schedule):
    """0, 1, 2, ... and then log-spaced steps: fewer than 40 whatever the last one is, if `count` is 34."""

    count: int = 34

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        return Log(max(GROWTH, last ** (1 / self.count))).steps(last)


@dataclass(frozen=True)
class Spread(Schedule):
    """0, 1, 2, ... and then log-spaced steps, at most `count` (2 or more) in all, and as many as whole ratios give."""

    count: int

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        if last < self.count:
            return np.arange(last + 1)
        low, high = 1.0, float(last)
        for _ in range(60):  # halve the ratios between which the least lies that gives few enough
            middle = (low * high) ** 0.5
            low, high = (low, middle) if len(Log(middle).steps(last)) <= self.count else (middle, high)
        return Log(high).steps(last)


@dataclass(frozen=True)
class Even(Schedule):
    """0 and `count` steps at equal distances."""

    count: int

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        return _whole(np.linspace(0, last, self.count + 1))


@dataclass(frozen=True)
class Every(Schedule):
    """Every so many steps from 0 on, and the last one."""

    distance: int

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        return np.union1d(np.arange(0, last, self.distance), [last])


@dataclass(frozen=True)
class Power(Schedule):
    """0 and `count` steps of which number k is at last (k / count)^exponent."""

    count: int
    exponent: float

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        return _whole(last * np.linspace(0, 1, self.count + 1) ** self.exponent)


@dataclass(frozen=True)
class Geometric(Schedule):
    """0 and `count` steps at equal ratios, from 1 on."""

    count: int

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        return _whole(np.concatenate([[0], np.geomspace(1, last, self.count)]))


@dataclass(frozen=True)
class Either(Schedule):
    """The steps of two schedules."""

    one: Schedule
    other: Schedule

    def steps(self, last: int) -> Steps:
        """Return the recorded steps."""
        return np.union1d(self.one.steps(last), self.other.steps(last))


def _whole(steps: NDArray[np.float64]) -> Steps:
    """Return steps rounded to whole numbers, each once."""
    return np.unique(np.rint(steps).astype(np.int64))


def check_steps(step_limit: int) -> Iterator[int]:
    """Yield the steps at which runs are checked for being fitted or diverged, up to `step_limit`.

    A hinge loss stops updating by itself once every point is fitted, so a late check loses no accuracy (the stack keeps
    each run's last updating step); it only costs steps. One check costs about as much as n_train / (3 batch) steps.
    """
    step = 0
    while step < step_limit:
        step = min(step + max(16, step // 16), step_limit)
        yield step
