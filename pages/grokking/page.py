"""Grokking: can delayed generalization be switched on and off by the output scale alone?"""

from __future__ import annotations

from core.studies.modular.part import PART as modular
from core.studies.polynomial.part import PART as polynomial
from core.studies.small_mnist.part import PART as small_mnist
from pages.shared.heading import heading
from pages.shared.switch import either, titled

PARTS = {"modular": titled(modular), "polynomial": titled(polynomial), "small_mnist": titled(small_mnist)}
"""By their names in links."""


def page() -> None:
    """Draw the page."""
    heading(
        "Generalization long after fitting",
        "**A network that starts lazy fits its training set with the features that it has, and generalizes when it has "
        "learned better ones: large output scales α delay generalization, small ones do not.** After Kumar et al. 2023 "
        "([2310.06110](https://arxiv.org/abs/2310.06110)), Gromov 2023 "
        "([2301.02679](https://arxiv.org/abs/2301.02679)) and Liu, Michaud, Tegmark 2022 "
        "([2210.01117](https://arxiv.org/abs/2210.01117)).",
        ("alpha", "step", "lazy", "grokking", "participation", "kernel_alignment"),
    )
    either("gr_part", "part", PARTS)


page()
