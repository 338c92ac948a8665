"""Two features of a linearised network that compete for one label: the fixed points of ridge and Spectral Decoupling.

The setting of Pezeshki et al. 2021 (2011.09468): yhat = Phi theta with Y Phi = U S V^T, strengths s_i, responses
z = U^T Y yhat = S V^T theta. Two samples, both of class 1, and U a rotation by `angle`, so that Y yhat = U z. The loss
is the sum over samples of log(1 + exp(-Y yhat)) and (lam / 2) |theta|^2 (ridge) or (lam / 2) |yhat|^2 (Spectral
Decoupling); theta = V S^-1 z, so in z both are

    sum softplus(-U z) + (lam / 2) sum_i z_i^2 / s_i^2      ridge
    sum softplus(-U z) + (lam / 2) sum_i z_i^2              Spectral Decoupling.

The second knows no strengths: its fixed point is Y yhat = m on both samples, m (1 + e^m) = 1 / lam. The fixed points
are derived and checked here; they are not read from the paper.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr, expit  # type: ignore[import-untyped]

from core.theory.decoupling import decoupled_margin

Floats = NDArray[np.float64]

PENALTIES = ("ridge", "spectral_decoupling")

NEWTON_STEPS = 100


def mixing(angle: float) -> Floats:
    """Return U, (sample, feature): the rotation by `angle` degrees. At 30 it is [[.866, -.5], [.5, .866]]."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array([[cos, -sin], [sin, cos]])


def decoupled_responses(angle: float, lam: float) -> Floats:
    """Return z, (feature,), at Spectral Decoupling's fixed point: U^T (m, m)."""
    return np.asarray(mixing(angle).T @ np.full(2, decoupled_margin(lam)))


def ridge_responses(strengths: ArrayLike, angle: float, lam: float) -> Floats:
    """Return z, (..., feature), at the fixed point of ridge cross-entropy for strengths (..., feature).

    Newton's method on the primal from z = 0; a step that would raise the objective is halved.
    """
    weight = lam / np.square(np.asarray(strengths, np.float64))
    u, z = mixing(angle), np.zeros_like(weight)
    for _ in range(NEWTON_STEPS):
        off = expit(-z @ u.T)  # (..., sample)
        slope = weight * z - off @ u
        curve = np.einsum("si,...s,sj->...ij", u, off * (1 - off), u) + weight[..., None] * np.eye(2)
        step = np.linalg.solve(curve, slope[..., None])[..., 0]
        if not (np.abs(step) > 1e-14 * (1 + np.abs(z))).any():
            break
        z = _shortened(z, step, u, weight)
    return z


def _shortened(z: Floats, step: Floats, u: Floats, weight: Floats) -> Floats:
    """Return z - step, the step halved where the objective would rise."""

    def objective(at: Floats) -> Floats:
        return np.asarray(np.logaddexp(0, -at @ u.T).sum(axis=-1) + (weight * at**2).sum(axis=-1) / 2)

    before, share = objective(z), np.ones(z.shape[:-1])
    for _ in range(30):
        rises = objective(z - share[..., None] * step) > before * (1 + 1e-12)
        if not rises.any():
            break
        share = np.where(rises, share / 2, share)
    return np.asarray(z - share[..., None] * step)


def responses_of_dual(alpha: ArrayLike, strengths: ArrayLike, angle: float, lam: float) -> Floats:
    """Return z = S^2 U^T alpha / lam, (feature,), of dual variables alpha in (0, 1), (sample,)."""
    return np.asarray(np.square(strengths) / lam * (mixing(angle).T @ np.asarray(alpha, np.float64)))


def dual_objective(alpha: ArrayLike, strengths: ArrayLike, angle: float, lam: float) -> float:
    """Return H(alpha) - |S U^T alpha|^2 / (2 lam), H the sum of binary entropies: its maximum is ridge's minimum."""
    a = np.asarray(alpha, np.float64)
    pull = np.asarray(strengths, np.float64) * (mixing(angle).T @ a)
    return float(np.sum(entr(a) + entr(1 - a)) - np.sum(pull**2) / (2 * lam))


def objective(z: ArrayLike, strengths: ArrayLike, angle: float, lam: float, penalty: str) -> Floats:
    """Return the loss with its penalty at responses z, (..., feature)."""
    at = np.asarray(z, np.float64)
    weight = 1 / np.square(np.asarray(strengths, np.float64)) if penalty == "ridge" else np.ones(2)
    return np.asarray(np.logaddexp(0, -at @ mixing(angle).T).sum(axis=-1) + lam / 2 * (weight * at**2).sum(axis=-1))


def starvation(strengths: ArrayLike, angle: float, lam: float) -> Floats:
    """Return d z_2 / d s_1 at ridge's fixed point, for strengths (..., feature).

    The slope of the objective stays 0 as s_1 moves: d z / d s_1 = curvature^-1 (2 lam z_1 / s_1^3, 0). It is 0 where U
    is diagonal; for an angle between 0 and 45 degrees it is negative beyond s_1 = s_2, 0 there, and positive below:
    starved is the weaker feature.
    """
    s = np.asarray(strengths, np.float64)
    u, z = mixing(angle), ridge_responses(s, angle, lam)
    off = expit(-z @ u.T)
    curve = np.einsum("si,...s,sj->...ij", u, off * (1 - off), u) + (lam / s**2)[..., None] * np.eye(2)
    force = np.zeros_like(z)
    force[..., 0] = 2 * lam * z[..., 0] / s[..., 0] ** 3
    return np.asarray(np.linalg.solve(curve, force[..., None])[..., 1, 0])
