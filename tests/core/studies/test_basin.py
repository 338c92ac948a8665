"""Where training fails: fates and their times against an ODE solver, neurons in training against a plain loop."""

import io
import json
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp

from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.experiment import to_json, with_settings
from core.figure.drawing import svg
from core.store import decode, encode
from core.studies.basin import tables as frames
from core.studies.basin.charts import cloud as basin_cloud
from core.studies.basin.charts import map as basin_map
from core.studies.basin.charts import shares as basin_shares
from core.studies.basin.charts.drops import Drop
from core.studies.basin.experiment import EDGE, LONE, NETWORKS, WIDTHS, Basin
from core.studies.basin.presets import PRESETS as BASIN
from core.studies.basin.theory import FATES, LEARNS, alone, fate, revival, shares, success, time_to_fate
from core.studies.basin.trajectory import ENDS, BasinTrajectory, directions, drawn, starts
from core.study import from_json, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.theory.modes import Neurons, curve
from core.trajectory import FITTED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import Measured, near

SMALL = Basin(grid=21, width=6, seeds=(3, 1), cosines=(-0.6, 0.0), time_limit=20, learning_rate=0.1)
CONTRACT = {
    "basin": "loss,z,y,fate,outcome,time_theory,time_measured,mismatch",
    "cloud": "cosine,seed,neuron,z,y,y_other,fate,outcome,z_end,y_end,y_other_end",
    "success": "width,runs,learned,measured,theory",
    "revival": "cosine,trained,doomed,died,reborn,measured,theory",
    "path": "cosine,step,time,neuron,z,y,y_other",
}


def trained(experiment: Basin) -> BasinTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, BasinTrajectory)
    return found


@pytest.fixture(scope="module")
def small() -> BasinTrajectory:
    return trained(SMALL)


def solved(z: float, y: float, norm: float, rate: float, loss: str, target: float) -> float:
    """The time at which an ODE solver has the neuron at the target, or at y = 0."""

    def slope(_: float, at: np.ndarray) -> list[float]:
        n = norm * at[0] * at[1]
        r = rate * (1 / (1 + np.exp(n)) if loss == "cross_entropy" else 1.0)
        return [r * at[1], r * at[0]]

    def learned(_: float, at: np.ndarray) -> float:
        return float(norm * at[0] * at[1] - target)

    def died(_: float, at: np.ndarray) -> float:
        return float(at[1])

    events: list[Callable[..., float]] = [learned, died]
    for event in events:
        event.terminal = True  # type: ignore[attr-defined]
    found = solve_ivp(slope, (0, 500), [z, y], method="DOP853", rtol=1e-11, atol=1e-13, events=events)
    return float(found.t[-1])


@pytest.mark.parametrize(
    ("z", "y", "name"),
    [
        (0, 0.1, "learns"),
        (-0.5, 0.51, "learns"),
        (0.7, 1e-9, "learns"),
        (-0.5, 0.49, "doomed"),
        (-0.5, 0.5, "border"),
        (0.5, 0, "dead"),
        (0, 0, "dead"),
        (-1, -2, "dead"),
        (2, -1, "dead"),
    ],
)
def test_every_start_has_its_fate(z: float, y: float, name: str) -> None:
    assert FATES[int(fate(z, y))] == name


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
@pytest.mark.parametrize(
    ("z", "y"), [(-0.75, 1.0), (-1.0, 0.7), (0.4, 0.1), (-1.49, 1.5), (-1.5, 1.49), (0, 0.02), (-1.2, 0.01)]
)
def test_times_are_those_of_an_ode_solver(loss: str, z: float, y: float) -> None:
    for norm, rate, target in ((1.0, 1.0, 1.0), (2.0, 0.6, 0.7)):
        found = float(time_to_fate(z, y, norm=norm, rate=rate, loss=loss, target=target))
        assert found == pytest.approx(solved(z, y, norm, rate, loss, target), rel=2e-6)


def test_times_at_the_edges_of_the_fates() -> None:
    assert np.isinf(time_to_fate(-0.3, 0.3))
    assert np.isnan(time_to_fate(0.3, -0.1))
    assert float(time_to_fate(2, 2)) == 0  # N = 4 from the start
    near = time_to_fate([-0.5, -0.5], [0.5 + 1e-3, 0.5 + 1e-6], loss="hinge")
    assert near[1] - near[0] == pytest.approx(np.log(1e3), rel=1e-3)  # blows up as ln(1 / |y + z|)
    assert (np.diff(time_to_fate(-0.5, 0.5 + np.geomspace(1e-6, 0.5, 20))) < 0).all()


