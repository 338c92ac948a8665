"""The charts of networks over the phase plane: constant specs, every outcome drawn, nothing invented where none is."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.figure.drawing import svg
from core.figure.figure import Figure
from core.observables.batch_phases import phases
from core.studies.phase_plane.charts import batch_plane, collapse, power_law
from core.studies.phase_plane.charts import heat as phase_heat
from core.studies.phase_plane.charts import run as phase_run
from core.studies.phase_plane.charts import sections as phase_sections
from core.studies.phase_plane.charts.cells import MEASURES, Cells, cells, with_rectified
from core.studies.phase_plane.charts.heat import LINES
from core.studies.phase_plane.charts.power_law import Axes
from tests.core.studies import phase_tables as invented
from tests.core.studies.test_complexity_charts import rows_of

STEPS = invented.STEPS
LAST = len(STEPS) - 1
CHOSEN = (invented.ALPHAS[6], invented.TEMPERATURES[4])
LAW = Axes("relative_weight_change", "temperature", "n_train")


def drawing(figure: Figure) -> str:
    """The last snapshot, without the numbers that a renderer gives to what is clipped."""
    return re.sub(r"(clip|gradient_)\d+", r"\1", svg(figure, LAST))


def made(seed: int = 0, measure: str = "test_error", *, rectified: bool = False) -> Cells:
    table = invented.plane(seed)
    return cells(table, invented.history(table), STEPS, measure, rectified=rectified)


def figures(seed: int = 0, measure: str = "test_error", *, played: bool = True) -> dict[str, Figure]:
    table = invented.plane(seed)
    history = invented.history(table)
    own = history[(history["alpha"] == CHOSEN[0]) & (history["temperature"] == CHOSEN[1])]
    shown = made(seed, measure)
    return {
        "plane": phase_heat.figure(shown, table, invented.lines(), played=played, chosen=CHOSEN),
        "sections": phase_sections.figure(shown, played=played, chosen=CHOSEN),
        "errors": phase_run.errors(own, STEPS),
        "changes": phase_run.changes(own, STEPS),
        "law": power_law.figure(invented.scaling(), invented.exponents(), LAW),
        "collapse": collapse.figure(table, chosen=CHOSEN[0]),
        "batches": batch_plane.figure(invented.batches(), "test_error", chosen=(16, 1.0)),
    }


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("played", [False, True])
def test_every_measure_at_the_end_and_played(measure: str, *, played: bool) -> None:
    for figure in list(figures(measure=measure, played=played).values())[:2]:
        assert "NaN" not in svg(figure, LAST)


# ---- the plane


def test_a_cell_without_a_value_has_an_outcome_and_no_colour() -> None:
    rows = made().table.rows
    outcomes = {row["outcome"] for row in rows}
    assert outcomes == {"fitted", "few", "diverged", "unfinished"}
    for row in rows:
        assert (row["last"] is None) == (row["outcome"] != "fitted")


@pytest.mark.parametrize("outcome", ["few", "diverged", "unfinished"])
def test_every_outcome_is_drawn_in_its_own_way(outcome: str) -> None:
    table = invented.plane().assign(outcome="fitted")
    first = table.index[12]
    table.loc[first, list(MEASURES)] = np.nan
    pictures = set()
    for how in ("fitted", outcome):
        changed = table.copy()
        changed.loc[first, "outcome"] = how
        shown = cells(changed, invented.history(table), STEPS, "test_error")
        figure = phase_heat.figure(shown, changed, invented.lines(), played=False, chosen=CHOSEN)
        pictures.add(drawing(figure))
    assert len(pictures) == 2


def test_an_outcome_shows_when_the_last_seed_has_ended() -> None:
    diverged = next(row for row in made().table.rows if row["outcome"] == "diverged")
    assert 0 < diverged["end"] < LAST
    assert diverged["v"][0] is not None, "before it diverged there was an error"


def test_no_history_yet_is_drawn() -> None:
    table = invented.plane()
    shown = cells(table, invented.history(table).iloc[:0], STEPS, "test_error")
    figure = phase_heat.figure(shown, table, invented.lines(), played=True, chosen=CHOSEN)
    assert "NaN" not in svg(figure, 0)
    assert {row["end"] for row in shown.table.rows} == {0}, "what ended has its mark from the start"


def test_nothing_fitted_at_all_is_drawn() -> None:
    table = invented.plane()
    for name in MEASURES:
        table[[name, f"{name}_deviation"]] = np.nan
    table["outcome"] = "diverged"
    shown = cells(table, invented.history(table), STEPS, "relative_weight_change")
    for figure in (
        phase_heat.figure(shown, table, invented.lines().iloc[:0], played=False, chosen=CHOSEN),
        phase_sections.figure(shown, played=False, chosen=CHOSEN),
        collapse.figure(table),
    ):
        assert "NaN" not in svg(figure, LAST)


@pytest.mark.parametrize("name", LINES)
def test_a_line_can_be_switched_off(name: str) -> None:
    table = invented.plane()
    drawn = []
    for on in (tuple(LINES), [other for other in LINES if other != name]):
        drawn.append(
            phase_heat.figure(made(), table, invented.lines(), played=False, chosen=CHOSEN, switched_on=tuple(on))
        )
    assert drawn[0].spec is drawn[1].spec
    assert LINES[name][0] in svg(drawn[0], LAST)
    assert LINES[name][0] not in svg(drawn[1], LAST)


def test_in_units_of_the_largest_temperature_its_line_is_level() -> None:
    table = with_rectified(invented.plane(), invented.lines())
    shown = cells(table, invented.history(table), STEPS, "test_error", rectified=True)
    figure = phase_heat.figure(shown, table, invented.lines(), played=False, chosen=CHOSEN)
    level = [row["y"] for row in rows_of(figure, "lines") if row["name"] == "largest_temperature" and not row["theory"]]
    assert level == pytest.approx([0] * len(level), abs=1e-3)
    assert len(level) == len(invented.ALPHAS)
    on_top = {(row["alpha"], row["temperature"]): (row["y"] + row["y2"]) / 2 for row in shown.table.rows}
    for row in table.to_dict("records"):
        assert on_top[row["alpha"], row["temperature"]] == pytest.approx(np.log2(row["rectified"]), abs=1e-3)


def test_an_alpha_without_a_largest_temperature_has_no_place_on_that_axis() -> None:
    without = invented.lines()[lambda rows: rows["alpha"] != invented.ALPHAS[0]]
    table = with_rectified(invented.plane(), without)
    shown = cells(table, invented.history(table), STEPS, "test_error", rectified=True)
    assert {row["alpha"] for row in shown.table.rows} == set(invented.ALPHAS[1:])
    none = with_rectified(invented.plane(), invented.lines().iloc[:0])
    assert not cells(none, invented.history(none), STEPS, "test_error", rectified=True).rectified


# ---- sections, curves


def test_a_section_goes_through_the_cell_that_the_params_name() -> None:
    shown = made()
    pictures = {
        drawing(phase_sections.figure(shown, played=False, chosen=(alpha, CHOSEN[1]))) for alpha in invented.ALPHAS[:3]
    }
    assert len(pictures) == 3
    params = phase_sections.figure(shown, played=False, chosen=CHOSEN).params
    assert (params["cursor_alpha"], params["cursor_temperature"]) == CHOSEN


def test_bands_are_a_deviation_wide_and_absent_with_one_seed() -> None:
    table = invented.history(invented.plane())
    own = table[(table["alpha"] == CHOSEN[0]) & (table["temperature"] == CHOSEN[1])]
    band = [row for row in rows_of(phase_run.errors(own, STEPS), "bands") if row["name"] == "test error"][5]
    row = own[own["step"] == band["step"]].iloc[0]
    assert band["high"] - band["low"] == pytest.approx(2 * row["test_error_deviation"], rel=1e-2)
    alone = own.assign(**{name: np.nan for name in own if str(name).endswith("_deviation")})
    for figure in (phase_run.errors(alone, STEPS), phase_run.changes(alone, STEPS)):
        assert all(row["low"] is None for row in rows_of(figure, "bands"))
        assert "NaN" not in svg(figure, LAST)


def test_a_cell_that_diverged_leaves_a_gap() -> None:
    table = invented.history(invented.plane())
    own = table[(table["alpha"] == invented.ALPHAS[0]) & (table["temperature"] == invented.TEMPERATURES[-1])]
    for figure in (phase_run.errors(own, STEPS), phase_run.changes(own, STEPS)):
        values = [row["value"] for row in rows_of(figure, "curves")]
        assert None in values
        assert any(value is not None for value in values)


# ---- power laws


def test_a_fitted_line_has_the_exponent_and_lies_within_its_window() -> None:
    figure = figures()["law"]
    law = invented.exponents().iloc[0]
    rows = rows_of(figure, "laws")
    assert rows, "a window with points has lines"
    for theory, slope in ((False, law["exponent"]), (True, law["theory"])):
        own = [row for row in rows if row["theory"] == theory]
        assert len(own) == 2 * 4, "one line a training-set size"
        for start, end in zip(own[::2], own[1::2], strict=True):
            measured = np.log2(end["y"] / start["y"]) / (end["x"] - start["x"])
            assert measured == pytest.approx(slope, abs=1e-3)
            assert np.log2(law["low"]) - 1e-3 <= start["x"] < end["x"] <= np.log2(law["high"]) + 1e-3


def test_a_law_without_theory_has_no_dashed_line_and_says_none() -> None:
    figure = power_law.figure(
        invented.scaling(), invented.exponents(), Axes("relative_weight_change", "n_train", "temperature")
    )
    assert not [row for row in rows_of(figure, "laws") if row["theory"]]
    assert [row["text"] for row in rows_of(figure, "said")] == ["slope 0.36 ± 0.03"]


def test_points_that_a_law_was_not_fitted_to_get_no_line_and_missing_ones_no_point() -> None:
    points = invented.scaling()
    points["used"] = points["n_train"] == 512
    points.loc[0, "relative_weight_change"] = np.nan
    figure = power_law.figure(points, invented.exponents(), LAW)
    assert len(rows_of(figure, "laws")) == 4
    assert len(rows_of(figure, "points")) == len(points) - 1


@pytest.mark.parametrize("table", [invented.scaling().iloc[:0], invented.scaling().iloc[:1]])
def test_hardly_any_points(table: pd.DataFrame) -> None:
    assert "NaN" not in svg(power_law.figure(table, invented.exponents().iloc[:0], LAW), 0)


def test_the_collapse_is_of_products_with_alpha() -> None:
    table = invented.plane()
    rows: list[dict[str, Any]] = rows_of(collapse.figure(table, least=2.0), "points")
    expected = table[(table["alpha"] >= 2) & table["relative_weight_change"].notna()]
    assert len(rows) == len(expected)
    first = expected.sort_values(["alpha", "temperature"]).iloc[0]
    assert rows[0]["x"] == pytest.approx(first["alpha"] * first["temperature"], rel=1e-3)
    assert rows[0]["y"] == pytest.approx(first["alpha"] * first["relative_weight_change"], rel=1e-3)


# ---- batch size and learning rate


def test_phases_are_told_by_local_exponents() -> None:
    table = invented.batches()
    found = phases(*(table[name].to_numpy(float) for name in ("batch_size", "learning_rate", "relative_weight_change")))
    phase = {(row.batch_size, row.learning_rate): name for row, name in zip(table.itertuples(), found, strict=True)}
    assert phase[1, 16.0] == "noise-dominated"
    assert phase[1024, 32.0] == "first-step-dominated"
    assert phase[1024, 0.25] == "gradient descent"
    assert phase[1, 128.0] == "", "a diverged cell is of no phase"
    names = {row["text"] for row in rows_of(figures()["batches"], "names")}
    assert names == {"noise-dominated", "first-step-dominated", "gradient descent"}


def test_a_lone_row_or_column_has_no_phase() -> None:
    table = invented.batches()
    one = table[table["batch_size"] == 16]
    found = phases(*(one[name].to_numpy(float) for name in ("batch_size", "learning_rate", "relative_weight_change")))
    assert set(found) == {""}
    assert rows_of(batch_plane.figure(one, "steps"), "names") == []
