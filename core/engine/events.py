"""SGD on the perceptron, event by event: steps whose whole batch is fitted move nothing and are skipped at once.

Only the points with y f < kappa have a gradient. With n of P such, a batch of B points drawn without replacement has
none of them with probability p0 = prod_{j < B} (P - n - j) / (P - j), so the number of idle steps is geometric, and the
number k of such points in the next batch is hypergeometric, given k >= 1. What is simulated has exactly the law of the
plain loop; only the idle steps are not taken. Everything compiled here stands in this one file and calls nothing
compiled elsewhere, because the cache of compiled functions is renewed when their own file changes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FITTED, LIMIT = 0, 1
"""How `run` ends: every margin is at least kappa, or the cap of events is reached."""

BLOCK = 64
FEW = 64
"""p0 is the product of its factors up to this many of them; beyond, logarithms of factorials are exact enough."""


@njit(cache=True)
def run(
    z: Floats,
    gram: NDArray[np.float32],
    log_factorial: Floats,
    kappa: float,
    learning_rate: float,
    batch: int,
    event_limit: int,
    rng: Any,
    snapshots: NDArray[np.int64],
    path: Floats,
    direction: NDArray[np.float32],
) -> tuple[int, int, int, int, float, float]:
    """Train one perceptron from w = 0 and return (outcome, step, events, unfitted, w_1, |w_perp|).

    Args:
        z: y x / sqrt(d), (P, d): the margins are z.w and a point's step is learning_rate / B * z.
        gram: z z^T in float32, (P, P).
        log_factorial: ln k! for k = 0 .. P, (P + 1,).
        rng: numpy's generator.
        snapshots: steps to record at, ascending; step 0 first.
        path: (snapshot, 3), filled with w_1, |w_perp| and how many points are unfitted.
        direction: (snapshot, d - 1), filled with w_perp / |w_perp|, or of no rows.

    Margins follow `gram`, but wherever all seem fitted they are computed anew from w: a run ends on those.
    """
    count, dim = z.shape
    rate = learning_rate / batch
    w, margin = np.zeros(dim), np.zeros(count)
    unfitted, chosen_sum = np.empty(count, np.int64), np.zeros(count)
    n = _unfitted(margin, kappa, unfitted)
    step, events, snapshot, outcome = 0, 0, 0, FITTED
    while n:
        if events >= event_limit:
            outcome = LIMIT
            break
        log_idle = _log_idle(count, n, batch, log_factorial)
        following = step + 1
        if log_idle > -700.0:
            following += int(math.log(1.0 - rng.random()) / log_idle)
        while snapshot < len(snapshots) and snapshots[snapshot] < following:
            _record(snapshot, w, n, path, direction)
            snapshot += 1
        k = _hits(count, n, batch, log_idle, log_factorial, rng)
        step, events = following, events + 1
        for i in range(k):  # k of the n, every set of k equally likely
            j = i + int(rng.random() * (n - i)) if k < n else i
            unfitted[i], unfitted[j] = unfitted[j], unfitted[i]
        for i in range(k):
            for a in range(dim):
                w[a] += rate * z[unfitted[i], a]
        if k <= dim:
            _add_rows(margin, gram, unfitted, k, rate, chosen_sum)
        else:
            _margins(z, w, margin)
        n = _unfitted(margin, kappa, unfitted)
        if n == 0:
            _margins(z, w, margin)
            n = _unfitted(margin, kappa, unfitted)
    while snapshot < len(snapshots):
        _record(snapshot, w, n, path, direction)
        snapshot += 1
    noise = math.sqrt(np.sum(w[1:] ** 2))
    return outcome, step, events, n, w[0], noise


def prepare() -> None:
    """Compile what training runs call; from then on it comes from the cache beside this file."""
    z, path, direction = np.array([[1.0, 0.0]]), np.zeros((1, 3)), np.zeros((1, 1), np.float32)
    gram, rng = np.ones((1, 1), np.float32), np.random.default_rng(0)
    run(z, gram, np.zeros(2), 1.0, 1.0, 1, 1, rng, np.zeros(1, np.int64), path, direction)


@njit(cache=True)
def _record(snapshot: int, w: Floats, n: int, path: Floats, direction: NDArray[np.float32]) -> None:
    noise = math.sqrt(np.sum(w[1:] ** 2))
    path[snapshot, 0], path[snapshot, 1], path[snapshot, 2] = w[0], noise, n
    if snapshot < len(direction):
        for a in range(1, len(w)):
            direction[snapshot, a - 1] = w[a] / noise if noise > 0 else 0.0


@njit(cache=True)
def _unfitted(margin: Floats, kappa: float, found: NDArray[np.int64]) -> int:
    """Write the points with a margin below kappa into `found` and return how many there are."""
    n, count = 0, len(margin)
    for first in range(0, count, BLOCK):
        last = min(first + BLOCK, count)
        here = 0
        for i in range(first, last):  # most blocks have none, and counting is one comparison a vector
            here += margin[i] < kappa
        if here:
            for i in range(first, last):
                if margin[i] < kappa:
                    found[n] = i
                    n += 1
    return n


@njit(cache=True)
def _add_rows(
    margin: Floats, gram: NDArray[np.float32], chosen: NDArray[np.int64], k: int, rate: float, total: Floats
) -> None:
    """Add to the margins rate times the sum of k rows of the Gram matrix."""
    count = len(margin)
    if k == 1:
        row = gram[chosen[0]]
        for i in range(count):
            margin[i] += rate * row[i]
        return
    total[:] = 0.0
    for r in range(k):
        row = gram[chosen[r]]
        for i in range(count):
            total[i] += row[i]
    for i in range(count):
        margin[i] += rate * total[i]


@njit(cache=True, fastmath={"reassoc", "contract"})
def _margins(z: Floats, w: Floats, margin: Floats) -> None:
    """Set the margins to z.w."""
    for i in range(len(z)):
        row, total = z[i], 0.0
        for a in range(len(w)):
            total += row[a] * w[a]
        margin[i] = total


@njit(cache=True)
def _log_idle(count: int, n: int, batch: int, log_factorial: Floats) -> float:
    """Return ln p0, the chance of a batch without any of the n; -inf where there is none."""
    if count - n < batch:
        return -np.inf
    few, many = min(n, batch), max(n, batch)
    if few <= FEW:
        total = 0.0
        for j in range(few):
            total += math.log1p(-many / (count - j))
        return total
    return _log_choose(count - n, batch, log_factorial) - _log_choose(count, batch, log_factorial)


@njit(cache=True)
def _log_choose(count: int, k: int, log_factorial: Floats) -> float:
    return float(log_factorial[count] - log_factorial[k] - log_factorial[count - k])


@njit(cache=True)
def _hits(count: int, n: int, batch: int, log_idle: float, log_factorial: Floats, rng: Any) -> int:
    """Return how many of the n are in a batch that has at least one.

    By inversion, upward from 12 standard deviations and 40 below the mean: under that, the probability is below 1e-25
    (Bernstein's inequality, which holds without replacement).
    """
    least, most = max(1, batch - (count - n)), min(n, batch)
    if least == most:
        return least
    mean = n * batch / count
    spread = math.sqrt(mean * (1 - n / count) * (count - batch) / (count - 1))
    k = max(least, int(mean - 12 * spread - 40))
    likely = math.exp(
        _log_choose(n, k, log_factorial)
        + _log_choose(count - n, batch - k, log_factorial)
        - _log_choose(count, batch, log_factorial)
    )
    left = rng.random() * -math.expm1(log_idle) - likely
    while left > 0 and k < most:
        likely *= (n - k) * (batch - k) / ((k + 1) * (count - n - batch + k + 1))
        k += 1
        left -= likely
    return k
