"""Gradient starvation: what a frequent feature leaves of a rarer one, in three models of a classifier.

The word and the claim are those of Tachet des Combes et al. 2018 (1809.06848), whose body could not be read. The data,
the models and the bounds here are derived, and checked against networks in training. Samples of class 1 have the strong
feature x_s, the weak one x_w or both, with shares q_s + q_w + q_sw = 1; the two are orthogonal, of lengths n_s and n_w,
and the loss is the mean over these samples alone, under gradient flow. With N_s and N_w the logits of a feature
by itself and g = -dl/dN,

    G_s = q_s g(N_s) + q_sw g(N_s + N_w),   G_w = q_w g(N_w) + q_sw g(N_s + N_w)

push the two. Three models answer differently, so a chart must name its own:

    linear    one layer                                 N_i' = n_i^2 G_i
    private   two layers, neurons of one feature each   N_i' = 2 n_i N_i G_i
    shared    two layers, every neuron sees both        N_i' = n_i^2 |b| G_i + N_i (N_s G_s + N_w G_w) / |b|

The last is the balanced predictor of rank one, b = (N_s / n_s, N_w / n_w), that a small initialization converges to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.theory.modes import pull

Floats = NDArray[np.float64]

STEP = 0.4
"""How far both logits together move in a step, measured by N + ln N (by N in the linear model)."""
MOST_STEPS = 2000
LANDINGS = 3
"""Rounds in which a step is shortened until it ends where a group of samples reaches its level."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Shares of samples, the first axis being who has what: the strong feature, the weak one, both."""

    share: Floats  # (3, case): q_s, q_w, q_sw
    strong: float = 1.0  # n_s
    weak: float = 1.0  # n_w

    @property
    def norm(self) -> Floats:
        """(n_s, n_w), (2, 1)."""
        return np.array([[self.strong], [self.weak]])


def mixture(frequency: ArrayLike, alone: float, strong: float = 1.0, weak: float = 1.0) -> Mixture:
    """Return mixtures in which the weak feature has a frequency p, (case,), and is `alone` in that share of its cases:
    q_s = 1 - p, q_w = alone p, q_sw = (1 - alone) p."""
    p = np.atleast_1d(np.asarray(frequency, np.float64))
    return Mixture(np.array([1 - p, alone * p, (1 - alone) * p]), strong, weak)


def _linear(n: Floats, g: Floats, norm: Floats) -> Floats:
    return norm**2 * g


def _private(n: Floats, g: Floats, norm: Floats) -> Floats:
    return 2 * norm * n * g


def _shared(n: Floats, g: Floats, norm: Floats) -> Floats:
    length = np.sqrt(((n / norm) ** 2).sum(axis=0))
    return np.asarray(norm**2 * length * g + n * ((n * g).sum(axis=0) / length))


SPEED: Mapping[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "linear": _linear,
    "private": _private,
    "shared": _shared,
}
"""dN/dt by model, from N, G and the norms, (2, case) each."""


def first_logits(model: str, mixed: Mixture, start: float) -> Floats:
    """Return N at time 0, (2, case): 0, or `start` each, or of |b| = `start` along the mean sample."""
    ones = np.ones((2, mixed.share.shape[1]))
    if model == "linear":
        return 0 * ones
    if model == "private":
        return start * ones
    mean = mixed.norm * (mixed.share[:2] + mixed.share[2])
    return np.asarray(mixed.norm * start * mean / np.sqrt((mean**2).sum(axis=0)))


@dataclass(frozen=True, eq=False)
class Flow:
    """A model's logits over time, and when each group of samples first reached the level."""

    time: Floats  # (node, case)
    logit: Floats  # (node, 2, case): N_s, N_w
    slope: Floats  # (node - 1, 2, 2, case): dN/dt as each step begins and as it ends
    reached: Floats  # (3, case): when N_s, N_w and N_s + N_w did; inf: not within the nodes
    stop: Floats  # (case,): when every sample that has the strong feature had; inf: not within the nodes
    stopped: Floats  # (2, case): N_s and N_w then; NaN if it never was

    def at(self, time: ArrayLike, case: int = 0) -> Floats:
        """Return N_s and N_w of a case at times, (2, time): held after the last node."""
        known = self.time[:, case]
        t = np.clip(np.asarray(time, np.float64), 0, known[-1])
        i = np.clip(np.searchsorted(known, t, side="right") - 1, 0, len(known) - 2)
        took = known[i + 1] - known[i]
        x = np.where(took > 0, (t - known[i]) / np.where(took > 0, took, 1), 0)
        y, z = self.logit[i, :, case].T, self.logit[i + 1, :, case].T
        begins, ends = np.moveaxis(self.slope[i, :, :, case], 0, -1) * took  # (2, time) each
        rest = 1 - x  # Hermite's cubic
        return np.asarray(rest**2 * ((1 + 2 * x) * y + x * begins) + x**2 * ((1 + 2 * rest) * z - rest * ends))


