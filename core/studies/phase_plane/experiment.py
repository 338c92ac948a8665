"""The experiment on the phase plane: networks over output scales, temperatures, training sets and batch sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar, NamedTuple, Self

from core.choices import ACTIVATIONS, IMAGES
from core.choices import SHARED_DATASETS as DATASETS
from core.experiment import Experiment
from core.field import choice, numbers, seeds, whole, wholes
from core.values import ExperimentError, log2_grid

NETWORKS = {"fc": "MLP", "cnn": "CNN"}
MOST_CELLS, MOST_RUNS = 4096, 16_384
MOST_SIZES, MOST_SEEDS = 16, 9
MOST_CONVOLUTIONS = 3


class PhaseCell(NamedTuple):
    """One run's place."""

    seed: int
    n_train: int
    batch_size: int
    alpha: float
    temperature: float


@dataclass(frozen=True, kw_only=True)
class PhasePlane(Experiment):
    """Networks of one shape at every (n_train, batch_size, alpha, temperature), each from every seed.

    The convention is that of Sclocchi, Geiger, Wyart 2023 (2301.13703): predictor F = f(w, x) - f(w0, x), hinge loss
    max(0, 1/alpha - y F), weights N(0, 1) with explicit scales, a head divided by its fan-in, temperature
    T = learning_rate / (batch_size * width), batches without replacement, stop when every training point is fitted.

    A seed draws the training set, the weights and the batches; with one seed a smaller training set is the beginning of
    a larger one. Runs go through seeds, then n_train, batch_size, alphas and temperatures (or learning rates).

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "phase_plane"

    dataset: str = choice(
        "digits_parity", DATASETS, label="Dataset", help="Every task has two classes, −1 and +1.", section="Data"
    )
    n_train: tuple[int, ...] = wholes(
        (512,),
        8,
        8192,
        most=MOST_SIZES,
        label="Training points P",
        help="The size of the training set, or several with commas: 256,512,1024.",
        section="Data",
    )
    alphas: tuple[float, ...] = numbers(
        log2_grid(-8, 10, 10),
        2.0**-14,
        2.0**15,
        most=MOST_CELLS,
        label="Output scales α",
        help="Increasing: 2^-8..2^10/10 are ten powers of two from 2^-8 to 2^10, and 1,4,2^15 are three.",
        section="The plane",
    )
    temperatures: tuple[float, ...] = numbers(
        log2_grid(-10, -1, 10),
        2.0**-24,
        2.0**6,
        fewest=0,
        most=MOST_CELLS,
        label="Temperatures T",
        help="T = learning rate / (batch size · width), increasing, typed in the same ways.",
        section="The plane",
    )
    learning_rates: tuple[float, ...] = numbers(
        (),
        2.0**-20,
        2.0**16,
        fewest=0,
        most=MOST_CELLS,
        label="Learning rates",
        help="In place of temperatures, for a plane of batch size and learning rate. Empty: the temperatures are used.",
        section="The plane",
    )
    """In the place of `temperatures`, for planes of batch size and learning rate; empty: temperatures count."""
    batch_size: tuple[int, ...] = wholes(
        (16,),
        1,
        8192,
        most=MOST_SIZES,
        label="Batch sizes B",
        help="Points per step, without replacement; separate several by commas. From a batch size B* on, noise is no "
        "longer a matter of T alone.",
        section="The plane",
    )
    test_points: int = whole(10_000, 100, 10_000, label="Test points")
    """At most; a data set may have fewer."""
    network: str = choice(
        "fc",
        NETWORKS,
        label="Network",
        help="MLP: hidden layers of `width` units. CNN: convolutions with stride 2, for images and with ReLU.",
        section="Network",
    )
    """fc: `depth` hidden layers of `width`; cnn: `depth` convolutions of width, 2 width, 4 width filters, stride 2."""
    depth: int = whole(3, 1, 5, label="Hidden layers", help="Hidden layers, or convolutions.", section="Network")
    width: int = whole(
        64,
        1,
        1024,
        label="Width",
        help="Units of a hidden layer, or filters of the first convolution.",
        section="Network",
    )
    activation: str = choice("gelu", ACTIVATIONS, label="Activation", section="Network")
    seeds: tuple[int, ...] = seeds(
        (0, 1, 2, 3, 4),
        MOST_SEEDS,
        counted="how many",
        label="Seeds",
        help="A seed draws the training set, the weights and the batches. Cells are means over the seeds that fitted.",
        section="The plane",
    )
    step_limit: int = whole(
        10_000,
        1,
        1_000_000,
        label="Step limit",
        help="A run that has not fitted its data by then is marked, and left out of the means.",
        section="The plane",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.learning_rates:
            self._set("temperatures", ())  # of no meaning: one digest for one training
        elif not self.temperatures:
            raise ExperimentError("temperatures", "one or more where no learning rates are given", self.temperatures)
        if self.batch_size[-1] > self.n_train[0]:
            allowed = f"at most the smallest n_train ({self.n_train[0]})"
            raise ExperimentError("batch_size", allowed, self.batch_size[-1])
        if self.network == "cnn":
            self._check_convolutional()
        if self.cell_count > MOST_CELLS:
            raise ExperimentError(
                "n_train x batch_size x alphas x rows", f"at most {MOST_CELLS} cells", self.cell_count
            )
        if self.runs > MOST_RUNS:
            raise ExperimentError("cells x seeds", f"at most {MOST_RUNS} runs", self.runs)

    def _check_convolutional(self) -> None:
        if self.dataset not in IMAGES:
            raise ExperimentError("network", f"fc, as {self.dataset} has no images", self.network)
        if self.depth > MOST_CONVOLUTIONS:
            raise ExperimentError("depth", f"1 to {MOST_CONVOLUTIONS} convolutions", self.depth)
        if self.activation != "relu":
            raise ExperimentError("activation", "relu with network cnn", self.activation)

    @property
    def rows(self) -> tuple[float, ...]:
        """The temperatures, or the learning rates if these are given."""
        return self.learning_rates or self.temperatures

    @property
    def cell_count(self) -> int:
        """How many networks a seed has."""
        return len(self.n_train) * len(self.batch_size) * len(self.alphas) * len(self.rows)

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return len(self.seeds) * self.cell_count

    @property
    def cells(self) -> tuple[PhaseCell, ...]:
        """Where each run lies, in the order of the runs."""
        every = product(self.seeds, self.n_train, self.batch_size, self.alphas, self.rows)
        return tuple(
            PhaseCell(seed, n_train, batch, alpha, self.temperature(row, batch) if self.learning_rates else row)
            for seed, n_train, batch, alpha, row in every
        )

    def learning_rate(self, temperature: float, batch_size: int) -> float:
        """Return T * batch_size * width, the step size on the mean loss of a batch."""
        return temperature * batch_size * self.width

    def temperature(self, learning_rate: float, batch_size: int) -> float:
        """Return learning_rate / (batch_size * width)."""
        return learning_rate / (batch_size * self.width)

    def at(self, cell: PhaseCell) -> Self:
        """Return the experiment of one run, trained by itself."""
        return replace(
            self,
            seeds=(cell.seed,),
            n_train=(cell.n_train,),
            batch_size=(cell.batch_size,),
            alphas=(cell.alpha,),
            temperatures=() if self.learning_rates else (cell.temperature,),
            learning_rates=(self.learning_rate(cell.temperature, cell.batch_size),) if self.learning_rates else (),
        )
