"""Figures of every chart of every study: of what ships, of a tiny training, of invented tables that have every outcome.

`DRAWN` has a function a study, which yields the name of a chart (`study.module`) and a figure of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.datasets import Source
from core.figure.figure import Figure
from core.figure.neurons import neurons
from core.part import Shown
from core.store import Store
from core.study import presets, study_of
from core.sweeps import train
from core.theory.modes import Neurons, curve, late_logit
from core.trajectory import DIVERGED, STEP_LIMIT, UNFINISHED, Trajectory
from tests.core.studies import complexity_tables, phase_tables

Drawings = Iterator[tuple[str, Figure]]


def draw(chart: str, *arguments: Any, how: str = "figure", **named: Any) -> tuple[str, Figure]:
    """Return the chart's name and the figure that its module makes of the arguments."""
    study, _, name = chart.partition(".")
    folder = "core.comparison" if study == "comparison" else f"core.studies.{study}"
    return chart, getattr(import_module(f"{folder}.charts.{name}"), how)(*arguments, **named)


@cache
def shipped(preset: str) -> Any:
    """Return the trajectory of a preset that ships."""
    found, said = Store(Path("nowhere")).load(presets()[preset].experiment)
    assert found is not None, f"{preset}: {said or 'there is no file'}"
    return found


def tables(trajectory: Trajectory) -> Mapping[str, Callable[..., pd.DataFrame]]:
    return study_of(trajectory.experiment).tables()  # type: ignore[no-any-return]


def ended(trajectory: Any, outcomes: Mapping[int, int]) -> Any:
    """Return a trajectory of which some runs ended in another way."""
    outcome = trajectory["outcome"].copy()
    outcome[list(outcomes)] = list(outcomes.values())
    return type(trajectory)(trajectory.experiment, {**trajectory.arrays, "outcome": outcome})


def explorer() -> Drawings:
    """The plane of digits, in which a run is stopped, one diverged and one was cancelled, if they had not been."""
    from core.studies.explorer import linearised as beside_them
    from core.studies.explorer import tables as of
    from core.studies.explorer.charts import cells
    from core.studies.explorer.simplicity import simplicity

    found = ended(shipped("explorer/digits"), {0: UNFINISHED, 1: STEP_LIMIT, 2: DIVERGED})
    steps, run, other = found.steps, 40, 100
    rows = {name: [table(found, [which]) for which in (run, other)] for name, table in of.TABLES.items()}
    places = [(found.cells[which].alpha, found.cells[which].temperature) for which in (run, other)]
    behind = {"A": (rows["kinks"][1], rows["function"][1], places[1][0])}
    own = (rows["kinks"][0], rows["function"][0], rows["points"][0])
    yield draw("explorer.kinks", *own, steps, places[0][0], behind)
    for log in (True, False):
        pinned = {"A": rows["information"][1]} if log else None
        yield draw("explorer.information", rows["information"][0], steps, "fitted at 7", log_steps=log, pinned=pinned)
    history = [part for _, part in of.history(found, range(found.experiment.runs)).groupby("run", sort=False)]
    beside = shipped("explorer/linearised")
    plane, told = of.plane(found), {name: table(beside) for name, table in tables(beside).items()}
    histories = beside_them.histories(plane, told["linearised_history"])
    whole = cells.Plane(beside_them.with_regimes(plane, told["linearised"]), history, histories)
    alone = cells.Plane(rows["plane"][0], [rows["information"][0]])
    grid = (found.experiment.alphas, found.experiment.temperatures)
    for played, measure in enumerate(cells.MEASURES):
        at = cells.ground(whole, grid, steps, measure)
        yield draw("explorer.plane", at, steps, played=bool(played % 2), chosen=places[0], pinned={"A": places[1]})
    off = (places[0][0] * 1.3, places[0][1])
    yield draw("explorer.plane", at, steps, played=True, chosen=off, off_grid=alone)
    yield draw("explorer.plane", cells.ground(None, grid, steps, measure), steps, played=True, chosen=places[0])
    ranked = simplicity(found)
    for some in (ranked, ranked.iloc[:1], ranked.iloc[:0], ranked.assign(error_correlation=np.nan, mu_y_share=np.nan)):
        yield draw("explorer.simplicity", some)


def linearised() -> Drawings:
    """It has no chart of its own: the Explorer draws it on its plane."""
    yield from ()


