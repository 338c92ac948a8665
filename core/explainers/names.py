"""The classifiers that a network is compared with: their names, the simplest first, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping

from core.images import image_shape

FITTED: Mapping[str, str] = {
    "linear": "linear",
    "quadratic": "quadratic",
    "mlp_2": "2 hidden units",
    "mlp_4": "4 hidden units",
    "mlp_16": "16 hidden units",
    "tree": "decision tree",
    "nearest": "nearest neighbours",
    "cnn_1": "1 convolution",
    "cnn_2": "2 convolutions",
    "cnn_3": "3 convolutions",
    "cnn_4": "4 convolutions",
}
"""Those fitted to the training labels."""

OF_NUMBERS = tuple(name for name in FITTED if not name.startswith("cnn"))
"""Those that need nothing but numbers: the others look at images."""

TO_EARLY, TO_END, ANOTHER_SEED = "linear_to_early", "linear_to_end", "another_seed"

TITLES: Mapping[str, str] = {
    **FITTED,
    TO_EARLY: "linear, to F at T_0",
    TO_END: "linear, to F at the end",
    ANOTHER_SEED: "another seed",
}
"""With those that a network's own labels give: linear ones fitted to them when the network first was as good as the
linear classifier and at the end, and the network of another seed."""

_STARTS = "8 starts (with more than two classes of 3)"
_FEW = "of more than {} inputs, on the first 30 principal components of the training inputs."

DESCRIPTIONS: Mapping[str, str] = {
    "linear": "L is logistic regression, regularized by 3-fold cross-validation (with more than two classes softmax "
    "regression, of more than 1,000 inputs on their first 256 principal components).",
    "quadratic": f"L is logistic regression on the inputs and all products of two; {_FEW.format(40)}",
    "mlp_2": f"L has one hidden layer of 2 ReLU units, the best of {_STARTS} by training loss; {_FEW.format(64)}",
    "mlp_4": f"L has one hidden layer of 4 ReLU units, the best of {_STARTS} by training loss; {_FEW.format(64)}",
    "mlp_16": f"L has one hidden layer of 16 ReLU units, the best of {_STARTS} by training loss; {_FEW.format(64)}",
    "tree": f"L is a decision tree; its depth by 3-fold cross-validation; {_FEW.format(40)}",
    "nearest": "L is the vote of the k nearest training points; k by leaving one out (with more than two classes by "
    f"3-fold cross-validation); {_FEW.format(40)}",
    "cnn_1": "L has 1 convolution of 32 filters, pooled, and a dense layer of 128, trained by Adam.",
    "cnn_2": "L has 2 convolutions of 32 filters, each pooled, and a dense layer of 128, trained by Adam.",
    "cnn_3": "L has 3 convolutions of 32 filters and a dense layer of 128, trained by Adam.",
    "cnn_4": "L has 4 convolutions of 32 filters and a dense layer of 128, trained by Adam.",
    TO_EARLY: "L is logistic regression on the labels that F gave at T_0, when it first was as good as the linear one.",
    TO_END: "L is logistic regression on the labels that F gives at the end, fresh inputs among them.",
    ANOTHER_SEED: "L is the network of the next seed at the end: how much any good network of this kind shares.",
}
"""How each is made, for the notes below its charts."""


def available(dataset: str) -> tuple[str, ...]:
    """Return the names of those that are fitted to a data set's labels, the simplest first."""
    return OF_NUMBERS if image_shape(dataset) is None else tuple(FITTED)


def title(name: str) -> str:
    """Return what an explainer is called."""
    return TITLES[name]
