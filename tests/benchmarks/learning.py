"""Milliseconds of the Learning dynamics page's theory, which a slider waits for.

`taskset -c 1 python tests/benchmarks/learning.py`: medians; nothing here gates anything.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from core.experiments import Modes
from core.frames import modes
from core.theory.class_modes import neurons, start
from core.theory.modes import curve, inflection
from pages.learning_dynamics.modes import stage
from pages.learning_dynamics.modes.view import View


def milliseconds(run: Callable[[], object], rounds: int = 200) -> float:
    """Return the median time of a call."""
    took = []
    for _ in range(rounds):
        before = time.perf_counter()
        run()
        took.append(1000 * (time.perf_counter() - before))
    return statistics.median(took)


def modes_part() -> None:
    """Print what a redraw of the modes is made of."""
    experiment = Modes()
    mode, rate, times = neurons(experiment)[0], experiment.rates[0], np.linspace(0, 60, 200)
    one = curve(mode, rate, "cross_entropy", 60)
    view = View()
    for name, run, rounds in (
        ("a curve, its 2,001 nodes", lambda: curve(mode, rate, "cross_entropy", 60), 200),
        ("its logit at 200 times", lambda: one.logit(times), 200),
        ("where its error falls fastest", lambda: inflection(one, "cross_entropy"), 200),
        ("the first weights of 50 neurons", lambda: start(experiment), 50),
        ("all of theory's rows of both modes and losses", lambda: modes.theory(experiment), 50),
        ("the three charts, theory alone", lambda: [draw(view, None) for draw in stage.DRAWN.values()], 20),
    ):
        print(f"modes: {name:48} {milliseconds(run, rounds):8.2f} ms")


if __name__ == "__main__":
    modes_part()
