"""Power laws by least squares on logarithms, with standard errors that know which runs share a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NARROWEST = 4.0
"""A window whose ends are apart by less than this factor has no exponent: over less than two doublings the noise of a
few seeds decides, and not the law."""


def wide_enough(low: float, high: float) -> bool:
    """Whether a power law may be fitted between these ends."""
    return bool(high >= NARROWEST * low * (1 - 1e-9))  # ends that are powers of two, but computed


def sure(seeds: int, level: float = 0.025) -> float:
    """Return how many standard errors over so many seeds, two at least, chance passes with probability `level`."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # scipy.stats takes a second to import

    return float(stdtrit(seeds - 1, 1 - level / 2))


@dataclass(frozen=True)
class PowerLaw:
    """count = prefactor * n^exponent; standard errors are NaN where there are none."""

    exponent: float
    standard_error: float
    prefactor: float
    bend: float
    """By how much the exponent rises when n doubles, as a parabola in ln n has it; a power law has 0."""
    bend_error: float
    seeds: int

    @property
    def verdict(self) -> str:
        """What the seeds leave of the question whether the growth is sub-linear, and of the power law.

        Both are Student's tests with a degree of freedom less than there are seeds, each of level 2.5 %: in a hundred
        tables of a linear law without a bend at most five are said to have another exponent or a bend.
        """
        if not np.isfinite(self.standard_error):
            return "unknown"
        reach = sure(self.seeds)
        said = "linear within the error"
        if abs(self.exponent - 1) > max(reach * self.standard_error, 1e-9):
            said = "sub-linear" if self.exponent < 1 else "super-linear"
        if np.isfinite(self.bend_error) and abs(self.bend) > max(reach * self.bend_error, 1e-6):
            return f"{said} on average, bending {'up' if self.bend > 0 else 'down'}"
        return said


def power_law(size: Sequence[float], count: Sequence[float], seed: Sequence[int]) -> PowerLaw | None:
    """Fit count ~ n^p by least squares on logarithms, over all runs; None with fewer than two sizes.

    With u = ln n - mean ln n and e the residuals, p = sum u ln count / sum u^2 and

        se^2 = S / (S - 1) sum over seeds (sum over the seed's runs u e)^2 / (sum u^2)^2

    for S seeds: runs of a seed share its weights and nested training sets, so seeds are what varies independently
    (clustered standard errors; Liang, Zeger 1986). Where every seed has every size this is the standard error of the
    mean of the seeds' own slopes. It does not say whether a power law fits; the bend of a parabola through the same
    points, with its error found alike, does.
    """
    n, c, who = np.asarray(size, np.float64), np.asarray(count, np.float64), np.asarray(seed)
    sizes = len(np.unique(n))
    if sizes < 2:
        return None
    u, y = np.log2(n) - np.log2(n).mean(), np.log2(c)
    line, line_error = _least_squares(np.stack([np.ones_like(u), u], 1), y, who)
    bend = bend_error = np.array([np.nan] * 3)
    if sizes > 2:
        bend, bend_error = _least_squares(np.stack([np.ones_like(u), u, u**2], 1), y, who)
    prefactor = 2.0 ** (line[0] - line[1] * np.log2(n).mean())
    # p at u is b1 + 2 b2 u: doubling n, a step of 1 in u, adds 2 b2.
    seeds, exponents = len(np.unique(who)), (float(line[1]), float(line_error[1]))
    return PowerLaw(*exponents, float(prefactor), float(2 * bend[2]), float(2 * bend_error[2]), seeds)


def exponent(
    against: Sequence[float], quantity: Sequence[float], seed: Sequence[int], group: Sequence[float]
) -> tuple[float, float]:
    """Return p of quantity ~ against^p and its standard error, as `power_law` does, each group with a prefactor of its
    own: runs that share what else the quantity depends on. NaN where no group has two different values of `against`.
    """
    x, y = np.log(np.asarray(against, np.float64)), np.log(np.asarray(quantity, np.float64))
    named, who = np.asarray(group, np.float64), np.asarray(seed)
    usable = np.isfinite(x) & np.isfinite(y)
    x, y, named, who = x[usable], y[usable], named[usable], who[usable]
    groups = (named[:, None] == np.unique(named)).astype(np.float64)  # (run, group)
    if not len(x) or all(np.ptp(x[of > 0]) == 0 for of in groups.T):
        return np.nan, np.nan
    found, error = _least_squares(np.hstack([groups, x[:, None]]), y, who)
    return float(found[-1]), float(error[-1])


def _least_squares(columns: Floats, y: Floats, who: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the coefficients of columns (run, k) and their errors clustered by `who`, (k,) each; NaN for one of it."""
    inverse = np.linalg.inv(columns.T @ columns)
    found = inverse @ columns.T @ y
    pulls = columns * (y - columns @ found)[:, None]
    sums = np.stack([pulls[who == one].sum(axis=0) for one in np.unique(who)])  # (seed, k)
    if len(sums) < 2:
        return found, np.full_like(found, np.nan)
    spread = inverse @ (sums.T @ sums) @ inverse
    return found, np.sqrt(len(sums) / (len(sums) - 1) * spread.diagonal().clip(min=0))
