"""A game of two players: steps and gradients against torch's own, the closed form, and what a head start takes."""

import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import Source
from core.experiment import digest, to_json
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.game.experiment import GAMES, SLOPE, Game
from core.studies.game.presets import PRESETS
from core.studies.game.scene import scene, verdict
from core.studies.game.theory import gradient, logit
from core.studies.game.training import Games, begin
from core.studies.game.trajectory import GameTrajectory
from core.studies.game.view import GameView
from core.study import from_json, studies
from core.sweeps import train
from core.trajectory import DIVERGED
from core.values import ExperimentError
from tests.claims import Measured, above, below, near

TINY = Game(head_starts=(1, 50), step_limit=200)

BAD: dict[str, list[Any]] = {
    "head_starts": [(), 3, None, (0,), (5, 5), (9, 3), (1.5,), (True,), (200_000,)],
    "rate": [0, -1, 2, math.nan, None, "1", True],
    "generator_rate": [0, -1, 2, math.nan, None, "1", True],
    "step_limit": [0, 200_001, 1.5, None],
}


def played(experiment: Game) -> GameTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, GameTrajectory)
    return found


def table(found: GameTrajectory, name: str) -> pd.DataFrame:
    made: pd.DataFrame = studies()["game"].tables()[name](found)
    return made


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_field_out_of_its_range_is_named_with_what_is_allowed_and_what_came(name: str, value: Any) -> None:
    with pytest.raises(ExperimentError) as caught:
        Game(**{name: value})
    assert str(caught.value).startswith(f"{name}: ")
    assert "; got " in str(caught.value)


def test_every_field_has_bad_values_above_and_json_says_the_same() -> None:
    assert set(BAD) == {f.name for f in fields(Game)}
    assert from_json(to_json(TINY)) == TINY
    assert digest(TINY) != digest(Game())
    assert TINY.cells[:3] == (("minimax", 1), ("minimax", 50), ("non_saturating", 1))


def games(kind: str, slope: float, offset: float, place: float) -> Games:
    one = [np.array([value]) for value in (slope, offset, place)]
    return Games(np.array([kind == "hinge"]), np.array([GAMES.index(kind)]), *one)


@pytest.mark.parametrize("kind", GAMES)
def test_a_step_of_the_discriminator_is_torchs_own(kind: str) -> None:
    for slope, offset, place in ((0.3, -0.2, -1.0), (2.5, 0.4, 0.7), (1.1, 0.0, -1.0)):
        w, b = (torch.tensor(value, requires_grad=True, dtype=torch.float64) for value in (slope, offset))
        data, made = w + b, w * place + b
        if kind == "hinge":
            loss = torch.relu(1 - data) + torch.relu(1 + made)
        else:
            loss = torch.nn.functional.softplus(-data) + torch.nn.functional.softplus(made)
        torch.optim.SGD([w, b], lr=0.1).zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        found = games(kind, slope, offset, place)
        found.discriminate(0.1)
        for value, first, own in ((found.slope, slope, w), (found.offset, offset, b)):
            assert own.grad is not None
            assert value[0] == pytest.approx(first - 0.1 * own.grad.item(), abs=1e-12)
        held = games(kind, slope, offset, place)
        held.discriminate(0.1, np.array([False]))
        assert (held.slope[0], held.offset[0]) == (slope, offset)


@pytest.mark.parametrize("kind", GAMES)
def test_the_generators_gradient_is_autograds(kind: str) -> None:
    for slope, offset, place in ((0.3, -0.2, -1.0), (5.0, 0.4, 0.7)):
        theta = torch.tensor(place, requires_grad=True, dtype=torch.float64)
        made = slope * theta + offset
        losses = {
            "minimax": torch.log(1 - torch.sigmoid(made)),
            "non_saturating": -torch.nn.functional.logsigmoid(made),
            "hinge": -made,
        }
        losses[kind].backward()  # type: ignore[no-untyped-call]
        assert theta.grad is not None
        found = games(kind, slope, offset, place).gradients()[0]
        assert found == pytest.approx(-theta.grad.item(), rel=1e-12)


