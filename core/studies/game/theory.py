"""The discriminator against a generator that is held, in closed form: how large it grows, and what it tells.

With data at 1 and theta = -1 both points press alike, b stays 0, and D is N = w at the data and -N at theta. In the
limit of small steps, t being the number of steps times the learning rate (derived here),

    cross-entropy: dN/dt = 2 sigma(-N), so N + e^N = N_0 + e^{N_0} + 2 t;    hinge: N = min(N_0 + 2 t, 1).

So N grows as ln t under cross-entropy, and the generator's gradient is N sigma(-N) ~ ln(2 t) / (2 t) in the minimax
game, N sigma(N) ~ ln(2 t) in the non-saturating one, and N = 1 from t = (1 - N_0) / 2 on under hinge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST = 700.0
"""Above this a logit is as good as infinite, and its exponential would be."""


def logit(game: str, first: float, time: Floats) -> Floats:
    """Return N at flow times (time,), from N_0 = `first`; `game` is one of `experiment.GAMES`."""
    from scipy.special import wrightomega  # type: ignore[import-untyped]  # for those alone who draw it

    if game == "hinge":
        return np.asarray(np.minimum(first + 2 * time, 1.0))
    return np.asarray(np.log(wrightomega(first + np.exp(first) + 2 * time).real))


def gradient(game: str, slope: Floats, made: Floats) -> Floats:
    """Return minus the derivative of the generator's loss in theta, from w and D(theta), arrays of one shape."""
    if game == "hinge":
        return slope
    against = -made if game == "minimax" else made
    return np.asarray(slope / (1 + np.exp(np.minimum(against, MOST))))
