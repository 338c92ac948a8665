"""The experiment on a spurious brightness cue: a shade over all pixels that mostly agrees with the digit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, numbers, seeds, whole

SHADES: Mapping[str, float] = {"same": 1.0, "neutral": 0.0, "reversed": -1.0}
"""How test images are shaded: as most of their class in training, not at all, or the other way, in units of b."""
PENALTIES = ("none", "spectral_decoupling")
MOST_SEEDS, MOST_FREQUENCIES = 8, 12


@dataclass(frozen=True, kw_only=True)
class Shades(Experiment):
    """Handwritten 3 against 8 (scikit-learn's digits, 8 x 8 pixels from 0 to 1), darker or lighter all over.

    A training image is shaded by +shade or -shade, the sign being its class with a probability of p: a surrogate for
    images whose brightness mostly tells the class. A network of one hidden layer is trained on the mean cross-entropy
    by full-batch gradient descent, without a penalty and with Spectral Decoupling, coefficient * mean(f^2), of Pezeshki
    et al. 2021 (2011.09468). It is tested on other images, shaded as in training, not at all, and the other way.

    Raises:
        ExperimentError: a field is out of its range.
    """

    study: ClassVar[str] = "shades"
    stored_as: ClassVar[str] = "learning_shades"

    p: tuple[float, ...] = numbers(
        (0.5, 0.8, 0.9, 0.98, 1.0), 0.5, 1, most=MOST_FREQUENCIES, label="Shares p of shades that agree"
    )
    shade: float = number(
        0.25,
        0.01,
        2,
        label="Shade b",
        help="b, added to every pixel or taken from it; pixels go from 0 to 1.",
        section="Images",
        offered=(0.05, 0.1, 0.25, 0.5, 0.75, 1.0),
    )
    coefficient: float = number(
        0.05,
        0.0001,
        1,
        label="Spectral Decoupling c",
        help="c of the penalty c · mean(f²).",
        section="Network",
        offered=(0.001, 0.01, 0.05, 0.1, 0.3),
    )
    n_train: int = whole(
        200,
        20,
        300,
        label="Training images",
        help="The rest of the 357 images are the test set.",
        section="Images",
        offered=(50, 100, 200, 300),
    )
    width: int = whole(64, 1, 512, label="Hidden units", section="Network", offered=(16, 32, 64, 128))
    learning_rate: float = number(0.2, 0.001, 2, label="Learning rate")
    seeds: tuple[int, ...] = seeds((0, 1, 2), MOST_SEEDS, label="Seeds")
    step_limit: int = whole(
        1000,
        1,
        20_000,
        label="Steps",
        help="Full-batch steps of gradient descent.",
        section="Network",
        offered=(200, 500, 1000, 2000),
        form="{:,}",
    )

    @property
    def runs(self) -> int:
        """How many seeds are trained, each at every p and under both penalties."""
        return len(self.seeds)
