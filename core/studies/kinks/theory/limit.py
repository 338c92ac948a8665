"""What training from nothing gives: the limit of infinitesimal initialization, and a greedy construction beside it.

Both follow the balanced flow (`balanced_flow`) by Euler's steps, so short that no unit turns by more than c1, or
grows by more than the factor exp(c1), and that the fit is stable:

    eta = min(c1 / mean_i |r_i| |x~_i|, 1 / lambda_max(NTK)).

Derived here; nothing is drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.studies.kinks.theory.balanced_flow import Units, Velocity, advanced, stiffness, velocity
from core.studies.kinks.theory.directions import circle, extremal_directions, fastest_growth
from core.studies.kinks.theory.piecewise import PiecewiseLinear
from core.studies.kinks.theory.points import Floats, Points

INTERPOLATED = "interpolated"
STATIONARY = "stationary"
STEP_LIMIT = "step_limit"
OUTCOMES = (INTERPOLATED, STATIONARY, STEP_LIMIT)
"""How the flow ends: at the points, at rest short of them, or in motion when the steps run out."""

ANGLES = 180
C1 = 0.1
STEPS = 20_000
FITTED = 1e-10
"""Interpolated is a loss below this share of that of f = 0: every residual is near 1e-5 of y."""

NO_GROWTH = 1e-3
"""A living unit whose rate is below this share of mean |r| |x~| (which bounds every rate) does not escape."""

STILL = 1e-6
"""The loss rests when it falls by less than this share of itself in a time 1 / mean |r| |x~|: at this speed by 0.2 % in
20,000 steps of c1 = 0.1."""

LOOK = 10
"""Steps between two looks at lambda_max and at the stopping rules."""

SEED_RADIUS = 1e-3
"""rho of the unit that the greedy construction adds."""


@dataclass(frozen=True, eq=False)
class Limit:
    """Where the flow went, and why it stopped there."""

    units: Units
    outcome: str  # one of OUTCOMES
    time: Floats  # (step + 1,), flow time for L with 1/2
    loss: Floats  # (step + 1,), L with 1/2
    live_growth: float  # largest rate s G of a unit that lives, at the end
    free_growth: float  # G_max on the whole circle, at the end: what a unit could do if one were there

    @property
    def function(self) -> PiecewiseLinear:
        """The function that it ends with."""
        return self.units.function


def swarm_limit(
    points: Points, sigma: float = 1e-12, *, angles: int = ANGLES, step_limit: int = STEPS, c1: float = C1
) -> Limit:
    """Return the limit of small initialization: one unit of each sign in every direction, all equally tiny.

    `angles` directions, evenly round the circle, with log rho = ln sigma - ln(2 angles)/2, so that sum rho^2 = sigma^2.
    It is what many units do, whatever the width: unlike `greedy`, units may be missing where the loss could fall. The
    limit is not always an interpolant.

    Args:
        points: the data.
        sigma: 0 < sigma < 1.
        angles: at least 4; points nearer to each other than the circle's spacing need more.
        step_limit: at least 1.
        c1: at most so many radians a step, above 0 and at most 1.

    Raises:
        ValueError: for anything else.
    """
    if not 0 < sigma < 1:
        raise ValueError(f"sigma: above 0 and below 1; {sigma} came.")
    if angles < 4:
        raise ValueError(f"angles: at least 4; {angles} came.")
    angle = (np.arange(angles) + 0.5) * 2 * np.pi / angles - np.pi / 2
    units = Units(
        angle=np.tile(angle, 2),
        log_radius=np.full(2 * angles, np.log(sigma) - np.log(2 * angles) / 2),
        sign=np.repeat([1.0, -1.0], angles),
    )
    return _followed(points, units, step_limit, c1)


def greedy(points: Points, *, step_limit: int = STEPS, c1: float = C1) -> Limit:
    """Return what adding units one at a time gives: "what if a unit were available wherever one could grow?"

    From f = 0: put a unit of rho = 1e-3 in the fastest growing direction of the residual, let all units flow until
    they rest, and again; until the points are fitted, or G_max is below 1e-3 of its first value. A reconstruction of
    the paper's construction. It is not what training does: it fills arcs in which no unit of a network is left alive,
    so it fits data on which networks stay at the least-squares line. `step_limit` counts all steps; arguments and
    errors as for `swarm_limit`.
    """
    none = np.zeros(0)
    found = _followed(points, Units(none, none, none), step_limit, c1)
    first = found.free_growth
    while found.outcome == STATIONARY and found.free_growth > NO_GROWTH * first:
        before, found = found, _followed(points, _with_one_more(points, found.units), step_limit, c1, found)
        if len(found.time) == len(before.time):
            break  # what could grow is too slow for the flow, or the steps are used up
    return found


def _with_one_more(points: Points, units: Units) -> Units:
    """Return the units and a tiny one in the direction that grows fastest."""
    extremal = extremal_directions(points, points.y - units.function(points.x))
    best = int(extremal.rate.argmax())
    return Units(
        np.append(units.angle, extremal.angle[best]),
        np.append(units.log_radius, np.log(SEED_RADIUS)),
        np.append(units.sign, float(extremal.kind[best])),
    )


def _followed(points: Points, units: Units, step_limit: int, c1: float, past: Limit | None = None) -> Limit:
    """Follow the flow until it fits, rests or has made `step_limit` steps, those of the past among them."""
    if step_limit < 1:
        raise ValueError(f"step_limit: at least 1; {step_limit} came.")
    if not 0 < c1 <= 1:
        raise ValueError(f"c1: above 0 and at most 1; {c1} came.")
    ring, first = circle(points), float(np.mean(points.y**2)) / 2
    fitted = FITTED * first if first > 0 else np.inf  # y = 0 needs no fit
    times, losses = ([0.0], []) if past is None else (list(past.time), list(past.loss[:-1]))
    left, stiff = step_limit - len(times) + 1, 0.0
    for step in range(left + 1):
        flow = velocity(points, ring, units)
        losses.append(flow.loss)
        if flow.loss <= fitted:
            outcome = INTERPOLATED
            break
        bound = float(np.mean(np.abs(flow.residual) * np.hypot(points.x, 1)))  # of every rate and turn
        if step % LOOK == 0:
            if _rests(units, flow, bound):
                outcome = STATIONARY
                break
            stiff = stiffness(points, units)
        if step == left:
            outcome = STEP_LIMIT
            break
        eta = 1 / max(bound / c1, stiff * units.mass.sum())
        units = advanced(units, flow, eta)
        times.append(times[-1] + eta)
    live, free = float(flow.rate.max(initial=0)), float(fastest_growth(points, flow.residual))
    return Limit(units, outcome, np.array(times), np.array(losses), live, free)


def _rests(units: Units, flow: Velocity, bound: float) -> bool:
    """Tell whether no living unit grows and the loss falls no more: -dL/dt = sum rho^2 (2 G^2 + (d theta/dt)^2)."""
    escapes = flow.rate.max(initial=0) > NO_GROWTH * bound
    fall = (units.mass * (2 * flow.rate**2 + flow.turn**2)).sum()
    return bool(not escapes and fall <= STILL * bound * flow.loss)
