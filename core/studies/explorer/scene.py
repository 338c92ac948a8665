"""The Explorer's three charts: one run, what explains it, and the plane around it, with pinned runs for comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.figure.figure import Figure
from core.figure.palette import PINNED
from core.part import Card, Scene, Shown, badge
from core.studies.explorer import linearised, other_seeds, simplicity, tables
from core.studies.explorer.charts import cells, information, kinks, plane
from core.studies.explorer.charts import simplicity as scatter
from core.studies.explorer.charts.cells import Ground, Plane
from core.studies.explorer.run import Around, Found, Run, parted, pinned_runs, run_of
from core.studies.explorer.trajectory import PlaneTrajectory
from core.studies.explorer.view import ExplorerView, differences


def scene(view: ExplorerView, drawn: Sequence[Shown[Any] | None]) -> Scene:
    """Return the three charts of a run that is there."""
    point, around, *_ = drawn
    run = run_of(view, point, around)
    assert run is not None
    beside = parted(view, drawn)
    found = pinned_runs(view, beside.pinned)
    pinned = {name: other for name, (_, other) in found.items() if other is not None}
    figures = {
        "kinks": _kinks(run, pinned),
        "information": _information(run, pinned, view.axis),
        "plane": _plane(view, run, around, pinned, beside.linearised),
    }
    cards = dict(_cards(run, beside.linearised is not None))
    if view.colour == "mu_y_share" and around is not None:
        ended = around.once("simplicity", lambda: simplicity.simplicity(around.trajectory))
        said = around.once("simplicity said", lambda: simplicity.sentence(ended))
        figures["simplicity"] = around.once("simplicity figure", lambda: scatter.figure(ended))
        cards["simplicity"] = _scatter(said)
    return Scene(
        figures=figures,
        cards=cards,
        steps=run.found.trajectory.steps,
        verdict="\n\n".join(_compared(view, name, *other) for name, other in found.items()),
        pace="steps" if view.axis == "linear" else "even",
        notes=_over_seeds(run, beside),
    )


def _compared(view: ExplorerView, name: str, other: ExplorerView, run: Run | None) -> str:
    """Say in what a pinned run differs from the one on screen, and what came of it."""
    look = PINNED[name].words
    differs = ", ".join(differences(view, other)) or "nothing: it is this run"
    if run is None:
        return f"**Pinned run {name}** ({look}) differs in: {differs}; not trained yet."
    return f"**Pinned run {name}** ({look}) differs in: {differs}. It {run.ending()}; test error {run.test_error:.3f}."


def _over_seeds(run: Run, beside: Around) -> tuple[str, ...]:
    """Say how much of the cell is the seed's, where the same plane was trained from several, and how lazy it is."""
    said = []
    if (seeds := beside.seeds) is not None:
        said.append(other_seeds.sentence(seeds.table("plane"), len(seeds.trajectory.experiment.seeds), *run.place))
    if beside.linearised is not None:
        said.append(linearised.sentence(beside.linearised.table("linearised_cells"), *run.place))
    return tuple(filter(None, said))


def _kinks(run: Run, pinned: Mapping[str, Run]) -> Figure:
    behind = {name: (other.table("kinks"), other.table("function"), other.place[0]) for name, other in pinned.items()}
    own = (run.table("kinks"), run.table("function"), run.table("points"))
    return kinks.figure(*own, run.found.trajectory.steps, run.place[0], behind)


def _information(run: Run, pinned: Mapping[str, Run], axis: str) -> Figure:
    return information.figure(
        run.table("information"),
        run.found.trajectory.steps,
        run.ending(),
        log_steps=axis == "log",
        pinned={name: other.table("information") for name, other in pinned.items()},
    )


