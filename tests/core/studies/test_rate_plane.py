"""The plane of learning rates: steps, sharpness and curvature against autograd; regimes; the law of the sharpness."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import Source
from core.part import Shown
from core.store import decode, encode
from core.studies.rate_plane import theory
from core.studies.rate_plane.experiment import FIT, RatePlane
from core.studies.rate_plane.part import PART
from core.studies.rate_plane.scene import notes, scene, verdict
from core.studies.rate_plane.tables import REGIMES, regime
from core.studies.rate_plane.training import FLOW, RatePlaneTraining, begin
from core.studies.rate_plane.trajectory import RatePlaneTrajectory
from core.studies.rate_plane.view import RatePlaneView
from core.study import studies
from core.sweeps import train
from core.values import ExperimentError
from tests.claims import Expected, Measured, above, below, near, seeds

SMALL = RatePlane(width=8, n_train=24, alphas=(0.5, 64.0), rates=(0.5, 2.8, 300.0), step_limit=60)
GAIN = 0.42522148257029874**-0.5  # of GELU, whose second moment on N(0, 1) this is


@cache
def trained(experiment: RatePlane) -> RatePlaneTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, RatePlaneTrajectory)
    return found


def tables(experiment: RatePlane) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["rate_plane"].tables().items()}


def cell(experiment: RatePlane, alpha: float, c: float) -> dict[str, Any]:
    plane = tables(experiment)["rate_plane"]
    found: dict[str, Any] = plane[(plane["alpha"] == alpha) & (plane["c"] == c)].iloc[0].to_dict()
    return found


def started(experiment: RatePlane) -> RatePlaneTraining:
    training = begin(experiment, range(experiment.runs), Source(), "cpu")
    training.record(0)
    return training


def weights(training: RatePlaneTraining, run: int) -> list[torch.Tensor]:
    return [part[run].double().requires_grad_() for part in training.live_runs.stack.parameters()]


def output(parts: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """f as the convention writes it, in torch."""
    *layers, head = parts
    act = x.double()
    for layer in layers:
        act = GAIN * torch.nn.functional.gelu(act @ layer / layer.shape[0] ** 0.5)
    return act @ head / len(head)


@pytest.fixture
def grad_mode() -> Any:
    with torch.inference_mode(False), torch.enable_grad():
        yield


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_step_is_gradient_descent_on_f_less_f0_with_targets_over_alpha(depth: int, grad_mode: None) -> None:
    training = started(replace(SMALL, depth=depth))
    x, y = training.points.train[0], training.points.labels.double()
    rates, alphas = training.live_runs.rate.copy(), training.live_runs.alpha
    before = [weights(training, run) for run in range(training.live)]
    initial = output(before[0], x).detach()
    expected = []
    for run, parts in enumerate(before):
        loss = ((output(parts, x) - initial - y / alphas[run]) ** 2).mean() / 2
        moves = torch.autograd.grad(loss, parts)
        expected.append([part - rates[run] * move for part, move in zip(parts, moves, strict=True)])
    assert training.advance(0) == 1
    for run, parts in enumerate(expected):
        for part, now in zip(parts, training.live_runs.stack.parameters(), strict=True):
            torch.testing.assert_close(now[run].double(), part.detach(), rtol=2e-4, atol=5e-5)


def test_curvature_is_the_top_eigenvalue_of_autograds_tangent_kernel(grad_mode: None) -> None:
    training = started(SMALL)
    parts, x = weights(training, 0), training.points.train[0]
    rows = [torch.autograd.grad(one, parts, retain_graph=True) for one in output(parts, x)]
    features = torch.stack([torch.cat([part.ravel() for part in row]) for row in rows])
    exact = torch.linalg.eigvalsh(features @ features.T)[-1].item() / len(x)
    np.testing.assert_allclose(training.recording.arrays["curvature"], exact, rtol=1e-5)
    cells = np.array([c for _, c in SMALL.cells])
    flows = cells == 0
    np.testing.assert_allclose(training.live_runs.rate[~flows] * exact, cells[~flows], rtol=1e-5)
    top = training.recording.arrays["sharpness"][0, flows]
    np.testing.assert_allclose(training.live_runs.rate[flows] * top, FLOW, rtol=1e-5)


def hessian(training: RatePlaneTraining, run: int, initial: torch.Tensor) -> torch.Tensor:
    """The Hessian of a run's loss by autograd, (parameter, parameter)."""
    parts, x, y = weights(training, run), training.points.train[0], training.points.labels.double()
    alpha = training.live_runs.alpha[run]

    def loss(flat: torch.Tensor) -> torch.Tensor:
        pieces = torch.split(flat, [part.numel() for part in parts])
        own = [piece.reshape(part.shape) for piece, part in zip(pieces, parts, strict=True)]
        return ((output(own, x) - initial - y / alpha) ** 2).mean() / 2

    flat = torch.cat([part.detach().ravel() for part in parts])
    found: torch.Tensor = torch.autograd.functional.hessian(loss, flat, vectorize=True)
    return found


