"""What a network of small initialization is compared with: two linear splines and the lazy limit.

Each runs through all points. They are references only: training from a small start equals none of them in general.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]

from core.studies.kinks.theory.piecewise import PiecewiseLinear
from core.studies.kinks.theory.points import Floats, Points

CERTAIN = 1e-9
"""How far, relative to the cost of its own kink, a better one may be missed."""

ROUNDS = 100
NO_JUMP = 1e-9
"""Slope jumps below this share of the largest are the solver's rounding."""


def connect_the_dots(points: Points) -> PiecewiseLinear:
    """Return the linear interpolant, its end pieces prolonged: in one dimension the only triangulation of the data."""
    slopes = np.diff(points.y) / np.diff(points.x)
    offset = float(points.y[0] - slopes[0] * points.x[0])
    return PiecewiseLinear(points.x[1:-1], np.diff(slopes), float(slopes[0]), offset)


def norm_without_biases(f: PiecewiseLinear) -> float:
    """Return max(integral |f''|, |f'(-inf) + f'(inf)|), the least sum of |a| |w| that makes f, up to a constant.

    Biases free of charge (Savarese et al. 2019, 1902.05040): `connect_the_dots` is a minimiser, seldom the only one.
    """
    return max(float(np.abs(f.slope_jump).sum()), abs(f.slope + f.last_slope))


def norm_with_biases(f: PiecewiseLinear) -> float:
    """Return integral sqrt(1 + x^2) |f''|, the least sum of |a| |(w, b)| that makes f, up to a line.

    (Boursier, Flammarion 2023, 2303.01353; the line is a free skip connection there.)
    """
    return float((np.hypot(1, f.kink) * np.abs(f.slope_jump)).sum())


def minimum_norm(points: Points) -> PiecewiseLinear:
    """Return the interpolant of least integral sqrt(1 + x^2) |f''| (Boursier, Flammarion 2023, 2303.01353).

    Unique and sparse in kinks. Of the references it is the nearest to training from a small balanced start, which
    measures |(w, b)|; but its line is free, and the network has none.

    With J_i the slope jumps of `connect_the_dots` and hat_i the linear interpolant of 1 at x_i and 0 at other points,
    f with jumps c_k at kinks k runs through the points if sum_k c_k hat_i(k) = J_i. That is a linear program over
    kinks, whose multipliers mu_i, joined by lines, may exceed sqrt(1 + k^2) nowhere: kinks are added where they do
    most, until they do so by less than a share of 1e-9. For x in [-1, 1] no kink lies outside the inner points.
    (The program is derived here.) Raises ArithmeticError if its solver fails.
    """
    dots = connect_the_dots(points)
    inner, scale = dots.kink, np.abs(dots.slope_jump).max(initial=0)
    if scale == 0:
        return PiecewiseLinear(np.zeros(0), np.zeros(0), dots.slope, dots.offset)
    kinks = inner
    for _ in range(ROUNDS):
        jump, multiplier = _least(inner, dots.slope_jump / scale, kinks)
        better = np.setdiff1d(_steepest(inner, multiplier), kinks)
        if not len(better):
            break
        kinks = np.union1d(kinks, better)
    else:
        raise ArithmeticError(f"minimum-norm spline: not found in {ROUNDS} rounds.")
    kink, jump = _united(kinks, jump * scale, points.x)
    return PiecewiseLinear(kink, jump, dots.slope, dots.offset)


def _steepest(inner: Floats, multiplier: Floats) -> Floats:
    """Return the kinks between inner points at which |level + rise k| / sqrt(1 + k^2) is largest, if over 1."""
    rise = np.diff(multiplier) / np.diff(inner)  # of the line between two multipliers
    level = multiplier[:-1] - rise * inner[:-1]
    over = (np.hypot(level, rise) > 1 + CERTAIN) & (level != 0)  # the largest quotient is hypot(level, rise)
    best = np.divide(rise, level, out=np.full_like(rise, np.nan), where=over)
    return np.asarray(best[(best > inner[:-1]) & (best < inner[1:])])


def _least(inner: Floats, wanted: Floats, kinks: Floats) -> tuple[Floats, Floats]:
    """Solve the linear program: return the slope jump of each kink and the multiplier of each inner point."""
    cost = np.hypot(1, kinks)
    rows = np.stack([np.interp(kinks, inner, hat) for hat in np.eye(len(inner))]) / cost  # (inner point, kink)
    solved = linprog(
        np.ones(2 * len(kinks)),
        A_eq=np.hstack([rows, -rows]),
        b_eq=wanted,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if not solved.success:
        raise ArithmeticError(f"minimum-norm spline: the linear program was not solved ({solved.message}).")
    return (solved.x[: len(kinks)] - solved.x[len(kinks) :]) / cost, solved.eqlin.marginals


def _united(kink: Floats, jump: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Drop rounding and unite kinks of one sign in one gap: same values on the data, and no larger a cost (convex)."""
    kept = np.abs(jump) > NO_JUMP * np.abs(jump).max()
    kink, jump = kink[kept], jump[kept]
    place = np.searchsorted(x, kink, "left") + np.searchsorted(x, kink, "right")  # a gap, or a point
    group = 2 * place + (jump > 0)
    order = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    united = np.add.reduceat(jump[order], first)
    position = np.add.reduceat((jump * kink)[order], first) / united
    order = np.argsort(position, kind="stable")
    return position[order], united[order]


def lazy_limit(points: Points) -> Callable[[Floats], Floats]:
    """Return what gradient flow fits when weights hardly move: infinite width, v ~ N(0, sigma^2 I / m), |a| = |v|,
    units in pairs of opposite a (so f = 0 at the start), sigma to infinity.

    Regression with the kernel of the tangent features at the start, in closed form through the angle phi between x~
    and x~': E |v|^2 1 1' x~ . x~' + E relu relu' = |x~| |x~'| (3 (pi - phi) cos phi + sin phi) / (2 pi), in units of
    sigma^2. (Arc-cosine kernels: Cho, Saul 2009; the tangent kernel: Jacot, Gabriel, Hongler 2018, 1806.07572.)

    Not the cubic spline of Williams et al. 2019, which takes uniform initialization. A network of m units is off by
    about m^(-1/2).
    """
    weights = np.linalg.solve(_tangent_kernel(points.x, points.x), points.y)

    def fit(x: Floats) -> Floats:
        return np.asarray(_tangent_kernel(x, points.x) @ weights, np.float64)

    return fit


def _tangent_kernel(x: Floats, other: Floats) -> Floats:
    """Return the kernel, (..., other)."""
    angle = np.abs(np.arctan(x)[..., None] - np.arctan(other))  # between (x, 1) and (x', 1)
    lengths = np.hypot(1, x)[..., None] * np.hypot(1, other)
    kernel: Floats = lengths * (3 * (np.pi - angle) * np.cos(angle) + np.sin(angle)) / (2 * np.pi)
    return kernel
