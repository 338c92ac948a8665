"""What several trainings of the same points show: escapes over sigma, stuck seeds over the width; the merging dial."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.datasets import Source
from core.part import Shown
from core.studies.kinks.counts import MERGED, bending_kinks
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.part import PART
from core.studies.kinks.tables import families, summary
from core.studies.kinks.tables.ends import bending
from core.studies.kinks.trajectory import KinkTrajectory
from core.studies.kinks.verdict import verdict
from core.studies.kinks.view import SIGMAS, WIDTHS, KinksView
from core.sweeps import train

TINY = Kinks(x=(-1.0, 0.0, 1.0), y=(-0.5, 0.5, -0.5), width=16, sigma=0.1, step_limit=3000)


def trained(**fields: Any) -> KinkTrajectory:
    found = train(replace(TINY, **fields), source=Source(), workers=1)
    assert isinstance(found, KinkTrajectory)
    return found


@pytest.fixture(scope="module")
def family() -> list[KinkTrajectory]:
    return [trained(sigma=sigma, width=64) for sigma in (1e-1, 1e-2, 1e-3)]


def test_the_slope_of_a_planted_law_comes_out(family: list[KinkTrajectory]) -> None:
    sigma = np.array([1e-2, 1e-3, 1e-4])
    table = pd.DataFrame({"sigma": sigma, "escape_time": 3 + 7 * np.log(1 / sigma), "predicted_escape": np.nan})
    fitted, theory = families.escape_slopes(table, family[0])
    assert fitted == pytest.approx(7)
    assert theory > 0
    table.loc[1:, "escape_time"] = np.nan
    assert np.isnan(families.escape_slopes(table, family[0])[0])


def test_the_measured_slope_is_that_of_the_leading_order(family: list[KinkTrajectory]) -> None:
    table = families.escape_scales(family)
    assert table["sigma"].tolist() == [1e-1, 1e-2, 1e-3]
    fitted, theory = families.escape_slopes(table, family[0])
    assert fitted == pytest.approx(theory, rel=0.15)


def test_the_logistic_loss_pushes_half_as_hard_at_first() -> None:
    """At f = 0 its residual is y / 2: theory's slope is twice that of the squared loss, and so is its own law's."""
    slopes = {}
    for loss in ("squared", "logistic"):
        one = trained(loss=loss, y=(-1.0, 1.0, -1.0), step_limit=50)
        slopes[loss] = families.escape_slopes(families.escape_scales([one]), one)[1]
        law = families.escape_scales([one])["predicted_escape"][0] / np.log(1 / one.experiment.sigma)
        assert slopes[loss] == pytest.approx(law)
    assert slopes["logistic"] == pytest.approx(2 * slopes["squared"])


def test_stuck_seeds_are_those_that_did_not_interpolate() -> None:
    found = [trained(width=width, seeds=4) for width in (2, 16)]
    table = families.stuck_widths(found)
    for one, row in zip(found, table.to_dict("records"), strict=True):
        ends = summary(one)["outcome"]
        assert row["stuck"] == (ends != "interpolated").mean()
        assert row["stuck_error"] == pytest.approx((row["stuck"] * (1 - row["stuck"]) / 4) ** 0.5)
        assert (row["width"], row["runs"]) == (one.experiment.width, 4)
    assert table["stuck"].iloc[0] == 1, "two units cannot pass through three points"


def test_the_dial_changes_what_is_held_against_the_bound() -> None:
    lazy = Shown(trained(width=512, sigma=30.0, paired=True))
    table = lazy.table("summary").iloc[0]
    assert bending(lazy.trajectory, MERGED) == table["bending_kinks"]
    counts = [bending(lazy.trajectory, merged) for merged in (0.0, MERGED, 0.05)]
    assert counts[0] > counts[1] > counts[2]
    for merged, count in zip((0.0, MERGED, 0.05), counts, strict=True):
        assert f"{count:,} positions bend f" in verdict(lazy, merged)
        assert f"within {merged:.1%} of the range count as one" in verdict(lazy, merged)
    assert bending_kinks(np.array([0.1, 0.1]), np.array([1.0, 1.0]), 0, 1, merged=0) == 1


def test_families_are_trained_drawn_and_exported_only_where_they_are_asked_for() -> None:
    view = KinksView(experiment=TINY)
    assert list(PART.trainings(view)) == ["This training run"]
    view = KinksView(experiment=TINY, widths=True, scales=True)
    wanted = PART.trainings(view)
    assert len(wanted) == 1 + len(WIDTHS) + len(SIGMAS)
    drawn: list[Shown[Any] | None] = [Shown(trained()), *[None] * (len(wanted) - 1)]
    assert not {"widths", "scales"} & set(PART.scene(view, drawn).figures)
    some = [trained(sigma=sigma) for sigma in SIGMAS]
    drawn[-len(SIGMAS) :] = [Shown(one) for one in some]
    scene = PART.scene(view, drawn)
    assert "scales" in scene.figures
    assert "widths" not in scene.figures
    assert "Over σ the loss falls later by" in scene.verdict
    assert set(PART.more_tables(view, drawn)) == {"escape_scales"}
    assert len(PART.more_tables(view, drawn)["escape_scales"][1]()) == len(SIGMAS)
