"""The charts of the page Kinks: constant specs, one table of neurons for all, axes that hold every snapshot."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.figure import neurons
from core.figure.drawing import svg
from core.figure.figure import Figure, dumps
from core.studies.kinks.charts import circle, descent, growth, gutters, network_on_line, seed_strip, trails

X = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
Y = np.array([-0.5, 0.5, -0.3, 0.6, -0.4])
GRID = np.linspace(-1.3, 1.3, 21)
ANGLES = np.linspace(-np.pi / 2, 1.5 * np.pi, 181)
SPAN = (-1.3, 1.3)
Tables = dict[str, pd.DataFrame]


def wrapped(angle: np.ndarray) -> np.ndarray:
    return (angle + np.pi / 2) % (2 * np.pi) - np.pi / 2


def run(units: int = 24, snapshots: int = 12, seed: int = 0) -> tuple[Tables, np.ndarray]:
    """Invented tables: neurons that turn and grow on the hill of the first residual."""
    rng = np.random.default_rng(seed)
    steps = np.unique(np.round(np.geomspace(1, 3000, snapshots - 1)).astype(np.int64))
    steps = np.concatenate([[0], steps])
    time = np.linspace(0, 1, len(steps))
    start, sign = rng.uniform(-np.pi / 2, 1.5 * np.pi, units), rng.choice([-1, 1], units)
    angle = wrapped(start[None] + 2.0 * time[:, None] * sign)  # (step, neuron)
    radius = 1e-8 * np.exp(time[:, None] * rng.uniform(5, 18, units))
    hill = np.maximum(np.outer(np.cos(ANGLES), X) + np.sin(ANGLES)[:, None], 0) @ Y / 5
    heights = hill[None] * np.exp(-3 * time[:, None])  # (step, angle)
    active = (np.cos(angle)[..., None] * X + np.sin(angle)[..., None] > 0).any(-1)
    at = {"step": np.repeat(steps, units), "neuron": np.tile(np.arange(units), len(steps))}
    kinks = {"position": -np.tan(angle), "slope_jump": sign * radius * np.abs(np.cos(angle)), "active": active}
    kinks |= {"sign": np.broadcast_to(sign, angle.shape), "angle": angle, "radius": radius}
    places = 4 * len(X) - 1
    kind = np.tile(np.arange(places) % 3 - 1, (len(steps), 1))
    extremal = np.where(kind == 0, np.nan, np.linspace(-1, 4, places))
    tables = {
        "kinks": pd.DataFrame(at | {name: np.ravel(values) for name, values in kinks.items()}),
        "function": grid_table(steps, "x", GRID, "y", np.outer(time, np.interp(GRID, X, Y))),
        "points": pd.DataFrame({"x": X, "y": Y}),
        "loss": pd.DataFrame({"step": steps, "loss": 0.1 * np.exp(-20 * time), "n_eff": 60 - 50 * time})
        .assign(distinct_kinks=3, growth_rate=0.1, time=steps / 10),
        "extremal": pd.DataFrame(
            {"step": np.repeat(steps, places), "place": np.tile(np.arange(places), len(steps))}
            | {"angle": extremal.ravel(), "growth": 0.1 * extremal.ravel(), "kind": kind.ravel(), "point": -1}
        ),
        "landscape": grid_table(steps, "angle", ANGLES, "growth", heights),
        "escapes": pd.DataFrame({"label": ["first escape", "second escape"], "step": [300.0, 420.5]}),
        "references": pd.DataFrame({"name": "connect the dots", "x": X, "y": Y}),
    }  # fmt: skip
    return tables, steps


def grid_table(steps: np.ndarray, axis: str, grid: np.ndarray, name: str, values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"step": np.repeat(steps, len(grid)), axis: np.tile(grid, len(steps)), name: values.ravel()})


def figures(tables: Tables, steps: np.ndarray) -> dict[str, Figure]:
    kinks, points = tables["kinks"], tables["points"]
    shared = neurons.neurons(kinks, tables["landscape"], steps)
    references, function = tables["references"], tables["function"]
    return {
        "network": network_on_line.figure(shared, kinks, function, points, references, steps),
        "trails": trails.figure(kinks, points, steps, SPAN),
        "circle": circle.figure(shared, tables["extremal"], points, steps),
        "growth": growth.figure(shared, tables["landscape"], points, steps),
        "descent": descent.figure(tables["loss"], tables["escapes"], len(points), steps),
    }


def lost(tables: Tables, after: int) -> Tables:
    """The same run with nothing finite after a step."""
    columns = {"kinks": ["position", "slope_jump", "angle", "radius"], "function": ["y"], "landscape": ["growth"]}
    columns |= {"loss": ["loss", "n_eff", "distinct_kinks"], "extremal": ["angle", "growth"]}
    found = dict(tables)
    for name, names in columns.items():
        table = tables[name].astype(dict.fromkeys(names, float))
        table.loc[table["step"] > after, names] = np.nan
        found[name] = table
    return found


def test_the_neurons_are_one_table() -> None:
    shown = figures(*run())
    versions = {shown[name].tables["neurons"].version for name in ("network", "circle", "growth")}
    assert len(versions) == 1


def test_a_neuron_is_a_row_with_an_entry_a_snapshot() -> None:
    tables, steps = run(units=7)
    rows = neurons.neurons(tables["kinks"], tables["landscape"], steps).table.rows
    assert len(rows) == 7
    assert {len(row[name]) for row in rows for name in "trgs"} == {len(steps)}
    first = tables["kinks"].iloc[:7]
    np.testing.assert_allclose([row["t"][0] for row in rows], first["angle"], atol=6e-4)
    np.testing.assert_allclose([row["r"][0] for row in rows], np.log10(first["radius"]), atol=6e-3)
    signs = [1 if row["s"][0] in "+p" else -1 for row in rows]
    assert signs == first["sign"].tolist()
    assert [row["s"][0] in neurons.LIVING for row in rows] == first["active"].tolist()
    jumps = [s * 10 ** row["r"][0] * abs(np.cos(row["t"][0])) for s, row in zip(signs, rows, strict=True)]
    np.testing.assert_allclose(jumps, first["slope_jump"], rtol=0.03, atol=1e-11)


def test_growth_is_that_of_the_landscape() -> None:
    tables, steps = run()
    shared = neurons.neurons(tables["kinks"], tables["landscape"], steps)
    angle = tables["kinks"]["angle"].to_numpy()[:24]
    exact = np.maximum(np.outer(np.cos(angle), X) + np.sin(angle)[:, None], 0) @ Y / 5
    np.testing.assert_allclose([row["g"][0] for row in shared.table.rows], exact, atol=1e-3)


def test_angles_do_not_leap() -> None:
    around = wrapped(np.linspace(0, 13, 60))[None]
    np.testing.assert_allclose(neurons.unwrapped(around)[0], np.linspace(0, 13, 60), atol=1e-12)
    np.testing.assert_allclose(neurons.unwrapped(wrapped(-np.linspace(0, 13, 60))[None])[0], -np.linspace(0, 13, 60))
    gap = np.array([[0.1, np.nan, 0.3]])
    np.testing.assert_array_equal(neurons.unwrapped(gap), gap)


def test_of_many_neurons_the_heaviest_and_a_sample_are_drawn() -> None:
    weight = np.arange(2000.0)
    taken = neurons.chosen(weight)
    assert len(np.unique(taken)) == neurons.DRAWN
    assert set(range(2000 - 384, 2000)) <= set(taken.tolist())
    assert taken.min() == 0
    tables, steps = run(units=600, snapshots=4)
    shared = neurons.neurons(tables["kinks"], tables["landscape"], steps)
    assert (shared.params["drawn"], shared.params["total"]) == (512, 600)


def test_all_tables_together_stay_small() -> None:
    tables, steps = run(units=512, snapshots=150)
    sent = {t.version: len(t.json) for figure in figures(tables, steps).values() for t in figure.tables.values()}
    assert sum(sent.values()) < 2e6


def test_trails_are_few_and_thin() -> None:
    tables, steps = run(units=512, snapshots=150)
    rows = figures(tables, steps)["trails"].tables["trails"].rows
    assert len(rows) == trails.HEAVY + trails.SPREAD
    assert sum(len(row["step"]) for row in rows) < 8000
    assert all(len(row["step"]) == len(row["y"]) for row in rows)


def test_a_trail_keeps_its_ends_its_corners_and_breaks_where_it_leaps() -> None:
    steps = np.arange(6, dtype=np.int64)
    assert trails.thinned(steps, np.array([0.0, 0.0, 0.0, 0.0, 1.0, 1.0]), 2.0) == ([0, 3, 4, 5], [0.0, 0.0, 1.0, 1.0])
    assert trails.thinned(steps[:3], np.array([1.4, 1.45, -1.45]), 2.6) == (
        [0, 1, 2, 2],
        [1.4, 1.45, None, -1.45],
    )


def test_gutters_keep_order_and_end_at_infinity() -> None:
    places = gutters.squeezed(np.array([-np.inf, -50, -2, -1, 0.3, 1, 2, 50, np.inf]), -1, 1)
    assert (np.diff(places) > 0).all()
    edges = gutters.edges(-1, 1)
    assert places[[0, 3, 4, 5, -1]].tolist() == [edges["x_min"], -1, 0.3, 1, edges["x_max"]]


def test_what_is_not_finite_is_null() -> None:
    tables, steps = run()
    after = int(steps[5])
    shown = figures(lost(tables, after), steps)
    for figure in shown.values():
        for table in figure.tables.values():
            json.loads(table.json)  # dumps refuses NaN
    (now,) = shown["descent"].tables["now"].rows
    assert now["loss"][5] is not None
    assert now["loss"][6] is None
    row = shown["growth"].tables["neurons"].rows[0]
    assert row["t"][5:] == [row["t"][5]] * (len(steps) - 5)  # it stays at the last finite snapshot


def no_escapes(tables: Tables) -> Tables:
    return tables | {name: tables[name].iloc[:0] for name in ("escapes", "references")}


def all_dead(tables: Tables) -> Tables:
    kinks = tables["kinks"].assign(active=False, radius=0.0, slope_jump=0.0, angle=-1.2)
    return tables | {"kinks": kinks, "landscape": tables["landscape"].assign(growth=0.0)}


def lost_at_once(tables: Tables) -> Tables:
    return lost(tables, 0)


def two_points(tables: Tables) -> Tables:
    return tables | {"points": tables["points"].iloc[:2]}


def flat(tables: Tables) -> Tables:
    return tables | {"points": tables["points"].assign(y=0.0), "function": tables["function"].assign(y=0.0)}


def fitted(tables: Tables) -> Tables:
    return tables | {"loss": tables["loss"].assign(loss=0.0, n_eff=np.nan)}


@pytest.mark.parametrize(
    "change", [dict, no_escapes, all_dead, lost_at_once, two_points, flat, fitted], ids=lambda f: f.__name__
)
def test_drawing(change: Callable[[Tables], Tables]) -> None:
    tables, steps = run(snapshots=6)
    for figure in figures(change(tables), steps).values():
        for frame in (0, len(steps) - 1):
            picture = svg(figure, frame)
            assert "<svg" in picture
            assert "NaN" not in picture


def test_one_snapshot_is_enough() -> None:
    tables, _ = run(snapshots=6)
    first = {name: t[t["step"] == 0] if name not in ("escapes",) and "step" in t else t for name, t in tables.items()}
    for figure in figures(first, np.array([0])).values():
        assert "<svg" in svg(figure, 0)


def test_the_bound_and_the_escapes_are_labelled() -> None:
    tables, steps = run()
    shown = figures(tables, steps)["descent"]
    assert [row["text"] for row in shown.tables["bound"].rows] == ["2K + 1 = 11"]
    assert [row["row"] for row in shown.tables["escapes"].rows] == [0, 1]  # near each other: one above the other
    late = tables | {"escapes": pd.DataFrame({"label": ["never", "unknown"], "step": [1e9, np.nan]})}
    assert figures(late, steps)["descent"].tables["escapes"].rows == []


def outcomes(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    labels = [f"kinks {i / 10:.2f}" for i in range(count)]
    table = pd.DataFrame({"label": labels, "runs": np.arange(count) + 1, "loss": 1e-3, "seed": np.arange(count)})
    functions = [pd.DataFrame({"label": name, "x": GRID, "y": np.sin(i * GRID)}) for i, name in enumerate(labels)]
    nothing = pd.DataFrame({"label": [], "x": [], "y": []})
    return table.assign(chosen=[i == 1 for i in range(count)]), pd.concat(functions) if functions else nothing


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (1, 1), (12, 12), (13, 12), (40, 12)])
def test_outcomes_are_sorted_and_the_rarest_share_a_row(count: int, rows: int) -> None:
    figure = seed_strip.figure(*outcomes(count))
    shown: list[Any] = list(figure.tables["outcomes"].rows)
    assert len(shown) == rows
    assert [row["runs"] for row in shown[:11]] == sorted(range(count, 0, -1))[::-1][:11]
    assert sum(row["runs"] for row in shown) == count * (count + 1) / 2
    assert sum(row["chosen"] for row in shown) == (count > 1)
    assert "<svg" in svg(figure, 0)


def test_a_click_anywhere_on_an_outcome_picks_its_first_seed() -> None:
    figure = seed_strip.figure(*outcomes(3))
    (pick,) = [param for param in figure.spec["params"] if param["name"] == "cell"]
    assert pick["select"]["fields"] == ["seed"]
    seeds = {row["slot"]: row["seed"] for row in figure.tables["outcomes"].rows}
    assert all(row["seed"] == seeds[row["slot"]] for row in figure.tables["functions"].rows)


def test_the_editor_finds_the_points() -> None:
    figure = figures(*run())["network"]
    assert dumps(figure.tables["points"].rows) == dumps([{"x": x, "y": y} for x, y in zip(X, Y, strict=True)])
    assert {"x_min", "x_max", "f_min", "f_max"} <= set(figure.params)
    assert figure.params["f_min"] < Y.min()
    assert figure.params["f_max"] > Y.max()
