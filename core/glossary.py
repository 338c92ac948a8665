"""The words and symbols of the pages, each said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word or a symbol, in Markdown."""

    symbol: str
    name: str
    """What it is called; nothing for a word."""
    meaning: str
    formula: str = ""
    columns: tuple[str, ...] = ()
    """Where tables have it (see `core.columns`)."""

    @property
    def markdown(self) -> str:
        """One paragraph that says it all."""
        head = f"**{self.symbol}**" + (f", {self.name}" if self.name else "")
        formula = f" {self.symbol} = {self.formula}." if self.formula else ""
        columns = f" In tables: {', '.join(f'`{column}`' for column in self.columns)}." if self.columns else ""
        return f"{head}. {self.meaning}{formula}{columns}"


TERMS: Mapping[str, Term] = {
    "step": Term("step", "", "One update of all weights, by gradient descent or by SGD on a batch.", columns=("step",)),
    "alpha": Term(
        "α",
        "output scale",
        "The loss sees α times what training adds to the network's output, F = f(w, x) − f(w₀, x). With a large α the "
        "weights have to move little to fit the data.",
        columns=("alpha",),
    ),
    "temperature": Term(
        "T",
        "temperature",
        "The strength of the noise of SGD: as long as steps are small it is this ratio that matters, not its parts.",
        "learning rate / (batch size · width), for the perceptron learning rate / batch size",
        ("temperature",),
    ),
    "kink": Term(
        "kink",
        "",
        "Where a ReLU unit switches on and the network's function bends: w · x + b = 0, on a line x = −b/w. The slope "
        "changes there by the slope jump a|w|, with a the unit's output weight.",
        columns=("position", "slope_jump"),
    ),
    "active": Term(
        "active",
        "",
        "A ReLU unit is active at a point if it is above zero there. One that is active at no training point gets no "
        "gradient any more: it is inactive for good, or dead.",
        columns=("active",),
    ),
    "n_eff": Term(
        "N_eff",
        "effective number of kinks",
        "How many kinks of equal size would be as concentrated: q is the share of the slope jumps in each of 200 bins.",
        "1 / Σ q²",
        ("n_eff",),
    ),
    "lazy": Term(
        "lazy",
        "",
        "A training in which weights and kinks hardly move, so that the network is nearly linear in its weights and "
        "learns like a kernel method with fixed features: as its linearisation at initialization does.",
        columns=("regime", "weight_ratio"),
    ),
    "feature": Term(
        "feature learning",
        "",
        "The opposite: first-layer weights, and with them the kinks, move to where the data need them.",
        columns=("regime",),
    ),
    "change": Term(
        "|Δw|/|w₀|",
        "relative weight change",
        "How far all weights have moved from where they began, over their norm there.",
        columns=("relative_weight_change",),
    ),
    "fly": Term(
        "F, L, Y",
        "",
        "F is the class that the network predicts, L the one that a simpler classifier, the explainer, predicts, and Y "
        "the right one, all of the same test points.",
    ),
    "information": Term(
        "I(F;Y)",
        "mutual information",
        "How many bits the prediction F says about the class Y: 0 if they are independent, at most 1 for two classes.",
        "Σ p(f, y) log₂ [p(f, y) / (p(f) p(y))]",
        ("mutual_information",),
    ),
    "conditional": Term(
        "I(F;Y|L)",
        "conditional mutual information",
        "How many bits F says about Y to somebody who knows L already.",
        columns=("conditional_information",),
    ),
    "mu": Term(
        "μ_Y(F;L)",
        "performance correlation",
        "How much of what F knows about Y the explainer L knows, too.",
        "I(F;Y) − I(F;Y|L)",
        ("mu_y",),
    ),
    "critical": Term(
        "T_c",
        "critical temperature",
        "Where the noise of SGD begins to matter: to the error, which is the paper's meaning, or to the weights.",
    ),
    "largest": Term("T_max", "", "The largest temperature at which training still fits its data."),
    "points": Term("P", "", "The number of training points.", columns=("n_train",)),
    "logit": Term(
        "logit",
        "",
        "What the network says before it is made a probability: above zero means class +1, and its size how surely.",
    ),
    "mode": Term(
        "mode",
        "",
        "A direction of the inputs that is learned by itself, at a rate that its strength in the data sets.",
    ),
    "starvation": Term(
        "starvation",
        "",
        "One feature is learned first and makes the loss small, so that hardly any gradient is left for the others.",
    ),
    "decoupling": Term(
        "spectral decoupling",
        "",
        "A penalty on the squared logits in place of weight decay: each feature is learned at its own rate.",
    ),
    "rate": Term("η", "learning rate", "The size of a step: weights change by −η times the gradient of the loss."),
    "curvature": Term(
        "λ",
        "curvature",
        "The largest eigenvalue of the tangent kernel over the number of points: that of the Hessian where the loss is "
        "0.",
        columns=("eta_lambda",),
    ),
    "sharpness": Term(
        "sharpness",
        "",
        "The largest eigenvalue of the Hessian of the training loss. On a quadratic gradient descent converges only "
        "below 2/η.",
        columns=("sharpness", "eta_sharpness"),
    ),
    "clone": Term(
        "clone",
        "",
        "A sample of a simpler distribution with some statistics of the data: of each class the mean, or the mean and "
        "the covariance.",
        columns=("clone",),
    ),
    "grokking": Term(
        "grokking",
        "",
        "Generalization long after the training set is fitted. The delay is the first step with a test error of "
        "at most 1/2 over the first step with a training error of 0.",
        "t(½) / t(fit)",
        columns=("half_delay",),
    ),
    "participation": Term(
        "inverse participation ratio",
        "",
        "How concentrated a neuron's weights are in frequency: 1 if it has one frequency, 1/m if m take equal shares.",
        "Σ |w_k|⁴ / (Σ |w_k|²)²",
        ("participation_ratio",),
    ),
    "kernel_alignment": Term(
        "kernel alignment",
        "",
        "The cosine between the tangent kernel and the Gram matrix of the targets, both centred: 1 if the kernel sees "
        "nothing but the targets.",
        columns=("kernel_alignment",),
    ),
}