def test_the_law_is_that_of_modes() -> None:
    """A neuron's curve, by `theory.modes`, comes to N = 1 when the map says, or dies then."""
    for z, y in ((-0.75, 1.0), (0.3, 0.2)):
        one = curve(Neurons(np.array([y]), np.array([z]), 1.0), 0.5, "cross_entropy", 60)
        assert one.time_to(1.0) == pytest.approx(float(time_to_fate(z, y, rate=0.5)), rel=1e-4)
    last = alone(-1.0, 0.7, norm=1.0, rate=0.5, loss="cross_entropy", last_time=60)
    assert last.time[-1] == pytest.approx(float(time_to_fate(-1.0, 0.7, rate=0.5)), rel=1e-4)


def test_on_the_border_a_neuron_comes_to_the_saddle() -> None:
    one = alone(-0.8, 0.8, norm=1.0, rate=0.5, loss="cross_entropy", last_time=40)
    times = np.linspace(0, 40, 9)
    y, z = one.neurons.weights(one.clock_at(times))
    np.testing.assert_allclose(y, -z, atol=1e-15)

    def slope(_: float, at: np.ndarray) -> list[float]:
        r = 0.5 / (1 + np.exp(at[0] * at[1]))
        return [r * at[1], r * at[0]]

    oracle = solve_ivp(slope, (0, 40), [-0.8, 0.8], t_eval=times, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(y[0], oracle.y[1], rtol=1e-4)


def test_shares_are_areas() -> None:
    assert shares(0.3, 0.3) == pytest.approx((3 / 8, 1 / 8, 1 / 2))
    assert success(np.array([1, 4])) == pytest.approx([3 / 8, 1 - (5 / 8) ** 4])
    learns, doomed, dead = shares(0.2, 0.6)
    assert learns + doomed + dead == pytest.approx(1)
    rng = np.random.default_rng(1)
    found = fate(0.6 * rng.standard_normal(200_000), 0.2 * rng.standard_normal(200_000))
    assert np.mean(found == LEARNS) == pytest.approx(learns, abs=4e-3)


@pytest.mark.claim
def test_three_neurons_in_eight_learn(measured: Measured) -> None:
    """T7: .375 +- .002 over a million draws."""
    rng = np.random.default_rng(7)
    z, y = rng.standard_normal((2, 1_000_000))
    learns = np.mean(fate(z, y) == LEARNS)
    measured("T7", "share of a million Gaussian initializations that learns, theory", learns, near(3 / 8, 0.002))


def test_revival_is_the_share_of_draws_that_wake() -> None:
    """By brute force: follow w along x to y = 0 and ask whether the other class sees it on the way."""
    rng = np.random.default_rng(2)
    w, z = 0.4 * rng.standard_normal((400_000, 2)), 0.8 * rng.standard_normal(400_000)
    for cosine in (-0.2, -0.5, -0.9):
        x, other = directions(cosine)
        y, u = w @ x, w @ other
        chosen = (y > 0) & (y + z < 0) & (u <= 0)
        ends = (w - y[:, None] * x) @ other
        measured = np.mean(ends[chosen] > 0)
        assert measured == pytest.approx(float(revival(cosine, 0.4, 0.8)), abs=6e-3)
    assert revival(np.array([0.0])) == pytest.approx([0])
    for cosine, of_the_note in ((-0.2, 0.055), (-0.5, 0.18), (-0.9, 0.34)):
        assert float(revival(cosine)) == pytest.approx(of_the_note, abs=0.02)


def test_maps_are_fast() -> None:
    def best(work: Callable[[], object]) -> float:
        spent = []
        for _ in range(5):
            begin = time.perf_counter()
            work()
            spent.append(time.perf_counter() - begin)
        return min(spent)

    edge = np.linspace(-EDGE, EDGE, 801)
    assert best(lambda: fate(edge, edge[:, None])) < 0.1
    assert best(lambda: time_to_fate(edge[::4], edge[::4, None])) < 0.1


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_single_neurons_are_those_of_a_plain_loop(loss: str) -> None:
    experiment = replace(SMALL, loss=loss, norm=1.5, share=0.4, target=0.8)
    found = trained(experiment)
    grid = starts(experiment)
    for row, column in ((15, 8), (12, 2), (20, 0), (18, 3), (11, 11), (10, 4), (3, 15), (15, 5)):
        y, z, end, at = grid[row], grid[column], "not yet", -1
        if y <= 0:
            end = "dead"
        for step in range(1, experiment.step_limit + 1):
            if end != "not yet":
                break
            n = 1.5 * y * z
            g = 1 / (1 + np.exp(n)) if loss == "cross_entropy" else float(n < 1)
            y, z = y + 0.1 * 0.4 * 1.5 * g * z, z + 0.1 * 0.4 * 1.5 * g * y
            if 1.5 * y * z >= 0.8 and y > 0:
                end, at = "learned", step
            elif y <= 0:
                end, at = "died", step
        assert ENDS[found["map_end"][row, column]] == end
        assert found["map_step"][row, column] == at


def test_clouds_are_those_of_a_plain_loop(small: BasinTrajectory) -> None:
    x = directions(-0.6)
    w, a = (part.copy() for part in drawn(SMALL, 3))
    for _ in range(SMALL.step_limit):
        on = w @ x.T > 0  # (neuron, class)
        n = np.maximum(w @ x.T, 0).T @ a
        pull = 0.5 * np.array([1, -1]) / (1 + np.exp(np.array([1, -1]) * n))
        w, a = w + 0.1 * a[:, None] * (on * pull) @ x, a + 0.1 * np.maximum(w @ x.T, 0) @ pull
    np.testing.assert_allclose(small["cloud_end"][0], np.column_stack([a, w @ x.T]), rtol=1e-10)
    np.testing.assert_allclose(small["cloud"][-1, 0], small["cloud_end"][0], rtol=1e-6)
    np.testing.assert_allclose(small["cloud_logit"][-1, 0] >= 1, [n[0] >= 1, -n[1] >= 1])


def test_who_is_not_seen_does_not_move(small: BasinTrajectory) -> None:
    start, end = small["cloud_start"], small["cloud_end"]
    unseen = (start[..., 1] <= 0) & (start[..., 2] <= 0)
    assert unseen.any()
    assert np.array_equal(start[unseen], end[unseen])
    assert not (start[~unseen] == end[~unseen]).all(axis=-1).any()


@pytest.mark.claim
@pytest.mark.parametrize("name", ["learning_dynamics/basin", "learning_dynamics/basin_hinge"])
def test_training_decides_as_theory_has_it(name: str, measured: Measured) -> None:
    """T7: 201 x 201 starts, T = 60, rate .02: at most .1 % otherwise, and those within .06 of the border."""
    experiment = BASIN[name].experiment
    assert (experiment.grid, experiment.time_limit, experiment.learning_rate) == (201, 60, 0.02)
    found = trained(experiment)
    rows = studies()["basin"].tables()["basin"](found)
    otherwise = (rows["outcome"] == "learned") != ((rows["y"] > 0) & (rows["y"] + rows["z"] > 1e-9))
    assert len(rows) == 201**2
    what = f"{experiment.loss}: share of 40,401 initializations that training decides otherwise than theory"
    measured("T7", what, otherwise.mean(), near(0, 1e-3))
    assert (np.abs(rows["y"] + rows["z"])[otherwise] / 2**0.5 <= 0.06).all()
    assert not rows["mismatch"].any()
    assert (rows["fate"][rows["outcome"] == "not yet"] == "border").all()
    timed = rows[(rows["time_theory"] > 0.5) & np.isfinite(rows["time_theory"])]
    assert (timed["time_measured"] / timed["time_theory"] - 1).abs().max() < 0.05
    assert (timed["time_measured"] / timed["time_theory"] - 1).abs().mean() < 0.015


@pytest.mark.claim
def test_narrow_classes_fail_and_lone_neurons_are_reborn_as_often_as_theory_has_it() -> None:
    experiment = BASIN["learning_dynamics/revival"].experiment
    found = trained(replace(experiment, grid=11, cosines=(-0.9, -0.5, -0.2, 0.0), seeds=tuple(range(32))))
    learned = studies()["basin"].tables()["success"](found)
    error = np.sqrt(learned["theory"] * (1 - learned["theory"]) / NETWORKS)
    assert ((learned["measured"] - learned["theory"]).abs() < 3.5 * error).all()
    table = studies()["basin"].tables()["revival"](found)
    lone = table[(table["trained"] == "alone") & (table["cosine"] < 0)]
    error = np.sqrt(lone["theory"] * (1 - lone["theory"]) / lone["doomed"])
    assert ((lone["measured"] - lone["theory"]).abs() < 3.5 * error).all()
    assert (table["reborn"][table["cosine"] == 0] == 0).all()
    crowd = table[table["trained"] == "cloud"].set_index("cosine")["measured"]
    assert crowd[-0.9] > crowd[-0.2]
    assert lone["doomed"].min() > LONE / 20


@pytest.mark.claim
def test_doomed_neurons_outlive_training() -> None:
    """Of the note: h = 100, scale .3, R = 1, t = 200: 3.6 of 12.2 still on under cross-entropy, 10.6 under hinge."""
    rng = np.random.default_rng(3)
    left = {"cross_entropy": 0.0, "hinge": 0.0}
    doomed = 0
    for _ in range(60):
        neurons = Neurons(*(0.3 * rng.standard_normal((2, 100))), 1.0)
        doomed += len(neurons.deaths)
        for loss in left:
            clock = curve(neurons, 1.0, loss, 200).clock_at(200)
            left[loss] += float((neurons.deaths > clock).sum())
    assert doomed / 60 == pytest.approx(12.5, abs=1)
    assert left["cross_entropy"] / doomed == pytest.approx(3.6 / 12.2, abs=0.05)
    assert left["hinge"] / doomed == pytest.approx(10.6 / 12.2, abs=0.05)


def test_the_same_experiment_gives_the_same_bytes(small: BasinTrajectory) -> None:
    assert encode(small) == encode(trained(SMALL))
    back = decode(encode(small))
    assert back.experiment == SMALL
    for name in small.axes:
        np.testing.assert_array_equal(back[name], small[name])
    wider = drawn(replace(SMALL, width=9), 3)
    assert np.array_equal(wider[0][:6], drawn(SMALL, 3)[0])
    assert np.array_equal(wider[1][:6], drawn(SMALL, 3)[1])


def test_runs_end_with_a_reason(small: BasinTrajectory) -> None:
    assert SMALL.runs == 4
    assert shards(SMALL, "cpu") == shards(SMALL, "cuda") == [[0, 1, 2, 3]]
    assert small.complete
    assert (small["end_step"] == SMALL.step_limit).all()
    ended = trained(replace(SMALL, time_limit=100, width=60))
    assert (ended["outcome"] == FITTED).all()
    assert (trained(replace(SMALL, time_limit=1))["outcome"] == STEP_LIMIT).all()
    early = studies()["basin"].tables()["basin"](trained(replace(SMALL, time_limit=1)))
    assert (early["outcome"] == "not yet").sum() > 50
    assert not early["mismatch"].any()


def test_steps_too_large_decide_otherwise_and_that_is_said() -> None:
    rows = studies()["basin"].tables()["basin"](
        trained(replace(SMALL, loss="hinge", share=0.9, norm=4, learning_rate=0.5))
    )
    assert rows["mismatch"].sum() > 20
    assert set(rows["outcome"][rows["mismatch"]]) == {"died"}
    assert set(rows["fate"][rows["mismatch"]]) <= {"learns", "border"}


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(name: str, small: BasinTrajectory) -> None:
    written = pd.read_csv(io.BytesIO(to_csv(studies()["basin"].tables()[name](small))))
    assert ",".join(written.columns) == CONTRACT[name]
    assert set(written.columns) <= set(columns())


def test_rows_say_what_the_arrays_do(small: BasinTrajectory) -> None:
    assert set(studies()["basin"].tables()) == set(CONTRACT)
    found = {name: table(small) for name, table in studies()["basin"].tables().items()}
    assert [len(rows) for rows in found.values()] == [441, 24, len(WIDTHS), 4, 2 * 6 * len(small.steps)]
    row = found["basin"].iloc[15 * 21 + 8]
    assert (row["y"], row["z"]) == (starts(SMALL)[15], starts(SMALL)[8])
    assert row["time_measured"] == pytest.approx(small["map_step"][15, 8] * 0.1)
    cloud = found["cloud"]
    one = cloud[(cloud["cosine"] == 0) & (cloud["seed"] == 1) & (cloud["neuron"] == 4)].iloc[0]
    assert one[["z", "y", "y_other"]].tolist() == small["cloud_start"][3, 4].tolist()
    path = found["path"]
    last = path[(path["cosine"] == -0.6) & (path["step"] == SMALL.step_limit)]
    np.testing.assert_array_equal(last["z"], small["cloud"][-1, 0, :, 0])
    first = frames.first_sample(SMALL, -0.6)
    same = cloud[(cloud["cosine"] == -0.6) & (cloud["seed"] == 3)]
    assert first["fate"].tolist() == same["fate"].tolist()
    np.testing.assert_allclose(first[["z", "y", "y_other"]], same[["z", "y", "y_other"]])
    alone_, crowd = (found["revival"][found["revival"]["trained"] == kind] for kind in ("alone", "cloud"))
    assert (alone_["doomed"].to_numpy() == small["alone"].sum(axis=1)).all()
    assert (crowd["doomed"] >= crowd["died"] + crowd["reborn"]).all()


def test_the_charts_draw_theory_alone_and_with_training(small: BasinTrajectory) -> None:
    times = small.steps * SMALL.learning_rate
    cells = frames.predicted(SMALL).assign(cross_entropy=1.0, hinge=np.nan)
    move = (np.linspace(-1, 0.5, len(times)), np.linspace(1, 0.6, len(times)))
    drop = Drop(-1.0, 1.0, "border", {"cross_entropy": move, "hinge": move}, move)
    marks = frames.basin(small).head(3)
    for rows in (None, marks):
        drawn_ = basin_map.figure(basin_map.fates(), cells, [drop], "hinge", rows)
        assert len(drawn_.tables["moving"].rows[0]["vz"]) == len(times)
        assert [row["trained"] for row in drawn_.tables["moving"].rows] == [False, True]
        assert "border" in svg(drawn_, 2)
    cloud = frames.first_sample(SMALL, 0.0)
    place = (np.zeros((6, len(times))), np.ones((6, len(times))))
    for measured in (None, place):
        figure = basin_cloud.figure(cloud, place, measured, {"learns": 0.375, "doomed": 0.125, "dead": 0.5})
        assert "theory 3/8" in svg(figure, 1)
        assert len(figure.tables["neurons"].rows) == (0 if measured is None else 6)
    assert "h = 300" in svg(basin_shares.success(success(np.arange(1, 17)), 300, None), 0)
    shown = basin_shares.revival(np.array([-0.5, 0]), np.array([0.2, 0]), -0.5, frames.revival_table(small))
    assert "cos -0.5" in svg(shown, 0)
    np.testing.assert_array_equal(basin_map.pixels_of(fate(*basin_map.grid(3)))[0, 0, :3], [224, 176, 0])  # -z = y


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("loss", "squared"),
        ("norm", 0),
        ("norm", -1.0),
        ("share", 0),
        ("share", 1),
        ("share", float("nan")),
        ("target", 0),
        ("learning_rate", 0),
        ("time_limit", 0),
        ("time_limit", 900),
        ("grid", 20),
        ("grid", 500),
        ("width", 0),
        ("width", 2.5),
        ("sigma_y", 0),
        ("sigma_z", -0.1),
        ("cosines", ()),
        ("cosines", (0.2,)),
        ("cosines", (-1.0, 0.0)),
        ("cosines", tuple(-0.9 + 0.05 * i for i in range(13))),
        ("seeds", (1, 1)),
        ("seeds", tuple(range(65))),
    ],
)
def test_a_bad_field_is_said_in_one_sentence(field: str, value: object) -> None:
    with pytest.raises(ExperimentError) as error:
        Basin(**{field: value})  # type: ignore[arg-type]
    assert str(error.value).startswith(f"{field}: ")
    assert str(error.value).count("\n") == 0


def test_hinge_never_comes_beyond_its_margin() -> None:
    with pytest.raises(ExperimentError, match="target: at most 1 with loss hinge"):
        Basin(loss="hinge", target=2)
    assert Basin(target=2).target == 2


def test_an_experiment_reads_back_and_takes_settings_as_text() -> None:
    experiment = Basin(cosines=(-0.5, 0), seeds=(2,), norm=2)
    assert from_json(to_json(experiment)) == experiment
    assert json.loads(to_json(experiment))["study"] == "learning_basin"
    assert with_settings(Basin(), {"cosines": "-0.5,0", "seeds": "2", "norm": "2"}) == experiment
    assert estimate(Basin(), workers=1, device="cpu").usual < 6
    assert estimate(Basin(time_limit=400), workers=1, device="cpu").usual > 6
