"""ReLU and GELU, and the way back through them, in loops that vectorize."""

from __future__ import annotations

import math

from core.engine.compiled import inner

RELU, GELU = range(2)

_ERF_ABOVE = (
    0.00022905065861350646,
    0.0034082910107109506,
    0.050955695062380861,
    0.18520832239976145,
    1.128379143519084,
)
_ERF_BELOW = (
    *(-1.1791602954361697e-7, 0.000023547966471313185, 0.0010179625278914885, 0.014070470171167667),
    *(0.11098505178285362, 0.49746925110067538, 1.0),
)
_INVERSE_FACTORIALS = tuple(1 / math.factorial(k) for k in range(12, -1, -1))


@inner
def error_function(z, like):  # type: ignore[no-untyped-def]
    """Return erf(z) to 4e-7, in the float type of the array `like`: the rational approximation that XLA uses.

    Unlike the C library's it vectorizes, so a GELU costs about what a ReLU does.
    """
    real = like.dtype.type
    x = min(max(z, real(-3.832506856900711)), real(3.832506856900711))
    above, below = real(0), real(0)
    for c in _ERF_ABOVE:
        above = above * x * x + real(c)
    for c in _ERF_BELOW:
        below = below * x * x + real(c)
    return x * above / below


@inner
def bell(z, like):  # type: ignore[no-untyped-def]
    """Return exp(-z^2/2) to 4e-6 of its value in single precision; it vectorizes, too.

    With x = z^2/32 it is exp(-x)^16: e^-1 times the power series of e^(1 - x), squared four times.
    """
    real = like.dtype.type
    u = real(1) - min(z * z * real(0.03125), real(2))  # beyond |z| = 8 the value is below 1e-13, as good as 0
    value = real(0)
    for c in _INVERSE_FACTORIALS:
        value = value * u + real(c)
    value *= real(0.36787944117144233)
    for _ in range(4):
        value *= value
    return value


@inner
def activate(activation, before, after, layer):  # type: ignore[no-untyped-def]
    """Set after[layer] to the activation of before[layer], (depth, batch, unit) both, without its gain.

    A NaN stays one. ReLU may do it in place.
    """
    _, points, width = after.shape
    zero, half, one = after.dtype.type(0), after.dtype.type(0.5), after.dtype.type(1)
    root_half = after.dtype.type(0.7071067811865476)
    for i in range(points):
        if activation == RELU:
            for j in range(width):
                z = before[layer, i, j]
                after[layer, i, j] = zero if z < zero else z
        else:
            for j in range(width):
                z = before[layer, i, j]
                after[layer, i, j] = half * z * (one + error_function(z * root_half, after))


@inner
def through(activation, flow, before, after, layer, points):  # type: ignore[no-untyped-def]
    """Multiply the first `points` rows of the flow, (batch, unit), by the activation's derivative; ReLU's is 0 at 0."""
    zero, half, one = after.dtype.type(0), after.dtype.type(0.5), after.dtype.type(1)
    root_half, inverse_root_two_pi = after.dtype.type(0.7071067811865476), after.dtype.type(0.3989422804014327)
    for i in range(points):
        if activation == RELU:
            for j in range(flow.shape[1]):
                flow[i, j] = flow[i, j] if after[layer, i, j] > zero else zero
        else:
            for j in range(flow.shape[1]):
                z = before[layer, i, j]
                density = bell(z, after) * inverse_root_two_pi
                flow[i, j] *= half * (one + error_function(z * root_half, after)) + z * density