def test_sharpness_is_that_of_the_dense_hessian(grad_mode: None) -> None:
    training, step = started(replace(SMALL, rates=(0.5,))), 0
    initial = output(weights(training, 0), training.points.train[0]).detach()
    while step < 25:
        if step in (0, 6):
            chosen = np.ones(training.live, bool)
            exact = [torch.linalg.eigvalsh(hessian(training, run, initial))[-1].item() for run in range(training.live)]
            np.testing.assert_allclose(training.sharpness(chosen, ~chosen, first=False), exact, rtol=3e-3)
        step = training.advance(step)
        training.record(step)


def test_runs_end_with_a_reason_come_back_and_are_the_same_again() -> None:
    found = trained(SMALL)
    again = decode(encode(found))
    alone = train(SMALL, source=Source(), workers=1)
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
        np.testing.assert_array_equal(alone[name], found[name])
    lost = found.run(64.0, 300.0)
    assert found.outcome(lost) == "diverged"
    assert np.isnan(found["loss"][-1, lost])
    plane = tables(SMALL)["rate_plane"]
    gone = plane[plane["outcome"] == "diverged"]
    assert gone[["late_eta_sharpness", "spike_ratio", "test_error", "loss_ratio"]].isna().all(axis=None)
    fitted = trained(replace(SMALL, alphas=(1.0,), rates=(1.0,), step_limit=3000))
    assert fitted.outcome(0) == "fitted"
    assert fitted["end_step"][0] < 3000
    assert fitted["loss"][-1, 0] <= FIT < fitted["loss"][:, 0][fitted.steps < fitted["end_step"][0] - 25].min()


def test_a_network_of_one_layer_dies_rather_than_diverges() -> None:
    found = replace(SMALL, depth=1, width=32, n_train=200, alphas=(0.35,), rates=(1.4,), step_limit=500)
    assert cell(found, 0.35, 1.4)["outcome"] == "stationary"
    assert "died" in verdict(RatePlaneView.of(found), Shown(trained(found)))
    assert [row["outcome"] for row in _plane(found)] == ["stationary"]


def _plane(experiment: RatePlane) -> list[Any]:
    drawn = scene(RatePlaneView.of(experiment), [Shown(trained(experiment))])
    return list(drawn.figures["plane"].tables["cells"].rows)


def test_tables_have_their_columns_and_an_alpha_a_row() -> None:
    for name, table in tables(SMALL).items():
        assert set(table.columns) <= set(columns()), name
    assert tables(SMALL)["sharpening"]["alpha"].tolist() == list(SMALL.alphas)
    assert len(tables(SMALL)["rate_plane"]) == 6
    runs = tables(SMALL)["rate_plane_runs"]
    assert runs["eta_sharpness"][runs["c"] == 0].isna().all()


@pytest.mark.parametrize(
    ("outcome", "c", "largest", "change", "expected"),
    [
        ("fitted", 0.5, 0.5, 1.0, "lazy"),
        ("step_limit", 0.5, 1.9, 3.0, "sharpening"),
        ("fitted", 0.5, 2.1, 4.0, "edge of stability"),
        ("fitted", 2.5, 3.0, 0.7, "catapult"),
        ("diverged", 0.5, 9.0, 1.0, "diverged"),
        ("stationary", 2.5, 9.0, 1.0, "diverged"),
        ("unfinished", 2.5, 3.0, 1.0, "unfinished"),
    ],
)
def test_regimes(outcome: str, c: float, largest: float, change: float, expected: str) -> None:
    assert regime(outcome, c, largest, change) == expected
    assert expected in (*REGIMES, "unfinished")


