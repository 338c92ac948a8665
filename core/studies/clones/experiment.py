"""The experiment on clones of a data set: networks trained on images that share only its low-order statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.choices import TEN_CLASSES
from core.experiment import Experiment
from core.field import choice, flag, number, seed, seeds, whole
from core.values import ExperimentError

NETWORKS = {"mlp": "Fully connected", "cnn": "Convolutional"}
KINDS = {
    "real": "real images",
    "gauss": "Gaussian clone",
    "iso": "isotropic clone",
    "indep": "independent pixels",
}
"""What a network is trained on, and what the one trained on real images is tested on."""
CLONES = tuple(KINDS)[1:]
EXPLAINERS = {
    "linear": "logistic regression",
    "lda_ten": "LDA of ten Gaussians",
    "qda": "QDA of two Gaussians",
    "qda_ten": "QDA of ten Gaussians",
}
"""What the two-class network is compared with."""
TWO_CLASSES = {"digits_ten": "digits_halves", "mnist_ten": "mnist_halves", "cifar_ten": "cifar_animals"}
"""The task of two classes that a network on the same images is trained on."""
LEADS = (0.01, 0.02, 0.03, 0.05)
"""By how much accuracy the network on real images may have to lead for having left a clone behind."""
MOST_IMAGES = 20_000
DIGITS_TRAIN = 1012
"""Training images that scikit-learn's digits leave beside the test set."""
MOST_SEEDS = 9


@dataclass(frozen=True, kw_only=True)
class Clones(Experiment):
    """Networks of ten outputs on real images and on three clones of them, all tested on real images, and a network of
    two classes that is compared with Gaussian classifiers.

    Clones have the labels of the images, and of each class of the training images the mean and

    - `gauss`: the covariance, otherwise Gaussian;
    - `iso`: the mean variance of a pixel, otherwise Gaussian noise, independent and as strong in every pixel;
    - `indep`: the distribution of every pixel, independent of the others.

    The isotropic and the Gaussian clone are those of Refinetti, Ingrosso, Goldt 2023 (2211.11567), the last one and the
    evaluation of a network on clones those of Belrose et al. 2024 (2402.04362). Networks of a seed begin with the same
    weights and see the same sequence of labels. CIFAR-10 is averaged to 16 x 16 pixels. Fully connected networks have
    two hidden layers, convolutional ones three 3 x 3 convolutions of `filters`, 2 and 4 times as many filters, the last
    two with stride 2, and a linear layer; both ReLU units. Plain or heavy-ball SGD on softmax cross-entropy.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "clones"

    dataset: str = choice("digits_ten", TEN_CLASSES, label="Dataset", help="Ten classes of images.", section="Data")
    n_train: int = whole(
        DIGITS_TRAIN, 100, MOST_IMAGES, label="Training images", help="And as many of every clone.", section="Data"
    )
    clip: bool = flag(
        False,
        label="Clip clones",
        help="Clip every pixel of a clone to the range of real pixels: that changes its means and variances.",
        section="Data",
    )
    test_points: int = whole(2000, 100, 10_000, label="Test images")
    network: str = choice(
        "mlp",
        NETWORKS,
        label="Network",
        help="Fully connected: two hidden layers of ReLU units. Convolutional: three 3 × 3 convolutions.",
        section="Network and training",
    )
    width: int = whole(128, 1, 1024, label="Width", help="Units of a hidden layer.", section="Network and training")
    filters: int = whole(
        12,
        1,
        64,
        label="Filters",
        help="Of the first convolution; the others have 2 and 4 times as many.",
        section="Network and training",
    )
    learning_rate: float = number(
        0.05,
        1e-5,
        2,
        label="Learning rate",
        section="Network and training",
        offered=tuple(float(f"{digit}e{power}") for power in range(-3, 0) for digit in (1, 2, 5)),
    )
    momentum: float = number(
        0.0, 0, 0.99, label="Momentum", section="Network and training", offered=(0.0, 0.5, 0.9, 0.95)
    )
    two_class_rate: float = number(
        0.02,
        1e-5,
        2,
        label="Learning rate, two classes",
        help="Of the network that is compared with classifiers; its momentum is that of the others.",
        section="Network and training",
        offered=tuple(float(f"{digit}e{power}") for power in range(-3, 0) for digit in (1, 2, 5)),
    )
    batch_size: int = whole(
        32, 1, 1024, label="Batch size", help="Points a step, without replacement.", section="Network and training"
    )
    step_limit: int = whole(3300, 10, 50_000, label="Steps", section="Network and training")
    components: int = whole(
        40,
        1,
        200,
        label="Components",
        help="Principal components of the training images that the classifiers see.",
        section="Classifiers",
    )
    shrinkage: float = number(
        0.1,
        0,
        1,
        label="Shrinkage",
        help="Share of the pooled covariance in that of every class of a quadratic discriminant; 1 makes it linear.",
        section="Classifiers",
        offered=(0.0, 0.05, 0.1, 0.2, 0.5, 1.0),
    )
    data_seed: int = seed(0, label="Training set", help="Draws the training images.")
    seeds: tuple[int, ...] = seeds(
        (0, 1, 2),
        MOST_SEEDS,
        counted="how many",
        label="Seeds",
        help="Each draws initial weights, batches and clones.",
        section="Network and training",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        most = most_images(self.dataset)
        if self.n_train > most:
            raise ExperimentError("n_train", f"at most {most} for {self.dataset}", self.n_train)
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"at most n_train = {self.n_train}", self.batch_size)
        if self.network == "mlp":  # of no meaning: one digest for one training
            self._set("filters", 12)
        else:
            self._set("width", 128)

    @property
    def runs(self) -> int:
        """How many seeds there are; a run is all networks of one."""
        return len(self.seeds)


def most_images(dataset: str) -> int:
    """Return how many training images there are of a data set."""
    return DIGITS_TRAIN if dataset.startswith("digits") else MOST_IMAGES
