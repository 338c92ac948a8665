"""The experiment on ensembles: networks of several widths and output scales, each from many initializations."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import ClassVar, NamedTuple

from core.choices import ACTIVATIONS
from core.choices import SHARED_DATASETS as DATASETS
from core.experiment import Experiment
from core.field import choice, number, numbers, seeds, whole, wholes
from core.values import ExperimentError, log2_grid

MOST_MEMBERS = 32
MOST_RUNS = 4096


class Member(NamedTuple):
    """One network's place."""

    seed: int
    width: int
    member: int
    alpha: float

    @property
    def init_seed(self) -> int:
        """What its weights are drawn by: no two training sets share an initialization."""
        return self.seed * MOST_MEMBERS + self.member


@dataclass(frozen=True, kw_only=True)
class Ensembles(Experiment):
    """Networks of every width and output scale, each from several initializations, on one training set a seed.

    The convention is that of the phase plane (Sclocchi, Geiger, Wyart 2023, 2301.13703): predictor
    F = f(w, x) - f(w0, x), hinge loss max(0, 1/alpha - y F), weights N(0, 1), a head divided by the width, temperature
    T = learning_rate / (batch_size * width), batches without replacement, stop when every training point is fitted.
    In it alpha is what Geiger et al. 2019 (1906.08034) call sqrt(h) alpha.

    A seed draws the training set and the batches, which all networks of the seed share, so that these differ by their
    initialization alone. Runs go through seeds, widths, members and alphas.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "ensembles"

    dataset: str = choice(
        "digits_parity", DATASETS, label="Dataset", help="Every task has two classes, −1 and +1.", section="Data"
    )
    n_train: int = whole(
        256,
        8,
        8192,
        label="Training points P",
        section="Data",
        offered=(128, 256, 512),
    )
    test_points: int = whole(400, 100, 4096, label="Test points", section="Data")
    """At most; a data set may have fewer."""
    widths: tuple[int, ...] = wholes((16, 32, 64, 128, 256, 512), 4, 1024, most=8, label="Widths h", section="Networks")
    alphas: tuple[float, ...] = numbers(
        log2_grid(-5, 10, 4), 2.0**-14, 2.0**15, most=8, label="Output scales α", section="Networks"
    )
    members: int = whole(
        10,
        2,
        MOST_MEMBERS,
        label="Initializations",
        help="Networks of an ensemble: the same training set and batches, other initial weights.",
        section="Networks",
        offered=(5, 10, 20),
    )
    temperature: float = number(
        2.0**-8,
        2.0**-24,
        2.0**6,
        label="Temperature T",
        help="Learning rate / (batch size · width).",
        section="Networks",
        offered=(2.0**-12, 2.0**-10, 2.0**-8, 2.0**-6),
        form="{:.2g}",
    )
    batch_size: int = whole(16, 1, 8192, label="Batch size", section="Networks", offered=(8, 16, 32))
    depth: int = whole(1, 1, 5, label="Hidden layers", section="Networks", offered=(1, 2, 3))
    activation: str = choice("relu", ACTIVATIONS, label="Activation", section="Networks")
    seeds: tuple[int, ...] = seeds((0,), 9, label="Seeds", help="A seed draws the training set and the batches.")
    step_limit: int = whole(20_000, 1, 200_000, label="Step limit", section="Networks")

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"1 to n_train ({self.n_train})", self.batch_size)
        if self.runs > MOST_RUNS:
            raise ExperimentError("seeds x widths x members x alphas", f"at most {MOST_RUNS} runs", self.runs)

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return len(self.seeds) * len(self.widths) * self.members * len(self.alphas)

    @property
    def places(self) -> tuple[Member, ...]:
        """Where each run lies, in the order of the runs."""
        every = product(self.seeds, self.widths, range(self.members), self.alphas)
        return tuple(Member(*one) for one in every)