def test_the_law_has_its_exponent_and_takes_its_factor_from_small_alphas() -> None:
    alpha = np.array([2.0**-6, 2.0**-4, 1.0])
    assert [theory.exponent(depth) for depth in (1, 2)] == pytest.approx([-1, -4 / 3])
    ratio = 7 * alpha ** theory.exponent(2)
    ratio[2] = 1.0
    found = theory.law(alpha, ratio, 2)
    np.testing.assert_allclose(found[:2], ratio[:2])
    assert np.isnan(found[2])
    assert np.isnan(theory.law(np.array([1.0, 2.0]), np.ones(2), 2)).all()
    np.testing.assert_allclose(theory.onset(np.array([1.0, 20.0])), [2, 0.1])


def test_rates_at_which_everything_diverges_are_drawn_and_said_with_the_limit() -> None:
    hot = replace(SMALL, alphas=(0.5,), rates=(300.0, 600.0), step_limit=2000)
    view, shown = RatePlaneView.of(hot), Shown(trained(hot))
    assert [row["outcome"] for row in _plane(hot)] == ["diverged"] * 2
    (said,) = [text for text in notes(view, shown) if "every learning rate" in text]
    onset = tables(hot)["sharpening"]["onset_c"][0]
    assert "c = 2" in said
    assert f"c = {onset:.2g}" in said
    assert "diverged by step" in verdict(view, shown)
    assert not any("every learning rate" in text for text in notes(RatePlaneView.of(SMALL), Shown(trained(SMALL))))


def test_a_flow_that_has_not_ended_says_nothing_of_its_end() -> None:
    many = replace(SMALL, alphas=(0.25, 0.5), rates=(0.5,), step_limit=2000)
    ended = Shown(trained(many))
    assert set(ended.table("sharpening")["outcome"]) == {"fitted"}, "of these the notes tell"
    assert len(notes(RatePlaneView.of(many), ended)) == 2
    rows = ended.table("sharpening").assign(outcome="unfinished")
    said = notes(RatePlaneView.of(many), Shown(trained(many), "so far", {("table", "sharpening"): rows}))
    assert not any(word in text for text in said for word in ("sharpens", "scales", "edge of stability"))


def test_what_is_said_is_what_is_in_the_tables_and_a_click_plays_a_cell() -> None:
    view, shown = RatePlaneView.of(SMALL, alpha=64.0, c=0.5), Shown(trained(SMALL))
    row = cell(SMALL, 64.0, 0.5)
    assert f"**{row['late_eta_sharpness']:.2f}**" in verdict(view, shown)
    assert "lazy" in verdict(view, shown)
    assert PART.picked is not None
    other = PART.picked(view, {"fields": {"alpha": 0.5, "c": 2.8}})
    assert (other.alpha, other.c) == (0.5, 2.8)
    drawn = scene(other, [shown])
    run = drawn.figures["run"].tables["loss_ratio"].rows
    mine = tables(SMALL)["rate_plane_runs"]
    mine = mine[(mine["alpha"] == 0.5) & (mine["c"] == 2.8)]
    assert [one["step"] for one in run] == mine["step"].tolist()
    assert drawn.figures["plane"].tables["chosen"].rows


@pytest.mark.parametrize(
    ("name", "value"),
    [("depth", 4), ("alphas", (2.0, 1.0)), ("rates", ()), ("rates", (2.0**11,)), ("step_limit", 3), ("width", 4)],
)
def test_bad_settings_are_one_sentence(name: str, value: object) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        RatePlane(**{name: value})  # type: ignore[arg-type]


def test_a_plane_that_is_too_large_is_one_sentence() -> None:
    with pytest.raises(ExperimentError, match=r"alphas x rates: at most 256 runs.*got 272"):
        RatePlane(alphas=tuple(map(float, range(1, 17))), rates=tuple(map(float, range(1, 17))))


def flow(depth: int, seed: int) -> pd.DataFrame:
    """Gradient flow at small and large alpha; the learning rate is one at which everything diverges at once."""
    alphas = tuple(2.0**power for power in (-6, -4, -2, 6))
    experiment = RatePlane(depth=depth, alphas=alphas, rates=(512.0,), step_limit=4000, seed=seed)
    return tables(experiment)["sharpening"]


