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

_FEW = "of more than {} inputs, on the first 30 principal components of the training inputs."

DESCRIPTIONS: Mapping[str, str] = {
    "linear": "Logistic regression, of more than two classes softmax regression; its regularization by 3-fold "
    "cross-validation.",
    "quadratic": f"Logistic regression on the inputs and all products of two; {_FEW.format(40)}",
    "mlp_2": f"One hidden layer of 2 ReLU units, the best of 8 starts by training loss; {_FEW.format(64)}",
    "mlp_4": f"One hidden layer of 4 ReLU units, the best of 8 starts by training loss; {_FEW.format(64)}",
    "mlp_16": f"One hidden layer of 16 ReLU units, the best of 8 starts by training loss; {_FEW.format(64)}",
    "tree": f"A decision tree; its depth by 3-fold cross-validation; {_FEW.format(40)}",
    "nearest": f"The vote of the k nearest training points; k by leaving one out; {_FEW.format(40)}",
    "cnn_1": "1 convolution of 32 filters, pooled, and a dense layer of 128, trained by Adam.",
    "cnn_2": "2 convolutions of 32 filters, each pooled, and a dense layer of 128, trained by Adam.",
    "cnn_3": "3 convolutions of 32 filters and a dense layer of 128, trained by Adam.",
    "cnn_4": "4 convolutions of 32 filters and a dense layer of 128, trained by Adam.",
    TO_EARLY: "Logistic regression fitted to the network's labels at T_0, when it first is as good as the linear one.",
    TO_END: "Logistic regression fitted to the network's labels at the end, fresh inputs among them.",
    ANOTHER_SEED: "The network of the next seed as it is at the end: how much any good network of this kind shares.",
}
"""How each is made, for a page's help."""


def available(dataset: str) -> tuple[str, ...]:
    """Return the names of those that are fitted to a data set's labels, the simplest first."""
    return OF_NUMBERS if image_shape(dataset) is None else tuple(FITTED)


def title(name: str) -> str:
    """Return what an explainer is called."""
    return TITLES[name]
