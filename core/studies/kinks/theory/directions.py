"""Where the kinks of a ReLU network go when it starts near zero: the quantised directions, by exact enumeration.

Maennel, Bousquet, Gelly 2018 (1803.08367) report that under small initialization weight vectors align to finitely many
directions fixed by the data, before the loss falls. The formulas here are derived, not quoted, from

    f(x) = sum_j a_j relu(v_j . x~),  v = (w, b),  x~ = (x, 1),    L = (1/K) sum_i (f(x_i) - y_i)^2 / 2,

without a bias of the output, under gradient flow (torch's MSELoss has no 1/2: its time runs twice as fast). With the
residual r_i = -dl/df (y_i - f(x_i) here; any loss has its own, logistic loss y_i / (1 + exp(y_i f_i))) let

    D(v) = (1/K) sum over active i of r_i x~_i,    G(v) = <v, D(v)> = (1/K) sum_i r_i relu(v . x~_i).

Then dv/dt = a D(v) and da/dt = G(v), so a^2 - |v|^2 stays (Du, Hu, Lee 2018). A balanced unit, |a| = |v| = rho, keeps
its sign s, and

    d log rho/dt = s G(u),    d theta/dt = s G'(theta)    for u = v/rho = (cos theta, sin theta):

units with a > 0 climb G on the circle, units with a < 0 descend it, at a speed without scale, and grow at the rate s G.
While f is near zero r does not change, and units end at the local maxima (s = 1) or minima (s = -1) of G.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.studies.kinks.theory.points import Floats, Points

NO_DRIVE = 1e-12
"""|D| below this share of mean |r| |x~| is rounding of an exact zero."""

LEVEL = 1e-9
"""A slope below this share of |D| is zero: the extremum of that arc lies on its end."""


def growth(directions: Floats, inputs: Floats, residual: Floats) -> Floats:
    """Return G(v) = (1/K) sum_i r_i relu(v . x~_i), the rate da/dt of a unit.

    Args:
        directions: v, (direction, dim), of any length; G has degree 1 in it.
        inputs: x~, (point, dim), the constant 1 included where there is a bias; any dimension.
        residual: r, (..., point).

    Returns:
        (..., direction), in units of the residual.
    """
    return residual @ np.maximum(inputs @ directions.T, 0) / len(inputs)


def drive(directions: Floats, inputs: Floats, residual: Floats) -> Floats:
    """Return D(v) = (1/K) sum over active i of r_i x~_i, with dv/dt = a D(v); a point with v . x~ = 0 is not active.

    Arguments as `growth` takes them; returns (..., direction, dim). In any dimension a direction inside its sector is
    extremal when D is parallel to it; `extremal_directions` enumerates them for data on a line.
    """
    active = directions @ inputs.T > 0  # (direction, point)
    return (residual[..., None, :] * active) @ inputs / len(inputs)


def unit(angle: Floats) -> Floats:
    """Return (w, b)/rho = (cos theta, sin theta) as (..., 2)."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def kink_of(angle: Floats) -> Floats:
    """Return the kink -b/w = -tan theta of directions; huge where w is near 0 (no kink)."""
    return -np.tan(angle)


@dataclass(frozen=True, eq=False)
class Circle:
    """The circle of directions, cut where a unit's kink crosses a point, opened at theta = -pi/2 (w = 0, b < 0).

    A unit is active on x for -arctan x < theta < pi - arctan x. So as theta rises from -pi/2 to 3 pi/2 points come in
    from the right, all are on, and they leave from the right: arc 0, before the first cut, and arc 2K, after the last,
    are the two ends of the one dead arc, where no point is active and nothing moves. Each gap between neighbouring
    points has two arcs, one for each sign of w; arc K has all points active, and its kinks lie outside the data.
    """

    cut: Floats  # (2K,), theta, ascending
    tangent: Floats  # (2K, 2), du/dtheta at the cut: plus or minus x~/|x~|
    point: NDArray[np.intp]  # (2K,), which point has the kink on it at the cut

    def drive(self, inputs: Floats, residual: Floats) -> Floats:
        """Return D on every arc, (..., 2K + 1, 2), for a residual (..., K): exactly 0 on both ends of the dead arc."""
        pushes = residual[..., ::-1, None] * inputs[::-1] / len(inputs)  # from the right
        entered = np.cumsum(pushes, axis=-2)
        return np.concatenate([np.zeros_like(pushes[..., :1, :]), entered, entered[..., -1:, :] - entered], axis=-2)

    def slopes(self, drives: Floats) -> tuple[Floats, Floats]:
        """Return G'(theta) just before and just after every cut, (..., 2K) each; it jumps by r_i |x~_i| / K."""
        return (drives[..., :-1, :] * self.tangent).sum(-1), (drives[..., 1:, :] * self.tangent).sum(-1)


