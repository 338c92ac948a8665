"""What each claim says, whose it is, and what would fail it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

STATED, DERIVED, OURS = "stated", "derived", "ours"
"""Whose a claim is: a paper's own summary states it; it is derived from the paper's setting; or it is our finding."""

MAENNEL = "Maennel, Bousquet, Gelly 2018: kinks"
NAKKIRAN = "Nakkiran et al. 2019: complexity"
SCLOCCHI = "Sclocchi, Geiger, Wyart 2023 and Sclocchi, Wyart 2024: phase plane"
TACHET = "Tachet des Combes et al. 2018 and Pezeshki et al. 2021: learning dynamics"
LEWKOWYCZ = "Lewkowycz et al. 2020 and Cohen et al. 2021: learning rate"
REFINETTI = "Refinetti, Ingrosso, Goldt 2023 and Belrose et al. 2024: clones of the data"
KUMAR = "Kumar et al. 2023, Gromov 2023 and Liu, Michaud, Tegmark 2022: grokking"
PAPERS = (MAENNEL, NAKKIRAN, SCLOCCHI, TACHET, LEWKOWYCZ, REFINETTI, KUMAR)


class Statement(NamedTuple):
    """A claim in a sentence."""

    paper: str
    source: str
    text: str
    fails: str


STATEMENTS: Mapping[str, Statement] = {
    "K1": Statement(
        MAENNEL,
        STATED,
        "From a small initialization directions align with finitely many extremal ones before the loss falls.",
        "directions that do not turn, or extremal directions of the wrong residual",
    ),
    "K2": Statement(
        MAENNEL,
        STATED,
        "What is learned does not depend on the width, where the network is wide enough to fit the data.",
        "an initialization scale that grows with it",
    ),
    "K3": Statement(
        MAENNEL,
        STATED,
        "From a small initialization f has at most 2K + 1 kinks on a line, for K points; a lazy network has far more.",
        "units that stay where they began, or a count that cannot exceed the bound",
    ),
    "K4": Statement(
        MAENNEL, STATED, "Kinks line up with training points.", "kinks computed without the bias; no alignment"
    ),
    "K5": Statement(
        MAENNEL,
        DERIVED,
        "From a large initialization kinks stay where they began.",
        "an initialization scale that does not reach the network",
    ),
    "K6": Statement(
        MAENNEL,
        DERIVED,
        "To leading order the loss falls at t = ln(1/sigma) / G_max.",
        "a growth rate without the mean over points, another clock",
    ),
    "K7": Statement(
        MAENNEL,
        STATED,
        "The function is often close to the piecewise-linear interpolant; a lazy one is not.",
        "units that stay where they began",
    ),
    "K8": Statement(
        MAENNEL,
        DERIVED,
        "A network may converge short of the data where no active unit has a direction that would grow.",
        "units that are reactivated, or another stationary point",
    ),
    "K9": Statement(
        MAENNEL,
        OURS,
        "Narrow networks are left short of the data more often than wide ones.",
        "a share of stuck seeds that does not fall with the width",
    ),
    "K10": Statement(
        MAENNEL,
        OURS,
        "The number of directions in a fit grows with the data, about in proportion on digits; weighed by what they "
        "contribute, more slowly.",
        "units that stay where they began, one direction each; another definition of a direction",
    ),
    "K12": Statement(
        MAENNEL,
        OURS,
        "On points of a known target networks err more than the piecewise-linear interpolant, whose error falls as the "
        "square of the spacing on a smooth target; theirs falls more slowly, from small weights hardly at all.",
        "points or targets that are not those of the interpolant, an error on the training points",
    ),
    "K11": Statement(
        MAENNEL,
        STATED,
        "Kinks line up with training points or with other kinks.",
        "kinks computed without the bias; units that stay where they began",
    ),
    "K13": Statement(
        MAENNEL,
        STATED,
        "The final function equals the outcome of a greedy construction that adds neurons one at a time; on MNIST the "
        "number of active neurons grows sub-linearly.",
        "a next unit in another direction; directions counted without their sign; units all there from the start",
    ),
    "N1": Statement(
        NAKKIRAN,
        STATED,
        "Until the network is as good as a linear classifier L, L explains nearly all that it knows.",
        "a mu_Y of the wrong conditional; labels permuted; predictions unrelated to L",
    ),
    "N2": Statement(
        NAKKIRAN,
        STATED,
        "What L knows is retained in the end.",
        "predictions of test points in another order; networks that share no more with L than unrelated ones",
    ),
    "N3": Statement(
        NAKKIRAN,
        STATED,
        "I(F;Y) rests at I(L;Y) while all of it is explained, then grows while mu_Y stays.",
        "a loss, a start or a rate that skips the linear phase",
    ),
    "N4": Statement(
        NAKKIRAN,
        STATED,
        "Explainers of growing capacity are matched later, and each explains nearly all before.",
        "explainers that are not fitted",
    ),
    "N5": Statement(
        NAKKIRAN,
        DERIVED,
        "Where no linear classifier knows anything, none explains anything.",
        "a mu_Y that is not a difference of two informations about Y",
    ),
    "N6": Statement(
        NAKKIRAN,
        OURS,
        "Retention breaks where noisy labels are fitted, and on few noisy points.",
        "labels that are clean; training that stops early",
    ),
    "N7": Statement(
        NAKKIRAN,
        DERIVED,
        "An over-parameterised linear model that starts at a good solution fits noisy labels and stays good.",
        "a start that is forgotten; another interpolator",
    ),
    "N8": Statement(
        NAKKIRAN,
        OURS,
        "Of ten classes, too, more is retained in the end than unrelated classifiers share. Early a linear classifier "
        "explains more than they on CIFAR-10, but far from all; on digits, where it is nearly always right, no more.",
        "predictions of test points in another order; networks that share no more with L than unrelated ones",
    ),
    "N9": Statement(
        NAKKIRAN,
        OURS,
        "Among networks that fit their data the share that L explains rises with the test error, as for unrelated "
        "classifiers of the same accuracies. The correlation of F's errors with L's, which has no such tie, rises with "
        "the test error on digits, also at fixed alpha.",
        "test errors of other networks; a correlation of errors that depends on the error rate",
    ),
    "C1": Statement(
        SCLOCCHI,
        STATED,
        "T_max ~ alpha^((D - 1) / (D + 1)) below alpha = 1, flat far above.",
        "a head scaled as 1/sqrt(h), a loss whose gradient depends on alpha",
    ),
    "C2": Statement(
        SCLOCCHI,
        DERIVED,
        "Lazy planes depend on T alpha alone, and noise takes over where width Theta T alpha is of order one.",
        "a missing 1/h in T; F without f at initialization",
    ),
    "C3": Statement(
        SCLOCCHI,
        STATED,
        "In the lazy regime |dw| / |w0| ~ T^delta P^gamma with delta = 1 and t* ~ T P^b; harder data have a larger "
        "gamma.",
        "runs that are compared at a fixed step; a margin that does not vanish",
    ),
    "C4": Statement(
        SCLOCCHI,
        STATED,
        "The temperature above which noise matters falls as the training set grows.",
        "weights, or errors, that do not depend on the training set",
    ),
    "C5": Statement(
        SCLOCCHI,
        STATED,
        "Noise may raise or lower the error; at one temperature a lower alpha lowers it where noise raises it.",
        "differences that take the noise's share for that of alpha; labels permuted",
    ),
    "C6": Statement(
        SCLOCCHI,
        DERIVED,
        "The perceptron's final state scales as P^gamma, gamma = 1 / (1 + chi).",
        "another density at the boundary (chi + .3); a margin that dominates",
    ),
    "C7": Statement(
        SCLOCCHI,
        DERIVED,
        "On fresh samples w_1 ~ t^(1 / (3 + chi)), and the noise is c_chi T (d - 1) / (2 sqrt d).",
        "another density (chi + .3); a missing sqrt(d)",
    ),
    "C8": Statement(
        SCLOCCHI,
        DERIVED,
        "The perceptron's T_c is of the order of the margin, at any P.",
        "T without 1/B; a fixed margin",
    ),
    "C9": Statement(
        SCLOCCHI,
        STATED,
        "B* ~ P^gamma: below it runs depend on T alone, above it on the learning rate.",
        "a step that is summed over the batch; another density (chi + .3)",
    ),
    "C10": Statement(
        SCLOCCHI,
        STATED,
        "With almost no margin, noise scales the weights by T and changes neither the steps to fit nor lambda.",
        "a margin that dominates; another density (chi + .3) for lambda ~ P^gamma",
    ),
    "C11": Statement(
        SCLOCCHI,
        STATED,
        "A lazy network is its linearisation at initialization; between it and one that learns features lies a regime "
        "in which predictions are still the linearised network's and weights are not.",
        "a twin on other batches, or on features of other weights",
    ),
    "C12": Statement(
        SCLOCCHI,
        OURS,
        "Kinks that stay in place identify a lazy network; kinks that have moved by .05 of their spread do not yet "
        "identify one that learns features: the weight change over that of the linearised network separates three "
        "regimes. The lazy one shares more predictions with the linearised network; the other two, noisy runs among "
        "them, hardly differ in that.",
        "regimes of another ratio; twins on other batches, or on features of other weights",
    ),
    "C13": Statement(
        SCLOCCHI,
        STATED,
        "Fluctuations of the trained function over initializations scale as h^(-1/2) with the width h (Geiger et al. "
        "2019, 1906.08034), at fixed alpha in the convention of the phase plane.",
        "a head that is not divided by the width, initializations that do not differ, a spread of single points",
    ),
    "C14": Statement(
        SCLOCCHI,
        OURS,
        "Where T alpha is above 1 noise dominates, and fluctuations of lazy networks fall more slowly with the width "
        "than with less noise. At alpha = 1024 they fall more slowly than h^(-1/2) either way, at these widths.",
        "a temperature that does not scale with the width",
    ),
    "C15": Statement(
        SCLOCCHI,
        STATED,
        "The mean output of an ensemble of narrow networks has a smaller test error than one of them, and about that "
        "of a wide one (Geiger et al. 2019, 1906.08034).",
        "an ensemble of copies of one network",
    ),
    "T1": Statement(
        TACHET,
        STATED,
        "The error follows a sigmoid in time: the logit of one scalar equation.",
        "another clock or rate",
    ),
    "T2": Statement(
        TACHET,
        DERIVED,
        "Balanced modes reach a logit at the time of the Ei formula.",
        "p or the norm missing in R",
    ),
    "T3": Statement(
        TACHET,
        STATED,
        "The hinge loss reaches zero in finite time.",
        "the gradient of another loss",
    ),
    "T4": Statement(
        TACHET,
        DERIVED,
        "y^2 - z^2 is conserved but for the step.",
        "a gradient with the wrong factor",
    ),
    "T5": Statement(
        TACHET,
        STATED,
        "Frequent features are learned faster: T ~ 1/p.",
        "a mean over classes, not points",
    ),
    "T6": Statement(
        TACHET,
        STATED,
        "Inputs of larger norm are learned faster.",
        "inputs that are normalized",
    ),
    "T7": Statement(
        TACHET,
        STATED,
        "Some initial weights fail: a neuron learns if y > 0 and y + z > 0.",
        "another separatrix",
    ),
    "T8": Statement(
        TACHET,
        DERIVED,
        "The error falls fastest at a universal value.",
        "another loss; another depth",
    ),
    "T9": Statement(
        TACHET,
        DERIVED,
        "Under cross-entropy the logit grows as ln t + ln ln t at late times.",
        "a loss that saturates",
    ),
    "T10": Statement(
        TACHET,
        STATED,
        "Depth speeds learning up, unless the initialization is tiny.",
        "an exponent 2 - 2/D of another D",
    ),
    "T11": Statement(
        TACHET,
        STATED,
        "Frequent features prevent the learning of rarer ones: the weak logit stays below a bound.",
        "features that are trained apart; a stop at another confidence",
    ),
    "T12": Statement(
        TACHET,
        STATED,
        "Ridge starves the weaker feature as the stronger grows; Spectral Decoupling does not.",
        "a penalty on weights instead of logits",
    ),
    "T13": Statement(
        TACHET,
        STATED,
        "On two moons with a margin only Spectral Decoupling bends the decision boundary.",
        "a penalty on weights instead of logits; moons without the gap",
    ),
    "T14": Statement(
        TACHET,
        DERIVED,
        "Linear two-layer modes follow the logistic of Saxe et al. 2013.",
        "another rate",
    ),
    "T15": Statement(
        TACHET,
        OURS,
        "The more often a brightness cue agrees with the class, the more a network relies on it.",
        "a cue that is not in the training images, or has the other sign there",
    ),
    "T16": Statement(
        TACHET,
        STATED,
        "Of ten variants of training on two moons only Spectral Decoupling bends the decision boundary: each of the "
        "others is nearer to plain gradient descent.",
        "Spectral Decoupling without its penalty; another optimizer under the name of Adam",
    ),
    "T17": Statement(
        TACHET,
        OURS,
        "Adam at a learning rate of 0.003 bends the boundary, too, without a penalty on the logits.",
        "another optimizer under the name of Adam",
    ),
    "T18": Statement(
        TACHET,
        STATED,
        "Cross-entropy and hinge have different dynamics, which matters for the training of GANs: a discriminator's "
        "head start takes the minimax generator's gradient away, and under hinge it does not.",
        "a generator's loss of another sign; a hinge that does not stop at the margin",
    ),
    "L1": Statement(
        LEWKOWYCZ,
        DERIVED,
        "The toy is exact: its two numbers are those of f = u.v / sqrt(n) in gradient descent, at any width.",
        "a wrong constant, or a term in 1 / n that is dropped",
    ),
    "L2": Statement(
        LEWKOWYCZ,
        DERIVED,
        "The toy's loss falls at every step for c < 2; it converges for c < 4 and diverges above; below 4 its loss "
        "rises at a step just where b^2 < a - 2.",
        "a curvature without its half, another limit of stability",
    ),
    "L3": Statement(
        LEWKOWYCZ,
        DERIVED,
        "Just above 2 the toy ends at 4 - c; larger c end lower.",
        "a curvature that moves by another multiple of the squared output",
    ),
    "L4": Statement(
        LEWKOWYCZ,
        DERIVED,
        "The loss peaks after about log n steps: with the slope 1 / (2 ln(c - 1)) against ln n.",
        "another rate of growth, an initial output that does not fall with the width",
    ),
    "L5": Statement(
        LEWKOWYCZ,
        STATED,
        "ReLU networks above c = 2 first raise their loss, then converge at a lower curvature; far above 4 units die.",
        "a kernel without a layer; learning rates that are not c over the initial curvature",
    ),
    "L6": Statement(
        LEWKOWYCZ, DERIVED, "The spike of the loss is in proportion to the width.", "another scaling of the layers"
    ),
    "L7": Statement(
        LEWKOWYCZ,
        STATED,
        "Sharpness rises to 2 / eta and stays there, and from then on the loss is no longer monotone. Where it starts "
        "above, it comes to 2 / eta slowly: on digits at eta = 0.4 the median after the first tenth of the steps is "
        "above the range that had been set, and that of the second half within it (torch's autograd on other digits: "
        "2.062 and 2.043).",
        "a Hessian of another loss than the one that is descended; the largest eigenvalue in size",
    ),
    "D1": Statement(
        REFINETTI,
        DERIVED,
        "Clones have the class means and variances of the images, up to the error of a sample.",
        "pixels that are clipped; a covariance of another class",
    ),
    "D2": Statement(
        REFINETTI,
        STATED,
        "Networks use class means first, covariances next, the rest later: on CIFAR-10 those on isotropic clones "
        "fall behind first, then those on Gaussian ones.",
        "clones with other statistics; a network trained on another clone than the one that is named",
    ),
    "D3": Statement(
        REFINETTI,
        STATED,
        "The same on digits; networks on clones of class means converge to the clone's best classifier.",
        "clones with other statistics, or tests on clones",
    ),
    "D4": Statement(
        REFINETTI,
        STATED,
        "A network does well early on inputs of low-order statistics alone, then loses this ability; here on isotropic "
        "noise and on independent pixels, not on the Gaussian clone.",
        "clones of other labels; a network that is tested on real images",
    ),
    "D5": Statement(
        REFINETTI,
        OURS,
        "On MNIST a quadratic discriminant explains a network's middle phase as a linear classifier explains its "
        "beginning. On CIFAR-10 it does not explain more.",
        "Gaussians of one covariance; a mu_Y of the wrong conditional",
    ),
    "L8": Statement(
        LEWKOWYCZ,
        OURS,
        "With minibatches training stays below the edge: the smaller the batch, the further.",
        "a sharpness of the batch's loss, a rate divided by the batch size",
    ),
    "L9": Statement(
        LEWKOWYCZ,
        DERIVED,
        "Gradient flow sharpens the loss by alpha^(-2 D / (D + 1)) where alpha is small, D being the number of hidden "
        "layers, and hardly where it is large.",
        "a head of 1 / sqrt(h) with targets that do not scale, a loss that scales with alpha",
    ),
    "L10": Statement(
        LEWKOWYCZ,
        DERIVED,
        "At large alpha eta S stays c below 2, and a catapult follows above; at alpha = 4 it comes to 2 from either "
        "side.",
        "an f at initialization that is kept, learning rates that are not c over the initial curvature",
    ),
    "L11": Statement(
        LEWKOWYCZ,
        DERIVED,
        "Past the edge the displacement x along the sharpest direction grows by |1 - eta S| a step, and the sharpness "
        "changes by A - B x^2: it peaks before x, x^2 is A / B on average, and the first overshoot scales with the "
        "logarithm of the noise. Within single steps S also moves with the sign of x, which changes at each of them; "
        "over two steps that cancels.",
        "a displacement along another direction, a gradient or Hessian of another loss, noise that is not added",
    ),
    "G1": Statement(
        KUMAR,
        STATED,
        "The output scale sets the delay of generalization on modular addition: none at small alpha, more at larger.",
        "a learning rate that does not go with 1 / alpha^2; an initial output that is not subtracted",
    ),
    "G2": Statement(
        KUMAR,
        STATED,
        "Plain gradient descent without weight decay groks; the norm of the weights grows meanwhile.",
        "weights that shrink",
    ),
    "G3": Statement(
        KUMAR,
        OURS,
        "The test error falls at one inverse participation ratio and one kernel alignment, whatever alpha is.",
        "a spectrum with its mean in it; a kernel without a layer, or one that is not centred",
    ),
    "G4": Statement(
        KUMAR,
        STATED,
        "The larger alpha, the less the tangent kernel has changed when the network generalizes.",
        "a kernel without a layer; an output scale that does not reach the network",
    ),
    "G5": Statement(
        KUMAR,
        OURS,
        "At the largest alpha the network fits and does not generalize; with f0 kept it does.",
        "a predictor with the initial output in it, where F = f - f0 is meant",
    ),
    "G6": Statement(
        KUMAR,
        DERIVED,
        "The delay is one of gradient flow: it does not depend on the learning rate.",
        "steps so large that they are not those of the flow",
    ),
    "G7": Statement(
        KUMAR,
        OURS,
        "The delay grows as the fraction of pairs falls, and below a smallest fraction the network never generalizes; "
        "at larger alpha both come earlier.",
        "pairs of the test set among those trained on",
    ),
    "G8": Statement(
        KUMAR,
        DERIVED,
        "Gradient descent of the polynomial example closes in wbar and M, at any width, and its test loss is exact.",
        "a term of the update that is dropped; a part of the test loss with another factor",
    ),
    "G9": Statement(
        KUMAR,
        STATED,
        "In the polynomial example, too, the delay grows with alpha, and the laziest network does not generalize.",
        "a step size that does not go with alpha; a test loss of another target",
    ),
    "G10": Statement(
        KUMAR,
        STATED,
        "On MNIST large initial weights delay generalization, and it comes only with weight decay. Counted from a "
        "training error of 0 the delay depends on the last image, which may be learned thousands of steps after all "
        "others; counted from one image of 500 it is within the range on all sets of seeds.",
        "initial weights that are not scaled; a test set that is trained on",
    ),
}
"""By name: K of kinks, N of Nakkiran's, C of the phase plane, T of learning dynamics, L of the learning rate, D of
clones, G of grokking."""