@pytest.mark.claim
def test_l9_gradient_flow_sharpens_by_the_law(measured: Measured) -> None:
    slopes = {}
    for depth, (theirs, within) in {1: (-1.05, 0.15), 2: (-1.4, 0.2)}.items():
        found = [flow(depth, seed) for seed in seeds(3)]
        powers = [
            np.polyfit(np.log2(one["alpha"][:3]), np.log2(one["sharpness_ratio"][:3].astype(float)), 1)[0]
            for one in found
        ]
        slopes[depth] = np.array(powers)
        said = f"digits, D = {depth}, alpha = 2^-6 to 2^-2: final S / lambda_0 ~ alpha^"
        expected = Expected(f"theory {theory.exponent(depth):.3g}", theirs - within, theirs + within, 0, -1)
        measured("L9", said, slopes[depth].mean(), expected, slopes[depth].std(ddof=1) / 3**0.5)
        lazy = np.array([one["sharpness_ratio"].iloc[-1] for one in found])
        measured("L9", f"digits, D = {depth}, alpha = 2^6: largest final S / lambda_0", lazy.max(), below(1.1))
    steeper = slopes[1] - slopes[2]
    error = steeper.std(ddof=1) / 3**0.5
    measured("L9", "digits: exponent at D = 1 less that at D = 2", steeper.mean(), above(0), error)


@pytest.mark.claim
def test_l10_the_plane_has_its_regions(measured: Measured) -> None:
    lazy, edge, spikes, ends = [], [], [], []
    for seed in seeds(3):
        cold = RatePlane(alphas=(64.0,), rates=(0.25, 0.5, 1.0, 1.5, 3.0), seed=seed)
        plane = tables(cold)["rate_plane"]
        below_2 = plane[plane["c"] <= 1.5]
        lazy.append(np.abs(below_2["late_eta_sharpness"] / below_2["c"] - 1).max())
        spikes.append(plane["spike_ratio"].iloc[-1])
        ends.append(plane["late_eta_sharpness"].iloc[-1])
        warm = RatePlane(alphas=(4.0,), rates=(1.5, 1.9, 2.5, 3.0), seed=seed)
        edge.append(tables(warm)["rate_plane"]["late_eta_sharpness"].median())
    measured("L10", "digits, alpha = 2^6, c <= 1.5: largest |eta S / c - 1|", max(lazy), near(0, 0.06))
    middle = np.array(edge)
    said = "digits, alpha = 2^2, c = 1.5 to 3: median of eta S"
    measured("L10", said, middle.mean(), Expected("theory 2", 1.85, 2.2), middle.std(ddof=1) / 3**0.5)
    said = "digits, alpha = 2^6, c = 3"
    measured("L10", f"{said}: least of the largest loss over the initial one", min(spikes), above(1, by=19))
    measured("L10", f"{said}: largest eta S in the second half", max(ends), Expected("theory 2", -np.inf, 2.2))


def test_what_ships_is_what_the_lessons_say() -> None:
    from core.store import Store

    first = PART.lessons[0].view
    found, _ = Store.default().load(first.experiment)
    assert found is not None
    of = {name: table(found) for name, table in studies()["rate_plane"].tables().items()}
    cells, runs = of["rate_plane"].set_index(["alpha", "c"]), of["rate_plane_runs"].set_index(["alpha", "c"])
    lazy, edge, catapult, costly, _ = (cells.loc[(one.view.alpha, one.view.c)] for one in PART.lessons)
    assert (np.diff(runs.loc[(first.alpha, first.c)]["loss_ratio"]) <= 0).all()
    assert (lazy["regime"], edge["regime"], catapult["regime"]) == ("lazy", "edge of stability", "catapult")
    assert lazy["late_eta_sharpness"] == pytest.approx(first.c, rel=0.02)
    assert edge["late_eta_sharpness"] == pytest.approx(2, abs=0.2)
    assert catapult["spike_ratio"] > 10
    assert costly["test_error"] > 2 * lazy["test_error"]


@pytest.mark.claim
def test_a_catapult_at_large_alpha_costs_test_error() -> None:
    for seed in seeds(3):
        plane = tables(RatePlane(alphas=(64.0,), rates=(1.0, 2.0**2.5), seed=seed))["rate_plane"]
        lazy, after = plane["test_error"]
        assert after > lazy + 0.05