def circle(points: Points) -> Circle:
    """Return the arcs of the directions of units on these points."""
    descending = np.arange(len(points.x))[::-1]
    enters = -np.arctan(points.x[descending])  # ascending
    toward = points.inputs[descending] / np.hypot(points.x[descending], 1)[:, None]
    return Circle(
        cut=np.concatenate([enters, np.pi + enters]),
        tangent=np.concatenate([toward, -toward]),
        point=np.concatenate([descending, descending]),
    )


@dataclass(frozen=True, eq=False)
class Extremal:
    """All local extrema of G on the circle, as a table of 4K - 1 places where one can be: 2K cuts, 2K - 1 arcs.

    An arc holds at most one, as G is a sinusoid on it and it is shorter than pi. A flat stretch is no extremum.
    """

    angle: Floats  # (..., place), in (-pi/2, 3 pi/2); NaN where G has no extremum
    growth: Floats  # (..., place), G there; NaN likewise
    kind: NDArray[np.int8]  # (..., place): 1 maximum, -1 minimum, 0 none; the sign of the units that come to rest there
    point: NDArray[np.intp]  # (place,): the point that the kink lies on; -1 inside an arc

    @property
    def rate(self) -> Floats:
        """d log rho/dt of the units at rest there, s G: positive where they grow, 0 where there is no extremum."""
        return np.where(self.kind == 0, 0.0, self.kind * self.growth)


def extremal_directions(points: Points, residual: Floats | None = None) -> Extremal:
    """Return every quantised direction, exactly; for many residuals at once.

    Inside an arc with drive D the extremum is u = D/|D|, G = |D| (maximum) or its opposite (minimum), if it lies in the
    arc; on a cut, with the kink exactly on x_i, it is where the slope of G changes sign: a maximum needs r_i < 0, a
    minimum r_i > 0. So kinks take at most 3K - 1 positions: 2 (K - 1) in the gaps, K on points, 1 outside the data.

    Args:
        points: the data.
        residual: (..., K); y, the residual at f = 0, if not given. One with a NaN or infinity has no extremum.

    Raises:
        ValueError: if the residual's last axis is not K.
    """
    inputs, ring = points.inputs, circle(points)
    residual = points.y if residual is None else _finite_or_zero(residual, points)
    drives = ring.drive(inputs, residual)  # (..., 2K + 1, 2)
    size = np.hypot(drives[..., 0], drives[..., 1])
    nothing = size <= NO_DRIVE * np.mean(np.abs(residual) * np.hypot(points.x, 1), axis=-1)[..., None]
    drives, size = np.where(nothing[..., None], 0.0, drives), np.where(nothing, 0.0, size)
    before, after = ring.slopes(drives)
    before = np.where(np.abs(before) <= LEVEL * size[..., :-1], 0.0, before)
    after = np.where(np.abs(after) <= LEVEL * size[..., 1:], 0.0, after)

    on_cut = (drives[..., 1:, :] * unit(ring.cut)).sum(-1)  # (..., 2K), G
    # A level end of an arc is its sinusoid's top or bottom, which G comes to and leaves as its sign says.
    comes = np.where((before == 0) & (size[..., :-1] > 0), np.sign(on_cut), np.sign(before))
    leaves = np.where((after == 0) & (size[..., 1:] > 0), -np.sign(on_cut), np.sign(after))
    kind_inside = _kind(after[..., :-1], before[..., 1:])  # from one cut of the arc to the next
    inside = drives[..., 1:-1, :] * kind_inside[..., None]
    arg = np.arctan2(inside[..., 1], inside[..., 0])
    arg = np.where(arg < -np.pi / 2, arg + 2 * np.pi, arg)
    angle = np.concatenate([np.broadcast_to(ring.cut, on_cut.shape), arg], axis=-1)
    kind = np.concatenate([_kind(comes, leaves), kind_inside], axis=-1)
    height = np.concatenate([on_cut, kind_inside * size[..., 1:-1]], axis=-1)
    return Extremal(
        angle=np.where(kind == 0, np.nan, angle),
        growth=np.where(kind == 0, np.nan, height),
        kind=kind,
        point=np.concatenate([ring.point, np.full(2 * len(points.x) - 1, -1)]),
    )


