"""Full-batch gradient descent on many small ReLU networks without biases at once, in float64.

The learning-dynamics studies compare networks with closed forms to a fraction of a percent, so that here nothing but
the step size stands between the two: N(x) = a_D max(0, A_{D-1} ... max(0, A_1 x)), D weight layers, D = 1 being linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.theory.modes import pull

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Points:
    """The training set; the loss is the sum over points of share times loss(sign N)."""

    x: Floats  # (point, dim)
    sign: Floats  # (point,): -1 or 1
    share: Floats  # (point,) or (run, point)


@dataclass(eq=False)
class Networks:
    """Networks of one shape, stepped in place."""

    hidden: list[Floats]  # (run, fan_out, fan_in) each, first layer first; empty for a linear model
    head: Floats  # (run, unit): the last layer
    mask: list[Floats | float]  # a factor of every hidden layer's gradient, 0 where a weight is held; as `hidden`

    @classmethod
    def of(cls, *hidden: Floats, head: Floats) -> Networks:
        """Return networks in which every weight is trained."""
        return cls([np.array(layer) for layer in hidden], np.array(head), [1.0] * len(hidden))

    def logits(self, x: Floats) -> Floats:
        """Return N, (run, point)."""
        return self._forward(x)[-1]

    def step(self, points: Points, loss: str, rate: float) -> Floats:
        """Take one step; return N before it, (run, point)."""
        activity = self._forward(points.x)
        logit = activity[-1]  # (run, point)
        sensitivity = points.share * points.sign * pull(loss, points.sign * logit)  # -dL/dN, (run, point)
        below = activity[-2]  # (run, point, unit)
        slopes = []  # -dL/d weights, (run, fan_out, fan_in) each, last layer first
        back = sensitivity[:, :, None] * self.head[:, None, :]  # -dL/d activation, (run, point, unit)
        for layer in range(len(self.hidden) - 1, -1, -1):
            back = back * (activity[layer + 1] > 0)  # -dL/d pre-activation, (run, point, fan_out)
            slopes.append(np.swapaxes(back, 1, 2) @ activity[layer])
            if layer:
                back = back @ self.hidden[layer]  # (run, point, fan_in)
        self.head += rate * (sensitivity[:, None, :] @ below)[:, 0]
        for weights, slope, mask in zip(reversed(self.hidden), slopes, reversed(self.mask), strict=True):
            weights += rate * mask * slope
        return logit

    def _forward(self, x: Floats) -> list[Floats]:
        """Return the inputs of every layer, (1 or run, point, fan_in) each, and N, (run, point)."""
        activity = [x[None]]
        for weights in self.hidden:
            activity.append(np.maximum(activity[-1] @ np.swapaxes(weights, 1, 2), 0))
        activity.append((activity[-1] @ self.head[:, :, None])[:, :, 0])
        return activity
