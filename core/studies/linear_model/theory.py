"""Where SGD on an over-parameterised linear model ends, which depends on where it starts.

In the spirit of Theorem 1 of Nakkiran et al. 2019 (1905.11604), whose own constants and distribution are not known to
us: inputs x = (s, z) with s = +-1 the true label and z ~ N(0, sigma^2 I_d), training labels y that are s flipped with
probability eta, squared loss, w_0 = (a, 0, ..., 0). Every step of SGD moves w by a multiple of a sample, so w stays in
w_0 + span(rows of X), and the only interpolator there is the one nearest to w_0.

With A = Z Z^T, (n, n), all of it is known from A, s and the residual rho = y - a s: no d x d matrix is needed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr  # type: ignore[import-untyped]

Floats = NDArray[np.float64]


def population_accuracy(signal: ArrayLike, noise: ArrayLike, sigma: float) -> Floats:
    """Return P(sign(w.x) = s) = Phi(w_1 / (sigma |w_z|)) over fresh x, exact for every w.

    Args:
        signal: w_1, any shape.
        noise: |w_z|, of the same shape. Where it is 0 the sign of w_1 decides: 1, 0, or 1/2 for w = 0, which
            says nothing.
        sigma: of z.

    What is not finite gives NaN.
    """
    one, length = np.broadcast_arrays(np.asarray(signal, np.float64), np.asarray(noise, np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.where((one == 0) & (length == 0), 0.0, one / (sigma * length))
    return np.where(np.isfinite(one) & np.isfinite(length), ndtr(margin), np.nan)


def population_table(accuracy: ArrayLike, eta: float) -> Floats:
    """Return P(F, L, Y), (..., 2, 2, 2), of F = sign(w.x), L = sign(x_1) = s, and a label Y that is s flipped with eta.

    F errs alike on both classes, and Y is flipped whatever z is: P(f, l, y) = P(f | l) P(y | l) / 2. So F and Y are
    independent given L, and L explains all that F says about Y: mu_Y(F; L) = I(F; Y) = 1 - h(p (1 - eta) + (1 - p) eta)
    with p the accuracy on s. With eta = 0, Y is the clean label.
    """
    p = np.asarray(accuracy, np.float64)[..., None, None, None]
    same_f_l = np.eye(2)[:, :, None]
    same_l_y = np.eye(2)[None, :, :]
    f_given_l = np.where(same_f_l > 0, p, 1 - p)
    y_given_l = np.where(same_l_y > 0, 1 - eta, eta)
    return np.asarray(f_given_l * y_given_l / 2)


def interpolator(gram: Floats, s: Floats, y: Floats, start: ArrayLike) -> tuple[Floats, Floats]:
    """Return (w_1, |w_z|) of the interpolator nearest to each start, w_0 + X^T (X X^T)^-1 (y - X w_0).

    Args:
        gram: Z Z^T, (n, n).
        s: true labels, (n,).
        y: training labels, (n,).
        start: a, (start,).
    """
    a = np.asarray(start, np.float64)
    pull = np.asarray(np.linalg.solve(gram + np.outer(s, s), y[:, None] - s[:, None] * a), np.float64)  # (n, start)
    return weights(gram, s, a, pull.T)


def weights(gram: Floats, s: Floats, start: Floats, pull: Floats) -> tuple[Floats, Floats]:
    """Return (w_1, |w_z|) of w = w_0 + X^T c, each (..., start).

    Args:
        gram: Z Z^T, (..., n, n).
        s: (..., n).
        start: a, (start,).
        pull: c, (..., start, n).
    """
    signal = start + np.einsum("...sn,...n->...s", pull, s)
    squared = np.einsum("...sn,...sn->...s", pull @ gram, pull)
    return signal, np.sqrt(np.maximum(squared, 0))


def approximate(n: float, d: ArrayLike, start: ArrayLike, eta: float, sigma: float) -> tuple[Floats, Floats]:
    """Return (w_1, |w_z|) of the nearest interpolator for large n and d > n, shapes broadcast.

    A^-1 is an inverse Wishart matrix, near to 1 / (sigma^2 D) with D = d - n. With |rho|^2 and S = s.rho at their means
    and t = S / (sigma^2 D + n): w_1 = a + t, sigma^2 |w_z|^2 = (|rho|^2 - 2 S t + n t^2) / D.
    """
    a, spare = np.asarray(start, np.float64), np.asarray(d, np.float64) - n
    squared = n * ((1 - eta) * (1 - a) ** 2 + eta * (1 + a) ** 2)  # |rho|^2
    along = n * (1 - 2 * eta - a)  # S
    t = along / (sigma**2 * spare + n)
    return np.asarray(a + t), np.sqrt((squared - 2 * along * t + n * t**2) / spare) / sigma
