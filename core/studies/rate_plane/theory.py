"""How much gradient flow sharpens the loss, by output scale: the law of its exponent.

With D hidden layers F has to reach 1 / alpha. Where alpha is small the weights w of every layer grow alike until
w^(D + 1) is about 1 / alpha, and the tangent kernel, a product of D squared layers, as w^(2 D): so the final sharpness
over the initial curvature is proportional to alpha^(-2 D / (D + 1)). Where alpha is large nothing moves, and it is 1.
Gradient descent reaches 2 / eta on the way, if it does, at c = 2 lambda_0 / S: proportional to alpha^(2 D / (D + 1)).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.studies.rate_plane.experiment import STABLE

Floats = NDArray[np.float64]

RICH = 0.25
"""Where the law is fitted: at alphas up to here. Networks learn features there."""


def exponent(depth: int) -> float:
    """Return the exponent of alpha in the final sharpness of gradient flow, with `depth` hidden layers."""
    return -2 * depth / (depth + 1)


def law(alpha: Floats, ratio: Floats, depth: int) -> Floats:
    """Return what the law says of S / lambda_0 at the end of gradient flow, (alpha,), NaN where it does not hold.

    Its exponent is derived; its factor is the geometric mean over what was measured at alphas up to `RICH`.

    Args:
        alpha: (alpha,); ratio: S / lambda_0 as measured, (alpha,), NaN where it was not.
        depth: hidden layers.
    """
    rich = alpha <= RICH
    known = rich & np.isfinite(ratio) & (ratio > 0)
    if not known.any():
        return np.full(len(alpha), np.nan)
    power = alpha ** exponent(depth)
    factor = np.exp(np.mean(np.log(ratio[known] / power[known])))
    return np.where(rich, factor * power, np.nan)


def onset(ratio: Floats) -> Floats:
    """Return c above which gradient descent reaches the edge of stability, from S / lambda_0 of gradient flow."""
    return STABLE / ratio
