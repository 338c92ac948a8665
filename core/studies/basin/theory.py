"""Which neurons of a two-layer ReLU classifier learn, which die, and when: closed forms over their initializations.

A neuron of one class (see `theory.modes`) starts at y, its first layer along x / |x|, and z, its output weight times
the class sign. Alone, or with others of its class, it

    learns                y > 0 and y + z > 0: it turns at z = 0, or never has to, and grows for good
    will die              y > 0 > y + z: it reaches y = 0 at tau = ln[(y - z) / |y + z|] / 2, where z^2 is z0^2 - y0^2
    is on the boundary    y > 0 = y + z: it reaches the saddle (0, 0) in infinite time
    is inactive (dead)    y <= 0: no point of the class sees it, so nothing moves

under cross-entropy as under the hinge loss, for the clock tau alone tells them apart. The picture is that of Tachet des
Combes et al. 2018 (1809.06848), whose body could not be read; the law is derived, and checked on neurons in training.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr  # type: ignore[import-untyped]

from core.theory.modes import NODES as CURVE_NODES
from core.theory.modes import Curve, Neurons, curve, pull

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]

FATES = ("learns", "doomed", "dead", "border")
"""What becomes of a neuron, by the words of the tables."""
FATE_NAMES = dict(zip(FATES, ("learns", "will die", "inactive (dead)", "on the boundary"), strict=True))
"""What a person reads of each."""
LEARNS, WILL_DIE, DEAD, BORDER = range(4)

NODES = 64
"""Of the Gauss-Legendre rule over tau: times to 1e-6 of themselves on the map, its boundary left out."""
_ROOTS, _WEIGHTS = np.polynomial.legendre.leggauss(NODES)


def fate(z: ArrayLike, y: ArrayLike) -> Codes:
    """Return the numbers in `FATES` of initializations (z, y), which broadcast."""
    head, first = np.asarray(z, np.float64), np.asarray(y, np.float64)
    reach = first + head
    on = first > 0
    return np.asarray(DEAD - 2 * (on & (reach > 0)) - (on & (reach < 0)) + (on & (reach == 0)), np.int8)


def time_to_fate(
    z: ArrayLike, y: ArrayLike, *, norm: float = 1.0, rate: float = 1.0, loss: str = "cross_entropy", target: float = 1
) -> Floats:
    """Return when single neurons reach N = `target`, or die; inf on the boundary, NaN for inactive ones.

    Args:
        z: output weights times the class sign; broadcasts with `y`.
        y: first layer along x / |x|.
        norm: |x|.
        rate: R = p |x|, the class being a share p of the data.
        loss: cross_entropy, or hinge, under which N ends at 1.
        target: N at which a neuron counts as having learned: above 0.
    """
    head, first = np.broadcast_arrays(np.asarray(z, np.float64), np.asarray(y, np.float64))
    found = fate(head, first)
    time = np.where(found == BORDER, np.inf, np.nan)
    for code in (LEARNS, WILL_DIE):
        here = found == code
        plus, minus = first[here] + head[here], first[here] - head[here]
        clock = _clock_to(target, norm, plus, minus) if code == LEARNS else 0.5 * np.log(minus / -plus)
        time[here] = elapsed(clock, norm * plus**2 / 4, norm * minus**2 / 4, loss) / rate
    return time


def _clock_to(target: float, norm: float, plus: Floats, minus: Floats) -> Floats:
    """Return tau at which N = |x| (plus^2 e^2tau - minus^2 e^-2tau) / 4 is `target`; 0 if it is more at tau = 0."""
    n = 2 * target / norm
    return np.maximum(0.5 * np.log((n + np.hypot(n, plus * minus)) / plus**2), 0)


def elapsed(clock: Floats, growing: Floats, shrinking: Floats, loss: str) -> Floats:
    """Return the time R t in which tau reaches `clock`, where N = growing e^2tau - shrinking e^-2tau.

    R t = integral dtau / g(N), 1 / g being 1 + e^N under cross-entropy and 1 under the hinge loss.
    """
    if loss == "hinge":
        return clock
    total = np.zeros_like(clock)
    for root, weight in zip(_ROOTS, _WEIGHTS, strict=True):
        doubled = np.exp(clock * (1 + root))
        total += weight * np.exp(growing * doubled - shrinking / doubled)
    return clock + clock / 2 * total


def shares(sigma_y: float, sigma_z: float) -> tuple[float, float, float]:
    """Return how likely a neuron learns, will die and is inactive, y ~ N(0, sigma_y^2) and z ~ N(0, sigma_z^2).

    3/8, 1/8 and 1/2 at equal scales.
    """
    wedge = float(np.arctan2(sigma_z, sigma_y) / (2 * np.pi))
    return 0.5 - wedge, wedge, 0.5


def success(width: ArrayLike, sigma_y: float = 1.0, sigma_z: float = 1.0) -> Floats:
    """Return P(class learns) at a width: that not all of its neurons fail, 1 - (5/8)^h at equal scales."""
    return np.asarray(1 - (1 - shares(sigma_y, sigma_z)[0]) ** np.asarray(width, np.float64))


def revival(cosine: ArrayLike, sigma_y: float = 1.0, sigma_z: float = 1.0) -> Floats:
    """Return the share of a class's dying neurons that become active on the other class, trained long enough.

    Of those that start inactive on the other class. On its way from y0 to 0 a dying neuron moves by -y0 along x, so by
    y0 |c| towards x', the angle of the two having the cosine c <= 0. With u = w . x' / |x'| it becomes active iff
    u0 + |c| y0 > 0. Since u0 = c y0 + sqrt(1 - c^2) v with v ~ N(0, sigma_y^2) independent of y0, it starts inactive
    iff v < k y0, and becomes active iff also v > 0, where k = |c| / sqrt(1 - c^2). What is left is a mean over y0.
    """
    c = np.abs(np.asarray(cosine, np.float64))[..., None]
    y = np.linspace(0, 8, 801)  # y0 / sigma_y
    weight = np.exp(-y * y / 2) * ndtr(-y * sigma_y / sigma_z)  # of dying neurons over y0
    off = ndtr(c / np.sqrt(1 - c * c) * y)
    return np.asarray(np.trapezoid(weight * (off - 0.5), y, axis=-1) / np.trapezoid(weight * off, y, axis=-1))


def alone(z: float, y: float, *, norm: float, rate: float, loss: str, last_time: float) -> Curve:
    """Return the motion of a single neuron up to at least `last_time`; on the boundary, too."""
    neuron = Neurons(np.array([y]), np.array([z]), norm)
    if fate(z, y) != BORDER:
        return curve(neuron, rate, loss, last_time)
    clock = np.linspace(0, rate * last_time, CURVE_NODES)  # N <= 0, so that 1 <= 1 / g <= 2
    slowness = 1 / (rate * pull(loss, neuron.logit(clock)))
    time = np.concatenate([[0.0], np.cumsum((slowness[1:] + slowness[:-1]) / 2 * np.diff(clock))])
    return Curve(neuron, clock, time, stops=False)
