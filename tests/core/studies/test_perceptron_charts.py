"""The perceptron's charts: constant specs, finite rows, cells without a mean drawn as such, lines to be hidden."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from core.figure.drawing import svg
from core.figure.figure import Figure
from core.studies.perceptron.charts import batches as perceptron_batches
from core.studies.perceptron.charts import boundary as perceptron_boundary
from core.studies.perceptron.charts import collapse as perceptron_collapse
from core.studies.perceptron.charts import growth as perceptron_growth
from core.studies.perceptron.charts import path as perceptron_path

STEPS = np.array([0, 1, 3, 10, 40])
BATCHES, RATES = 2.0 ** np.arange(7), 2.0 ** np.arange(-4, 6)


def plane(lost: str | None = None) -> pd.DataFrame:
    """|w| = max(2 T, eta / 8, 1/4): noise, first step, gradient descent; the first cell may be without a mean."""
    rows = []
    for size in (64, 256):
        for batch in BATCHES:
            for rate in RATES:
                norm = max(2 * rate / batch, rate / 8, 0.25)
                rows.append((1.0, size, 8.0, int(batch), rate, rate / batch, 3, norm, 0.01 * rate, 6.0, 100 / rate))
    names = ["chi", "n_train", "alpha", "batch_size", "learning_rate", "temperature", "fitted", "weight_norm"]
    table = pd.DataFrame(rows, columns=[*names, "test_error", "lambda", "steps"]).assign(outcome="fitted")
    if lost:
        table.loc[[0, 70], ["weight_norm", "test_error", "lambda", "steps"]] = np.nan
        table.loc[[0, 70], "outcome"] = lost
    return table


LINES = pd.DataFrame(
    [
        ("critical_temperature", 1.0, 0.125),
        ("critical_temperature", 16.0, 2.0),
        ("critical_batch", 16.0, 2.0),
        ("critical_batch", 16.0, 32.0),
        ("critical_learning_rate", 16.0, 2.0),
        ("critical_learning_rate", 64.0, 2.0),
    ],
    columns=["name", "batch_size", "learning_rate"],
)
PATH = pd.DataFrame(
    {
        "step": STEPS,
        "signal": [0, 0.5, 1.0, 2.0, 4.0],
        "noise_norm": [0, 2.0, 2.0, 2.0, 2.0],
        "unfitted_share": [1, 0.3, 0.2, 0.1, 0.0],
        "test_error": [0.5, 0.3, 0.2, 0.1, 0.05],
    }
)
POINTS = pd.DataFrame(
    [
        (step, point, x1, 0.1 * k, int(np.sign(x1)), k < 2)
        for k, step in enumerate(STEPS)
        for point, x1 in enumerate((-1.0, 0.5, 2.0))
    ],
    columns=["step", "point", "x1", "xi", "label", "unfitted"],
)


def scaling() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (chi, name, "n_train", size, seed, 2 * size ** (1 / (1 + chi)) * (1 + 0.1 * seed))
            for chi in (0.0, 1.0)
            for name in perceptron_growth.TITLES
            for size in (64, 128, 256)
            for seed in (0, 1)
        ],
        columns=["chi", "quantity", "against", "size", "seed", "value"],
    )


def exponents() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (name, "n_train", 0.9 / (1 + chi), error, 1 / (1 + chi), 64, 256, chi, 2.1)
            for chi, error in ((0.0, 0.02), (1.0, math.nan))
            for name in perceptron_growth.TITLES
        ],
        columns=["quantity", "against", "exponent", "standard_error", "theory", "low", "high", "chi", "prefactor"],
    )


def figures(lost: str | None = None) -> dict[str, Figure]:
    one = plane(lost)
    own = one[one["n_train"] == 64].reset_index(drop=True)
    return {
        **{name: perceptron_batches.figure(own, LINES, name, (4, 1.0)) for name in perceptron_batches.MEASURES},
        "hidden": perceptron_batches.figure(own, LINES, "weight_norm", None, drawn=False),
        "path": perceptron_path.figure(PATH, 1.8, STEPS),
        "boundary": perceptron_boundary.figure(POINTS, PATH, STEPS),
        "growth": perceptron_growth.figure(scaling(), exponents(), ("signal", "time")),
        "phases": perceptron_growth.figure(scaling(), exponents(), ("critical_temperature", "critical_batch")),
        "collapse": perceptron_collapse.figure(one),
    }


def test_a_figure_of_nothing_can_be_drawn() -> None:
    nothing = plane().assign(weight_norm=np.nan, test_error=np.nan, outcome="unfinished")
    own = nothing[nothing["n_train"] == 64].reset_index(drop=True)
    gone = PATH.assign(signal=np.nan, noise_norm=np.nan, unfitted_share=np.nan, test_error=np.nan)
    for figure in (
        perceptron_batches.figure(own, LINES[:0], "weight_norm", (1, 1.0)),
        perceptron_collapse.figure(nothing),
        perceptron_growth.figure(scaling()[:0], exponents()[:0], ("signal", "time")),
        perceptron_path.figure(gone, 1.0, STEPS),
        perceptron_boundary.figure(POINTS.assign(xi=np.nan), gone, STEPS),
    ):
        assert svg(figure, 1).startswith("<svg")


def test_phases_are_named_and_the_lines_can_be_hidden() -> None:
    drawn = svg(figures()["weight_norm"], 0)
    for words in ("noise-dominated", "first-step-dominated", "gradient descent", "η = T_c B", "B*", "η_c"):
        assert words in drawn
    assert "η_c" not in svg(figures()["hidden"], 0)


@pytest.mark.parametrize("outcome", ["unfinished", "few"])
def test_a_cell_without_a_mean_has_no_colour_and_a_mark(outcome: str) -> None:
    rows = figures(outcome)["weight_norm"].tables["cells"].rows
    lost = [row for row in rows if row["outcome"] == outcome]
    assert len(lost) == 1
    assert lost[0]["v"] is None
    path = 'stroke="#333333"'
    marked, other = (svg(figures(how)["weight_norm"], 0).count(path) for how in (outcome, None))
    assert marked == other + 1


def test_the_chosen_cell_is_outlined() -> None:
    outline = figures()["weight_norm"].tables["chosen"].rows
    assert outline == [{"x": 1.5, "x2": 2.5, "y": -0.5, "y2": 0.5}]


def test_the_boundary_turns_and_points_are_let_go() -> None:
    tables = figures()["boundary"].tables
    angle = tables["boundary"].rows[0]["t"]
    assert angle[0] is None  # w = 0 has no boundary
    assert angle[1:] == pytest.approx(np.arctan2([0.5, 1, 2, 4], 2), abs=1e-3)
    assert [row["u"] for row in tables["points"].rows] == [[1, 1, 0, 0, 0]] * 3
    assert figures()["boundary"].tables["points"].rows[0]["v"] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    pictures = {svg(figures()["boundary"], frame) for frame in range(len(STEPS))}
    assert len(pictures) == len(STEPS)


def test_what_is_zero_is_not_on_a_logarithmic_axis() -> None:
    rows = figures()["path"].tables["norms"].rows
    assert [row["value"] for row in rows if row["name"] == "signal w₁"] == [None, 0.5, 1.0, 2.0, 4.0]
    assert figures()["path"].params["norm_low"] < 0.5


def test_laws_stand_beside_theory_through_the_same_middle() -> None:
    rows = [row for row in figures()["growth"].tables["laws_0"].rows if row["law"] in ("fit0", "theory0")]
    at = {(row["law"], row["n"]): row["value"] for row in rows}
    middle = 2.1 * 128**0.9
    for law, power in (("fit0", 0.9), ("theory0", 1.0)):
        assert at[law, 64] == pytest.approx(middle / 2**power, rel=1e-3)
        assert at[law, 256] == pytest.approx(middle * 2**power, rel=1e-3)
    texts = [row["text"] for row in figures()["growth"].tables["said_0"].rows]
    assert texts == ["χ = 0: P^0.90 ± 0.02, theory 1", "χ = 1: P^0.45, theory 0.5"]


def test_the_collapse_divides_by_the_growth_that_theory_has() -> None:
    rows = figures()["collapse"].tables["cells"].rows
    assert len(rows) == 2 * len(RATES)  # the smallest batch size
    one = next(row for row in rows if row["size"] == 256 and row["x"] == 256)
    assert one["y"] == pytest.approx(2 * 32 * 8 / 16)  # |w| / kappa over 256^(1/2)
