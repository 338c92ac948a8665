"""The mutations: one wrong line each, and the claims or oracles that should notice it."""

from __future__ import annotations

from typing import NamedTuple

STUDIES, TESTS = "core/studies", "tests/core/studies"


class Mutation(NamedTuple):
    """A line of wrong physics."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    quick: bool = True
    """Whether it is in the short version: its tests take seconds at most."""


def _tests(file: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{file}::{name}" for name in names)


def _claims(study: str, *names: str) -> tuple[str, ...]:
    return _tests(f"{TESTS}/test_{study}_claims.py", *names)


def _oracle(study: str, *names: str) -> tuple[str, ...]:
    return _tests(f"{TESTS}/test_{study}.py", *names)


MUTATIONS = (
    # ---- Maennel, Bousquet, Gelly: kinks
    Mutation(
        "kinks without the bias",
        f"{STUDIES}/kinks/tables/basics.py",
        "np.divide(-b, w",
        "np.divide(0 * b, w",
        _claims("kinks", "test_the_zigzags_kinks_lie_on_its_inner_points"),
        quick=False,
    ),
    Mutation(
        "kinks of the wrong sign",
        f"{STUDIES}/kinks/tables/basics.py",
        "np.divide(-b, w",
        "np.divide(b, w",
        _oracle("kinks_tables", "test_a_unit_is_the_same_in_every_column"),
    ),
    Mutation(
        "extremal directions without the mean over points",
        f"{STUDIES}/kinks/theory/directions.py",
        "inputs[::-1] / len(inputs)",
        "inputs[::-1]",
        _claims("kinks", "test_the_escape_takes_the_time_that_the_law_says[zig5-points0]"),
        quick=False,
    ),
    Mutation(
        "extremal directions with maxima for minima",
        f"{STUDIES}/kinks/theory/directions.py",
        "((rise > 0) & (fall < 0)).astype(np.int8) - ((rise < 0) & (fall > 0)).astype(np.int8)",
        "((rise < 0) & (fall > 0)).astype(np.int8) - ((rise > 0) & (fall < 0)).astype(np.int8)",
        _claims("kinks", "test_directions_align_before_the_loss_falls[0.0001-32-zig5-points0]"),
    ),
    Mutation(
        "flow time that counts steps of one pause once",
        f"{STUDIES}/kinks/training.py",
        "time=runs.time + rate * (to - step)",
        "time=runs.time + rate",
        _claims("kinks", "test_the_escape_takes_the_time_that_the_law_says[zig5-points0]"),
        quick=False,
    ),
    Mutation(
        "an initialization that grows with the width",
        "core/networks.py",
        "sigma / np.sqrt(width * balance)",
        "sigma / np.sqrt(balance)",
        _oracle("kinks_training", "test_a_start_is_balanced_and_its_scale_does_not_depend_on_the_width"),
    ),
    Mutation(
        "output weights of one sign",
        "core/networks.py",
        "np.where(rng.random(count) < 0.5, -1.0, 1.0)",
        "np.where(rng.random(count) < 0.5, 1.0, 1.0)",
        _claims("kinks", "test_what_is_learned_does_not_depend_on_the_width[zig5-points1-0.001-widths1]"),
        quick=False,
    ),
    Mutation(
        "pairs that add up instead of cancelling",
        "core/networks.py",
        "np.concatenate([a, -a])",
        "np.concatenate([a, a])",
        _oracle("kinks_training", "test_a_paired_start_is_zero"),
    ),
    Mutation(
        "a squared loss whose gradient is that of the cube",
        "core/training/flow.py",
        "return self.y - output if",
        "return (self.y - output) * (self.y - output).abs() if",
        _oracle("kinks_training", "test_against_a_plain_loop"),
    ),
    Mutation(
        "a lazy start at a small scale",
        f"{STUDIES}/kinks/training.py",
        "sigma=experiment.sigma",
        "sigma=min(experiment.sigma, 0.01)",
        _claims("kinks", "test_a_large_start_gives_no_interpolant"),
        quick=False,
    ),
    # ---- Nakkiran et al.: complexity
    Mutation(
        "mu_Y conditioned on F instead of L",
        "core/observables/information.py",
        "_log2_ratio(self.fly * self.l, self.f_l * self.l_y)",
        "_log2_ratio(self.fly * self.f, self.f_l * self.f_y)",
        _claims("complexity", "test_claim_2_on_shipped_networks[cifar10]"),
    ),
    Mutation(
        "mu_Y as a sum",
        "core/observables/information.py",
        "mu_y=mutual - conditional",
        "mu_y=mutual + conditional",
        _claims("complexity", "test_claim_2_on_shipped_networks[cifar10]"),
        quick=False,
    ),
    Mutation(
        "test labels out of order",
        "core/comparison/compared.py",
        'label, classes = trajectory["test_label"], trajectory.classes',
        'label, classes = np.roll(trajectory["test_label"], 1), trajectory.classes',
        _claims("complexity", "test_claim_2_on_shipped_networks[cifar10]"),
        quick=False,
    ),
    Mutation(
        "softmax cross-entropy with a weaker label",
        "core/softmax.py",
        "labels] -= 1",
        "labels] -= 0.9",
        _tests("tests/core/test_softmax.py", "test_the_force_is_autograds"),
    ),
    Mutation(
        "explainers' predictions of other points",
        "core/comparison/compared.py",
        "found = {name: kept[place] for",
        "found = {name: np.roll(kept[place], 1, axis=-1) for",
        _claims("complexity", "test_claim_2_on_shipped_networks[cifar10]"),
    ),
    Mutation(
        "a baseline that knows how F and L are related",
        "core/observables/information.py",
        "np.divide(self.f_y * self.l_y, self.y, ",
        "np.divide(self.fly * self.y, self.y, ",
        _claims("complexity", "test_claim_2_on_shipped_networks[cifar10]"),
        quick=False,
    ),
    Mutation(
        "natural logarithms for bits",
        "core/observables/information.py",
        "logarithm: Floats = np.log2(ratio)",
        "logarithm: Floats = np.log(ratio)",
        _tests("tests/core/test_information.py", "test_special_values"),
        quick=False,
    ),
    Mutation(
        "explainers fitted to permuted labels",
        f"{STUDIES}/complexity/training.py",
        "task.train_inputs, truth, self.device)",
        "task.train_inputs, np.roll(truth, 1), self.device)",
        _claims("complexity", "test_claim_1_on_digits"),
        quick=False,
    ),
    Mutation(
        "a linear model that forgets where it began",
        f"{STUDIES}/linear_model/theory.py",
        "y[:, None] - s[:, None] * a",
        "y[:, None] - 0 * s[:, None] * a",
        _oracle("linear_model_theory", "test_the_interpolator_fits_and_is_the_nearest"),
    ),
    Mutation(
        "an approximation for as many dimensions as samples",
        f"{STUDIES}/linear_model/theory.py",
        "np.asarray(d, np.float64) - n\n",
        "np.asarray(d, np.float64)\n",
        _oracle("linear_model_theory", "test_the_approximations_of_the_note"),
    ),
    # ---- Sclocchi, Geiger, Wyart: phase plane and perceptron
    Mutation(
        "another density at the boundary, chi + .3",
        "core/datasets/perceptron.py",
        "standard_gamma((chi + 1) / 2",
        "standard_gamma((chi + 1.3) / 2",
        _claims("perceptron", "test_growth_with_the_training_set[0.0-signal]", "test_the_mechanism[0.0]"),
        quick=False,
    ),
    Mutation(
        "another density at the boundary, against quadrature",
        "core/datasets/perceptron.py",
        "standard_gamma((chi + 1) / 2",
        "standard_gamma((chi + 1.3) / 2",
        _oracle("perceptron_theory", "test_the_sample_has_that_density"),
    ),
    Mutation(
        "the noise of the perceptron of another chi",
        f"{STUDIES}/perceptron/theory.py",
        "return mean_input(chi) / (chi + 1)",
        "return mean_input(chi) / (chi + 2)",
        _claims("perceptron", "test_fresh_samples_grow_as_theory_says[0.0]"),
        quick=False,
    ),
    Mutation(
        "the noise of the perceptron without 1/2",
        f"{STUDIES}/perceptron/theory.py",
        "(dimensions - 1) / (2 * math.sqrt(dimensions))",
        "(dimensions - 1) / math.sqrt(dimensions)",
        _claims("perceptron", "test_fresh_samples_grow_as_theory_says[0.0]"),
        quick=False,
    ),
    Mutation(
        "the exponent of fresh samples",
        f"{STUDIES}/perceptron/theory.py",
        "return 1 / (3 + chi)",
        "return 1 / (2 + chi)",
        _claims("perceptron", "test_fresh_samples_grow_as_theory_says[0.0]"),
        quick=False,
    ),
    Mutation(
        "exponents of gamma = 1 / (2 + chi)",
        f"{STUDIES}/perceptron/theory.py",
        "gamma = 1 / (1 + chi)\n    found",
        "gamma = 1 / (2 + chi)\n    found",
        _oracle("perceptron_theory", "test_exponents_are_those_of_the_limits"),
    ),
    Mutation(
        "a margin that does not vanish",
        f"{STUDIES}/perceptron/training.py",
        "            cell.kappa,\n",
        "            cell.kappa + 1.0,\n",
        _claims("perceptron", "test_the_mechanism[0.0]"),
        quick=False,
    ),
    Mutation(
        "a step of the perceptron that is summed over the batch",
        "core/engine/events.py",
        "rate = learning_rate / batch\n",
        "rate = learning_rate\n",
        _claims("perceptron", "test_runs_of_the_same_temperature_end_alike_up_to_a_quarter_of_the_critical_batch"),
        quick=False,
    ),
    Mutation(
        "a temperature without 1/h",
        f"{STUDIES}/phase_plane/experiment.py",
        "return temperature * batch_size * self.width",
        "return temperature * batch_size",
        _claims("phase_plane", "test_c2_noise_takes_over_where_the_kernel_says"),
        quick=False,
    ),
    Mutation(
        "a head scaled by 1/sqrt(h)",
        "core/networks.py",
        "else 1 / self.width",
        "else self.width**-0.5",
        _tests("tests/core/test_networks.py", "test_forward_by_hand"),
    ),
    Mutation(
        "activations whose second moment is not 1",
        "core/networks.py",
        "return float(SECOND_MOMENT[activation] ** -0.5)",
        "return float(SECOND_MOMENT[activation] ** -1.0)",
        _tests("tests/core/test_networks.py", "test_second_moments_by_quadrature", "test_forward_by_hand"),
    ),
    Mutation(
        "F without f at initialization",
        "core/training/shard.py",
        "return stack(part[0]) - part[1]",
        "return stack(part[0])",
        _tests("tests/core/test_training.py", "test_a_run_is_what_autograd_and_torchs_sgd_make_of_it"),
    ),
    Mutation(
        "logistic loss for hinge",
        "core/training/shard.py",
        'advance(self.stack, "hinge",',
        'advance(self.stack, "logistic",',
        _tests("tests/core/test_training.py", "test_a_run_is_what_autograd_and_torchs_sgd_make_of_it"),
    ),
    Mutation(
        "runs that end at zero error instead of a margin",
        "core/training/shard.py",
        "short = margins < shard.margin",
        "short = margins <= 0 * shard.margin",
        _tests("tests/core/test_training.py", "test_a_fitted_run_has_every_margin_and_ends_with_its_last_update"),
    ),
    Mutation(
        "a weight change that is not relative",
        "core/training/shard.py",
        "return torch.sqrt(change / size)",
        "return torch.sqrt(change)",
        _tests("tests/core/test_training.py", "test_the_weight_change_is_relative_to_the_initial_weights"),
    ),
    Mutation(
        "kink displacement in units of the line",
        f"{STUDIES}/explorer/kinks.py",
        "(middle / spread)",
        "(middle / np.sign(spread))",
        _oracle("explorer_kinks", "test_by_hand"),
    ),
    Mutation(
        "an error's onset at the first departure, not the last return",
        f"{STUDIES}/phase_plane/onsets.py",
        "np.where((away > 0) | (places > last[..., None]), -1, places).max(axis=-1)",
        "np.where(np.cumsum(away > 0, axis=-1) > 0, -1, places).max(axis=-1)",
        _oracle("phase_plane_onsets", "test_an_error_that_comes_back_or_never_leaves_has_no_onset"),
    ),
    Mutation(
        "a plateau of the hottest temperatures",
        f"{STUDIES}/phase_plane/onsets.py",
        "error[..., :COLDEST].mean(",
        "error[..., -COLDEST:].mean(",
        _oracle("phase_plane_onsets", "test_planted_critical_temperatures_come_out"),
    ),
    Mutation(
        "a time of escape over ln sigma, of the wrong sign",
        f"{STUDIES}/kinks/tables/families.py",
        "np.log(1 / known",
        "np.log(known",
        _oracle("kinks_families", "test_the_slope_of_a_planted_law_comes_out"),
    ),
    Mutation(
        "standard errors of exponents as if runs of a seed were independent",
        "core/observables/power_laws.py",
        "pulls[who == one].sum(axis=0) for one in np.unique(who)",
        "pulls[one] for one in range(len(pulls))",
        _oracle("phase_plane", "test_exponents_that_were_planted_come_out"),
    ),
    # ---- Tachet des Combes et al., Pezeshki et al.: learning dynamics
    Mutation(
        "a cross-entropy that is pulled half as hard",
        "core/theory/modes.py",
        "        return np.asarray(expit(-n))",
        "        return np.asarray(expit(-n) / 2)",
        _oracle("modes", "test_balanced_crossing_times_are_the_formula_s"),
    ),
    Mutation(
        "a curve without p |x|",
        "core/theory/modes.py",
        "steepness = 1 / (rate * np.maximum(",
        "steepness = 1 / (np.maximum(",
        _oracle("modes", "test_networks_follow_the_curve_and_the_error_goes_with_the_learning_rate"),
    ),
    Mutation(
        "a hinge loss with a margin of .9",
        "core/theory/modes.py",
        "np.where(n < 1, 1.0, 0.0)",
        "np.where(n < 0.9, 1.0, 0.0)",
        _oracle("modes", "test_hinge_ends_in_finite_time_and_stands_still"),
    ),
    Mutation(
        "the late logit of the other branch",
        "core/theory/modes.py",
        "np.asarray(time, np.float64)), -1).real",
        "np.asarray(time, np.float64)), 0).real",
        _oracle("modes", "test_late_cross_entropy_comes_to_its_asymptote_from_above"),
    ),
    Mutation(
        "an output layer that learns at half the rate",
        "core/training/descent.py",
        "self.head += rate * ",
        "self.head += rate / 2 * ",
        _tests("tests/core/test_descent.py", "test_what_is_kept_shrinks_by_an_exact_factor"),
    ),
    Mutation(
        "gradients through inactive units",
        "core/training/descent.py",
        "back = back * (activity[layer + 1] > 0)",
        "back = back * (activity[layer + 1] >= 0)",
        _oracle("basin", "test_who_is_not_seen_does_not_move"),
    ),
    Mutation(
        "all neurons that are active learn",
        f"{STUDIES}/basin/theory.py",
        "reach = first + head\n",
        "reach = first + 0 * head\n",
        _oracle("basin", "test_three_neurons_in_eight_learn"),
    ),
    Mutation(
        "the prefactor of another depth",
        f"{STUDIES}/depths/theory.py",
        "return 2 - 2 / depth",
        "return 2 - 1 / depth",
        _oracle("depths", "test_claim_inflection"),
    ),
    Mutation(
        "modes of private neurons at half their speed",
        f"{STUDIES}/starvation/theory.py",
        "return 2 * norm * n * g",
        "return norm * n * g",
        _oracle("starvation", "test_where_features_never_meet_each_is_a_mode_of_its_own"),
    ),
    Mutation(
        "a starvation bound without p",
        f"{STUDIES}/starvation/theory.py",
        "np.asarray(p * (weak / strong) ** 2 * learned)",
        "np.asarray(p**2 * (weak / strong) ** 2 * learned)",
        _oracle("starvation", "test_flows_keep_to_their_bounds_and_rise_with_p"),
    ),
    Mutation(
        "ridge on responses, not on weights",
        f"{STUDIES}/strengths/theory.py",
        "weight = lam / np.square(np.asarray(strengths, np.float64))",
        "weight = lam * np.ones_like(np.asarray(strengths, np.float64))",
        _oracle("strengths", "test_t12_ridge_starves_and_spectral_decoupling_does_not"),
    ),
    Mutation(
        "a decoupled margin of m e^m = 1 / lambda",
        "core/theory/decoupling.py",
        "np.logaddexp(0, middle)",
        "middle",
        _oracle("strengths", "test_t12_ridge_starves_and_spectral_decoupling_does_not"),
    ),
    Mutation(
        "moons without the gap",
        f"{STUDIES}/moons/points.py",
        " - s * margin\n",
        "\n",
        _oracle("moons", "test_the_moons_lie_on_either_side_and_a_margin_apart"),
    ),
    Mutation(
        "a brightness cue of the other sign in training",
        f"{STUDIES}/shades/digits.py",
        "np.where(self.luck < p, self.train_sign, -self.train_sign)",
        "np.where(self.luck < p, -self.train_sign, self.train_sign)",
        _oracle("shades", "test_t15_accuracy_on_the_reversed_shade_falls_with_p"),
        quick=False,
    ),
    # ---- Lewkowycz et al., Cohen et al.: learning rate
    Mutation(
        "a toy without its term in 1 / n",
        f"{STUDIES}/catapult/theory.py",
        "    return p * (1 - b) ** 2, q * (1 + b) ** 2",
        "    return p * (1 - 2 * b), q * (1 + 2 * b)",
        _oracle("catapult", "test_l1_the_toy_is_the_network_of_two_vectors"),
    ),
    Mutation(
        "a tangent kernel of the hidden layer alone",
        f"{STUDIES}/catapult/training.py",
        "act @ np.swapaxes(act, 1, 2) / self.head.shape[1] + inputs",
        "inputs",
        _oracle("catapult", "test_the_tangent_kernel_is_autograds[relu]"),
    ),
    Mutation(
        "a Hessian without the curvature of tanh",
        "core/curvature.py",
        "turned * now.slope[at - 1] + bent[at - 1] * received[at - 1]",
        "turned * now.slope[at - 1]",
        _tests(
            "tests/core/test_curvature.py", "test_hessian_vector_products_and_sharpness_are_those_of_the_dense_hessian"
        ),
    ),
    # ---- Refinetti et al., Belrose et al.: clones of the data
    Mutation(
        "a Gaussian clone without its covariance",
        f"{STUDIES}/clones/distributions.py",
        "noise @ centred / np.float32(np.sqrt(len(images) - 1))",
        "noise[:, :1] * centred.std(axis=0)",
        _oracle("clones", "test_a_clone_has_the_statistics_that_it_is_to_have_and_no_others[gauss]"),
    ),
    Mutation(
        "an isotropic clone of half the noise",
        f"{STUDIES}/clones/distributions.py",
        "np.float32(scale) * noise",
        "np.float32(scale / 2) * noise",
        _oracle("clones", "test_a_clone_has_the_statistics_that_it_is_to_have_and_no_others[iso]"),
    ),
    Mutation(
        "independent pixels that are those of one image",
        f"{STUDIES}/clones/distributions.py",
        "size=(count, images.shape[1]))",
        "size=(count, 1)).repeat(images.shape[1], axis=1)",
        _oracle("clones", "test_a_clone_has_the_statistics_that_it_is_to_have_and_no_others[indep]"),
    ),
    Mutation(
        "clones that are always clipped",
        f"{STUDIES}/clones/distributions.py",
        "np.clip(found, *self.ends) if self.clip else found",
        "np.clip(found, *self.ends)",
        _oracle("clones", "test_a_clipped_clone_keeps_to_the_range_of_real_pixels_and_loses_variance"),
    ),
    Mutation(
        "networks on clones that are tested on clones",
        f"{STUDIES}/clones/training.py",
        'found = [seed.learners[kind].classes(seed.tests["real"]) for kind in KINDS]',
        "found = [seed.learners[kind].classes(seed.tests[kind]) for kind in KINDS]",
        _oracle("clones", "test_d3_on_small_digits"),
        quick=False,
    ),
    Mutation(
        "momentum that forgets the step before",
        f"{STUDIES}/clones/training.py",
        "torch._foreach_mul_(self.velocity, self.momentum)",
        "torch._foreach_mul_(self.velocity, 0.0)",
        _oracle("clones", "test_steps_with_momentum_are_torchs"),
    ),
    Mutation(
        "Gaussians without their normalization",
        "core/explainers/gaussian.py",
        "np.log(counts / len(inputs)) - np.log(values).sum(axis=1) / 2",
        "np.log(counts / len(inputs))",
        _oracle("clones", "test_covariances_of_their_own_are_scored_by_the_density[0.0]"),
    ),
    Mutation(
        "a departure that need not last",
        f"{STUDIES}/clones/tables.py",
        "behind = np.flatnonzero(~(ahead >= lead))",
        "behind = np.flatnonzero(~(ahead >= lead))[:1] - 1",
        _oracle("clones", "test_a_departure_lasts_until_the_end"),
    ),
    Mutation(
        "targets that do not scale with 1 / alpha",
        f"{STUDIES}/rate_plane/training.py",
        "labels.numpy() / live.alpha[:, None] + initial",
        "labels.numpy() + 0 * live.alpha[:, None] + initial",
        _oracle("rate_plane", "test_sharpness_is_that_of_the_dense_hessian"),
    ),
    Mutation(
        "a learning rate that is not divided by alpha",
        f"{STUDIES}/rate_plane/training.py",
        "now.rate / (now.alpha * len(labels))",
        "now.rate / len(labels)",
        _oracle("rate_plane", "test_a_step_is_gradient_descent_on_f_less_f0_with_targets_over_alpha"),
    ),
    Mutation(
        "a law with the exponent of one more layer",
        f"{STUDIES}/rate_plane/theory.py",
        "-2 * depth / (depth + 1)",
        "-2 * (depth + 1) / (depth + 2)",
        _oracle("rate_plane", "test_the_law_has_its_exponent_and_takes_its_factor_from_small_alphas"),
    ),
    Mutation(
        "gradient flow beyond its limit of stability",
        f"{STUDIES}/rate_plane/training.py",
        "FLOW / np.maximum(sharpness, 1e-12)",
        "10 * FLOW / np.maximum(sharpness, 1e-12)",
        _oracle("rate_plane", "test_curvature_is_the_top_eigenvalue_of_autograds_tangent_kernel"),
    ),
    Mutation(
        "a rate divided by the batch size once more",
        f"{STUDIES}/edge/training.py",
        ".step(self.rate[run : run + 1])",
        ".step(self.rate[run : run + 1] / len(rows))",
        _oracle("edge", "test_l8_minibatches_stay_below_the_edge"),
        quick=False,
    ),
    Mutation(
        "minibatches that are always the first points",
        f"{STUDIES}/edge/training.py",
        "x=all_of.x[rows], y=all_of.y[rows]",
        "x=all_of.x[: len(rows)], y=all_of.y[: len(rows)]",
        _oracle("edge", "test_a_minibatch_step_is_gradient_descent_on_its_points_and_the_sharpness_is_that_of_all"),
    ),
    # ---- Kumar et al., Gromov, Liu et al.: grokking
    Mutation(
        "a tangent kernel of the second layer alone",
        f"{STUDIES}/modular/training.py",
        "* (own + below))",
        "* own)",
        _oracle("modular", "test_the_tangent_kernel_is_autograds"),
    ),
    Mutation(
        "a learning rate that does not go with alpha",
        f"{STUDIES}/modular/experiment.py",
        "return self.base_rate(alpha) / alpha**2",
        "return self.base_rate(alpha)",
        _oracle("modular", "test_learning_rates_go_with_alpha_and_stay_below_the_steepest"),
    ),
    Mutation(
        "f0 that is subtracted after all",
        f"{STUDIES}/modular/training.py",
        "network(task.x) if experiment.subtract else",
        "network(task.x) if True else",
        _oracle("modular", "test_weight_decay_shrinks_and_f0_may_stay"),
    ),
    Mutation(
        "weight decay within the gradient's moments",
        f"{STUDIES}/small_mnist/training.py",
        "layer *= layer.dtype.type(1 - rate * decay)",
        "move += layer.dtype.type(decay) * layer",
        _oracle("small_mnist", "test_a_step_is_that_of_torchs_adamw"),
    ),
    Mutation(
        "a closed form without its square of the pull",
        f"{STUDIES}/polynomial/theory.py",
        " + size**2 * np.outer(pull, pull)",
        "",
        _oracle("polynomial", "test_g8_the_closed_form_is_the_neurons_and_its_test_loss_exact"),
    ),
    Mutation(
        "a test loss without the factor of a fourth moment",
        f"{STUDIES}/polynomial/theory.py",
        ".sum() / (2 * d**2)",
        ".sum() / d**2",
        _oracle("polynomial", "test_g8_the_closed_form_is_the_neurons_and_its_test_loss_exact"),
    ),
    Mutation(
        "a spectrum with the mean in it",
        f"{STUDIES}/modular/observables.py",
        "[..., 1:]) ** 2",
        "[..., 0:]) ** 2",
        _oracle("modular", "test_measures_of_weights_and_kernels_that_are_known"),
    ),
    Mutation(
        "an alignment of kernels that are not centred",
        "core/observables/kernels.py",
        "one - one.mean(axis=0) - one.mean(axis=1)[:, None] + one.mean()",
        "one",
        _oracle("modular", "test_measures_of_weights_and_kernels_that_are_known"),
    ),
)
