"""What every column of every table means: here what several studies have, beside each study what it alone has."""

from __future__ import annotations

from collections.abc import Mapping

from core.study import studies

SHARED: Mapping[str, tuple[str, str]] = {
    "alpha": ("", "output scale; the hinge margin, or the target of squared loss, is 1/alpha"),
    "temperature": ("", "T = learning_rate / (batch_size * width); of the perceptron learning_rate / batch_size"),
    "learning_rate": ("", "step size on the mean loss of a batch"),
    "seed": ("", "draws the training set, the weights and the batches"),
    "pinned": ("", "name of a pinned run, A to C; empty: the run on screen"),
    "differs_in": ("", "settings in which a pinned run differs from the run on screen, with the values of both"),
    "step": ("steps", "SGD steps taken"),
    "outcome": (
        "",
        "fitted (on a line: interpolated or stationary), step_limit, diverged, or unfinished (training, or cancelled); "
        "of a cell of seeds: fitted where enough did, else few, diverged or unfinished, as most of them; of a single "
        "neuron: learned, died, dead (inactive from the start), or not yet; in a sample (cloud) also woke (became "
        "active on class +1) or reborn (reactivated: died for class +1, serves class -1); of the learning rate "
        "stationary is a dead network",
    ),
    "steps": ("steps", "the last step that moved the run (fitted), or at which it was stopped"),
    "regime": (
        "",
        "lazy, feature learning, diverged, not fitted or unfinished; lazy is a kink_displacement under 0.05. Of "
        "networks beside their linearisations: lazy (weight_ratio within a factor 1.1 of 1), weakly nonlinear (within "
        "2), feature learning, diverged or not fitted (it, or a linearisation that would have told). Of the "
        "learning rate: diverged (or dead), catapult (c above 2), edge of stability (largest_eta_sharpness above 2), "
        "lazy (the final sharpness within a factor 1.25 of that at step 0), or sharpening",
    ),
    "train_error": (
        "share",
        "training points on the wrong side; F = 0 counts half; empty where not finite; of several outputs, points on "
        "which the largest is another than the target's",
    ),
    "test_error": ("share", "test points on the wrong side, likewise"),
    "loss": (
        "",
        "mean over training points: hinge max(0, 1/alpha - y F); of kinks (f - y)^2 / 2 or log(1 + exp(-y f)); of "
        "learning dynamics the loss's name; of the learning rate (f - y)^2 / 2",
    ),
    "train_loss": (
        "",
        "the loss on training points: of your own network as it came along with the recording; of grokking the "
        "mean over points and outputs of (F - Y)^2, or over points of cross-entropy; of polynomial regression over "
        "E y^2",
    ),
    "test_loss": ("", "likewise, on test points"),
    "margin_10": (
        "",
        "of your own network: the logit of the right class less the highest other one, its 10th percentile over points",
    ),
    "margin_50": ("", "likewise, the median"),
    "margin_90": ("", "likewise, the 90th percentile"),
    "relative_weight_change": ("", "|w - w0| / |w0| over all weights"),
    "neuron": ("", "number of the first-layer unit"),
    "position": (
        "line units",
        "s on the data line; 0 and 1 are the means of classes -1 and +1, or the points of `line`; on a line -b/w",
    ),
    "slope_jump": ("1 / line units", "change of df/ds at the kink; on a line a |w|"),
    "output": ("", "the predictor F = f(w, x) - f(w0, x) on the data line; its sign is the class"),
    "mutual_information": ("bits", "I(F;Y) on the test points"),
    "conditional_information": ("bits", "I(F;Y|L): what F still says about Y once L is known"),
    "mu_y": ("bits", "mu_Y(F;L) = I(F;Y) - I(F;Y|L): the part of F's performance that L explains"),
    "mu_y_independent": ("bits", "mu_Y if F and L were independent given Y, at the accuracies they have"),
    "explainer_information": ("bits", "I(L;Y) of the linear explainer L: the most that mu_Y can reach"),
    "standard_error": (
        "",
        "of mu_y over draws of the test set (delta method), in bits; of an exponent over seeds (clustered), "
        "of ensembles over initializations (jackknife)",
    ),
    "accuracy": ("share", "test points on the right side"),
    "explainer_accuracy": ("share", "test points that L gets right"),
    "sign": ("", "of the unit's output weight a: 1 or -1"),
    "active": ("", "whether the unit is on at any point"),
    "angle": ("radians", "direction of (w, b), from -pi/2 to 3 pi/2; the kink is at -tan of it"),
    "radius": ("", "|a| |(w, b)|, how much the unit can add to f"),
    "x": ("", "input"),
    "y": (
        "",
        "f at x in `function`, the target in `points`; of a neuron: its first layer along x / |x| of class +1, of the "
        "modes' neurons of their own class",
    ),
    "time": ("", "sum of the learning rates so far: the time of gradient flow on the loss"),
    "n_eff": ("kinks", "1 / sum q^2 over 200 bins of the shares q of |a w| in the data's range"),
    "sigma": ("", "scale of the initialization: (w, b) ~ N(0, sigma^2 / width)"),
    "growth_rate": ("1 / time", "largest rate d log|(w, b)| / dt of an active unit"),
    "place": ("", "number of the cut or arc of the circle of directions on which the extremal direction lies"),
    "growth": ("1 / time", "G(angle) = mean over points of residual * relu(x cos angle + sin angle)"),
    "kind": ("", "1: G has a maximum there, where units with a > 0 converge; -1: a minimum, likewise a < 0"),
    "point": ("", "the point (in ascending x) that the kink lies on; -1 inside an arc"),
    "label": (
        "",
        "class of the point, -1 or +1, of more than two its name; of a function on a line: where its kinks are",
    ),
    "runs": (
        "",
        "how many seeds came to this function; how many networks of the width, or of the cell, "
        "were trained; how many a rank correlation is over",
    ),
    "n_train": ("points", "size of the training set"),
    "extremal": ("", "number of that direction; -1: none"),
    "units": ("", "how many turn to it"),
    "b": ("", "bias"),
    "x1": ("", "first input, as the units see it"),
    "x2": ("", "second input, likewise"),
    "directions": (
        "",
        "clusters of the units that hold 99 % of sum |a| |v|: of one sign, within cos 0.99 of the heaviest",
    ),
    "measure": (
        "",
        "the column of `counts` that the power law is of; of an onset, what passes its level there: "
        "relative_weight_change 5e-3, the mean test_error 10 % from its plateau",
    ),
    "exponent": (
        "",
        "p of count = prefactor * n_train^p, runs at the target loss only, or of quantity ~ against^p: least squares "
        "on logarithms",
    ),
    "prefactor": ("", "the power law at n_train = 1"),
    "bend": ("", "by how much the exponent rises when n_train doubles, by a parabola in logarithms; a power law: 0"),
    "verdict": (
        "",
        "whether the exponent is below 1 (sub-linear), above it, or neither, and whether the growth bends, so that no "
        "power law describes it: Student's tests over seeds, wrong in 5 % of tables of a linear law",
    ),
    "explainer": ("", "the simpler classifier L"),
    "mutual_information_train": ("bits", "I(F;Y) on the training points, with the labels trained on"),
    "mutual_information_test": ("bits", "I(F;Y) on the test points"),
    "accuracy_train": ("share", "training points on the side of the label trained on"),
    "accuracy_test": ("share", "test points on the right side"),
    "explained_share": ("share", "mu_Y / I(F;Y); empty where I(F;Y) is under 0.02 bit or three standard errors"),
    "retained_share": ("share", "mu_Y / I(L;Y); empty where I(L;Y) is, likewise"),
    "explained_share_independent": ("share", "explained_share with mu_y_independent in mu_Y's place"),
    "retained_share_independent": ("share", "retained_share with mu_y_independent in mu_Y's place"),
    "agreement": (
        "share",
        "test points on which F and L agree, or a network and its linearisation",
    ),
    "seeds": ("seeds", "how many seeds the cell has"),
    "agreement_error": ("share", "standard error of agreement over seeds"),
    "agreement_independent": ("share", "the agreement of classifiers with these test errors that err independently"),
    "weight_ratio": ("", "relative_weight_change / linearised_weight_change, each where its run is or has ended"),
    "weight_ratio_error": ("", "standard error of weight_ratio over seeds"),
    "matched_step": ("steps", "T_0, the first recorded step with I(F;Y) >= I(L;Y); empty: never"),
    "early_explained_share": (
        "share",
        "mean explained_share over the recorded steps before T_0 with 0.05 <= I(F;Y) <= 0.8 I(L;Y)",
    ),
    "early_explained_share_independent": ("share", "the same with mu_y_independent in mu_Y's place"),
    "reached_step": ("steps", "first recorded step with a retained_share of 0.95; empty: never"),
    "end_mu_y": ("bits", "mu_Y at the end"),
    "end_mu_y_independent": ("bits", "mu_y_independent at the end"),
    "end_explained_share": ("share", "explained_share at the end"),
    "end_retained_share": ("share", "retained_share at the end"),
    "end_explained_share_independent": ("share", "explained_share_independent at the end"),
    "end_retained_share_independent": ("share", "retained_share_independent at the end"),
    "both_right": ("share", "test points on which F and L are right"),
    "only_network": ("share", "test points on which F is right and L is wrong"),
    "only_explainer": ("share", "test points on which L is right and F is wrong"),
    "both_wrong": ("share", "test points on which both are wrong"),
    **{
        f"{cell}_{side}": ("points", f"{cell.replace('_', ' ')}: so many test points of class {sign}")
        for side, sign in (("negative", "-1"), ("positive", "+1"))
        for cell in ("both_right", "only_network", "only_explainer", "both_wrong")
    },
    "example": ("", "number of the test point"),
    "explainer_right": ("", "whether L is right on it"),
    "clone": (
        "",
        "gauss: class means and covariances; iso: class means and isotropic noise; indep: independent pixels with "
        "their own distributions",
    ),
    "lead": ("share", "the accuracy by which the network on real images leads"),
    "first_right_step": ("steps", "first recorded step at which the first seed's network is right on it; empty: never"),
    "learned_step": ("steps", "first recorded step from which it stays right; empty: it is wrong at the end"),
    "changes": ("", "how often its prediction changed from one recorded step to the next"),
    "right_share": ("share", "seeds whose network is right on it at the end"),
    "start": ("", "a of the linear model's initial weights (a, 0, ..., 0): 1: the simple classifier, -1: its opposite"),
    "train_accuracy": ("share", "training points on the side of their label, wrong labels included; f = 0 counts half"),
    "signal": ("", "w_1, the weight on the input that has the label"),
    "noise_norm": ("", "|w_z| or |w_perp|, the length of the weights on the other inputs"),
    "dimensions": ("", "d, how many dimensions of noise there are"),
    "bootstrap_low": ("bits", "2.5 % point of mu_y over draws of the test set, mean over seeds"),
    "bootstrap_high": ("bits", "97.5 % point, likewise"),
    "noise_floor_mutual": ("bits", "95 % of estimates of I(F;Y) are below it where F and Y are independent"),
    "noise_floor": ("bits", "likewise of I(F;Y|L), where F and Y are independent given L"),
    "share": ("share", "test points in the cell"),
    "weight_norm": ("", "|w| over all weights; of the perceptron from w = 0"),
    "lambda": ("", "signal / noise_norm: what the perceptron's test error depends on"),
    "unfitted": ("", "whether the training point's y f is below the margin"),
    "events": ("steps", "how many steps moved the weights; the others had no unfitted point"),
    "size": ("", "n_train, or T / margin where `against` is temperature"),
    "value": (
        "",
        "the quantity, over T or over the margin where theory has it in proportion to that; of your own runs: the "
        "column that `mean` is of",
    ),
    "batch_size": ("points", "B, how many points a step takes the mean gradient of"),
    "mean": ("", "of your own runs: the mean of `value` over the runs that fitted; of a curve over its seeds"),
    "deviation": ("", "likewise, the standard deviation over them"),
    "least": ("", "likewise, the least of the seeds"),
    "greatest": ("", "likewise, the greatest"),
    "held": ("", "of a power law through a cell of your own runs: the column that is held fixed"),
    "fitted": (
        "seeds",
        "how many of the cell's seeds (of ensembles: networks) fitted every training point; its means are over these",
    ),
    "diverged": ("seeds", "how many diverged"),
    "unfinished": ("seeds", "how many were stopped at the step limit, or are still training"),
    "kernel_change": (
        "",
        "|K - K0| / |K0| (Frobenius) of the tangent kernel on the first 64 training points; of modular addition on the "
        "first 150, K being summed over outputs",
    ),
    "alignment": ("", "y K y / (|K| |y|^2) of the same kernel with the labels: 1 where K is a multiple of y y^T"),
    "live": ("seeds", "how many still trained after that step"),
    "quantity": ("", "what the power law is of"),
    "against": ("", "what it is a power of"),
    "theory": (
        "",
        "the exponent that theory has, if any; of a line: whether it is theory's or measured; beside `measured`: that "
        "share by theory",
    ),
    "low": ("", "where the window of the fit begins, in units of `against`"),
    "high": ("", "where it ends"),
    "epoch": ("epochs", "full-batch steps taken"),
    "margin": ("", "of the two moons: half of the gap by which they are pulled apart; negative: into each other"),
    "penalty": (
        "",
        "what is added to the loss: none, weight_decay, spectral_decoupling; of two features ridge or "
        "spectral_decoupling",
    ),
    "residual": (
        "",
        "standard deviation of the boundary x1(x2) from its best straight line, |x2| < 1.2; empty where it is no "
        "such line",
    ),
    "distance": ("", "least distance of a training point from the boundary"),
    "z_1": (
        "",
        "response of the first feature, z = U^T Y yhat; of two moons yhat along eigenvector 1 of the tangent "
        "kernel at step 0, the strongest being 0",
    ),
    "model": (
        "",
        "of gradient starvation: linear (one layer), private (two layers, neurons of one feature each), shared (two "
        "layers, ReLU neurons that see both)",
    ),
    "p": (
        "share",
        "frequency: of a mode, share of the data; of two features, share of samples that have the weak one; of shaded "
        "digits, share of training images with the shade of their class",
    ),
    "delta": ("", "a sample counts as learned when its class has a probability above 1 - delta (hinge: a margin of 1)"),
    "bound": (
        "",
        "what logit_weak cannot be above at the stop (linear, private), or was not in any flow run (shared); empty if "
        "some samples have the weak feature only",
    ),
    "ratio": ("", "time_weak / time_strong"),
    "same_accuracy": ("share", "test images right, shaded as most of their class in training"),
    "neutral_accuracy": ("share", "test images right, not shaded"),
    "source": ("", "theory or measured; of feature strengths fixed_point (theory) or descent (measured)"),
    "z": ("", "output weight of the neuron; of the modes' neurons times the label of their own class"),
    "z_end": ("", "z after the last step"),
    "y_end": ("", "y after the last step"),
    "y_other_end": ("", "y_other after the last step"),
    "time_theory": (
        "time",
        "when the logit reaches `target` or the neuron dies, in theory; infinite on the boundary; of modes when the "
        "`event` happens, empty if not in the training time",
    ),
    "time_measured": ("time", "the same, measured"),
    "trained": ("", "neurons of class +1 that will die, alone, or those of both classes in the samples (cloud)"),
    "cosine": ("", "of the angle between the points of the two classes"),
    "width": ("units", "of the hidden layer"),
    "learned": ("", "how many of the networks came to the logit `target` in time"),
    "died": ("units", "those that became inactive and stayed so"),
    "measured": ("share", "of networks that learned, or of the `doomed` neurons that were reactivated"),
    "mode": ("", "of two classes, plus: points with the label 1, or minus: -1"),
    "logit": ("", "sN, s being the label, -1 or 1: above 0 the mode is on the right side"),
    "error": ("", "soft error sigmoid(-sN), the probability given to the wrong class"),
    "confidence": ("", "sigmoid(sN), the probability given to the right class"),
    "loss_value": ("", "the loss of the mode's points"),
    "norm": ("", "|x| of the mode's points"),
    "rate": ("1 / time", "R = p |x|, the clock of a mode in two layers"),
    "start_logit": ("", "logit at time 0"),
    "kappa": ("", "|x| sqrt(sum (y + z)^2 sum (y - z)^2) / 2 at time 0; 0 where every neuron has y = z"),
    "event": (
        "",
        "what the times are of: the first crossing of a logit, a loss of exactly 0 (hinge), the steepest fall of error",
    ),
    "difference": ("", "time_measured / time_theory - 1"),
    "critical_temperature": ("", "T at which noise begins to matter, by the measure; empty beyond the grid"),
    "reached": ("share", "draws of seeds in which there is such a place on the grid"),
    "depth": ("layers", "D, layers of weights"),
    "strength": ("", "u of the mode in the product of all layers"),
    "c": (
        "",
        "learning rate times the top eigenvalue of the tangent kernel over n_train, at initialization; 0 along "
        "gradient flow",
    ),
    "loss_ratio": ("", "loss over that at step 0"),
    "peak_ratio": ("", "the largest loss of all steps, recorded or not, over that at step 0"),
    "peak_step": ("steps", "when that was; of the toy, when |f| was largest; of clones, when peak_accuracy was"),
    "sharpness": ("", "top eigenvalue of the Hessian of the loss"),
    "eta_sharpness": (
        "",
        "learning rate times sharpness; of a whole run its median after the crossing, with minibatches over the second "
        "half of the steps, with its 5 % and 95 % points as low and high",
    ),
    "largest_eta_sharpness": ("", "the largest that was recorded"),
    "crossed_step": (
        "steps",
        "first recorded step with eta_sharpness above 2; empty: never; of self-stabilization the step of training that "
        "is step 0 there",
    ),
    "displacement": (
        "",
        "x = v.grad L / S, v being the eigenvector of the sharpness S, whose sign is kept from step to step",
    ),
    "rise": ("", "the mean change of eta_sharpness a step from step 0 to sharpest_step"),
    "drift": ("", "A of the line A - B x^2, fitted to the change of S a step; both are means over two steps"),
    "kernel_alignment": (
        "",
        "<K, Y Y'> / (|K| |Y Y'|) of the same kernel with the targets' Gram matrix, both centred",
    ),
    "fraction": ("share", "of all p^2 pairs, that is trained on; all others are the test set"),
    "fitted_step": ("steps", "first recorded step after the start with train_error 0; empty: never"),
    "norm_ratio": ("", "weight_norm at the end over that at step 0"),
    "frequency": ("", "k of the Fourier transform over the residues a = 0 ... p - 1"),
    "scale": ("", "by which initial weights and biases are multiplied"),
    "name": (
        "",
        "of the line over the plane: gd_to_noise, largest_temperature or lazy_to_feature; of the perceptron's plane, "
        "critical_temperature, critical_batch or critical_learning_rate",
    ),
}
"""Columns that tables of several studies have: unit (none where empty) and meaning.

A table of means over seeds has beside a column its least and most over them, as `<column>_low` and `<column>_high`;
of the phase plane, the standard deviation over them as `<column>_deviation`.
"""


def columns() -> Mapping[str, tuple[str, str]]:
    """Return every column of every table by its name: unit (none where empty) and meaning."""
    return {**SHARED, **{name: said for study in studies().values() for name, said in study.columns.items()}}
