"""Ten variants of training on two moons: each against a few lines of torch, and what bends the boundary."""

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.experiment import to_json, with_settings
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.boundaries.experiment import LONGER, VARIANTS, Boundaries
from core.studies.boundaries.presets import PRESETS
from core.studies.boundaries.scene import bends_more, verdict
from core.studies.boundaries.training import Dropout, VariantNetwork, module
from core.studies.boundaries.trajectory import BoundaryTrajectory, centres
from core.studies.boundaries.view import BoundariesView
from core.studies.moons.experiment import Moons
from core.studies.moons.training import MoonNetwork
from core.study import from_json, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.trajectory import DIVERGED
from core.values import ExperimentError
from tests.claims import HOLDS, NONE, Measured, above, below, seeds

SMALL = Boundaries(n_train=20, width=8, deep_width=6, seeds=(3, 1), step_limit=12)
CONTRACT = {
    "variants": "variant,seed,step,epoch,residual,distance,mean_logit,loss,accuracy",
    "bending": "variant,step,epoch,residual,residual_error,known_seeds",
    "variant_boundaries": "variant,seed,step,epoch,x2,x1",
    "variant_points": "seed,x1,x2,label",
    "runs": "variant,seed,outcome,steps,epoch,residual,distance,mean_logit,loss,accuracy",
}


@cache
def trained(experiment: Boundaries) -> BoundaryTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, BoundaryTrajectory)
    return found


def tables(experiment: Boundaries) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["boundaries"].tables().items()}


@pytest.mark.parametrize("variant", ["none", "weight_decay", "spectral_decoupling"])
def test_three_variants_are_those_of_the_study_of_penalties(variant: str) -> None:
    """That one steps in float64 by gradients written out, from the same weights."""
    of = Moons(n_train=20, width=8)
    exact, mine = MoonNetwork.of(of, 0.1, variant, 3), VariantNetwork.of(SMALL, variant, 3)
    np.testing.assert_allclose(mine.output(mine.point), exact.output(exact.point), atol=1e-6)
    for _ in range(200):
        exact.step(of.learning_rate, of.momentum)
        mine.step()
    np.testing.assert_allclose(mine.output(mine.point), exact.output(exact.point), atol=1e-4)


def test_adam_is_its_three_lines() -> None:
    """Kingma and Ba 2014 (1412.6980), algorithm 1."""
    mine = VariantNetwork.of(SMALL, "adam_fast", 3)
    weights = [w.detach().clone().requires_grad_() for w in mine.network.parameters()]
    first, second = ([torch.zeros_like(w) for w in weights] for _ in range(2))
    for step in range(1, 31):
        hidden, hidden_bias, head, head_bias = weights
        f = (torch.relu(mine.inputs @ hidden.T + hidden_bias) @ head.T + head_bias)[:, 0]
        slopes = torch.autograd.grad(torch.log1p(torch.exp(-mine.sign * f)).mean(), weights)
        with torch.no_grad():
            for w, g, m, v in zip(weights, slopes, first, second, strict=True):
                m.mul_(0.9).add_(0.1 * g)
                v.mul_(0.999).add_(0.001 * g**2)
                w -= 0.003 * (m / (1 - 0.9**step)) / ((v / (1 - 0.999**step)).sqrt() + 1e-8)
        mine.step()
    for w, own in zip(weights, mine.network.parameters(), strict=True):
        np.testing.assert_allclose(own.detach(), w.detach(), atol=2e-5)


def test_dropout_keeps_the_mean_and_drops_nothing_when_it_predicts() -> None:
    drops = Dropout(0.7, 5)
    units = torch.ones(400, 500)
    dropped = drops(units)
    kept = (dropped > 0).double().mean().item()
    assert abs(kept - 0.3) < 5 * np.sqrt(0.21 / 200_000)
    np.testing.assert_allclose(dropped[dropped > 0], 1 / 0.3, rtol=1e-6)
    assert not torch.equal(drops(units), dropped), "another mask a step"
    assert torch.equal(drops.eval()(units), units)
    network = VariantNetwork.of(SMALL, "dropout", 3)
    plain = VariantNetwork.of(SMALL, "none", 3)
    np.testing.assert_array_equal(network.output(network.point), plain.output(plain.point))
    assert network.network.training


