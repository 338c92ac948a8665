"""One mode of a two-layer ReLU classifier: a class (or feature) of its own, whose neurons share one clock.

The setting is that of Tachet des Combes et al. 2018 (1809.06848), whose body could not be read: the formulas here are
derived, and checked against networks in training. Neurons are active on points of one direction x only, which is a
share p of the data. With y_i = w_i.x / |x| and z_i the output weight times the class sign, gradient flow of the mean
loss is

    y_i' = r z_i,   z_i' = r y_i,   r = R g(N),   R = p |x|,   N = |x| sum_i y_i z_i,   g(N) = -dl/dN.

So y_i^2 - z_i^2 stays, every neuron moves by the same clock tau with tau' = r, and one number N says all:

    y_i + z_i = (y_i + z_i)(0) e^tau,   y_i - z_i = (y_i - z_i)(0) e^-tau,   N' = 2 R sqrt(N^2 + kappa^2) g(N).

A neuron that starts with y > 0 > y + z is doomed: it reaches y = 0 at a finite tau and is off from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq  # type: ignore[import-untyped]
from scipy.special import expi, expit, lambertw, wrightomega  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

NODES = 2001
"""Values of tau at which a curve is known exactly; between them it is interpolated."""

LARGEST = 50.0
"""A logit beyond which cross-entropy is not followed: exp(N) and Ei(N) would outgrow any time on screen."""

PENULTIMATE = 1e-9
"""How near to its target the squared loss is followed."""


def pull(loss: str, logit: ArrayLike) -> Floats:
    """Return g = -dl/dN at margins N: sigmoid(-N), 1 where N < 1, or 1 - N."""
    n = np.asarray(logit, np.float64)
    if loss == "cross_entropy":
        return np.asarray(expit(-n))
    return np.where(n < 1, 1.0, 0.0) if loss == "hinge" else np.asarray(1 - n)


def soft_error(logit: ArrayLike) -> Floats:
    """Return sigmoid(-N), the probability given to the wrong class: a mode's own 0/1 error is a step."""
    return np.asarray(expit(-np.asarray(logit, np.float64)))


