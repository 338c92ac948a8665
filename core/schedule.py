"""When to look at a training: which steps are recorded, and when a run is checked for its end."""

from __future__ import annotations

from collections.abc import Iterator

GROWTH = 1.16
"""Ratio of successive recorded steps once they are past the first few: about 60 snapshots to 20,000 steps."""


def recorded_steps(step_limit: int, growth: float = GROWTH) -> tuple[int, ...]:
    """Return 0, 1, 2, ... then log-spaced steps up to and including `step_limit`."""
    steps, step = [0], 0
    while step < step_limit:
        step = min(max(step + 1, round(step * growth)), step_limit)
        steps.append(step)
    return tuple(steps)


FEW = 34
"""How many log-spaced steps `few_steps` has beside the first."""


def few_steps(step_limit: int) -> tuple[int, ...]:
    """Return 0, 1, 2, ... then log-spaced steps up to and including `step_limit`: fewer than 40, whatever the limit."""
    return recorded_steps(step_limit, max(GROWTH, step_limit ** (1 / FEW)))


def check_steps(step_limit: int) -> Iterator[int]:
    """Yield the steps at which runs are checked for being fitted or diverged, up to `step_limit`.

    A hinge loss stops updating by itself once every point is fitted, so a late check loses no accuracy (the stack keeps
    each run's last updating step); it only costs steps. One check costs about as much as n_train / (3 batch) steps.
    """
    step = 0
    while step < step_limit:
        step = min(step + max(16, step // 16), step_limit)
        yield step
