"""Presets of the Kinks page: greedy construction."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.greedy.experiment import Greedy
from core.study import Preset

PRESETS: Mapping[str, Preset[Greedy]] = {
    "kinks/digits_greedy": Preset(
        "Digits, unit by unit",
        "20 to 320 small digits, fitted unit by unit, and by gradient descent: how many directions does either need?",
        Greedy(),
    ),
    "kinks/mnist_greedy": Preset(
        "MNIST, unit by unit",
        "The same on 64 to 1,024 MNIST digits: does gradient descent end with the units that greed would choose?",
        Greedy(dataset="mnist_parity", n_train=(64, 128, 256, 512, 1024)),
    ),
}