@dataclass(frozen=True, eq=False)
class Neurons:
    """The neurons of a mode at step 0. Those with y <= 0 are off and stay off."""

    first: Floats  # (unit,): y, the first layer along x / |x|
    head: Floats  # (unit,): z, the output weight times the class sign
    norm: float  # |x|

    @cached_property
    def _by_death(self) -> tuple[Floats, Floats, Floats]:
        """tau at which each neuron that is on at first dies (inf: never), ascending; and (y + z)^2, (y - z)^2."""
        on = self.first > 0
        y, z = self.first[on], self.head[on]
        plus, minus = y + z, y - z
        with np.errstate(divide="ignore", invalid="ignore"):
            death = np.where(plus < 0, 0.5 * np.log(minus / -plus), np.inf)
        order = np.argsort(death, kind="stable")
        return death[order], plus[order] ** 2, minus[order] ** 2

    @property
    def deaths(self) -> Floats:
        """Values of tau at which a neuron goes off, ascending."""
        death = self._by_death[0]
        return death[np.isfinite(death)]

    @property
    def kappa(self) -> float:
        """|x| sqrt(P M) / 2 of the neurons that are on at first; 0 if each is balanced, y = z."""
        _, growing, shrinking = self._by_death
        return float(self.norm / 2 * np.sqrt(growing.sum() * shrinking.sum()))

    def logit(self, clock: ArrayLike) -> Floats:
        """Return N at values of tau; the dead no longer count."""
        tau = np.asarray(clock, np.float64)
        death, growing, shrinking = self._by_death
        gone = np.searchsorted(death, tau, side="right")
        p, m = (np.concatenate([np.cumsum(part[::-1])[::-1], [0.0]])[gone] for part in (growing, shrinking))
        return np.asarray(self.norm / 4 * (p * np.exp(2 * tau) - m * np.exp(-2 * tau)))

    def growth(self, clock: ArrayLike) -> Floats:
        """Return dN/dtau at values of tau: 2 sqrt(N^2 + kappa^2), kappa being that of the living."""
        tau = np.asarray(clock, np.float64)
        death, growing, shrinking = self._by_death
        gone = np.searchsorted(death, tau, side="right")
        p, m = (np.concatenate([np.cumsum(part[::-1])[::-1], [0.0]])[gone] for part in (growing, shrinking))
        return np.asarray(self.norm / 2 * (p * np.exp(2 * tau) + m * np.exp(-2 * tau)))

    def weights(self, clock: ArrayLike) -> tuple[Floats, Floats]:
        """Return y and z of every neuron at values of tau, (unit, ...): where they stopped, for the dead."""
        tau = np.asarray(clock, np.float64)
        y, z = (part.reshape(-1, *[1] * tau.ndim) for part in (self.first, self.head))
        plus, minus = y + z, y - z
        with np.errstate(divide="ignore", invalid="ignore"):
            death = np.where((plus < 0) & (y > 0), 0.5 * np.log(minus / -plus), np.inf)
        own = np.where(y > 0, np.minimum(tau, death), 0.0)
        a, b = plus * np.exp(own), minus * np.exp(-own)
        return np.where(tau >= death, 0.0, (a + b) / 2), (a - b) / 2

    def last_clock(self, loss: str, slowness: float) -> float:
        """Return a tau by which the curve has ended, or passed the time slowness / R; inf if it never grows.

        It is the tau at which N is 1 (hinge, squared), or so large that cross-entropy takes longer to come there.
        """
        end = self._largest(slowness) if loss == "cross_entropy" else 1.0
        if loss == "squared":
            end -= PENULTIMATE
        death, growing, shrinking = self._by_death
        p, m = growing[~np.isfinite(death)].sum(), shrinking[~np.isfinite(death)].sum()
        if p == 0:
            return float(death[-1]) if len(death) else 0.0
        n = 4 * end / self.norm  # of the survivors: P e^2tau - M e^-2tau = n
        alone = 0.5 * np.log((n + np.sqrt(n * n + 4 * p * m)) / (2 * p))
        if self.logit(alone) >= end * (1 - 1e-12):
            return max(float(alone), 0.0)
        low, high = float(alone), float(alone) + 1  # doomed neurons still subtract at the survivors' tau
        while self.logit(high) < end:
            high += 1
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.logit(middle) < end else (low, middle)
        return high

    def _largest(self, slowness: float) -> float:
        """Return a logit that cross-entropy does not pass by the time slowness / R, at most `LARGEST`.

        (e^N)' = 2 R sqrt(N^2 + kappa^2) e^N g <= 2 R (N + K), K = |x| M / 2 at tau = 0: so e^N <= e^N0 + 2 R t (N + K).
        """
        first = float(self.logit(0))
        if first >= LARGEST:
            return first
        most, more = LARGEST, self.norm / 2 * float(self._by_death[2].sum())
        for _ in range(6):  # from above, and never below the end
            most = min(float(np.logaddexp(first, np.log(2 * slowness * (most + more)))), LARGEST)
        return most


@dataclass(frozen=True, eq=False)
class Curve:
    """A mode over time: exact at its nodes, where tau is the variable and t an integral."""

    neurons: Neurons
    clock: Floats  # (node,): tau
    time: Floats  # (node,)
    stops: bool  # whether nothing moves after the last node

    def logit(self, time: ArrayLike) -> Floats:
        """Return N at times; NaN beyond the last node of a curve that goes on."""
        return self.neurons.logit(self.clock_at(time))

    def clock_at(self, time: ArrayLike) -> Floats:
        """Return tau at times; NaN beyond the last node of a curve that goes on."""
        right = self.clock[-1] if self.stops else np.nan
        return np.asarray(np.interp(np.asarray(time, np.float64), self.time, self.clock, right=right))

    def time_to(self, logit: float) -> float:
        """Return when N first is `logit`; inf if it never is within the nodes."""
        n = self.neurons.logit(self.clock)
        if n[0] >= logit:
            return 0.0
        reached = np.flatnonzero(n >= logit * (1 - 1e-9))
        if not len(reached):
            return np.inf
        after = int(reached[0])
        return float(np.interp(logit, n[after - 1 : after + 1], self.time[after - 1 : after + 1]))


