"""Extremal directions in any number of inputs: where the residual of f = 0, held fixed, turns units to.

A balanced unit of sign s turns by du/dt = s grad_sphere G(u), G(u) = (1/K) sum_i r_i relu(u . x_i), until it rests at
a local maximum of s G (Maennel, Bousquet, Gelly 2018, 1803.08367; derived in `core.theory.kinks`, which lists them all
for data on a line). In more inputs there are too many sectors to list, so each unit's own is found by following it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.observables.directions import NONE, cosines, groups

Real = NDArray[np.floating]

TURN, HALVINGS, STEPS = 0.5, 10, 120
"""Steps of the flow have a length of TURN / mean |r| |x|, at first, and are halved after so many, so many times.

A unit that rests with a point on its border goes to and fro across it by a step: halving brings it to the border."""

REST = 1e-5
"""Before the first halving the flow goes on until no unit turns by more than this many radians a step, on average."""
LONGEST = 4_000

STEPS_OF_SEARCH, HALVINGS_OF_SEARCH = (160, 40), 6
"""The search for the fastest takes so many steps at first, so many after each halving."""

SAME = 0.999
"""Units whose extremal directions have a larger cosine, and whose sign is the same, have the same one."""


NO_PUSH = 1e-6
"""|G| below this share of mean |r| |x| is none."""


@dataclass(frozen=True, eq=False)
class Extremal:
    """Where every unit turns to at f = 0."""

    direction: Real  # (unit, dim), of length 1; NaN where nothing pushes the unit: dead, or on a stretch of G = 0
    rate: Real  # (unit,): s G, d log|v| / dt there; NaN likewise
    group: NDArray[np.int64]  # (unit,): units of one number share the direction; NONE where nothing pushes

    @property
    def count(self) -> int:
        """How many distinct ones there are."""
        return int(self.group.max(initial=NONE)) + 1


def extremal_of(vectors: Real, sign: Real, x: Real, residual: Real) -> Extremal:
    """Follow every unit's direction to rest.

    Args:
        vectors: v at the start, (unit, dim), not 0.
        sign: of a, (unit,).
        x: inputs, the constant one included, (point, dim).
        residual: -dl/df at f = 0, (point,).
    """
    push = (residual / len(x))[:, None] * x  # (point, dim)
    scale = float(np.abs(residual) @ np.linalg.norm(x, axis=1) / len(x))
    u, step = unit(vectors), TURN / max(scale, 1e-300)
    for _ in range(LONGEST // STEPS):
        before = u
        u = _follow(u, sign, x, push, step, STEPS)
        if angles(before, u).max() < np.degrees(REST * STEPS):
            break
    for halving in range(1, HALVINGS + 1):
        u = _follow(u, sign, x, push, step / 2**halving, STEPS)
    rate = sign * (residual @ np.maximum(x @ u.T, 0)) / len(x)
    loose = np.abs(rate) <= NO_PUSH * scale
    # All units weigh the same here, so that a leader is the first of its group.
    weight = np.where(loose, 0.0, 1.0)
    found = groups(cosines(u.astype(np.float64)), sign.astype(np.int8), weight, cosine=SAME, share=1.0)
    return Extremal(np.where(loose[:, None], np.nan, u), np.where(loose, np.nan, rate), found.member)


def angles(one: Real, other: Real) -> Real:
    """Return the angle between directions of length 1, row by row, in degrees: (..., dim) each, (...).

    By the chord, whose rounding is harmless at small angles, where that of the cosine is not.
    """
    chord = np.linalg.norm(one - other, axis=-1)
    return np.asarray(np.degrees(2 * np.arcsin(np.clip(chord / 2, 0, 1))))


def unit(vectors: Real) -> Real:
    """Return vectors (..., dim) at length 1; those of length 0 stay."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1))


def _follow(u: Real, sign: Real, x: Real, push: Real, step: float, count: int) -> Real:
    """Return directions (unit, dim) after so many projected steps of d u/dt = s (D - (D . u) u)."""
    for _ in range(count):
        drive = sign[:, None] * ((u @ x.T > 0) @ push)  # (unit, dim)
        u = unit(u + step * (drive - (drive * u).sum(1, keepdims=True) * u))
    return u


def fastest(x: Real, residual: Real, starts: Real) -> tuple[Real, float, float]:
    """Return the direction in which a unit of either sign grows fastest, (dim,), the sign of its a, and its rate s G.

    Of the local maxima of s G that are found by following the directions `starts`, (start, dim), none of which is 0,
    and that of the residuals of one sign, sum of |r_i| x_i: nothing says that there is no larger one.
    """
    push = (residual / len(x))[:, None] * x  # (point, dim)
    scale = float(np.abs(residual) @ np.linalg.norm(x, axis=1) / len(x))
    best: tuple[Real, float, float] = (unit(starts)[0], 1.0, -np.inf)
    for sign in (1.0, -1.0):
        own = np.maximum(sign * residual, 0) @ x
        u = unit(np.concatenate([starts, own[None]]) if own.any() else starts)
        signs = np.full(len(u), sign, x.dtype)
        for halving in range(HALVINGS_OF_SEARCH):
            u = _follow(u, signs, x, push, TURN / max(scale, 1e-300) / 2**halving, STEPS_OF_SEARCH[halving > 0])
        rate = sign * (residual @ np.maximum(x @ u.T, 0)) / len(x)
        place = int(rate.argmax())
        if rate[place] > best[2]:
            best = (u[place], sign, float(rate[place]))
    return best