def level(loss: str, delta: float) -> float:
    """Return the logit at which a sample counts as learned: of confidence 1 - delta, or the margin 1 of the hinge."""
    return 1.0 if loss == "hinge" else float(np.log((1 - delta) / delta))


def margins(n: Floats) -> Floats:
    """Return the logits of x_s, x_w and x_s + x_w, (3, case)."""
    return np.concatenate([n, n.sum(axis=0, keepdims=True)])


def flow(model: str, mixed: Mixture, loss: str, start: float, learned: float, last_time: float) -> Flow:
    """Follow a model until every case has learned all its samples, and the first case has reached `last_time`.

    Fixed steps of Runge and Kutta's fourth order in u, du = |d(N + ln N)| summed over both logits (linear model: |dN|):
    neither the exponential start nor the slow end is stiff in it. Time is integrated along. A step that passes the
    level of a group of samples is cut to end there, so that the hinge's kink is never stepped over.
    """
    n = first_logits(model, mixed, start)
    t, present = np.zeros(n.shape[1]), mixed.share > 0
    reached = np.full_like(mixed.share, np.inf)
    stop, stopped = np.full_like(t, np.inf), np.full_like(n, np.nan)
    times, logits, slopes = [t], [n], []
    for _ in range(MOST_STEPS):
        ahead = np.isinf(reached)
        weight = mixed.share * (ahead if loss == "hinge" else 1.0)
        push = _Push(SPEED[model], loss, weight, mixed.norm, model == "linear")
        begins = push.velocity(n)
        n, taken = _landing_step(push, n, learned, ahead)
        slopes.append((begins, push.velocity(n)))
        t = t + taken
        reached = np.where(ahead & (margins(n) >= learned * (1 - 1e-6)), t, reached)
        done = np.isinf(stop) & np.isfinite(np.where(present, reached, 0)[[0, 2]]).all(axis=0)
        stop, stopped = np.where(done, t, stop), np.where(done, n, stopped)
        times.append(t)
        logits.append(n)
        if not taken.any() or (np.isfinite(np.where(present, reached, 0)).all() and t[0] >= last_time):
            break
    return Flow(np.array(times), np.array(logits), np.array(slopes), reached, stop, stopped)


@dataclass(frozen=True, eq=False)
class _Push:
    """The right-hand side: dN/du and dt/du."""

    speed: Callable[[Floats, Floats, Floats], Floats]
    loss: str
    weight: Floats  # (3, case): shares of the groups of samples that still push
    norm: Floats
    linear: bool

    def velocity(self, n: Floats) -> Floats:
        """Return dN/dt."""
        g = pull(self.loss, margins(n)) * self.weight if self.loss == "cross_entropy" else self.weight
        return self.speed(n, g[:2] + g[2], self.norm)

    def __call__(self, n: Floats) -> tuple[Floats, Floats]:
        speed = self.velocity(n)
        length = (speed if self.linear else speed * (1 + 1 / n)).sum(axis=0)
        slowness = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
        return speed * slowness, slowness

    def step(self, n: Floats, h: Floats) -> tuple[Floats, Floats]:
        """Take one step of lengths h, (case,): return N and the time taken."""
        a, s = self(n)
        b, m = self(n + h / 2 * a)
        c, k = self(n + h / 2 * b)
        d, e = self(n + h * c)
        return n + h / 6 * (a + 2 * (b + c) + d), h / 6 * (s + 2 * (m + k) + e)


def _landing_step(push: _Push, n: Floats, learned: float, ahead: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Take a step of length STEP, in cases that would pass the level of a group of samples a shorter one, up to it."""
    h = np.full(n.shape[1], STEP)
    then, taken = push.step(n, h)
    before = margins(n)
    passing = ahead & (margins(then) > learned)
    for _ in range(LANDINGS if passing.any() else 0):
        gain = np.where(passing, margins(then) - before, 1.0)
        h = np.minimum(h * np.where(passing, (learned - before) / gain, np.inf).min(axis=0), STEP)
        then, taken = push.step(n, h)
    return then, taken


def bound(model: str, p: Floats, strong: float, weak: float, learned: float, start: float) -> Floats:
    """Return what N_w is at most when N_s reaches `learned`, no sample having the weak feature only, (case,).

    Since g falls, G_w <= p G_s. Linear: N_w <= p (n_w / n_s)^2 N_s; private: N_w <= N0 (N_s / N0)^(p n_w / n_s). The
    shared model has no such proof; its flow kept to the linear one's bound wherever it was run.
    """
    if model == "private":
        return np.asarray(start * (learned / start) ** (p * weak / strong))
    return np.asarray(p * (weak / strong) ** 2 * learned)
