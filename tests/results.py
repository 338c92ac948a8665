"""Which claims or oracles stand behind each sentence on a page: presets', lessons' and introductions'.

`test_results` walks every sentence, so that a new one has to be tied, and one that changes has to be looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Tie(NamedTuple):
    """What a text is tied to."""

    seal: str
    """The first digits of the SHA-256 of the text that was tied."""
    names: str = ""
    """Claims of `tests.statements`, and tests as `file::name`, of `tests/core/studies/test_<file>.py`; none where it
    says what is trained, shown or asked, and nothing of what comes out."""


TIES: Mapping[str, Tie] = {
    # ---- presets, by their names: their sentences
    "explorer/digits": Tie(
        "02ba86a1",
        "K5 explorer_claims::test_the_lazy_corner_keeps_its_kinks explorer_claims::test_small_alpha_moves_the_kinks",
    ),
    "explorer/moons": Tie("903a4479"),
    "explorer/mnist": Tie("e5f3c7da"),
    "explorer/cifar": Tie("1206c10f", "N1"),
    "explorer/linearised": Tie("2b72506d"),
    "explorer/disc": Tie("54b02704"),
    "explorer/sinusoid": Tie("458b0088", "N3"),
    "explorer/digits_deep": Tie("4dceeadb", "C1"),
    "explorer/mnist_five_layers": Tie("e9d4a528"),
    "kinks/zig5": Tie("94a9c306", "K4 K9"),
    "kinks/zig5_lazy": Tie("6a7311a8", "K5"),
    "kinks/wu5": Tie("e327dbce", "K1"),
    "kinks/bf3": Tie("40c7cabb", "K8"),
    "kinks/abs5": Tie("5d206aa4", "K3"),
    "kinks/stewart40": Tie("b3aa9b25", "K3"),
    "kinks/smooth": Tie("0a7c30de", "K3"),
    "kinks/smooth_lazy": Tie("986ecf4d", "K3 K5"),
    "kinks/classes": Tie("d9b9547c", "K1"),
    "kinks/seeds": Tie("ee613dba"),
    "kinks/smooth_targets": Tie("37973519"),
    "kinks/moons": Tie(
        "8dd919c2", "directions_counted::test_a_small_start_uses_few_directions_and_a_large_one_its_width"
    ),
    "kinks/digits_count": Tie("0d28dd70", "K10"),
    "kinks/digits_count_lazy": Tie(
        "740fa822", "directions_counted::test_a_small_start_uses_few_directions_and_a_large_one_its_width"
    ),
    "kinks/digits_greedy": Tie("985ce041"),
    "kinks/mnist_greedy": Tie("602fed3a"),
    "kinks/mnist_count": Tie("e18a48d4", "K10 directions_counted::test_on_mnist_two_directions_fit_dozens_of_digits"),
    "complexity/sinusoid": Tie("ec8e7e1c", "N3"),
    "complexity/disc": Tie("9d041e94", "N1"),
    "complexity/digits": Tie("9e9c243a", "N1"),
    "complexity/digits_fitted": Tie("52713dee", "N2"),
    "complexity/mnist": Tie("4d059caf"),
    "complexity/mnist_fitted": Tie("c544557a", "N2"),
    "complexity/mnist_cnn": Tie("f288930d", "N1 N4"),
    "complexity/cifar10": Tie("d9855bca", "N1"),
    "complexity/cifar10_fitted": Tie("9d48abf5", "N2"),
    "complexity/xor": Tie("64e0084d", "N5"),
    "complexity/noisy_digits": Tie("458f5efa", "N6"),
    "complexity/few": Tie("8f287842", "N6"),
    "complexity/digits_ten": Tie("2c1b77e6", "N8"),
    "complexity/mnist_ten": Tie("01d61ad3"),
    "complexity/cifar_ten": Tie("fee96eda", "N8"),
    "complexity/csv": Tie("cc965a96"),
    "complexity/clones": Tie("a34f2f7c"),
    "complexity/clones_mnist": Tie("c5f0408d", "D3 D4"),
    "complexity/clones_digits": Tie("acd85d52", "D3"),
    "complexity/theorem": Tie("fe021e72", "N7"),
    "complexity/theorem_few": Tie("99b8006d", "linear_model::test_few_dimensions_make_it_forget"),
    "complexity/theorem_noise": Tie("fc6a3431", "N7"),
    "phase_plane/digits": Tie("715c889d", "C5"),
    "phase_plane/mnist": Tie("7c534291"),
    "phase_plane/cifar10": Tie("3485a873", "C5"),
    "phase_plane/cifar10_cnn": Tie("ca117a1d", "C5"),
    "phase_plane/scaling": Tie("7b302f3c", "C3"),
    "phase_plane/cifar10_scaling": Tie("940d18b7", "C3"),
    "phase_plane/mnist_batches": Tie("58044c99", "C9"),
    "phase_plane/digits_cnn_batches": Tie("90c091ff"),
    "phase_plane/digits_one_layer": Tie("124f95d0", "C5"),
    "phase_plane/digits_depth": Tie("e34f963f", "C1"),
    "phase_plane/batch_learning_rate": Tie("876bff24", "C9"),
    "phase_plane/perceptron": Tie("2e6ec720", "C6 C8 C9"),
    "learning_dynamics/basin": Tie("bcced0cf", "T7 basin::test_three_neurons_in_eight_learn"),
    "learning_dynamics/basin_hinge": Tie("1645d9d9", "T7 basin::test_doomed_neurons_outlive_training"),
    "learning_dynamics/revival": Tie(
        "8a61f808", "basin::test_narrow_classes_fail_and_lone_neurons_are_reborn_as_often_as_theory_has_it"
    ),
    "learning_dynamics/modes": Tie("fa65d7ac", "T1"),
    "learning_dynamics/losses": Tie("fa4f0e8f", "T3 T4 T9"),
    "learning_dynamics/rare_mode": Tie("e708cbab", "T5"),
    "learning_dynamics/large_norm": Tie("3a54fcd2", "T6"),
    "learning_dynamics/some_die": Tie("0c50270b", "T7"),
    "learning_dynamics/two_moons": Tie("2cd492f4", "T13"),
    "learning_dynamics/two_moons_long": Tie("98b03952", "T13"),
    "learning_dynamics/ten_variants": Tie("9eeb2262"),
    "learning_dynamics/ten_variants_long": Tie("8c91ff68"),
    "learning_dynamics/game": Tie("9918ec92"),
    "learning_dynamics/game_slow": Tie("9ed828d8"),
    "learning_dynamics/spectral_decoupling": Tie("dac2a0d6", "T12"),
    "learning_dynamics/uncoupled": Tie("646f9ddb", "strengths::test_nothing_couples_the_features_where_u_is_diagonal"),
    "learning_dynamics/starvation": Tie("192c892c", "T11"),
    "learning_dynamics/starvation_exclusive": Tie("ef1e5771", "T11"),
    "learning_dynamics/starvation_loud": Tie("aa7e2f4d", "starvation::test_a_loud_feature_starves_a_quiet_one"),
    "learning_dynamics/starvation_hinge": Tie("0e8e2f77", "T3"),
    "learning_dynamics/shades": Tie("36a2b4d6", "T15"),
    "learning_dynamics/shades_strong": Tie("d3866608", "T15"),
    "learning_dynamics/depth": Tie("4e6a5a9d", "T10"),
    "learning_dynamics/saxe": Tie("8cf30925", "T14"),
    "learning_dynamics/unaligned": Tie("83eae32d", "T10"),
    "learning_rate/catapult": Tie("bd055a5a", "L5"),
    "learning_rate/catapult_linear": Tie(
        "03826b69", "L2 catapult::test_a_linear_network_converges_to_4_and_diverges_above"
    ),
    "learning_rate/catapult_tanh": Tie("b0ac2189"),
    "learning_rate/edge": Tie("028d12dd", "L7"),
    "learning_rate/edge_cubic": Tie("b32d6334"),
    "learning_rate/edge_digits": Tie("95e1767e"),
    "learning_rate/edge_sgd": Tie("d6e0055d"),
    "learning_rate/plane": Tie("d71a39f7"),
    "phase_plane/ensembles": Tie("7961c5cd"),
    "phase_plane/ensembles_deep": Tie("09c3d275"),
    "ensembles": Tie("dcab86e0", "C13 C15"),
    "ensembles: Lazy and learning features": Tie("bb7868ea", "C13 ensembles::test_what_ships_is_what_the_lessons_say"),
    "ensembles: Where noise dominates": Tie("7039d96d", "C14 ensembles::test_what_ships_is_what_the_lessons_say"),
    "ensembles: One network, and the mean of ten": Tie("31ed0050", "C15"),
    "learning_rate/stabilization": Tie("eba36bd7"),
    "learning_rate/stabilization_slow": Tie("ef30fe33"),
    "learning_rate/plane_shallow": Tie("b2f5a959", "L9"),
    "grokking/modular": Tie("264cb760", "G1"),
    "grokking/modular_lazy": Tie("6ce9648c", "G5"),
    "grokking/modular_unsubtracted": Tie(
        "6152f4b4", "modular::test_f0_that_is_kept_makes_weights_shrink_and_the_delay_small"
    ),
    "grokking/modular_plane": Tie("94e46765"),
    "grokking/modular_few": Tie("a2a6c96f", "G7"),
    "grokking/modular_cross_entropy": Tie("50bb4a19", "modular::test_cross_entropy_fits_and_does_not_generalize"),
    "grokking/polynomial": Tie("60533e17", "G9"),
    "grokking/polynomial_few": Tie("d755f36d", "polynomial::test_fewer_points_delay_longer"),
    "grokking/polynomial_linear": Tie(
        "5725688d", "polynomial::test_a_nearly_linear_activation_lets_the_test_loss_rise_by_linear_power"
    ),
    "grokking/mnist": Tie("a11da7c8", "G10"),
    "grokking/mnist_decay": Tie("d843a33f"),
    # ---- lessons and introductions of parts
    "explorer: The lazy corner": Tie("b84da9ad", "C11 K5 explorer_claims::test_the_lazy_corner_keeps_its_kinks"),
    "explorer: Small α moves the kinks": Tie("7cfe225d", "explorer_claims::test_small_alpha_moves_the_kinks"),
    "explorer: Noise is another way out": Tie("9454bc28", "C3 C5"),
    "explorer: How lazy is lazy?": Tie("2ca6c107", "C11 C12"),
    "explorer: A linear classifier first": Tie("0c810901", "N1 N2"),
    "smooth_targets": Tie("1e3512c8", "K12"),
    "smooth_targets: Few kinks, and short of the data": Tie("b4b7cd32", "K12"),
    "smooth_targets: A kinked target": Tie("ec252fff", "K12"),
    "kinks: First align, then learn": Tie("8831ab05", "K1"),
    "kinks: Eight times the units": Tie("58c197c5", "K2 K9"),
    "kinks: How wide is wide enough?": Tie("f75add1a", "K9"),
    "kinks: The law of the escape": Tie("3447e394", "K6"),
    "kinks: The lazy twin": Tie("4ef4e109", "K3 K5"),
    "kinks: Stuck for good": Tie("e327f406", "K8"),
    "directions": Tie("9a16d32d"),
    "directions: Two lines before any fit": Tie(
        "d01c76e6", "directions_counted::test_a_small_start_uses_few_directions_and_a_large_one_its_width"
    ),
    "greedy": Tie("e9f6f710", "K1"),
    "greedy: The first two come alike": Tie("45a9d6f5", "K13"),
    "greedy: Then greed stays frugal": Tie("0a675b1c", "K13"),
    "greedy: Small digits": Tie("9509cc36", "K13"),
    "directions: Twice the digits, twice the directions": Tie("7f083679", "K10"),
    "directions: It depends on how one counts": Tie("33af1158", "K10"),
    "directions: Few directions until the data is hard": Tie("91357b39", "K10"),
    "complexity: The plateau": Tie("09f60f68", "N3"),
    "complexity: It starts linear": Tie("2a0bdf5e", "N1"),
    "complexity: Where it breaks": Tie("8d013ad0", "N6"),
    "complexity: The control": Tie("5e8507a0", "N5"),
    "complexity: Ten classes": Tie("c3970d94", "N8"),
    "complexity/resnet": Tie("4bc713f0", "own_network::test_the_shipped_resnet_is_right_as_often_as_its_preset_says"),
    "own_network": Tie("e9255783"),
    "phase_plane/own_runs": Tie("949fcdf1", "own_plane::test_what_ships_is_the_table_that_its_sentence_names"),
    "own_plane": Tie("49428a9e"),
    "measure": Tie("bad89707"),
    "linear_model": Tie("a94c5521", "N7"),
    "linear_model: Overfits, and forgets nothing": Tie("56f48369", "N7"),
    "linear_model: Too few dimensions to hide in": Tie("3fafb86f", "linear_model::test_few_dimensions_make_it_forget"),
    "linear_model: As informative, and always wrong": Tie("91e146d1", "N7"),
    "linear_model: Steps too large": Tie("2fc3c506", "linear_model::test_runs_end_with_a_reason"),
    "phase_plane": Tie("5c3258bc", "C5"),
    "phase_plane: Two ways out, two effects": Tie("602a290c", "C5"),
    "phase_plane: Noise that helps": Tie("64b15b47", "C5"),
    "phase_plane: One seed is not the plane": Tie("49da2479", "C5"),
    "phase_plane: One curve": Tie("feed3f9e", "C2"),
    "phase_plane: Power laws": Tie("b107683a", "C3 C4"),
    "perceptron": Tie("97dc86c4", "C6 C10"),
    "perceptron: Noise makes the signal grow": Tie("fef09022", "C7 C10"),
    "perceptron: The same T, the same end": Tie("41fa2b94", "C9"),
    "perceptron: The first step decides": Tie("8315e2f1", "C9"),
    "perceptron: Fewer points at the boundary, weaker laws": Tie("c09f0392", "C6 C8 C9"),
    "basin": Tie("ecccc7e1", "T4 T7"),
    "basin: On the boundary, and next to it": Tie(
        "73c9649f", "T7 basin::test_on_the_border_a_neuron_comes_to_the_saddle"
    ),
    "basin: Will die, but still active": Tie("c04e3026", "basin::test_doomed_neurons_outlive_training"),
    "basin: Reactivated": Tie(
        "c2e6460e", "basin::test_narrow_classes_fail_and_lone_neurons_are_reborn_as_often_as_theory_has_it"
    ),
    "basin: Steps too large": Tie("3786e788", "basin::test_steps_too_large_decide_otherwise_and_that_is_said"),
    "modes": Tie("ce5f4d1c", "T1 T3 T4"),
    "modes: Frequency is only a clock": Tie("32cde09a", "T5"),
    "modes: Norm helps slightly more": Tie("bcbe3f68", "T6"),
    "modes: A sigmoid needs depth": Tie("425c3c35", "T8"),
    "modes: Hinge stops": Tie("330d3a84", "T3 T9"),
    "moons": Tie("fc135a29", "T13"),
    "moons: A straight line suffices": Tie("cb2bba2b", "T13"),
    "moons: A straight line fails": Tie("3e437ebc", "T13"),
    "moons: Weight decay is no cure": Tie("c2d1480a", "T13"),
    "moons: Ten times as long": Tie("58819a6f", "T13"),
    "boundaries": Tie("d582fb83", "T16"),
    "boundaries: Read the ten pictures": Tie("27d7742a"),
    "boundaries: Adam at a larger rate": Tie("3ca35b28", "T16 T17 boundaries::test_what_ships_is_what_is_said"),
    "boundaries: How early does it show?": Tie("14bd51c6"),
    "game": Tie("41c67b81", "T18"),
    "game: Saturation": Tie("c54a0560", "T18"),
    "game: Another loss for the generator": Tie("bfb99c0c", "T18"),
    "game: Hinge": Tie("2163a922", "T18"),
    "strengths": Tie("6a430841", "T12"),
    "strengths: The stronger, the less": Tie("79b23a14", "T12"),
    "strengths: The weaker one starves": Tie("7c1704ef", "T12"),
    "strengths: Nothing couples them": Tie(
        "11429d29", "strengths::test_nothing_couples_the_features_where_u_is_diagonal"
    ),
    "starvation": Tie("eb65f6cc", "T11"),
    "starvation: Three answers": Tie("7578f82b", "T11"),
    "starvation: Starved, but never frozen": Tie("99b1070d", "T11 starvation::test_starved_but_never_frozen"),
    "starvation: Frozen": Tie("6c08bc94", "T3"),
    "starvation: The control": Tie("19ff36ea", "T11"),
    "starvation: A large initialization": Tie("43c62336", "T11"),
    "shades": Tie("1a0f1f36", "T15"),
    "shades: It falls with p": Tie("2d39dcbd", "T15"),
    "shades: Decoupling is no cure": Tie("743f2628", "T15"),
    "shades: A strong shade": Tie("5c079515", "T15"),
    "depths": Tie("18779759", "T10"),
    "depths: Every layer speeds up learning": Tie("f695c1c8", "T10"),
    "depths: Unless the initialization is tiny": Tie("8c3f4061", "T10"),
    "depths: It depends on the loss": Tie("f4ee833b", "T10"),
    "depths: Modes one by one": Tie("4fe7531a", "T14"),
    "catapult": Tie("3acda6f7", "L2 L5"),
    "catapult: The loss rises, then falls": Tie("2e976e6d", "L2"),
    "catapult: A mirror at 2": Tie("2966ce9c", "L3"),
    "catapult: Above 4 the toy is lost": Tie(
        "c0591c9b", "L2 catapult::test_a_linear_network_converges_to_4_and_diverges_above"
    ),
    "catapult: ReLU dies instead": Tie("4a73f200", "L5"),
    "edge": Tie("e10c5c66", "L7"),
    "edge: Everything collapses on 2": Tie("17d0510d", "L7"),
    "edge: Monotone before, not after": Tie("11269629", "L7"),
    "edge: The control": Tie("f8308626", "L7"),
    "clones": Tie("97060d67", "D2 D3"),
    "clones: A staircase": Tie("d9e85576", "D2"),
    "clones: Rise and fall": Tie("8cd2ab5f", "D4"),
    "clones: Pixels one by one": Tie("fac53496", "D3"),
    "stabilization": Tie("d1c7ea49", "L11"),
    "stabilization: First the sharpness, then the oscillation": Tie("e04dc554", "L11"),
    "stabilization: What brings it down": Tie("1b44a502", "L11"),
    "stabilization: It grows from rounding": Tie(
        "54eb04b5", "L11 stabilization::test_what_ships_is_what_the_lessons_say"
    ),
    "stabilization: Noise keeps it low": Tie("06ef82c2", "L11 stabilization::test_what_ships_is_what_the_lessons_say"),
    "clones: A Gaussian explainer": Tie("8ece3b8f", "D5"),
    "rate_plane": Tie("f4451496", "L9 L10"),
    "rate_plane: Lazy: nothing moves": Tie("34b950df", "L10 rate_plane::test_what_ships_is_what_the_lessons_say"),
    "rate_plane: The edge, from below": Tie("b77df468", "L9 rate_plane::test_what_ships_is_what_the_lessons_say"),
    "rate_plane: The catapult": Tie("1d32513b", "L10 rate_plane::test_what_ships_is_what_the_lessons_say"),
    "rate_plane: What the catapult costs": Tie(
        "eb147f71", "rate_plane::test_a_catapult_at_large_alpha_costs_test_error"
    ),
    "rate_plane: A law for the border": Tie("f91190f4", "L9"),
    "edge: From either side": Tie("acdc78e2", "L7"),
    "edge: Below the edge with minibatches": Tie("149f7f71", "L8"),
    "modular": Tie("d510abb3", "G1 G2 G5"),
    "modular: Fits early, generalizes late": Tie("30e7a0f5", "G1 G2"),
    "modular: No delay at small α": Tie("502f48e5", "G1"),
    "modular: One measure of progress": Tie("82706879", "G3 G4"),
    "modular: The lazy limit": Tie("3b80b5da", "G5"),
    "modular: What if f₀ is not subtracted?": Tie(
        "737c6f7a", "G5 modular::test_f0_that_is_kept_makes_weights_shrink_and_the_delay_small"
    ),
    "modular: Toward the critical fraction": Tie(
        "3654c7af", "G7 modular::test_what_ships_of_the_plane_is_what_is_said"
    ),
    "modular: Too few pairs": Tie("a3b569f1", "G7"),
    "modular: Cross-entropy is no shortcut": Tie(
        "87be2a52", "modular::test_cross_entropy_fits_and_does_not_generalize"
    ),
    "polynomial": Tie("5a362953", "G8 G9"),
    "polynomial: Memorised before it is aligned": Tie(
        "bbf9a473", "polynomial::test_most_of_the_test_loss_is_misalignment_when_the_points_are_learned"
    ),
    "polynomial: Small α: features first": Tie("9141714a", "G9"),
    "polynomial: Lazy for good": Tie("84f9f047", "G9"),
    "polynomial: The linear part memorises": Tie(
        "89737738", "polynomial::test_a_nearly_linear_activation_lets_the_test_loss_rise_by_linear_power"
    ),
    "small_mnist": Tie("9e86682e", "G10"),
    "small_mnist: Eight times the usual weights": Tie("ffa5c887", "G10"),
    "small_mnist: The usual weights": Tie("1cdb06a7", "G10"),
    "small_mnist: Is it the decay?": Tie("81983947"),
}
