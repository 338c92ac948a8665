"""Tasks drawn from a formula, normalized by the exact moments of their distribution.

The 2-D tasks get a constant 1 as last input: the networks have no biases, so its weight is the unit's bias.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from core.datasets.catalogue import Floats

Draw = Callable[[np.random.Generator, int], tuple[Floats, Floats]]

MOON_NOISE = 0.15
DISC_LABEL_NOISE = 0.1
SINUSOID_DIMENSION = 20
# b >= 3 in sin(b x·w'): at b = 1 the sine is nearly linear, and the best linear classifier has accuracy 0.95.
SINUSOID_FREQUENCY = 3.0


def with_constant(inputs: Floats) -> Floats:
    """Append a constant 1 to inputs (n, d), giving (n, d + 1): its weight is the unit's bias."""
    return np.hstack([inputs, np.ones((len(inputs), 1), np.float32)])


def signs(positive: npt.NDArray[np.bool_]) -> Floats:
    """Turn truth values (n,) into labels (n,): True is +1, False is -1."""
    return np.where(positive, 1.0, -1.0).astype(np.float32)


def two_moons(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    """Draw inputs (n, 3) and labels (n,): the moons of scikit-learn's make_moons, classes by a fair coin.

    With t uniform in [0, π]: the upper moon (-1) is (cos t, sin t), the lower (+1) is (1 - cos t, 1/2 - sin
    t), and each coordinate gets noise N(0, 0.15²). The means are (1/2, 1/4), the variances 3/4 + 0.15² and,
    with m = 2/π the mean of sin t, 1/2 - m² + (m - 1/4)² + 0.15².
    """
    lower = rng.random(n) < 0.5
    angle = np.pi * rng.random(n)
    noise = MOON_NOISE * rng.standard_normal((n, 2))
    x1 = np.where(lower, 1.0 - np.cos(angle), np.cos(angle)) + noise[:, 0]
    x2 = np.where(lower, 0.5 - np.sin(angle), np.sin(angle)) + noise[:, 1]
    m = 2.0 / np.pi
    x1 = (x1 - 0.5) / np.sqrt(0.75 + MOON_NOISE**2)
    x2 = (x2 - 0.25) / np.sqrt(0.5 - m**2 + (m - 0.25) ** 2 + MOON_NOISE**2)
    return with_constant(np.stack([x1, x2], axis=1).astype(np.float32)), signs(lower)


def sinusoidal_disc(rng: np.random.Generator, n: int, *, label_noise: float = 0.0) -> tuple[Floats, Floats]:
    """Draw inputs (n, 3) and labels (n,): x uniform in the unit disc, +1 above x2 = 0.4 sin(2π x1).

    Each label is flipped with probability `label_noise`. Both coordinates have mean 0 and standard deviation
    1/2.
    """
    radius, angle = np.sqrt(rng.random(n)), 2.0 * np.pi * rng.random(n)
    flipped = rng.random(n) < label_noise
    # Rounded before it is labelled, and scaled by a power of two: the label is exact for the inputs returned.
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(np.float32)  # (n, 2)
    above = x[:, 1] > 0.4 * np.sin(2.0 * np.pi * x[:, 0].astype(np.float64))
    return with_constant(2.0 * x), signs(above ^ flipped)


def sinusoid(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    """Draw inputs (n, 20) ~ N(0, I) and labels (n,) = sign(x·w + sin(3 x·w')), as is: no constant input.

    The kind of task of Kalimeris et al. 2019 (arXiv 1905.11604); dimension and frequency are ours. Unit
    vectors: w = (1, 1, 1, 1, ...)/√20 and w' = (1, -1, 1, -1, ...)/√20; the inputs' law knows no direction,
    so any pair serves.
    """
    inputs = rng.standard_normal((n, SINUSOID_DIMENSION)).astype(np.float32)
    x = inputs.astype(np.float64) / np.sqrt(SINUSOID_DIMENSION)
    even, odd = x[:, ::2].sum(axis=1), x[:, 1::2].sum(axis=1)  # x·w = even + odd, x·w' = even - odd
    return inputs, signs(even + odd + np.sin(SINUSOID_FREQUENCY * (even - odd)) > 0)


def xor(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    """Draw inputs (n, 3) and labels (n,) = sign(x1 x2): x uniform in the square, each coordinate of variance 1."""
    x = (np.sqrt(3.0) * rng.uniform(-1.0, 1.0, (n, 2))).astype(np.float32)
    return with_constant(x), signs(x[:, 0].astype(np.float64) * x[:, 1] > 0)


TRAIN_DRAWS: dict[str, Draw] = {
    "two_moons": two_moons,
    "sinusoidal_disc": partial(sinusoidal_disc, label_noise=DISC_LABEL_NOISE),
    "sinusoid": sinusoid,
    "xor": xor,
}
TEST_DRAWS: dict[str, Draw] = {**TRAIN_DRAWS, "sinusoidal_disc": sinusoidal_disc}