def kinks() -> Drawings:
    """Three plateaus, forty points with the curves to compare, and what 64 seeds come to."""
    from core.studies.kinks.tables import REFERENCES, grid, references

    for preset in ("kinks/wu5", "kinks/stewart40"):
        found = shipped(preset)
        of = {name: table(found) for name, table in tables(found).items() if not name.startswith("outcome")}
        steps = found.steps[:: max(1, len(found.steps) // 40)]
        swarm, x = neurons(of["kinks"], of["landscape"], steps), grid(found.experiment)
        beside = references(found.experiment, tuple(REFERENCES) if preset == "kinks/wu5" else ())
        extremal = of["extremal"].set_index(["step", "place"])
        every = pd.MultiIndex.from_product(
            [np.unique(level) for level in (of["extremal"]["step"], of["extremal"]["place"])], names=["step", "place"]
        )
        extremal = extremal.reindex(every).reset_index().fillna({"kind": 0, "point": -1})
        many = {**swarm.params, "total": 9_999} if preset == "kinks/wu5" else swarm.params
        swarm = replace(swarm, params=many)
        yield draw("kinks.network_on_line", swarm, of["kinks"], of["function"], of["points"], beside, steps)
        yield draw("kinks.trails", of["kinks"], of["points"], steps, (float(x[0]), float(x[-1])))
        yield draw("kinks.circle", swarm, extremal, of["points"], steps)
        yield draw("kinks.growth", swarm, of["landscape"], of["points"], steps)
        yield draw("kinks.descent", of["loss"], of["escapes"], len(of["points"]), steps)
    found = shipped("kinks/seeds")
    outcomes, function = (tables(found)[name](found) for name in ("outcomes", "outcome_function"))
    yield draw("kinks.seed_strip", outcomes.assign(chosen=outcomes["seed"] == 3), function)
    stuck = pd.DataFrame({"width": [16, 512, 4096], "runs": 64, "stuck": [0.75, 0.1, 0.0], "stuck_error": 0.05})
    yield draw("kinks.widths", stuck)
    scales = pd.DataFrame({"sigma": [1e-2, 1e-3, 1e-5], "escape_time": [40.0, 70.0, np.nan]})
    yield draw("kinks.scales", scales.assign(predicted_escape=[30.0, 60.0, 120.0]))
    yield draw("kinks.scales", scales.assign(escape_time=np.nan, predicted_escape=np.nan))


def directions() -> Drawings:
    """Two moons, and digits counted over the size of the training set."""
    for preset in ("kinks/moons", "kinks/digits_count"):
        found = shipped(preset)
        of = {name: table(found) for name, table in tables(found).items()}
        yield draw("directions.alignment", of["directions"], of["loss"], found.steps)
        if found.flat:
            yield draw("directions.kink_lines", of["directions"], of["extremal"], of["points"], found.steps)
        else:
            counts = of["counts"].assign(outcome=["step_limit", *of["counts"]["outcome"][1:]])
            yield draw("directions.counting", counts, of["fit"], "directions")


def smooth_targets() -> Drawings:
    """What ships, a target each; and networks of which one diverged."""
    from core.studies.smooth_targets.scene import scene
    from core.studies.smooth_targets.view import TARGET_NAMES, SmoothTargetsView

    found = shipped("kinks/smooth_targets")
    for target in TARGET_NAMES:
        view = SmoothTargetsView.of(found.experiment, target=target)
        yield "smooth_targets.errors", scene(view, [Shown(found)]).figures["errors"]
    lost = found["rms_error"].copy()
    lost[:, 0] = np.nan
    one = type(found)(found.experiment, {**found.arrays, "rms_error": lost})
    view = SmoothTargetsView.of(found.experiment)
    yield "smooth_targets.errors", scene(view, [Shown(ended(one, {0: DIVERGED}))]).figures["errors"]


def complexity() -> Drawings:
    """The disc and the digits as they ship, invented curves and examples, and tables of F, L and Y."""
    import core.comparison.curves as shown
    from core.studies.complexity import overlap, plane
    from core.studies.complexity.error_overlap import constant_table, overlap_table

    for preset in ("complexity/disc", "complexity/digits"):
        found = shipped(preset)
        explainer, steps = tables(found)["explainers"](found)["explainer"].iloc[0], found.steps
        curves, facts = shown.curves(found, explainer), shown.facts(found, explainer)
        heat, rows = shown.staircase(found)
        shares = shown.mean_cells(tables(found)["four_cells"](found), explainer)
        yield draw("comparison.explained", curves, facts, steps)
        yield draw("comparison.shares", curves, facts, steps)
        yield draw("comparison.accuracies", curves, facts, steps)
        yield draw("comparison.four_cells", shares, steps, facts["matched_step"])
        yield draw(
            "comparison.staircase",
            heat.assign(value=heat["retained_share"], masked=heat["retained_share"].isna() & heat["mu_y"].notna()),
            rows.assign(selected=rows["explainer"] == explainer),
            steps,
            "retained_share",
        )
        if found.flat:
            outputs = found["output"].reshape(len(steps), -1).T
            edges, points = plane.explainer_edges(found, explainer), plane.shown_points(found, explainer)
            yield draw("complexity.boundary", plane.levels(found), edges, points, steps, outputs)
        else:
            chosen = shown.learning_order(found, explainer)
            yield draw("comparison.learning_order", chosen.assign(url=None, label="4"), steps)
    yield from _invented_complexity()
    for table in (overlap_table(0.95, 0.85, 0.03), constant_table(0.85)):
        now = overlap.measure(table, 1000)
        family = overlap.family(float(now["accuracy"].iloc[0]), float(now["explainer_accuracy"].iloc[0]), 1000)
        yield draw("complexity.mosaic", overlap.cells(table))
        yield draw("complexity.overlap", family, now)


def _invented_complexity() -> Drawings:
    """Pictures of examples, a staircase with a row that diverged, curves that come to L and curves that never do."""
    steps = complexity_tables.STEPS
    heat, rows = complexity_tables.staircase()
    heat.loc[len(heat) - 9 :, "value"] = np.nan
    for measure in ("explained_share", "mu_y"):
        yield draw("comparison.staircase", heat, rows, steps, measure)
    yield draw("comparison.learning_order", complexity_tables.examples(count=24), steps)
    for matched in (620.0, np.nan):
        facts = complexity_tables.facts(matched_step=matched)
        curves = complexity_tables.curves()
        lone = curves.assign(**{"explained_share": curves["explained_share"].where(curves.index == 20)})
        yield draw("comparison.explained", curves, facts, steps)
        yield draw("comparison.shares", lone, facts, steps)
        alone = {name: curves[name].where(curves.index == 20) for name in ("accuracy_test", "mu_y")}
        yield draw("comparison.accuracies", curves.assign(**alone), facts, steps)
        yield draw("comparison.explained", curves.assign(**alone), facts, steps)
        yield draw("comparison.four_cells", complexity_tables.cells(), steps, matched)


def own_network() -> Drawings:
    """The wall of examples with the images of a recording, and with numbers; the other charts are complexity's."""
    from core.studies.own_network.scene import examples
    from core.studies.own_network.view import OwnNetworkView
    from tests.core.studies.recordings import opened

    for images in (False, True):
        found = opened(images=images)
        rows = examples(OwnNetworkView(), Shown(found))
        yield draw("comparison.learning_order", rows, found.steps)


def linear_model() -> Drawings:
    """A tiny training, of which a seed diverges."""
    from core.studies.linear_model.experiment import LinearModel

    experiment = LinearModel(n=20, d_over_n=3.0, ratios=(1.5, 3.0, 8.0), seeds=(0, 1), step_limit=300)
    found = train(experiment, source=Source(), device="cpu", workers=1)
    of = {name: table(found) for name, table in tables(found).items()}
    ends = of["ends"]
    yield draw("linear_model.path", of["path"], ends[ends["d_over_n"] == 3.0], found.steps)
    for ratio in (1.5, 8.0):
        yield draw("linear_model.ends", ends, of["approximation"], of["path"], ratio, found.steps)
    for measure in ("mu_y", "mu_y_clean"):
        yield draw("linear_model.explained", of["path"], found.steps, measure)


def ensembles() -> Drawings:
    """What ships; ensembles of which some lost too many networks; and none that fitted."""
    from core.studies.ensembles.scene import scene
    from core.studies.ensembles.view import EnsemblesView

    found = shipped("phase_plane/ensembles")
    few = ended(found, {run: DIVERGED if run % 3 else STEP_LIMIT for run in range(0, found.experiment.runs, 4)})
    none = ended(found, dict.fromkeys(range(found.experiment.runs), STEP_LIMIT))
    for one in (found, few, none):
        for name, figure in scene(EnsemblesView(alpha=2.0**-5), [Shown(one)]).figures.items():
            yield f"ensembles.{name}", figure


def phase_plane() -> Drawings:
    """Invented planes that have every outcome, and the power laws of what ships."""
    from core.studies.phase_plane.charts import batch_plane
    from core.studies.phase_plane.charts.cells import MEASURES, cells, with_rectified
    from core.studies.phase_plane.charts.power_law import Axes

    steps, plane, lines = phase_tables.STEPS, phase_tables.plane(), phase_tables.lines()
    history, chosen = phase_tables.history(plane), (phase_tables.ALPHAS[6], phase_tables.TEMPERATURES[4])
    for played, measure in enumerate(MEASURES):
        rectified = measure == "steps"
        rows = with_rectified(plane, lines) if rectified else plane
        shown = cells(rows, history, steps, measure, rectified=rectified)
        yield draw("phase_plane.heat", shown, rows, lines, played=bool(played % 2), chosen=chosen)
        yield draw("phase_plane.sections", shown, played=bool(played % 2), chosen=chosen)
    own = history[(history["alpha"] == chosen[0]) & (history["temperature"] == chosen[1])]
    lone = own.assign(test_error=own["test_error"].where(np.arange(len(own)) == 5))
    lone = lone.assign(kernel_change=own["kernel_change"].where(np.arange(len(own)) == 7))
    for cell in (own, lone):
        yield draw("phase_plane.run", cell, steps, how="errors")
        yield draw("phase_plane.run", cell, steps, how="changes")
    batches = phase_tables.batches()
    batches.loc[[0, 1], "outcome"] = ["few", "unfinished"]
    batches.loc[[0, 1], list(batch_plane.MEASURES)] = np.nan
    for measure in batch_plane.MEASURES:
        yield draw("phase_plane.batch_plane", batches, measure, chosen=(16, 1.0))
    yield draw("phase_plane.collapse", plane, chosen=chosen[0])
    axes = Axes("relative_weight_change", "temperature", "n_train")
    yield draw("phase_plane.power_law", phase_tables.scaling(), phase_tables.exponents(), axes)
    found = shipped("phase_plane/scaling")
    of = {name: tables(found)[name](found) for name in ("plane", "exponents")}
    for law in (axes, Axes("time", "n_train", "temperature")):
        yield draw("phase_plane.power_law", of["plane"].assign(used=True), of["exponents"], law)
    yield draw("phase_plane.onsets", tables(found)["onsets"](found), 2.0**-3)


def own_plane() -> Drawings:
    """A table with every outcome and curves, on logarithmic and on linear axes; and what ships."""
    from core.studies.own_plane.scene import Chosen
    from core.studies.own_plane.view import OwnPlaneView
    from tests.core.studies.runs import opened

    for found in (opened(), opened(log=False), shipped("phase_plane/own_runs")):
        for along in ("across", "up"):
            here = Chosen(OwnPlaneView(experiment=found.experiment, along=along, fit_low=0.5), Shown(found))
            x, y, value = here.columns
            yield draw("own_plane.plane", here.plane, (x, y), here.place)
            yield draw("own_plane.sections", here.plane, (x, y, value), here.place)
            yield draw("own_plane.fit", here.plane, here.fit, along)
            if found.is_long:
                lone = here.curves["mean"].where(np.arange(len(here.curves)) == 2)
                for mean in (here.curves["mean"], lone):
                    yield draw("own_plane.curves", here.curves.assign(mean=mean), found.steps)


def perceptron() -> Drawings:
    """The planes that ship; of one, a cell was stopped and one was cancelled."""
    from core.studies.perceptron.charts.batches import MEASURES
    from core.studies.perceptron.theory import noise

    for preset in ("phase_plane/batch_learning_rate", "phase_plane/perceptron"):
        found = shipped(preset)
        of = {name: table(found) for name, table in tables(found).items()}
        run, dimensions = found.experiment.watched, found.experiment.dimensions
        cell, steps = found.experiment.cells[run], np.unique(of["path"]["step"])
        yield draw("perceptron.boundary", of["points"], of["path"], steps)
        yield draw("perceptron.path", of["path"], float(noise(cell.temperature, cell.chi, dimensions)), steps)
        yield draw("perceptron.growth", of["scaling"], of["exponents"], ("signal", "time"))
        yield draw("perceptron.collapse", of["plane"])
        if preset == "phase_plane/batch_learning_rate":
            same = {name: getattr(cell, name) for name in ("chi", "n_train", "alpha")}
            plane, lines = (_of(of[name], same) for name in ("plane", "lines"))
            plane = plane.assign(outcome=["few", "unfinished", "diverged", *plane["outcome"][3:]])
            plane.loc[[0, 1, 2], list(MEASURES)] = np.nan
            for measure in MEASURES:
                yield draw("perceptron.batches", plane, lines, measure, (cell.batch_size, cell.learning_rate))


def _of(rows: pd.DataFrame, same: Mapping[str, float]) -> pd.DataFrame:
    return rows[np.logical_and.reduce([rows[name] == value for name, value in same.items()])].reset_index(drop=True)


def basin() -> Drawings:
    """The grid and the clouds that ship, and neurons dropped in every field."""
    from core.studies.basin import tables as of
    from core.studies.basin import theory
    from core.studies.basin.charts import map as basin_map
    from core.studies.basin.charts.drops import Drop
    from core.studies.basin.charts.shares import WIDEST
    from core.studies.basin.experiment import LOSSES
    from core.studies.basin.trajectory import BasinTrajectory

    found = shipped("learning_dynamics/basin")
    experiment = found.experiment
    times = BasinTrajectory.scheduled(experiment) * experiment.learning_rate
    setting = {"norm": experiment.norm, "rate": experiment.rate}
    dropped = []
    for z, y in ((0.3, 0.9), (-1.2, 0.4), (1.1, 0.1)):
        moves = {}
        for loss in LOSSES:
            one = theory.alone(z, y, **setting, loss=loss, last_time=float(times[-1]))
            first, head = one.neurons.weights(one.clock_at(times))
            moves[loss] = (head[0], first[0])
        dropped.append(Drop(z, y, f"from {z:g}", moves, moves["hinge"]))
    at = dict(zip("zy", (part.ravel() for part in basin_map.grid(21)), strict=True))
    cells = {loss: theory.time_to_fate(at["z"], at["y"], **setting, loss=loss, target=1.0) for loss in LOSSES}
    places = pd.DataFrame({**at, "fate": np.array(theory.FATES, object)[theory.fate(at["z"], at["y"])], **cells})
    marks = of.basin(found).iloc[::700][["z", "y", "outcome", "mismatch"]]
    wide, tall = basin_map.grid(51)
    late = theory.time_to_fate(wide, tall, **setting, loss="hinge", target=1.0)
    for ground in (basin_map.fates(), basin_map.times(late, theory.fate(wide, tall), experiment.rate)):
        yield draw("basin.map", ground, places, dropped, "hinge", marks)
    yield draw("basin.map", basin_map.fates(), places, dropped[:1], "hinge", None)
    cloud = of.first_sample(experiment, experiment.cosines[0])
    mine = Neurons(cloud["y"].to_numpy(), cloud["z"].to_numpy(), experiment.norm)
    first, head = mine.weights(curve(mine, experiment.rate, experiment.loss, float(times[-1])).clock_at(times))
    moved = found["cloud"][:, 0].astype(np.float64)
    expected = dict(zip(theory.FATES, theory.shares(experiment.sigma_y, experiment.sigma_z), strict=False))
    for measured in ((moved[..., 0].T, moved[..., 1].T), None):
        yield draw("basin.cloud", cloud, (head, first), measured, expected)
    of_width = theory.success(np.arange(1, WIDEST + 1), experiment.sigma_y, experiment.sigma_z)
    cosines = np.round(np.linspace(-0.99, 0, 30), 3)
    of_angle = theory.revival(cosines, experiment.sigma_y, experiment.sigma_z)
    yield draw("basin.shares", of_width, experiment.width, of.success_table(found), how="success")
    yield draw("basin.shares", cosines, of_angle, experiment.cosines[0], of.revival_table(found), how="revival")


def modes() -> Drawings:
    """What ships, on both axes of time and with one layer for contrast; and theory before anything is trained."""
    from core.studies.modes import tables as of
    from core.studies.modes.theory import curves, start
    from core.theory.modes import inflection

    found = shipped("learning_dynamics/modes")
    experiment = found.experiment
    rows, clocks, one_layer = of.theory(experiment), of.clocks_theory(experiment), of.one_layer_theory(experiment)
    measured = of.modes(found)
    measured = measured[measured["source"] == "measured"]
    ways = curves(experiment, "cross_entropy")
    for log in (True, False):
        pick = {name: part[part["loss"] == "cross_entropy"] for name, part in (("theory", rows), ("own", measured))}
        events = clocks[(clocks["event"] == "steepest fall") & (clocks["loss"] == "cross_entropy")]
        events = events.rename(columns={"time_theory": "time"})
        steepest = events.assign(error=[inflection(way, "cross_entropy")[1] for way in ways])
        contrast = one_layer[one_layer["loss"] == "cross_entropy"] if log else None
        scale = experiment.shares if not log else None
        own = pick["own"] if log else None
        yield draw("modes.curves", pick["theory"], own, contrast, steepest, log=log, clocks=scale)
    mine = start(experiment).owner == 0
    arrays = np.stack([found["first"], found["head"]])[..., mine]
    places = {loss: arrays[:, :, run].transpose(0, 2, 1) for run, loss in enumerate(("cross_entropy", "hinge"))}
    last = float(ways[0].clock_at(min(experiment.last_time, ways[0].time[-1])))
    yield draw("modes.plane", np.stack(ways[0].neurons.weights(np.linspace(0, last, 40))), places)
    times = np.geomspace(1e-3 * experiment.last_time, 1e3 * experiment.last_time, 60)
    theory = pd.concat(
        pd.DataFrame({"loss": loss, "time": times, "logit": curves(experiment, loss, times[-1])[0].logit(times)})
        for loss in places
    )
    rate = experiment.rates[0]
    after = times[2 * rate * times >= 20]
    late = pd.DataFrame({"time": after, "logit": late_logit(rate, after)})
    for known in (measured, rows):
        known = known[known["mode"] == "plus"]
        done = {"cross_entropy": None, "hinge": 12.0}
        yield draw("modes.clocks", theory, known, late, done, measured=len(known) == len(measured) // 2)


def depths() -> Drawings:
    """What ships, under every loss; and theory before anything is trained."""
    from core.studies.depths import tables as of
    from core.studies.depths import theory
    from core.studies.depths.trajectory import DepthsTrajectory

    found = shipped("learning_dynamics/depth")
    experiment = found.experiment
    start, last, times = experiment.starts[0], 20.0, np.linspace(0, 20.0, 50)
    recorded, strengths = of.depth(found), of.linear_modes(found)
    best = of.best_depths(experiment)
    for loss in ("cross_entropy", "hinge", "squared"):
        parts, marks = [], []
        for depth in experiment.depths:
            pace, at = theory.rate(depth, experiment.norm, experiment.p), theory.inflection(depth, loss)
            n = theory.logit(depth, loss, start, pace, times)
            parts.append(pd.DataFrame({"depth": depth, "time": times, "logit": n, "error": theory.soft_error(n)}))
            if at > start:
                when = float(theory.crossing_time(depth, loss, start, at, pace))
                marks.append({"depth": depth, "time": when, "logit": at, "error": float(theory.soft_error(at))})
        mine = recorded[(recorded["loss"] == loss) & (recorded["start_logit"] == start)]
        mine = mine[mine["source"] == "measured"]
        for measure in ("logit", "error"):
            yield draw(
                "depths.curves",
                pd.concat(parts),
                mine,
                pd.DataFrame(marks, columns=["depth", "time", "logit", "error"]),
                measure,
                last,
                measured=loss != "hinge",
            )
        over, here = of.times_over_starts(experiment), of.depth_times(found)
        yield draw(
            "depths.times",
            over[over["loss"] == loss],
            None if loss == "hinge" else here[here["loss"] == loss],
            of.crossings(experiment, loss),
            int(best[best["loss"] == loss]["depth"].iloc[0]),
            start,
            DepthsTrajectory.scheduled(experiment) * experiment.learning_rate,
        )
    mine = strengths[(strengths["depth"] == 2) & (strengths["start_logit"] == start)]
    lines = pd.concat(
        pd.DataFrame({"singular_value": s, "time": times, "strength": theory.linear_strength(2, s, start, times)})
        for s in experiment.strengths
    )
    yield draw("depths.modes", lines, mine[mine["source"] == "measured"], last, measured=True)


def moons() -> Drawings:
    """What ships, at both margins."""
    from core.studies.moons.trajectory import REACH, centres

    found = shipped("learning_dynamics/two_moons")
    of = {name: table(found) for name, table in tables(found).items()}
    for margin in found.experiment.margins:
        seed = found.experiment.seeds[0]
        points = of["points"][(of["points"]["margin"] == margin) & (of["points"]["seed"] == seed)]
        run = found.run(margin, "spectral_decoupling", seed)
        logit, boundary = (found[name][:, run].astype(np.float64) for name in ("logit", "boundary"))
        yield draw("moons.plane", logit, boundary, centres(), points, REACH)
        yield draw("moons.curves", of["moons"], found.steps, margin, 1.2)
        yield draw("moons.responses", of["responses"], found.steps, margin)


def boundaries() -> Drawings:
    """A tiny training, of which a seed has no boundary."""
    from core.studies.boundaries.experiment import Boundaries

    found = train(
        Boundaries(n_train=20, width=8, deep_width=6, step_limit=12, seeds=(0, 1)), source=Source(), workers=1
    )
    of = {name: table(found) for name, table in tables(found).items()}
    lost = of["bending"].assign(residual=[np.nan] * 5 + [*of["bending"]["residual"][5:]])
    for bending in (of["bending"], lost):
        yield draw("boundaries.gallery", of["variant_boundaries"], of["variant_points"].query("seed == 0"), bending)
        yield draw("boundaries.bending", of["variants"], bending)


def strengths() -> Drawings:
    """What ships, and theory before anything is trained."""
    from core.studies.strengths import tables as of
    from core.studies.strengths.trajectory import StrengthTrajectory

    found = shipped("learning_dynamics/spectral_decoupling")
    experiment, fixed = found.experiment, of.fixed_points_of(found.experiment)
    rows = of.strengths(found)
    for descents in (rows[rows["source"] == "descent"], None):
        yield draw("strengths.plane", fixed, experiment.strengths, experiment.strengths[1], descents)
        yield draw("strengths.fixed", fixed, experiment.second, descents)
        resting = fixed[fixed["s_1"].isin(experiment.strengths)]
        yield draw("strengths.time", resting, StrengthTrajectory.scheduled(experiment), descents)


def starvation() -> Drawings:
    """What ships of each model, and theory before anything is trained."""
    from core.studies.starvation import tables as of
    from core.studies.starvation.experiment import MODELS
    from core.studies.starvation.theory import level

    found = shipped("learning_dynamics/starvation")
    experiment, times = found.experiment, found.steps * found.experiment.learning_rate
    now, limits = of.path_theory(experiment, times), {"t_low": float(times[1]), "t_high": 1e12}
    limits |= {"logit_high": 9.0, "weak_high": 4.0}
    for trained in (True, False):
        stops = of.starvation(found) if trained else of.at_stop(experiment)
        path = of.starvation_path(found) if trained else of.path_theory(experiment)
        path = path[path["p"] == experiment.frequency]
        stops = stops.assign(level=level(experiment.loss, experiment.delta), frequency=experiment.frequency, stop=9.0)
        for model, name in MODELS.items():
            mine = (table[table["model"] == model] for table in (path, stops, now))
            own, at_stop, theory = mine
            yield draw("starvation.model", name, own, at_stop, times, theory, limits)


def shades() -> Drawings:
    """What ships."""
    found = shipped("learning_dynamics/shades")
    path = tables(found)["shades_path"](found)
    yield draw("shades.frequency", path)
    yield draw("shades.steps", path, found.experiment.p[0], found.steps)


def catapult() -> Drawings:
    """What ships, with units that die; a linear network that diverges; and the toy before anything is trained."""
    from core.studies.catapult import tables as of

    for preset, chosen in (("learning_rate/catapult", 2.5), ("learning_rate/catapult_linear", 6.0)):
        found = shipped(preset)
        experiment, steps = found.experiment, found.steps
        networks, ends, toy = of.networks(found), of.ends(found), of.toy_of(experiment, steps)
        yield draw("catapult.plane", toy, chosen if chosen < 4 else 4.3)
        yield draw("catapult.peaks", of.toy_peaks_of(experiment), experiment.width, chosen)
        for own, how in ((networks, ends), (None, None)):
            yield draw("catapult.steps", own, toy, chosen, steps)
            yield draw("catapult.ends", own, how, of.toy_ends_of(experiment), chosen)


def edge() -> Drawings:
    """What ships, of which a network diverged, if it had."""
    found = shipped("learning_rate/edge")
    of = {name: table(found) for name, table in tables(found).items()}
    lost = of["edge_ends"].assign(outcome=["step_limit", *["diverged"] * (found.experiment.runs - 1)])
    for ends, chosen in ((of["edge_ends"], 0.15), (lost, 0.05)):
        yield draw("edge.path", of["edge"], chosen, found.steps)
        yield draw("edge.levels", of["edge"], ends, chosen)
    found = shipped("learning_rate/edge_sgd")
    of = {name: table(found) for name, table in tables(found).items()}
    yield draw("edge.path", of["edge"], 8.0, found.steps, "batch_size")
    yield draw("edge.levels", of["edge"], of["edge_ends"], 8.0, "batch_size")


def stabilization() -> Drawings:
    """What ships: with noise, from rounding alone; one that diverged, and one that stays above the edge."""
    from core.studies.stabilization.scene import scene
    from core.studies.stabilization.view import StabilizationView

    found = shipped("learning_rate/stabilization")
    short = replace(found.experiment, step_limit=40)
    above = type(found)(short, {name: one[:41] if one.ndim == 2 else one for name, one in found.arrays.items()})
    for one, noise in ((found, 1e-6), (ended(found, {0: DIVERGED, 4: DIVERGED}), 0.0), (above, 0.0)):
        for name, figure in scene(StabilizationView.of(one.experiment, noise=noise), [Shown(one)]).figures.items():
            yield f"stabilization.{name}", figure


def clones() -> Drawings:
    """What ships; accuracies of which hardly one is known; and a network that never gets anywhere."""
    from core.studies.clones.pictures import with_pictures
    from core.studies.clones.scene import matched_steps, scene
    from core.studies.clones.view import ClonesView

    for preset in ("complexity/clones", "complexity/clones_digits"):
        found = shipped(preset)
        of, steps = {name: table(found) for name, table in tables(found).items()}, found.steps
        rows, left = of["clones"], of["clones_departures"]
        departed = left[left["lead"] == 0.03]["departed_step"].tolist()
        mine, nowhere = rows[rows["tested_on"] == "real"], [np.nan] * 3
        yield draw("clones.accuracies", mine, "trained_on", departed, "accuracy on real images", steps)
        alone = mine.assign(accuracy_test=mine["accuracy_test"].where(mine["step"] == steps[8]))
        yield draw("clones.accuracies", alone, "trained_on", nowhere, "accuracy on real images", steps)
        matched = matched_steps(Shown(found))
        yield draw("clones.beyond", of["information"], matched, "qda", 1e-3, steps)
        never = dict.fromkeys(matched, np.nan)
        yield draw("clones.beyond", of["information"].assign(conditional_information=0.0), never, "linear", 1e-3, steps)
    shown = Shown(found)
    view = ClonesView.of(found.experiment)
    yield "clones.strip", with_pictures(scene(view, [shown]), shown, Source()).figures["images"]


def rate_plane() -> Drawings:
    """What ships, by every measure; and a plane of which nothing is there."""
    from core.studies.rate_plane.measures import MEASURES

    found = shipped("learning_rate/plane_shallow")
    of = {name: table(found) for name, table in tables(found).items()}
    runs, cells = of["rate_plane_runs"], of["rate_plane"]
    none = cells.assign(outcome="diverged", regime="diverged", **dict.fromkeys(MEASURES, np.nan))
    for alpha, c in ((found.experiment.alphas[0], found.experiment.rates[-1]), (1.0, found.experiment.rates[7])):
        for measure in MEASURES:
            yield draw("rate_plane.plane", cells, of["sharpening"], measure, (alpha, c))
            yield draw("rate_plane.plane", none, of["sharpening"], measure, (alpha, c))
        yield draw("rate_plane.law", of["sharpening"], cells, c)
        yield draw("rate_plane.run", runs[(runs["alpha"] == alpha) & (runs["c"] == c)], found.steps)


def modular() -> Drawings:
    """What ships, of which one never generalizes; and networks that diverged, on both axes of progress."""
    from core.studies.modular.tables import shares

    for preset, chosen in (("grokking/modular", 16.0), ("grokking/modular_lazy", 64.0)):
        found = shipped(preset)
        of, steps = {name: table(found) for name, table in tables(found).items()}, found.steps
        path, ends = (of[name][of[name]["seed"] == 0] for name in ("modular", "modular_delays"))
        mine = ends[ends["alpha"] == chosen].iloc[0]
        weights = found["weights"][:, found.experiment.alphas.index(chosen)].astype(np.float64)
        yield draw("modular.curves", path, chosen, (mine["fitted_step"], mine["half_step"]), steps)
        lost = of["modular_delays"].assign(outcome="diverged", half_delay=np.nan)
        for rows in (
            of["modular_delays"].assign(half_delay=of["modular_delays"]["half_delay"].where(ends["alpha"] != 1)),
            lost,
        ):
            yield draw("modular.delays", rows, chosen)
        for against in ("step", "test_error"):
            yield draw("modular.progress", path, chosen, against, steps)
        yield draw("modular.neurons", weights, shares(weights))
    found = shipped("grokking/modular_plane")
    ends = tables(found)["modular_delays"](found)
    lost = ends.assign(outcome=["diverged", *ends["outcome"][1:]], half_delay=[np.nan] * 3 + [*ends["half_delay"][3:]])
    lost.loc[1, "fitted_step"] = np.nan
    for rows in (ends, lost):
        yield draw("modular.plane", rows, (4.0, 0.7))


def polynomial() -> Drawings:
    """What ships, at an alpha that generalizes and at one that does not."""
    found = shipped("grokking/polynomial")
    of, steps = {name: table(found) for name, table in tables(found).items()}, found.steps
    path, ends = of["polynomial"], of["polynomial_ends"]
    for chosen in (0.25, 4.0):
        mine = ends[ends["alpha"] == chosen].iloc[0]
        yield draw("polynomial.curves", path, chosen, (mine["train_step"], mine["test_step"]), steps)
        yield draw("polynomial.parts", path[path["alpha"] == chosen], steps)
        yield draw("polynomial.delays", ends, chosen)
        yield draw("polynomial.features", path, chosen, steps)


def small_mnist() -> Drawings:
    """What ships."""
    found = shipped("grokking/mnist")
    of, steps = {name: table(found) for name, table in tables(found).items()}, found.steps
    for end in of["mnist_ends"].to_dict("records"):
        yield draw("small_mnist.curves", of["mnist"], end["scale"], (end["hundredth_step"], end["fifth_step"]), steps)
        yield draw("small_mnist.norms", of["mnist"], end["scale"])


def greedy() -> Drawings:
    """What ships, and a network of each way that did not come to its target."""
    found = ended(shipped("kinks/mnist_greedy"), {0: STEP_LIMIT, 1: DIVERGED})
    of, steps = {name: table(found) for name, table in tables(found).items()}, found.steps
    for size in found.experiment.n_train[-2:]:
        path, added = (of[name][of[name]["n_train"] == size] for name in ("greedy", "greedy_units"))
        yield draw("greedy.descent", path, added, steps)
        yield draw("greedy.units", path)
        yield draw("greedy.counts", of["greedy_ends"], size)


def game() -> Drawings:
    """What ships: every game half way in time, and one that never is."""
    for name in ("game", "game_slow"):
        found = shipped(f"learning_dynamics/{name}")
        of, steps = {name: table(found) for name, table in tables(found).items()}, found.steps
        yield draw("game.gradients", of["game_ends"], of["game_theory"])
        yield draw("game.times", of["game_ends"], float(steps[-1]))
    for kind in ("minimax", "hinge"):
        yield draw("game.places", of["game"][of["game"]["game"] == kind], steps)


DRAWN: Mapping[str, Callable[[], Drawings]] = {
    study.__name__: study
    for study in (
        explorer,
        linearised,
        kinks,
        directions,
        greedy,
        smooth_targets,
        complexity,
        own_network,
        linear_model,
        phase_plane,
        ensembles,
        own_plane,
        perceptron,
        basin,
        modes,
        moons,
        boundaries,
        strengths,
        starvation,
        shades,
        depths,
        game,
        catapult,
        edge,
        stabilization,
        clones,
        rate_plane,
        modular,
        polynomial,
        small_mnist,
    )
}
