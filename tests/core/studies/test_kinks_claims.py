"""What the notes on Maennel, Bousquet, Gelly 2018 (1803.08367) claim, measured on the presets, with pass ranges."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.datasets import Source
from core.studies.kinks import tables as line
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.presets import PRESETS as KINKS
from core.studies.kinks.theory.directions import extremal_directions, fastest_growth
from core.studies.kinks.trajectory import KinkTrajectory
from core.sweeps import train

pytestmark = pytest.mark.claim
ZIG5, WU5, BF3 = ({"x": p.x, "y": p.y} for p in (KINKS[f"kinks/{name}"].experiment for name in ("zig5", "wu5", "bf3")))


@cache
def _trained(fields: tuple[tuple[str, Any], ...]) -> KinkTrajectory:
    found = train(Kinks(**dict(fields)), source=Source(), workers=1)
    assert isinstance(found, KinkTrajectory)
    return found


def trained(**fields: Any) -> KinkTrajectory:
    return _trained(tuple(fields.items()))


def measured(**fields: Any) -> pd.Series:
    return line.summary(trained(**fields)).iloc[0]


def aligned_before_the_loss_falls(found: KinkTrajectory) -> float:
    """Share of the living units' |a| |v| within 2 degrees of an extremal direction of their sign, at the last snapshot
    with more than 99 % of the first loss."""
    experiment = found.experiment
    loss = line.losses(experiment, found["output"])
    k = int(np.flatnonzero(loss > 0.99 * loss[0])[-1])
    table = line.kinks(found)
    units = table[(table["step"] == found.steps[k]) & table["active"]]
    extremal = extremal_directions(line.data(experiment), line.residual(experiment, found["output"][k]))
    near = np.zeros(len(units), bool)
    for sign in (-1, 1):
        goals = extremal.angle[extremal.kind == sign]
        off = np.abs((units["angle"].to_numpy()[:, None] - goals + np.pi) % (2 * np.pi) - np.pi).min(1)
        near |= (units["sign"].to_numpy() == sign) & (off < np.deg2rad(2))
    return float(units["radius"][near].sum() / units["radius"].sum())


@pytest.mark.parametrize("points", [ZIG5, WU5])
@pytest.mark.parametrize(("sigma", "width"), [(1e-4, 32), (1e-4, 512), (1e-3, 128), (1e-3, 512), (1e-3, 2048)])
def test_directions_align_before_the_loss_falls(points: dict[str, Any], sigma: float, width: int) -> None:
    for seed in range(3):
        assert aligned_before_the_loss_falls(trained(sigma=sigma, width=width, seed=seed, **points)) >= 0.9


@pytest.mark.parametrize(
    ("points", "sigma", "widths"),
    [(WU5, 1e-2, (32, 128, 512, 2048, 4096)), (ZIG5, 1e-3, (128, 512, 2048, 4096))],
)
def test_what_is_learned_does_not_depend_on_the_width(
    points: dict[str, Any], sigma: float, widths: tuple[int, ...]
) -> None:
    found = [measured(sigma=sigma, width=width, **points) for width in widths]
    assert all(one["outcome"] == "interpolated" for one in found)
    n_eff = [one["n_eff"] for one in found]
    assert max(n_eff) - min(n_eff) <= 1
    counts = [one["distinct_kinks"] for one in found]
    assert 3 <= min(counts) <= max(counts) <= 5
    assert max(counts) - min(counts) <= 2


@pytest.mark.parametrize("name", ["zig5", "wu5", "bf3", "abs5", "stewart40", "smooth"])
@pytest.mark.parametrize("sigma", [1e-3, 1e-1, 1.0])
def test_kinks_are_at_most_twice_the_points_and_one(name: str, sigma: float) -> None:
    given = KINKS[f"kinks/{name}"].experiment
    one = measured(x=given.x, y=given.y, sigma=sigma)
    assert one["distinct_kinks"] <= one["kink_bound"] == 2 * len(given.x) + 1
    assert one["distinct_kinks"] >= (name != "bf3")  # which may end at a straight line


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sigma", [1e-3, 1e-2])
def test_the_zigzags_kinks_lie_on_its_inner_points(seed: int, sigma: float) -> None:
    found = trained(sigma=sigma, seed=seed, **ZIG5)
    one = line.summary(found).iloc[0]
    assert one["on_data"] >= 0.9
    assert one["dots_distance"] < 0.05
    for x in (-0.5, 0, 0.5):
        assert np.abs(line.clusters(found, 0).position - x).min() < 0.01


@pytest.mark.parametrize("points", [ZIG5, WU5])
@pytest.mark.parametrize("sigma", [10.0, 30.0, 100.0])
def test_a_large_start_keeps_hundreds_of_kinks_where_they_were(points: dict[str, Any], sigma: float) -> None:
    one = measured(sigma=sigma, paired=True, **points)
    assert one["kink_shift"] < 0.05
    assert one["n_eff"] > 30
    small = measured(sigma=1e-2, **points)
    assert small["kink_shift"] > 0.2
    assert small["n_eff"] < 5


@pytest.mark.parametrize(("points", "slope"), [(WU5, 13.21), (ZIG5, 13.98)])
def test_the_escape_takes_the_time_that_the_law_says(points: dict[str, Any], slope: float) -> None:
    """d t / d ln(1/sigma) = 1/G_max within 5 %."""
    given = Kinks(**points)
    assert 1 / float(fastest_growth(line.data(given))) == pytest.approx(slope, abs=0.01)
    sigmas = np.array([1e-2, 1e-3, 1e-4, 1e-5])
    times = [measured(sigma=float(sigma), **points)["escape_time"] for sigma in sigmas]
    assert np.polyfit(np.log(1 / sigmas), times, 1)[0] == pytest.approx(slope, rel=0.05)


def test_a_small_start_gives_a_simple_function_and_a_large_one_does_not() -> None:
    for sigma in (1e-3, 1e-2, 1.0):
        assert measured(sigma=sigma, **ZIG5)["dots_distance"] < 0.05
    assert measured(sigma=30.0, paired=True, **ZIG5)["dots_distance"] > 0.1


@pytest.mark.parametrize("sigma", [1e-2, 1e-3])
@pytest.mark.parametrize("seed", [0, 1])
def test_three_points_stay_at_the_least_squares_line(sigma: float, seed: int) -> None:
    """A direction that would grow is left, but nobody lives there."""
    one = measured(sigma=sigma, seed=seed, **BF3)
    x, y = np.array(BF3["x"]), np.array(BF3["y"])
    residual = y - np.polyval(np.polyfit(x, y, 1), x)
    assert one["outcome"] == "stationary"
    assert one["loss"] == pytest.approx((residual**2).mean() / 2, rel=1e-3)
    assert one["loss"] == pytest.approx(8.7521e-2, rel=1e-3)
    assert one["free_rate"] == pytest.approx(3.1e-2, rel=0.05)
    assert one["growth_rate"] < 1e-3


def test_three_plateaus_are_left_from_a_hundredth_and_not_always_from_a_thousandth() -> None:
    """The note measured 11 of 13 seeds stuck at 1e-3 with steps twice as long; in these steps it is 4 of 13."""
    easy = line.summary(trained(sigma=1e-2, seeds=13, **WU5))
    assert (easy["outcome"] == "interpolated").all()
    hard = line.summary(trained(sigma=1e-3, seeds=13, **WU5))
    assert 1 <= (hard["outcome"] == "interpolated").sum() < 13
    assert (hard["outcome"].isin(["interpolated", "stationary"])).all()
    assert 1 < len(line.outcomes(trained(sigma=1e-3, seeds=13, **WU5))) <= 5