def test_batch_normalization_has_unit_variance_in_training_and_running_means_after() -> None:
    network = VariantNetwork.of(SMALL, "batch_norm", 3)
    hidden = network.network[0](network.inputs)
    normed = network.network[1](hidden)
    np.testing.assert_allclose(normed.mean(dim=0).detach(), 0, atol=1e-5)
    spread = hidden.var(dim=0, unbiased=False).detach()
    np.testing.assert_allclose(normed.var(dim=0, unbiased=False).detach(), spread / (spread + 1e-5), atol=1e-4)
    before = network.network[1].running_mean.clone()
    f = network.output(network.point)
    np.testing.assert_array_equal(f[:3], network.output(network.point[:3]))  # whatever else is asked for
    assert torch.equal(network.network[1].running_mean, before)


def test_five_layers_are_five_and_a_turned_network_sees_turned_points() -> None:
    linear = [part for part in module(SMALL, "five_layers", 3) if isinstance(part, torch.nn.Linear)]
    assert [part.out_features for part in linear] == [6, 6, 6, 6, 1]
    turned, plain = (VariantNetwork.of(SMALL, name, 3) for name in ("rotation", "none"))
    np.testing.assert_allclose(turned.inputs.norm(dim=1), plain.inputs.norm(dim=1), atol=1e-6)
    cosine = (turned.inputs * plain.inputs).sum(dim=1) / (plain.inputs**2).sum(dim=1)
    np.testing.assert_allclose(cosine, np.cos(np.pi / 4), atol=1e-5)
    back = np.linalg.inv(np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2))
    np.testing.assert_allclose(turned.output(turned.point @ back), plain.output(plain.point), atol=1e-6)


def test_longer_is_plain_descent_at_ten_times_the_epoch() -> None:
    found, ten = trained(SMALL), trained(replace(SMALL, step_limit=LONGER * SMALL.step_limit))
    assert found["loss"][-1, found.run("longer", 1)] == ten["loss"][-1, ten.run("none", 1)]
    rows = tables(SMALL)["variants"].query("variant == 'longer' and seed == 1")
    np.testing.assert_array_equal(rows["epoch"], LONGER * rows["step"])


def test_same_experiment_same_bytes_and_seeds_are_their_own() -> None:
    one, other = (train(SMALL, source=Source(), workers=1) for _ in range(2))
    torch.manual_seed(5)
    assert encode(one) == encode(other) == encode(train(SMALL, source=Source(), workers=1))
    back = decode(encode(one))
    for name in one.axes:
        np.testing.assert_array_equal(back[name], one[name])
    alone = trained(replace(SMALL, seeds=(1,)))
    np.testing.assert_array_equal(alone["loss"], one["loss"][:, 1::2])
    assert shards(SMALL, "cpu") == [[run] for run in range(20)]
    assert estimate(Boundaries(), workers=1, device="cpu").long


def test_a_network_that_diverged_is_not_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.studies.boundaries.training.LEARNING_RATE", 1e6)
    found = train(SMALL, source=Source(), workers=1)
    run = found.run("none", 3)  # type: ignore[attr-defined]
    assert found["outcome"][run] == DIVERGED
    assert np.isnan(found["residual"][-1, run])
    shown: Shown[BoundaryTrajectory] = Shown(found)  # type: ignore[arg-type]
    assert "diverged" in set(shown.table("runs")["outcome"])
    assert verdict(BoundariesView.of(SMALL), shown)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n_train", 21),
        ("noise", -0.1),
        ("margin", 2.0),
        ("width", 0),
        ("deep_width", 501),
        ("seeds", (1, 1)),
        ("step_limit", 10**6),
    ],
)
def test_a_bad_field_is_said_in_one_sentence(field: str, value: object) -> None:
    with pytest.raises(ExperimentError) as error:
        Boundaries(**{field: value})  # type: ignore[arg-type]
    assert str(error.value).startswith(f"{field}: ")
    assert "\n" not in str(error.value)


def test_an_experiment_reads_back_and_takes_settings_as_text() -> None:
    experiment = Boundaries(margin=0.2, seeds=(2,), deep_width=50)
    assert from_json(to_json(experiment)) == experiment
    assert with_settings(Boundaries(), {"margin": "0.2", "seeds": "2", "deep_width": "50"}) == experiment


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(name: str) -> None:
    written = pd.read_csv(io.BytesIO(to_csv(tables(SMALL)[name])))
    assert ",".join(written.columns) == CONTRACT[name]
    assert set(written.columns) <= set(columns())
    assert set(tables(SMALL)) == set(CONTRACT)


