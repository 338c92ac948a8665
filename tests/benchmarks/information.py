"""Milliseconds to measure everything anew when the explainer is swapped: `python tests/benchmarks/information.py`.

Hard predictions of 40 snapshots, and of 5 seeds with 45 snapshots each, on 10,000 test points: the tables, all of
`information` (mu_Y, its independent value, standard errors) and the bootstrap intervals of mu_Y. Beside it, in the same
rounds, what one would write: a Python loop over snapshots with `np.bincount` or `np.histogramdd` and entropies by
`scipy.stats.entropy` (convenient, but 0.1 ms a call) or by one line of numpy, or with
`sklearn.metrics.mutual_info_score`. The loop's bootstrap, with numpy's entropies, measures one drawn table after the
other; it is timed on a few tables and scaled. Figures are medians of interleaved rounds. Nothing here gates anything.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

from core.observables.information import information, tables
from core.observables.information_errors import bootstrap

POINTS, DRAWS = 10_000, 500
SAMPLE = 4
"""Tables of which the loop's bootstrap is timed."""


def predictions(lead: tuple[int, ...], classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels that an explainer gets right in .85 of the points, and networks of which .9 repeat it."""
    rng = np.random.default_rng(seed)
    y = rng.integers(classes, size=POINTS)
    el = np.where(rng.random(POINTS) < 0.85, y, rng.integers(classes, size=POINTS))
    f = np.where(rng.random((*lead, POINTS)) < 0.9, el, rng.integers(classes, size=(*lead, POINTS)))
    kind = np.bool_ if classes == 2 else np.uint8
    return f.astype(kind), el.astype(kind), y.astype(kind)


def by_bincount(f: np.ndarray, el: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """Count one table."""
    code = (f.astype(int) * classes + el) * classes + y
    return np.bincount(code, minlength=classes**3).reshape(classes, classes, classes)


def by_histogram(f: np.ndarray, el: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """Count one table."""
    edges = [np.arange(classes + 1) - 0.5] * 3
    return np.histogramdd(np.stack([f, el, y], axis=1).astype(float), bins=edges)[0]


def h_scipy(p: np.ndarray) -> float:
    """Return the entropy in bits."""
    return float(entropy(p.ravel(), base=2))


def h_numpy(p: np.ndarray) -> float:
    """Return the entropy in bits."""
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


def plain_measures(c: np.ndarray, h: Callable[[np.ndarray], float] = h_numpy) -> tuple[float, ...]:
    """Return mu_Y, its independent value and its standard error from one table."""
    p = c / c.sum()
    f_l, f_y, l_y = p.sum(2), p.sum(1), p.sum(0)
    f, el, y = f_y.sum(1), l_y.sum(1), l_y.sum(0)
    mutual, given = h(f) + h(y) - h(f_y), h(f_l) + h(l_y) - h(el) - h(p)
    apart = np.einsum("fy,ly,y->fl", f_y, l_y, 1 / y)
    logs = [np.log2(np.where(part > 0, part, 1)) for part in (f_l, f_y, l_y, f, el, y, p)]
    m = logs[0][:, :, None] + logs[1][:, None] + logs[2][None]
    m = m - logs[3][:, None, None] - logs[4][None, :, None] - logs[5] - logs[6]
    spread = np.sqrt((p * (m - (p * m).sum()) ** 2).sum() / c.sum())
    return mutual, given, mutual - given, h(f) + h(el) - h(apart), float(spread)


def sklearn_measures(f: np.ndarray, el: np.ndarray, y: np.ndarray, classes: int) -> tuple[float, float, float]:
    """Return I(F;Y), I(L;Y) and mu_Y from labels."""
    mutual, explained = mutual_info_score(f, y), mutual_info_score(el, y)
    both = mutual_info_score(f.astype(int) * classes + el, y)
    return mutual / np.log(2), explained / np.log(2), (mutual + explained - both) / np.log(2)


def loop_bootstrap(counts: np.ndarray) -> None:
    """Draw and measure each of some tables again, one draw after the other."""
    rng = np.random.default_rng(0)
    for table in counts:
        shares = table.ravel() / table.sum()
        drawn = rng.multinomial(POINTS, shares, size=DRAWS).reshape(DRAWS, *table.shape)
        np.quantile([plain_measures(one)[2] for one in drawn], [0.025, 0.975])


def milliseconds(work: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def compare(lead: tuple[int, ...], classes: int, rounds: int) -> None:
    """Print the times of one shape."""
    f, el, y = predictions(lead, classes)
    rows = f.reshape(-1, POINTS)
    counts = tables(f, el, y, classes)
    flat = counts.reshape(-1, classes, classes, classes)
    ours = {
        "tables": lambda: tables(f, el, y, classes),
        "information": lambda: information(counts),
        "bootstrap": lambda: bootstrap(counts, draws=DRAWS),
        "everything": lambda: (information(again := tables(f, el, y, classes)), bootstrap(again, draws=DRAWS)),
    }
    plain = {
        "bincount + numpy": lambda: [plain_measures(by_bincount(row, el, y, classes)) for row in rows],
        "bincount + scipy": lambda: [plain_measures(by_bincount(row, el, y, classes), h_scipy) for row in rows],
        "histogramdd + scipy": lambda: [plain_measures(by_histogram(row, el, y, classes), h_scipy) for row in rows],
        "sklearn, mu_Y only": lambda: [sklearn_measures(row, el, y, classes) for row in rows],
        "bootstrap in a loop": lambda: loop_bootstrap(flat[:SAMPLE]),
    }
    found: dict[str, list[float]] = {name: [] for name in (*ours, *plain)}
    for name, work in (ours | plain).items():
        work() if name in ours else None
    for _ in range(rounds):
        for name, work in (ours | plain).items():
            found[name].append(milliseconds(work))
    median = {name: statistics.median(times) for name, times in found.items()}
    median["bootstrap in a loop"] *= len(flat) / SAMPLE
    np.testing.assert_allclose(plain_measures(flat[0])[2], information(flat[0]).mu_y, atol=1e-9)
    print(f"{' x '.join(map(str, lead))} snapshots x {POINTS:,} points, {classes} classes (ms)")
    for name in ours:
        print(f"  ours  {name:<20} {median[name]:10.2f}")
    without = median["tables"] + median["information"]
    for name in plain:
        beside = median["bootstrap"] if name.startswith("bootstrap") else without
        print(f"  plain {name:<20} {median[name]:10.2f}   ratio {median[name] / beside:8.0f}")
    whole = median["bincount + numpy"] + median["bootstrap in a loop"]
    print(f"  plain {'everything':<20} {whole:10.2f}   ratio {whole / median['everything']:8.0f}")


def main() -> None:
    """Time all shapes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    for lead, classes in (((40,), 2), ((5, 45), 2), ((40,), 3), ((40,), 10)):
        compare(lead, classes, rounds)


if __name__ == "__main__":
    main()
