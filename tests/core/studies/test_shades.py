"""A spurious brightness cue: the stepper against torch, the shades against their definition, what comes out (T15)."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.experiment import to_json, with_settings
from core.store import decode, encode
from core.studies.shades import training
from core.studies.shades.digits import ShadedDigits
from core.studies.shades.experiment import PENALTIES, Shades
from core.studies.shades.experiment import SHADES as TESTS
from core.studies.shades.presets import PRESETS as SHADES
from core.studies.shades.trajectory import ShadeTrajectory
from core.study import from_json, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import CONTRADICTED, Measured, above, below

SMALL = Shades(p=(0.5, 1.0), n_train=40, width=8, seeds=(3, 1), step_limit=30)
CONTRACT = {
    "shades": (
        "penalty,p,seed,step,loss_value,train_accuracy,same_accuracy,neutral_accuracy,reversed_accuracy,outcome"
    ),
    "shades_path": ("penalty,p,seed,step,loss_value,train_accuracy,same_accuracy,neutral_accuracy,reversed_accuracy"),
}


def trained(experiment: Shades) -> ShadeTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, ShadeTrajectory)
    return found


def test_a_step_is_torchs() -> None:
    for network in training.begin(SMALL, (0,), Source(), "cpu").networks:
        first, head = (torch.tensor(part, requires_grad=True) for part in (network.first, network.head))
        optimiser = torch.optim.SGD([first, head], lr=0.2)
        x, y = torch.tensor(network.inputs), torch.tensor(network.sign)
        for _ in range(20):
            optimiser.zero_grad()
            f = torch.relu(x @ first.T) @ head
            loss = torch.nn.functional.softplus(-y * f).mean() + network.coefficient * (f**2).mean()
            loss.backward()
            optimiser.step()
            network.step(0.2)
        np.testing.assert_allclose(network.first, first.detach().numpy(), atol=2e-5)
        np.testing.assert_allclose(network.head, head.detach().numpy(), atol=2e-5)


def test_shades_agree_with_the_class_as_often_as_they_should() -> None:
    digits = ShadedDigits.draw(replace(SMALL, n_train=300), 0)
    assert (len(digits.train), len(digits.test)) == (300, 57)
    plain = np.column_stack([digits.train, np.ones(300)])
    for p in (0.5, 0.9, 1.0):
        added = digits.training_inputs(p, 0.25) - plain
        assert np.abs(added[:, :-1]) == pytest.approx(np.full((300, 64), 0.25), abs=1e-6)
        assert (added[:, -1] == 0).all()
        agrees = np.sign(added[:, 0]) == digits.train_sign
        assert np.mean(agrees) == pytest.approx(p, abs=0.07)
        assert p < 1 or agrees.all()
    assert (digits.test_inputs(0)[:, :-1] == digits.test).all()
    reversed_ = digits.test_inputs(-0.25)[:, :-1] - digits.test
    assert (np.sign(reversed_) == -digits.test_sign[:, None]).all()
    assert digits.train.mean() == pytest.approx(0, abs=1e-6)


@pytest.mark.claim
def test_t15_accuracy_on_the_reversed_shade_falls_with_p(measured: Measured) -> None:
    """Against a cue that says nothing (p = .5), and against chance where it always agreed."""
    ends = studies()["shades"].tables()["shades"](trained(SHADES["learning_dynamics/shades"].experiment))
    assert ends["train_accuracy"].min() == 1
    plain = ends[ends["penalty"] == "none"].pivot(index="seed", columns="p", values="reversed_accuracy")
    assert (np.diff(plain.mean()[[0.8, 0.9, 0.98, 1.0]]) < 0).all()
    for p in (0.9, 0.98):
        change = plain[p] - plain[0.5]
        what = f"digits, accuracy on the reversed shade, p = {p:g} less p = .5"
        measured("T15", what, change.mean(), below(0), change.sem())
    measured("T15", "digits, accuracy on the reversed shade, p = 1", plain[1.0].mean(), below(0.5, by=0.4))
    known = ends[(ends["penalty"] == "none") & (ends["p"] == 1)]
    assert known["same_accuracy"].mean() > 0.99
    lost = known["same_accuracy"] - known["neutral_accuracy"]
    measured("T15", "digits, p = 1, b = .25: accuracy lost without the shade", lost.mean(), above(0), lost.sem())
    free = ends[ends["penalty"] == "spectral_decoupling"].pivot(index="seed", columns="p", values="reversed_accuracy")
    cured = free[0.98] - plain[0.98]
    what = "digits, p = .98: accuracy on the reversed shade that Spectral Decoupling adds"
    measured("T15", what, cured.mean(), above(0), cured.sem(), verdict=CONTRADICTED)


@pytest.mark.claim
def test_t15_a_strong_shade_is_missed_more_where_there_is_none(measured: Measured) -> None:
    by_shade = {}
    for shade in (0.25, 0.75):
        ends = studies()["shades"].tables()["shades"](trained(replace(Shades(), shade=shade, p=(1.0,))))
        by_shade[shade] = ends[ends["penalty"] == "none"].set_index("seed")["neutral_accuracy"]
    lost = by_shade[0.75] - by_shade[0.25]
    what = "digits, p = 1: accuracy without the shade, b = .75 less b = .25"
    measured("T15", what, lost.mean(), below(0), lost.sem())


def test_the_same_experiment_gives_the_same_bytes_whatever_trains_beside() -> None:
    whole = trained(SMALL)
    assert encode(whole) == encode(trained(SMALL))
    alone = trained(replace(SMALL, seeds=(1,), p=(1.0,)))
    np.testing.assert_array_equal(whole["accuracy"][:, 1:, 1:], alone["accuracy"])
    back = decode(encode(whole))
    assert back.experiment == SMALL
    for name in whole.axes:
        np.testing.assert_array_equal(back[name], whole[name])


def test_runs_end_with_a_reason() -> None:
    assert (trained(replace(SMALL, step_limit=1))["outcome"] == STEP_LIMIT).all()
    assert (trained(replace(SMALL, step_limit=500))["outcome"] == FITTED).all()
    lost = trained(replace(SMALL, learning_rate=2, shade=2, coefficient=1, step_limit=200))
    assert DIVERGED in lost["outcome"]
    assert np.isfinite(lost["loss"][0]).all()
    assert np.isnan(lost["accuracy"][-1]).any()


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(name: str) -> None:
    written = pd.read_csv(io.BytesIO(to_csv(studies()["shades"].tables()[name](trained(SMALL)))))
    assert ",".join(written.columns) == CONTRACT[name]
    assert set(written.columns) <= set(columns())


def test_rows_say_what_the_arrays_do() -> None:
    found = trained(SMALL)
    ends, path = (make(found) for make in studies()["shades"].tables().values())
    assert (len(ends), len(path)) == (8, 8 * len(found.steps))
    for run, seed in enumerate(SMALL.seeds):
        for case, p in enumerate(SMALL.p):
            for number, penalty in enumerate(PENALTIES):
                row = ends[(ends["seed"] == seed) & (ends["p"] == p) & (ends["penalty"] == penalty)].iloc[0]
                mine = [row[f"{name}_accuracy"] for name in TESTS]
                assert mine == found["accuracy"][-1, run, case, number].tolist()
                assert row["loss_value"] == found["loss"][-1, run, case, number]
    first = path[path["step"] == 0]
    assert len(first) == 8
    assert first.groupby("seed")["neutral_accuracy"].nunique().max() == 1  # those of a seed start alike


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("p", ()),
        ("p", (0.4,)),
        ("p", (0.9, 0.8)),
        ("p", (0.5, 1.01)),
        ("shade", 0),
        ("coefficient", -1),
        ("n_train", 301),
        ("width", 0.5),
        ("learning_rate", float("inf")),
        ("seeds", ()),
        ("step_limit", 0),
    ],
)
def test_a_bad_field_is_said_in_one_sentence(field: str, value: Any) -> None:
    with pytest.raises(ExperimentError) as error:
        Shades(**{field: value})
    assert str(error.value).startswith(f"{field}: ")


def test_an_experiment_reads_back_and_takes_settings_as_text() -> None:
    experiment = Shades(p=(0.7, 1), shade=0.5, seeds=(5,))
    assert from_json(to_json(experiment)) == experiment
    assert with_settings(Shades(), {"p": "0.7,1", "shade": "0.5", "seeds": "5"}) == experiment
    assert shards(experiment, "cpu") == [[0]]
    assert estimate(Shades(), workers=3, device="cpu").usual < 6
