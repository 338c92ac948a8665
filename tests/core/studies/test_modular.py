"""Modular addition: steps, kernels and measures against autograd and by hand; what is said; the claims on grokking."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import Source
from core.experiment import digest, to_json
from core.observables.kernels import alignment
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.modular.charts import plane
from core.studies.modular.experiment import STEEPEST, Modular
from core.studies.modular.observables import participation, spectrum
from core.studies.modular.part import PART
from core.studies.modular.scene import scene, verdict
from core.studies.modular.training import Network, Pairs, begin, loss_of
from core.studies.modular.trajectory import MEASURES, ModularTrajectory
from core.studies.modular.view import ModularView
from core.study import from_json, presets, studies
from core.sweeps import train
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import Expected, Measured, above, below, near, seeds

SMALL = Modular(p=7, width=12, alphas=(0.5, 4.0), seeds=(0, 1), step_limit=60)
HERO = Modular()


@cache
def trained(experiment: Modular) -> ModularTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, ModularTrajectory)
    return found


def tables(experiment: Modular) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["modular"].tables().items()}


def delays(experiment: Modular) -> pd.DataFrame:
    return tables(experiment)["modular_delays"]


def network() -> tuple[Network, Pairs]:
    rng = np.random.default_rng(0)
    return Network(rng.standard_normal((9, 10)), rng.standard_normal((5, 9)), 3.0), Pairs.drawn(5, 18, 0)


def output(found: Network, x: np.ndarray, weights: list[torch.Tensor]) -> torch.Tensor:
    """f as torch has it, (point, output)."""
    scale = found.alpha / (2 * 5 * 9)
    return scale * (torch.tensor(x, dtype=torch.float64) @ weights[0].T) ** 2 @ weights[1].T


def weights_of(found: Network) -> list[torch.Tensor]:
    return [torch.tensor(part, requires_grad=True) for part in (found.first, found.second)]


def test_pairs_are_all_pairs_with_their_sums_and_alphas_of_a_seed_share_them() -> None:
    pairs = Pairs.drawn(7, 20, 3)
    a, b = pairs.x[:, :7].argmax(axis=1), pairs.x[:, 7:].argmax(axis=1)
    assert sorted(zip(a.tolist(), b.tolist(), strict=True)) == [(i, j) for i in range(7) for j in range(7)]
    np.testing.assert_array_equal(pairs.y.argmax(axis=1), (a + b) % 7)
    assert (pairs.x.sum(axis=1) == 2).all()
    begun = begin(SMALL, range(SMALL.runs), Source(), "cpu")
    np.testing.assert_array_equal(begun.networks[0].first, begun.networks[2].first)
    np.testing.assert_array_equal(begun.tasks[0].x, begun.tasks[2].x)
    assert not np.array_equal(begun.networks[0].first, begun.networks[1].first)


def test_the_tangent_kernel_is_autograds() -> None:
    found, pairs = network()
    weights = weights_of(found)
    f = output(found, pairs.x, weights)
    np.testing.assert_allclose(found(pairs.x), f.detach(), rtol=1e-12)
    rows = [
        torch.stack(
            [torch.cat([g.ravel() for g in torch.autograd.grad(one, weights, retain_graph=True)]) for one in out]
        )
        for out in f.T
    ]
    kernel = sum(part @ part.T for part in rows)
    assert isinstance(kernel, torch.Tensor)
    np.testing.assert_allclose(found.kernel(pairs.x), kernel.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("loss", ["squared", "cross_entropy"])
def test_a_step_is_gradient_descent(loss: str) -> None:
    found, pairs = network()
    initial, weights = found(pairs.x) / 2, weights_of(found)
    gap = output(found, pairs.x, weights) - torch.tensor(initial)
    target = torch.tensor(pairs.y, dtype=torch.float64)
    value = ((gap - target) ** 2).mean() if loss == "squared" else torch.nn.functional.cross_entropy(gap, target)
    assert loss_of(gap.detach().numpy(), pairs.y, loss).mean() == pytest.approx(value.item(), rel=1e-12)
    moves = torch.autograd.grad(value, weights)
    found.step(pairs.x, pairs.y, initial, 0.7, loss)
    for now, before, move in zip((found.first, found.second), weights, moves, strict=True):
        np.testing.assert_allclose(now, (before - 0.7 * move).detach(), rtol=1e-12, atol=1e-13)


def test_measures_of_weights_and_kernels_that_are_known() -> None:
    a = np.arange(23)
    one = np.cos(2 * np.pi * 3 * a / 23 + 0.4)
    assert spectrum(one).argmax() == 2
    assert participation(one[None]) == pytest.approx(1)
    assert participation((one + np.cos(2 * np.pi * 5 * a / 23) + 9)[None]) == pytest.approx(0.5)  # no mean in it
    y = np.eye(4)[[0, 1, 2, 3, 0, 1]]
    assert alignment(3 * y @ y.T + 2, y) == pytest.approx(1)
    assert abs(alignment(np.eye(6), y)) < 1
    by_hand = np.random.default_rng(0).standard_normal((6, 6))
    centre = np.eye(6) - 1 / 6
    k, t = centre @ by_hand @ centre, centre @ y @ y.T @ centre
    assert alignment(by_hand, y) == pytest.approx((k * t).sum() / np.linalg.norm(k) / np.linalg.norm(t))


def test_what_is_recorded_is_what_the_networks_are() -> None:
    begun, step = begin(SMALL, range(SMALL.runs), Source(), "cpu"), 0
    begun.record(0)
    first = [one.kernel(task.watched) for one, task in zip(begun.networks, begun.tasks, strict=True)]
    while begun.live:
        step = begun.advance(step)
        begun.record(step)
    for run, (net, task) in enumerate(zip(begun.networks, begun.tasks, strict=True)):
        f = net(task.x) - begun.initial[run]
        wrong = f.argmax(axis=1) != task.y.argmax(axis=1)
        kernel = net.kernel(task.watched)
        expected = {
            "train_loss": ((f - task.y) ** 2)[: task.n_train].mean(),
            "test_loss": ((f - task.y) ** 2)[task.n_train :].mean(),
            "train_error": wrong[: task.n_train].mean(),
            "test_error": wrong[task.n_train :].mean(),
            "participation": participation(net.first[:, : SMALL.p]),
            "alignment": alignment(kernel, task.y[: task.n_train]),
            "kernel_change": np.linalg.norm(kernel - first[run]) / np.linalg.norm(first[run]),
            "norm": np.sqrt((net.first**2).sum() + (net.second**2).sum()),
        }
        assert set(expected) == set(MEASURES)
        for name, value in expected.items():
            assert begun.recording.arrays[name][-1, run] == pytest.approx(value, rel=1e-5), name


def test_learning_rates_go_with_alpha_and_stay_below_the_steepest() -> None:
    found = Modular(alphas=(0.25, 64.0), rate=1e5)
    assert found.learning_rate(0.25) == pytest.approx(STEEPEST * 23**2 * 100 * 0.25 ** (4 / 3 - 2))
    assert found.learning_rate(64.0) == 1e5 / 64.0**2
    assert replace(found, loss="cross_entropy").learning_rate(64.0) == pytest.approx(2e5 / 23 / 64.0**2)


def test_the_linearized_network_learns_alike_at_every_alpha() -> None:
    """F after a first small step is the same function at every alpha: eta0 / alpha^2 takes alpha out."""
    steps = []
    for alpha in (0.5, 8.0):
        net, pairs = network()
        net.alpha = alpha
        initial = net(pairs.x)
        net.step(pairs.x, pairs.y, initial, 1e-4 / alpha**2, "squared")
        steps.append(net(pairs.x) - initial)
    np.testing.assert_allclose(steps[0], steps[1], rtol=2e-3, atol=1e-9)


def test_weight_decay_shrinks_and_f0_may_stay() -> None:
    plain, decayed, kept = (
        trained(replace(SMALL, **change))
        for change in ({}, {"decay": 0.01}, {"subtract": False})  # type: ignore[arg-type]
    )
    assert (decayed["norm"][-1] < plain["norm"][-1]).all()
    assert np.ptp(plain["train_loss"][0]) == 0  # F = 0
    assert plain["train_loss"][0, 0] == pytest.approx(1 / 7)
    assert kept["train_loss"][0, 2] > kept["train_loss"][0, 0]


def test_runs_end_with_a_reason_and_come_back() -> None:
    found = trained(SMALL)
    again = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
    assert (found["outcome"] == STEP_LIMIT).all()
    assert found["weights"].shape[1:] == (2, 8, 7)
    lost = trained(Modular(p=5, width=8, alphas=(1.0, 16.0, 64.0), rate=1e6, seeds=(0,), step_limit=400))
    assert lost["outcome"][2] == DIVERGED
    assert np.isnan(lost["test_error"][-1, 2])
    assert "diverged by step" in verdict(ModularView(experiment=lost.experiment, alpha=64.0), Shown(lost))


def test_same_experiment_same_bytes_in_any_number_of_processes() -> None:
    assert encode(trained(SMALL)) == encode(train(SMALL, source=Source(), workers=2))


def test_tables_have_their_columns_and_what_is_said_is_in_them() -> None:
    found = tables(SMALL)
    for name, table in found.items():
        assert set(table.columns) <= set(columns()), name
    path, ends, spectra = found["modular"], found["modular_delays"], found["modular_spectra"]
    assert path.groupby(["alpha", "seed"]).ngroups == len(ends) == 4
    shares = spectra.groupby(["alpha", "step", "neuron"])["power_share"].sum()
    np.testing.assert_allclose(shares, 1, atol=1e-4)
    for row in ends.to_dict("records"):
        own = path[(path["alpha"] == row["alpha"]) & (path["seed"] == row["seed"]) & (path["step"] > 0)]
        reached = own[own["train_error"] == 0]["step"]
        assert np.isnan(row["fitted_step"]) if reached.empty else row["fitted_step"] == reached.iloc[0]
    shown = Shown(trained(replace(SMALL, step_limit=2)))
    assert "does not fit all its pairs" in verdict(ModularView(experiment=shown.trajectory.experiment, alpha=4), shown)
    assert PART.picked is not None
    assert PART.picked(ModularView(experiment=SMALL, alpha=0.5), {"fields": {"alpha": 4.0}}).alpha == 4


PLANE = replace(SMALL, fractions=(0.5, 0.8), seeds=(0,))


def test_a_cell_of_a_plane_is_the_network_of_its_fraction() -> None:
    found = trained(PLANE)
    assert PLANE.runs == 4
    assert found["weights"].size == 0
    for place, fraction in enumerate(PLANE.fractions):
        alone = trained(replace(SMALL, fraction=fraction, seeds=(0,)))
        for name in MEASURES:
            np.testing.assert_array_equal(found[name][:, place::2], alone[name])
    ends = tables(PLANE)["modular_delays"]
    assert list(zip(ends["alpha"], ends["fraction"], strict=True)) == [(0.5, 0.5), (0.5, 0.8), (4, 0.5), (4, 0.8)]
    assert set(tables(PLANE)["modular"].columns) <= set(columns())


def test_a_plane_is_drawn_with_the_curves_of_the_cell_that_was_clicked() -> None:
    shown = Shown(trained(PLANE))
    view = ModularView.of(PLANE, alpha=4.0, at_fraction=0.5)
    drawn = scene(view, [shown])
    assert list(drawn.figures) == ["plane", "curves", "progress"]
    assert [card.pick for card in drawn.cards.values()] == ["cell", None, None]
    cells = drawn.figures["plane"].tables["cells"].rows
    assert [cell["fraction"] for cell in cells] == [0.5, 0.8, 0.5, 0.8]
    assert "At α = 4, on 50% of all pairs," in drawn.verdict
    assert PART.picked is not None
    other = PART.picked(view, {"fields": {"alpha": 0.5, "fraction": 0.8}})
    assert (other.alpha, other.at_fraction) == (0.5, 0.8)
    assert view.offered("fraction", {}) == ()
    lone = ModularView.of(replace(SMALL, fraction=0.5))
    assert lone.at_fraction == 0.5
    assert list(scene(lone, [Shown(trained(lone.experiment))]).figures) == ["curves", "delays", "progress", "neurons"]


def test_a_test_error_that_falls_first_is_no_delay() -> None:
    rows = delays(SMALL).assign(outcome="step_limit", fitted_step=30.0, half_step=20.0, half_delay=20 / 30)
    shown = Shown(trained(SMALL), "early", {("table", "modular_delays"): rows})
    said = verdict(ModularView(experiment=SMALL, alpha=0.5), shown)
    assert "is 0 at step 30" in said
    assert "it was ½ at step 20 already: **no delay**" in said
    assert "times** as many" not in said


def test_a_cell_says_its_delay_or_why_it_has_none() -> None:
    rows = delays(PLANE).assign(
        outcome=["step_limit", "diverged", "step_limit", "step_limit"],
        fitted_step=[10, np.nan, 10, np.nan],
        half_step=[250, np.nan, np.nan, np.nan],
        half_delay=[25.0, np.nan, np.nan, np.nan],
    )
    cells = plane.figure(rows, (0.5, 0.5)).tables["cells"].rows
    assert [cell["text"] for cell in cells] == ["25", "diverged", "never", "no fit"]


def test_what_ships_of_the_plane_is_what_is_said() -> None:
    found, _ = Store(Path("nowhere")).load(presets()["grokking/modular_plane"].experiment)
    ends = studies()["modular"].tables()["modular_delays"](found)
    for _, own in ends.groupby("alpha"):
        known = own.sort_values("fraction")["half_delay"].dropna().to_numpy()
        assert (known[1:] <= 1.05 * known[:-1]).all()  # the steps at which it is checked are 5 % apart
        assert known[0] > 1.4 * known[-1]
        assert len(known) < len(own)
    least = ends[ends["half_delay"].notna()].groupby("alpha")["fraction"].min()
    assert least.is_monotonic_increasing
    assert least.iloc[-1] > least.iloc[0]


def test_fractions_leave_the_digest_of_what_is_stored_as_it_was() -> None:
    assert digest(Modular()) == "d26dab3d363072239c6214f3b8f99dc5"
    assert "fractions" not in to_json(Modular())
    assert from_json(to_json(PLANE)) == PLANE
    assert replace(PLANE, fraction=0.6) == PLANE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fractions", (0.8, 0.5)),
        ("fractions", (0.05,)),
        ("p", 4),
        ("p", 48),
        ("fraction", 1.0),
        ("alphas", (4.0, 1.0)),
        ("alphas", (100.0,)),
        ("rate", 0.0),
        ("decay", -0.1),
        ("width", 0),
        ("loss", "hinge"),
    ],
)
def test_bad_settings_are_one_sentence(name: str, value: object) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        Modular(**{name: value})  # type: ignore[arg-type]


def test_too_many_runs_are_one_sentence() -> None:
    with pytest.raises(ExperimentError, match="alphas x seeds: at most 40 runs"):
        Modular(alphas=tuple(2.0**k for k in range(-2, 5)), seeds=tuple(range(8)))
    with pytest.raises(ExperimentError, match="alphas x fractions x seeds: at most 40 runs"):
        replace(HERO, fractions=(0.5, 0.6, 0.7))


# ---- claims


GUESSING = 22 / 23


def within(null: float, low: float, high: float) -> Expected:
    """The range that the claim states, and what the value were without the effect."""
    assert low != null, "a range that begins without the effect"
    return Expected(f"null {null:.4g}", low, high, null, 1.0 if low > null else -1.0)


@cache
def hero() -> pd.DataFrame:
    return delays(replace(HERO, seeds=seeds(3)))


@pytest.mark.claim
def test_g1_alpha_sets_the_delay(measured: Measured) -> None:
    ranges = {0.25: (0.95, 1.15), 1.0: (1.05, 1.4), 8.0: (1.3, 2.3), 16.0: (2.0, 4.0)}
    means = hero().groupby("alpha")["half_delay"]
    for alpha, (low, high) in ranges.items():
        expected = Expected("theory 1", low, high) if alpha < 1 else within(1, low, high)
        measured("G1", f"alpha = {alpha:g}: t(1/2) / t(fit)", means.mean()[alpha], expected, means.sem()[alpha])
    growth = means.mean().loc[list(ranges)].diff().dropna().min()
    measured("G1", "least growth of it from one alpha to the next", growth, above(0))
    at_fit = hero()[hero()["alpha"] >= 8]["test_error_at_fit"].min()
    measured("G1", "alpha >= 8: least test error when the network fits", at_fit, above(0, by=0.85))


@pytest.mark.claim
def test_g2_no_weight_decay_is_needed(measured: Measured) -> None:
    measured(
        "G2",
        "largest final test error, alpha = 1/4 ... 16",
        hero()["test_error"].max(),
        below(GUESSING, by=GUESSING - 0.05),
    )
    measured("G2", "least final norm of the weights over the initial one", hero()["norm_ratio"].min(), above(1))


@pytest.mark.claim
def test_g3_progress_is_the_same_at_every_alpha(measured: Measured) -> None:
    for alpha, own in hero().groupby("alpha"):
        said = f"alpha = {alpha:g}, when the test error is 1/2"
        measured("G3", f"{said}: participation ratio", own["participation_at_half"].mean(), within(0.17, 0.33, 0.50))
        measured("G3", f"{said}: kernel alignment", own["alignment_at_half"].mean(), within(0.22, 0.27, 0.37))
    start = trained(replace(HERO, seeds=seeds(3)))["participation"][0].max()
    measured("G3", "largest participation ratio at initialization", float(start), below(0.33, by=0.13))


@pytest.mark.claim
def test_g4_the_kernel_changes_less_at_large_alpha(measured: Measured) -> None:
    change = hero().groupby("alpha")["kernel_change_at_half"].mean()
    ranges = {1.0: (60.0, 100.0), 4.0: (12.0, 22.0), 8.0: (5.0, 10.0), 16.0: (2.5, 4.5)}
    measured("G4", "alpha = 0.25: relative change of the kernel at half", change[0.25], above(0, by=300))
    for alpha, (low, high) in ranges.items():
        measured("G4", f"alpha = {alpha:g}: relative change of the kernel at half", change[alpha], within(0, low, high))


@pytest.mark.claim
def test_g5_the_lazy_limit_never_generalizes_unless_f0_is_kept(measured: Measured) -> None:
    lazy = Modular(alphas=(64.0,), rate=3e5, seeds=seeds(1), step_limit=10_000)
    for subtract, said in ((True, "f0 subtracted"), (False, "f0 kept")):
        end = delays(replace(lazy, subtract=subtract)).iloc[0]
        expected = above(0.5, by=0.4) if subtract else below(0.5, by=0.4)
        measured("G5", f"alpha = 64, 10,000 steps, {said}: test error", end["test_error"], expected)
        measured("G5", f"alpha = 64, 10,000 steps, {said}: training error", end["train_error"], near(0, 0))


@pytest.mark.claim
def test_g6_the_delay_is_one_of_flow_time(measured: Measured) -> None:
    times, base = [], Modular(alphas=(8.0,), seeds=seeds(1))
    for rate, steps in ((1e4, 8000), (3e4, 3000), (1e5, 1000)):
        end = delays(replace(base, rate=rate, step_limit=steps)).iloc[0]
        times.append(end["half_step"] * end["base_rate"])
    spread = max(times) / min(times) - 1
    measured("G6", "alpha = 8, eta0 = 1e4, 3e4, 1e5: largest over least eta0 t(1/2), less 1", spread, near(0, 0.08))


@pytest.mark.claim
def test_g7_the_delay_grows_toward_a_smallest_fraction(measured: Measured) -> None:
    base = Modular(alphas=(4.0,), seeds=seeds(2), step_limit=3000)
    few = delays(replace(base, fraction=0.5, step_limit=15_000, seeds=seeds(1)))["test_error"].iloc[0]
    measured("G7", "alpha = 4, half of all pairs, 15,000 steps: test error", few, above(0.5, by=0.4))
    ends = delays(replace(base, fractions=(0.65, 0.7, 0.8, 0.9)))
    means = ends.groupby("fraction")["half_delay"].mean()
    measured("G7", "alpha = 4, 70 % of all pairs: t(1/2) / t(fit)", means[0.7], within(1, 1.8, 3))
    measured("G7", "alpha = 4, 90 % of all pairs: t(1/2) / t(fit)", means[0.9], within(1, 1.05, 1.3))
    growth = (means.to_numpy()[:-1] / means.to_numpy()[1:]).min()
    said = "alpha = 4, 90, 80, 70 and 65 % of all pairs: least factor of t(1/2) / t(fit) from one to the next"
    measured("G7", said, growth, above(1))


@pytest.mark.claim
def test_g7_a_larger_alpha_needs_more_pairs(measured: Measured) -> None:
    base = Modular(alphas=(0.25, 16.0), fractions=(0.6, 0.65, 0.7, 0.8), seeds=seeds(2), step_limit=6000)
    ends = delays(base)
    least = ends[ends["half_delay"].notna()].groupby(["alpha", "seed"])["fraction"].min()
    gap = least[16.0] - least[0.25]
    measured("G7", "6,000 steps: least fraction that generalizes, alpha = 16 less alpha = 1/4", gap.min(), above(0))
    both = ends.pivot_table(index=["fraction", "seed"], columns="alpha", values="half_delay").dropna()
    factor = (both[16.0] / both[0.25]).min()
    measured("G7", "least factor of t(1/2) / t(fit) from alpha = 1/4 to 16 at one fraction", factor, above(1))


@pytest.mark.claim
def test_cross_entropy_fits_and_does_not_generalize() -> None:
    ends = delays(Modular(loss="cross_entropy", alphas=(0.25, 16.0), seeds=(0, 1), step_limit=3000))
    assert (ends["train_error"] == 0).all()
    assert (ends["test_error"] > 0.2).all()
    assert (ends["test_error"][ends["alpha"] == 16] > 0.7).all()


@pytest.mark.claim
def test_f0_that_is_kept_makes_weights_shrink_and_the_delay_small() -> None:
    ends = delays(Modular(alphas=(16.0, 64.0), rate=3e5, seeds=(0, 1), step_limit=5000, subtract=False))
    assert (ends["half_delay"] < 4).all()
    assert (ends["norm_ratio"][ends["alpha"] == 64] < 1).all()