def test_rows_say_what_the_arrays_do() -> None:
    found, rows = trained(SMALL), tables(SMALL)
    line = rows["variant_boundaries"].query("variant == 'rotation' and seed == 1 and step == 12")
    np.testing.assert_array_equal(line["x1"], found["boundary"][-1, found.run("rotation", 1)])
    np.testing.assert_array_equal(line["x2"], centres())
    every = rows["variants"].query("step == 12").groupby("variant", sort=False)["residual"]
    mine = rows["bending"].query("step == 12")
    np.testing.assert_allclose(mine["residual"], every.mean(), equal_nan=True)
    np.testing.assert_allclose(mine["residual_error"], every.sem(), equal_nan=True)
    np.testing.assert_array_equal(mine["known_seeds"], every.count())
    assert len(rows["variant_points"]) == 2 * 20


def test_a_variant_bends_more_only_beyond_what_seeds_explain() -> None:
    rows = [
        {"variant": name, "seed": seed, "residual": 0.02 + 0.001 * seed + extra}
        for name in VARIANTS
        for seed in range(3)
        for extra in [{"spectral_decoupling": 0.1 + 0.001 * (seed == 1), "dropout": 0.1 * (seed == 1)}.get(name, 0.0)]
    ]
    found = bends_more(pd.DataFrame(rows))
    assert found["spectral_decoupling"] is True
    assert found["dropout"] is False
    assert found["five_layers"] is None, "equal numbers"


def of_the_way(ends: dict[str, np.ndarray], variant: str) -> tuple[float, float]:
    """How far a variant's residual is from that of plain descent toward Spectral Decoupling's, with its error."""
    plain, decoupled = ends["none"], ends["spectral_decoupling"]
    share = (ends[variant] - plain) / (decoupled - plain).mean()
    return float(share.mean()), float(share.std(ddof=1) / np.sqrt(len(share)))


def ends_of(found: BoundaryTrajectory) -> dict[str, np.ndarray]:
    values = found["residual"][-1].astype(np.float64).reshape(len(VARIANTS), -1)
    return dict(zip(VARIANTS, values, strict=True))


UNSURE = {"adam_fast": NONE}
"""Verdicts that are not as the paper claims."""


def measure(ends: dict[str, np.ndarray], when: str, measured: Measured, verdicts: dict[str, str]) -> None:
    plain, decoupled = ends["none"], ends["spectral_decoupling"]
    ratio = decoupled / plain
    error = float(ratio.std(ddof=1) / np.sqrt(len(ratio)))
    measured("T16", f"{when}: residual, decoupled over plain", float(ratio.mean()), above(1, by=0.5), error)
    ratio = ends["adam_fast"] / plain
    error = float(ratio.std(ddof=1) / np.sqrt(len(ratio)))
    measured("T17", f"{when}: residual, Adam at 0.003 over plain", float(ratio.mean()), above(1, by=0.5), error)
    for name, title in VARIANTS.items():
        if name not in ("none", "spectral_decoupling"):
            share, error = of_the_way(ends, name)
            what = f"{when}, {title}: residual, share of the way from plain to decoupled"
            measured("T16", what, share, below(0.5), error, verdicts.get(name, HOLDS))


@pytest.mark.claim
@pytest.mark.timeout(900)
def test_t16_at_a_thousand_epochs(measured: Measured) -> None:
    """Pezeshki et al. compare at 10,000 (an earlier commit of their code: 1,000). Fixed seeds are those that ship."""
    experiment = Boundaries(step_limit=1000, seeds=seeds(3))
    found, _ = Store(Path("nowhere")).load(experiment)
    assert found is None or isinstance(found, BoundaryTrajectory)
    measure(ends_of(trained(experiment) if found is None else found), "1,000 epochs", measured, UNSURE)


def test_t16_at_ten_thousand_epochs(measured: Measured) -> None:
    found, _ = Store(Path("nowhere")).load(PRESETS["learning_dynamics/ten_variants_long"].experiment)
    assert isinstance(found, BoundaryTrajectory)
    measure(ends_of(found), "shipped learning_dynamics/ten_variants_long, 10,000 epochs", measured, UNSURE)


def test_what_ships_is_what_is_said() -> None:
    found, _ = Store(Path("nowhere")).load(PRESETS["learning_dynamics/ten_variants"].experiment)
    assert isinstance(found, BoundaryTrajectory)
    assert found.complete
    ends = ends_of(found)
    assert (ends["adam_fast"] > 2 * ends["none"]).all()
    assert of_the_way(ends, "adam_slow")[0] < 0.5
    assert (ends["spectral_decoupling"] > 2 * ends["none"]).all()