def test_the_closed_form_solves_its_equation_and_small_steps_come_to_it() -> None:
    time = np.geomspace(0.01, 1e5, 30)
    for first in (0.0, SLOPE, 2.0):
        found = logit("minimax", first, time)
        np.testing.assert_allclose(found + np.exp(found), first + np.exp(first) + 2 * time, rtol=1e-10)
        np.testing.assert_array_equal(found, logit("non_saturating", first, time))
    assert logit("hinge", 0.0, np.array([0.2, 0.5, 9.0])).tolist() == [0.4, 1.0, 1.0]
    errors = []
    for rate, steps in ((0.1, 100), (0.01, 1000)):
        ended = begin(Game(head_starts=(steps,), rate=rate), [0], Source(), "cpu").games
        errors.append(abs(ended.slope[0] - logit("minimax", SLOPE, np.array([10.0]))[0]))
        assert ended.offset[0] == pytest.approx(0, abs=1e-12)
    assert errors[1] == pytest.approx(errors[0] / 10, rel=0.1)  # of first order


def test_a_generator_starts_when_its_head_start_is_over() -> None:
    found = begin(TINY, range(TINY.runs), Source(), "cpu").games
    alone = begin(Game(head_starts=(50,)), range(3), Source(), "cpu").games
    np.testing.assert_array_equal(found.slope[1::2], alone.slope)
    assert (found.slope[::2] < found.slope[1::2]).all()
    assert (found.place == -1).all()


def test_training_again_gives_the_same_bytes_and_tables_every_game() -> None:
    one, again = played(TINY), played(TINY)
    for name in one.axes:
        np.testing.assert_array_equal(one[name], again[name], name)
    np.testing.assert_array_equal(decode(encode(one))["place"], one["place"])
    known = columns()
    for name in studies()["game"].tables():
        assert set(table(one, name).columns) <= set(known), name
    ends = table(one, "game_ends")
    assert len(ends) == TINY.runs
    assert len(table(one, "game")) == TINY.runs * len(one.steps)
    np.testing.assert_allclose(ends["generator_gradient"], one["gradient"][0])
    half = ends["half_step"].to_numpy()
    for run, step in enumerate(half):
        if np.isfinite(step):
            later = one.steps >= step
            assert (one["place"][~later, run] < 0).all()


def test_a_game_that_is_lost_is_drawn() -> None:
    one = played(TINY)
    outcome = one["outcome"].copy()
    outcome[0] = DIVERGED
    found = GameTrajectory(TINY, {**one.arrays, "outcome": outcome, "half_step": np.full(TINY.runs, np.nan)})
    drawn = scene(GameView(experiment=TINY), [Shown(found)])
    assert list(drawn.figures) == ["gradients", "places", "times"]
    assert "never" in verdict(GameView(experiment=TINY), table(found, "game_ends"))


def shipped(name: str) -> pd.DataFrame:
    found, _ = Store(Path("nowhere")).load(PRESETS[f"learning_dynamics/{name}"].experiment)
    assert isinstance(found, GameTrajectory)
    return table(found, "game_ends").set_index(["game", "head_start"])


def test_t18_a_head_start_takes_the_minimax_gradient_as_the_closed_form_says(measured: Measured) -> None:
    ends = shipped("game")
    for kind in GAMES:
        own = ends.loc[kind]
        off = (own["generator_gradient"] / own["theory_gradient"] - 1).abs().max()
        measured(
            "T18", f"{kind}, rate 0.1: gradient after a head start, largest off the closed form", off, near(0, 0.05)
        )
    for kind in GAMES:
        found, theory = (
            float(np.log(ends.loc[kind][name][10_000] / ends.loc[kind][name][100]) / np.log(100))
            for name in ("generator_gradient", "theory_gradient")
        )
        said = f"{kind}: gradient as a power of the head start, 100 to 10,000"
        measured("T18", said, found, near(round(theory, 3), 0.02, null=None if kind == "hinge" else 0))


def test_t18_how_long_the_generator_takes_to_half_way(measured: Measured) -> None:
    ends = shipped("game")["half_step"]
    for kind, expected in (("minimax", above(1)), ("non_saturating", below(1)), ("hinge", near(1, 0.05))):
        ratio = float(ends[kind, 10_000] / ends[kind, 1])
        measured("T18", f"{kind}: steps to half way after a head start of 10,000 over those after 1", ratio, expected)


def test_the_gradient_of_no_slope_is_none() -> None:
    for kind in GAMES:
        assert gradient(kind, np.zeros(3), np.array([-800.0, 0, 800]))[1] == 0
