"""The two modes of the experiment `Modes`: its points and initial weights, and the exact curves that follow from them.

After Tachet des Combes et al. 2018 (1809.06848); see `core.theory.modes` for what is derived and what could be read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.randomness import generator
from core.studies.modes.experiment import MODES, Modes
from core.theory.modes import Curve, Floats, Neurons, curve, linear_logit

SIGNS = np.array(tuple(MODES.values()), np.float64)
DRAWS = 64
"""Weights drawn at a time for a neuron; a fourth or more are active on their own class only."""


@dataclass(frozen=True, eq=False)
class Start:
    """An experiment at step 0."""

    x: Floats  # (mode, dim)
    hidden: Floats  # (unit, dim): w
    head: Floats  # (unit,): z, without the class sign
    owner: NDArray[np.int64]  # (unit,): the mode that the neuron belongs to

    def along(self, hidden: Floats, head: Floats) -> tuple[Floats, Floats]:
        """Return y = w.x / |x| and the class sign times z of every neuron of its own mode, (..., unit) each."""
        own = self.x[self.owner] / np.linalg.norm(self.x[self.owner], axis=1, keepdims=True)
        return np.einsum("...ud,ud->...u", hidden, own), SIGNS[self.owner] * head


def start(experiment: Modes) -> Start:
    """Draw the points and the weights of an experiment."""
    rng = generator("data", experiment.seed)
    first, second = np.linalg.qr(rng.standard_normal((experiment.dimension, 2)))[0].T
    cosine, norms = experiment.cosine, experiment.norms
    directions = np.stack([first, cosine * first + np.sqrt(1 - cosine**2) * second])
    across = directions[0] - directions[1]
    rng = generator("init", experiment.seed)
    own = np.stack([_selective(rng, directions) for _ in range(experiment.width // 2)])
    free = rng.standard_normal(experiment.width // 2)
    size = {"free": free, "aligned": np.abs(free), "balanced": own @ directions[0]}[experiment.heads]
    mirrored = own - 2 * np.outer(own @ across, across) / (across @ across)
    return Start(
        x=np.array(norms)[:, None] * directions,
        hidden=experiment.init * np.stack([own, mirrored], axis=1).reshape(experiment.width, -1),
        head=experiment.init * np.outer(size, SIGNS).ravel(),
        owner=np.arange(experiment.width) % len(MODES),
    )


def _selective(rng: np.random.Generator, directions: Floats) -> Floats:
    """Draw normal weights that are active on the first mode and inactive on the other, (dim,)."""
    while True:
        drawn = rng.standard_normal((DRAWS, directions.shape[1]))
        on = drawn @ directions.T > 0
        if len(fit := np.flatnonzero(on[:, 0] & ~on[:, 1])):
            return np.asarray(drawn[fit[0]])


def neurons(experiment: Modes) -> tuple[Neurons, ...]:
    """Return the neurons of each mode at step 0."""
    drawn = start(experiment)
    y, z = drawn.along(drawn.hidden, drawn.head)
    return tuple(
        Neurons(y[drawn.owner == mode], z[drawn.owner == mode], norm) for mode, norm in enumerate(experiment.norms)
    )


def curves(experiment: Modes, loss: str, last_time: float | None = None) -> tuple[Curve, ...]:
    """Return each mode's curve, exact for x+.x- = 0 and infinitely small steps, to `last_time` or further."""
    last = experiment.last_time if last_time is None else last_time
    drawn = neurons(experiment)
    return tuple(curve(own, rate, loss, last) for own, rate in zip(drawn, experiment.rates, strict=True))


def one_layer(experiment: Modes, loss: str, time: ArrayLike) -> Floats:
    """Return the margins of one layer from w = 0, (time, mode); NaN where the classes are not orthogonal.

    Then the modes are not independent: each also pushes the other.
    """
    if experiment.cosine:
        return np.full((np.size(time), len(MODES)), np.nan)
    both = zip(experiment.norms, experiment.shares, strict=True)
    return np.stack([linear_logit(0.0, norm, share, loss, time) for norm, share in both], axis=1)