def curve(neurons: Neurons, rate: float, loss: str, last_time: float) -> Curve:
    """Return a mode's curve up to at least `last_time`, where `rate` is R = p |x|.

    One pass of the trapezoid rule over t = (1/R) integral dtau / g(N(tau)), with N in closed form: no solver.
    """
    end = neurons.last_clock(loss, rate * last_time)
    if not end:  # no neuron is on: nothing moves
        return Curve(neurons, np.zeros(2), np.array([0.0, last_time]), stops=True)
    left = np.linspace(1, 0, NODES)
    if loss == "squared":  # the end takes for ever: nodes close in on it
        left = np.concatenate([np.linspace(1, 1e-3, NODES // 2, endpoint=False), np.geomspace(1e-3, 1e-9, NODES // 2)])
    tau = end * (1 - left)
    n = neurons.logit(tau)
    if loss == "hinge":
        return Curve(neurons, tau, tau / rate, stops=True)
    steepness = 1 / (rate * np.maximum(pull(loss, n), 1e-300))
    time = np.concatenate([[0.0], np.cumsum((steepness[1:] + steepness[:-1]) / 2 * np.diff(tau))])
    survivors = len(neurons.deaths) < int((neurons.first > 0).sum())
    return Curve(neurons, tau, time, stops=loss == "squared" or not survivors)


def inflection(one: Curve, loss: str) -> tuple[float, float]:
    """Return when the soft error falls fastest, and the error then; NaN where that is at one end of the curve.

    E = sigmoid(-N) has -E' = E (1 - E) R g dN/dtau. Under the hinge loss E falls ever faster until it stands still.
    """
    n = one.neurons.logit(one.clock)
    fall = soft_error(n) * soft_error(-n) * pull(loss, n) * one.neurons.growth(one.clock)
    at = int(np.argmax(fall))
    if loss == "hinge" or not 0 < at < len(fall) - 1:
        return np.nan, np.nan
    before, here, after = fall[at - 1 : at + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0  # of the parabola's top, in nodes
    clock = one.clock[at] + shift * (one.clock[at + 1] - one.clock[at])
    return float(np.interp(clock, one.clock, one.time)), float(soft_error(one.neurons.logit(clock)))


def balanced_inflection(depth: int = 2) -> float:
    """Return the soft error at which it falls fastest in a balanced mode under cross-entropy, whatever the rate.

    N' is in proportion to N^a sigmoid(-N), a = 2 - 2 / depth, so a / N + 1 = 3 sigmoid(N) there: .29145 for two layers.
    One layer: 2/3, before the curve of a start from N = 0 begins.
    """
    power = 2 - 2 / depth
    if not power:
        return 2 / 3
    return float(soft_error(brentq(lambda n: power / n + 1 - 3 * expit(n), 0.1, 10, xtol=1e-14)))


def balanced_time(start: ArrayLike, end: ArrayLike, rate: float) -> Floats:
    """Return the time in which cross-entropy takes a balanced mode (kappa = 0) from N = start > 0 to N = end.

    T = [ln(N1 / N0) + Ei(N1) - Ei(N0)] / (2R).
    """
    n0, n1 = np.asarray(start, np.float64), np.asarray(end, np.float64)
    return np.asarray((np.log(n1 / n0) + expi(n1) - expi(n0)) / (2 * rate))


def hinge_logit(start: float, kappa: float, rate: float, time: ArrayLike) -> Floats:
    """Return N under the hinge loss, no neuron dying: kappa sinh(2Rt + asinh(N0 / kappa)), at most 1."""
    t = np.asarray(time, np.float64)
    if kappa == 0:
        return np.minimum(start * np.exp(np.minimum(2 * rate * t, 700)), 1.0)
    angle = np.minimum(2 * rate * t + np.arcsinh(start / kappa), 700)
    return np.asarray(np.minimum(kappa * np.sinh(angle), 1.0))


def hinge_time(start: float, kappa: float, rate: float, end: float = 1.0) -> float:
    """Return when N = end under the hinge loss, no neuron dying: [asinh(m / kappa) - asinh(N0 / kappa)] / (2R)."""
    if kappa == 0:
        return float(np.log(end / start) / (2 * rate))
    return float((np.arcsinh(end / kappa) - np.arcsinh(start / kappa)) / (2 * rate))


def linear_logit(start: float, norm: float, share: float, loss: str, time: ArrayLike) -> Floats:
    """Return N of one layer, N = w.x on its own direction: N' = p |x|^2 g(N). Not sigmoidal from N0 >= 0.

    Cross-entropy: N + e^N = N0 + e^N0 + p |x|^2 t, by Wright's omega function.
    """
    t = share * norm**2 * np.asarray(time, np.float64)
    if loss == "cross_entropy":
        return np.asarray(np.log(wrightomega(start + np.exp(start) + t)))
    return np.minimum(start + t, 1.0) if loss == "hinge" else 1 - (1 - start) * np.exp(-t)


def late_logit(rate: float, time: ArrayLike) -> Floats:
    """Return what N comes to late under cross-entropy: e^N / N = 2Rt, so N = -W_-1(-1 / (2Rt)); 2Rt above e."""
    with np.errstate(invalid="ignore"):
        return np.asarray(-lambertw(-1 / (2 * rate * np.asarray(time, np.float64)), -1).real)