def _plane(view: ExplorerView, run: Run, around: Found, pinned: Mapping[str, Run], beside: Shown[Any] | None) -> Figure:
    on_plane = around is not None and around.trajectory.run(*run.place, view.seed) is not None
    steps = (around or run.found).trajectory.steps
    return plane.figure(
        _ground(view, around, steps, beside),
        steps,
        played=view.when == "played step",
        chosen=run.place,
        off_grid=None if on_plane else Plane(run.table("plane"), [run.table("information")]),
        pinned={name: other.place for name, other in pinned.items() if around and other.found.stamp == around.stamp},
    )


def _ground(view: ExplorerView, around: Found, steps: np.ndarray, beside: Shown[Any] | None) -> Ground:
    grid = view.experiment.alphas, view.experiment.temperatures
    if around is None:
        return cells.ground(None, grid, steps, view.colour)
    stamp = "" if beside is None else beside.stamp
    whole = around.once(("whole plane", stamp), lambda: _whole(around, beside))
    return around.once(("ground", view.colour, stamp), lambda: cells.ground(whole, grid, steps, view.colour))


def _whole(around: Shown[PlaneTrajectory], beside: Shown[Any] | None) -> Plane:
    """Return every run's row and history, and how lazy each is."""
    trajectory = around.trajectory
    history = around.once("history", lambda: tables.history(trajectory, range(trajectory.experiment.runs)))
    rows, own = tables.plane(trajectory), [table for _, table in history.groupby("run", sort=False)]
    if beside is None:
        return Plane(rows, own)
    histories = linearised.histories(rows, beside.table("linearised_history"))
    return Plane(linearised.with_regimes(rows, beside.table("linearised")), own, histories)


def _cards(run: Run, beside: bool) -> Mapping[str, Card]:
    alt = _alternatives(run)
    unfinished = run.outcome == "unfinished"
    word = None if run.outcome == "fitted" else badge(run.ending(), alert=not unfinished)
    return {
        "kinks": Card(
            title="Along a line through the data",
            caption="Above: α F(s), its margins ±1 (dotted), and the training points projected on the line, class +1 "
            "at the top. Below: where each first-layer unit switches, pointing to its active side, at the height of "
            "its slope jump (in units of the first median). Faint marks at the edges lie beyond them.",
            alt=alt["kinks"],
            badge=word,
        ),
        "information": Card(
            title="What a linear classifier explains of it",
            caption="Bits on the test points; the band is one standard error of μ_Y. Dotted: what two unrelated "
            "classifiers of these accuracies would share. Move over the chart to scrub.",
            alt=alt["information"],
            scrub="x",
        ),
        "plane": Card(
            title="All runs of the (α, T) plane",
            caption=f"{linearised.BY_WEIGHTS if beside else linearised.BY_KINKS} {{Click a cell to play that run.}}",
            alt=alt["plane"],
            pick="cell",
        ),
    }


def _scatter(said: str) -> Card:
    """Return the card of the networks' simplicity."""
    return Card(
        title="Does simplicity predict the test error?",
        caption=f"Every network of the plane that fits its training points. The share explained has the error in its "
        f"denominator, the correlation of errors does not. {said}".strip(),
        alt=said,
    )


def _alternatives(run: Run) -> dict[str, str]:
    """Say in a sentence what each chart shows at the end, for readers who do not see it."""
    last: Any = run.table("information").dropna(subset="test_error").iloc[-1]
    end = "before it diverged" if run.outcome == "diverged" else "in the end"
    return {
        "kinks": f"{run.found.trajectory.experiment.width} kinks on the data line; {end} the median one has moved "
        f"{last['kink_displacement']:.2g} of their initial spread.",
        "information": f"{end.capitalize()} I(F;Y) is {last['mutual_information']:.2f} bits, of which the linear "
        f"classifier explains {last['mu_y']:.2f}; accuracy {last['accuracy']:.3f}.",
        "plane": f"The run on screen lies at alpha {run.place[0]:.4g} and T {run.place[1]:.4g}: {run.ending()}, test "
        f"error {run.test_error:.3f}.",
    }