def _kind(rise: Floats, fall: Floats) -> NDArray[np.int8]:
    """Return 1 where G rises and then falls, -1 where it falls and then rises, else 0."""
    return ((rise > 0) & (fall < 0)).astype(np.int8) - ((rise < 0) & (fall > 0)).astype(np.int8)


def _finite_or_zero(residual: Floats, points: Points) -> Floats:
    """Return the residual, 0 wherever one of its K numbers is not finite."""
    if residual.shape[-1:] != points.x.shape:
        raise ValueError(f"residual: {len(points.x)} numbers, one a point; shape {residual.shape} came.")
    return np.where(np.isfinite(residual).all(axis=-1, keepdims=True), residual, 0.0)


def fastest_growth(points: Points, residual: Floats | None = None) -> Floats:
    """Return G_max = max |G| on the circle, (...), the rate of the fastest units there could be; 0 if nothing grows.

    Arguments as `extremal_directions` takes them; NaN for a residual that is not finite.
    """
    rate = extremal_directions(points, residual).rate.max(axis=-1)
    finite = True if residual is None else np.isfinite(residual).all(axis=-1)
    return np.where(finite, rate, np.nan)


def live_growth(points: Points, directions: Floats, sign: Floats, residual: Floats) -> float:
    """Return the largest rate s G(u) among living units, those whose v = (w, b) is active on some point.

    With no living unit that grows, a stationary point is a local minimum; with one (an "escape neuron") it is not (Wu,
    Simsek, Ged 2024, 2402.05626, for one output). Compare `fastest_growth`: a growing direction may exist where nobody
    lives. 0 with no living unit; NaN for a residual that is not finite.

    Args:
        points: the data.
        directions: v, (unit, 2), of any length.
        sign: of the output weights, (unit,).
        residual: (K,).
    """
    living = (directions @ points.inputs.T > 0).any(axis=1)
    if not np.isfinite(residual).all():
        return float("nan")
    if not living.any():
        return 0.0
    lengths = np.linalg.norm(directions[living], axis=1)
    return float((sign[living] * growth(directions[living], points.inputs, residual) / lengths).max())


def escape_time(points: Points, sigma: ArrayLike) -> Floats:
    """Return when the loss first falls, t = ln(1/sigma)/G_max up to a constant of order 1, shaped as sigma.

    In flow time for L with 1/2 (sum of learning rates). The slope in ln(1/sigma) is what a run can be held against.
    Infinite where nothing grows.

    Raises:
        ValueError: unless 0 < sigma < 1.
    """
    scale = np.asarray(sigma, np.float64)
    if not ((scale > 0) & (scale < 1)).all():
        raise ValueError(f"sigma: above 0 and below 1; {scale} came.")
    rate = float(fastest_growth(points))
    return -np.log(scale) / rate if rate > 0 else np.full_like(scale, np.inf)


def kink_bound(count: int) -> int:
    """Return 2K + 1, the bound on kinks for K points on a line as our source on Maennel et al. 2018 states it."""
    return 2 * count + 1
