"""The flow of balanced units on a line, |a| = |v| = rho, in direction and log rho (derived in `kinks`):

    d log rho/dt = s G(u),    d theta/dt = s G'(theta),    f(x) = sum_n s_n rho_n^2 relu(u_n . x~),    r = y - f.

With log rho an initial scale of 1e-100 is a number like any other. Where the flow pushes a unit's kink onto a point
from both sides (a sliding mode), the unit rests on the cut of the circle and grows there; gradient descent chatters
about it instead. Signs never change, as in the flow; gradient descent in longer steps loses the balance, and a unit's a
may pass through 0: so it can leave a plateau on which the flow stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.studies.kinks.theory.directions import Circle, unit
from core.studies.kinks.theory.piecewise import PiecewiseLinear, network
from core.studies.kinks.theory.points import Floats, Points

ROUNDS = 4
FLOOR = 1e-2
"""What keeps p positive at points on which no unit is active, as a share of the bound."""


@dataclass(frozen=True, eq=False)
class Units:
    """Balanced units v = rho (cos theta, sin theta), a = sign rho."""

    angle: Floats  # (unit,), theta in (-pi/2, 3 pi/2)
    log_radius: Floats  # (unit,), log rho
    sign: Floats  # (unit,), -1 or 1

    @property
    def mass(self) -> Floats:
        """|a| |v| = rho^2, (unit,)."""
        return np.exp(2 * self.log_radius)

    @property
    def function(self) -> PiecewiseLinear:
        """The function f, with every unit's kink and slope jump a |w|."""
        radius = np.exp(self.log_radius)
        v = unit(self.angle) * radius[:, None]
        return network(v[:, 0], v[:, 1], self.sign * radius)


@dataclass(frozen=True, eq=False)
class Velocity:
    """Where the flow takes the units, and how far along it each may go before it has to look again."""

    residual: Floats  # (point,)
    rate: Floats  # (unit,), d log rho/dt
    turn: Floats  # (unit,), d theta/dt; 0 for a unit at rest on a cut
    low: Floats  # (unit,), the next cut downward, at which a unit stops
    high: Floats  # (unit,), the next cut upward

    @property
    def loss(self) -> float:
        """L with 1/2."""
        return float(np.mean(self.residual**2)) / 2


def velocity(points: Points, ring: Circle, units: Units) -> Velocity:
    """Return the flow at these units; `ring` is `circle(points)`."""
    direction, inputs = unit(units.angle), points.inputs
    residual = points.y - (units.sign * units.mass) @ np.maximum(direction @ inputs.T, 0)
    drives = ring.drive(inputs, residual)  # (2K + 1, 2)
    edges = np.concatenate([[-np.inf], ring.cut, [np.inf]])
    above = np.searchsorted(ring.cut, units.angle, side="right")  # the arc; on a cut, the one after it
    below = np.where(units.angle == edges[above], above - 1, above)
    cosine, sine = direction.T
    upward, downward = (units.sign * (drives[arc, 1] * cosine - drives[arc, 0] * sine) for arc in (above, below))
    return Velocity(
        residual=residual,
        rate=units.sign * (drives[above] * direction).sum(1),
        turn=np.where((above == below) | (upward > 0), upward, np.minimum(downward, 0)),
        low=edges[below],
        high=edges[above + 1],
    )


def advanced(units: Units, flow: Velocity, time: float) -> Units:
    """Return the units after Euler's step of this time; none crosses a cut without stopping on it."""
    angle = np.clip(units.angle + time * flow.turn, flow.low, flow.high)
    return Units(angle, units.log_radius + time * flow.rate, units.sign)


def stiffness(points: Points, units: Units) -> float:
    """Return a bound of lambda_max(NTK) / sum rho^2 from above, for the kernel of gradients on the data,

    NTK_ik = (1/K) sum_n rho_n^2 (1_i 1_k x~_i . x~_k + relu(u_n . x~_i) relu(u_n . x~_k)); 0 without units.

    Euler's steps of the flow are stable below 2 / lambda_max. Per mass it changes slowly even as units grow. As x is in
    [-1, 1] no entry is negative, so lambda_max <= max_i (NTK p)_i / p_i for every p > 0 (Collatz and Wielandt); a few
    rounds of the power method make p good enough.
    """
    mass, inputs = units.mass, points.inputs
    total = mass.sum()
    if not total > 0:  # no unit, or rho below the floats
        return 0.0
    output = np.maximum(unit(units.angle) @ inputs.T, 0)  # (unit, point)
    active, share = (output > 0).astype(np.float64), (mass / total)[:, None]
    p, bound = np.ones((len(inputs), 1)), np.inf
    for _ in range(ROUNDS):
        pushed = (active.T @ (share * (active @ (p * inputs))) * inputs).sum(1, keepdims=True)
        pushed += output.T @ (share * (output @ p))
        bound = min(bound, float((pushed / p).max()))
        p = pushed + FLOOR * bound
        if bound == 0:
            break  # all units are dead
    return bound / len(inputs)
