"""The charts of a network on a line: the function and its kinks, and the motion of the units that make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Figure
from core.figure.neurons import Neurons, neurons
from core.part import Card, Scene, Shown, badge
from core.studies.kinks import tables
from core.studies.kinks.charts import circle, descent, growth, network_on_line, scales, seed_strip, trails, widths
from core.studies.kinks.experiment import FEWEST_POINTS, MOST_POINTS, NEAREST, Kinks
from core.studies.kinks.tables import families
from core.studies.kinks.trajectory import KinkTrajectory
from core.studies.kinks.verdict import ending, sentence, verdict
from core.studies.kinks.view import CODES, SEEDS_COMPARED, KinksView

Found = Shown[KinkTrajectory]
Steps = NDArray[np.int64]

THIS, OTHER, SEEDS = "This training run", "The other regime", f"{SEEDS_COMPARED} seeds"
"""The training runs of a view, by the names that a person reads."""
MOST_FRAMES = 100
"""Most snapshots that are played; the tables have all."""

CARDS: Mapping[str, tuple[str, str]] = {
    "network": (
        "The function, and the kinks it is made of",
        "{Drag a point; double-click adds one or removes it.} Triangles: kinks −b/w at the height of their slope jump "
        "a|w|, pointing to the side on which the unit is active.",
    ),
    "twin": ("The same points, another initialization", "On the same clock."),
    "trails": ("Where the kinks go", "Dotted: the data's x. Move over the chart to scrub."),
    "directions": (
        "Directions of the units",
        "Angle of (w, b); farther out is larger |a|·|(w, b)|. Marks on the rim: directions that attract units while "
        "the residual is what it is now; filled where units grow.",
    ),
    "growth": (
        "The landscape that they climb",
        "G(θ) of the residual now: units with a > 0 climb it, with a < 0 descend it, and grow as fast as they are "
        "high (or deep).",
    ),
    "loss": (
        "Loss, and how many kinks are left",
        "Dashed: the escape of the first units to leading order, ln(1/σ)/G_max, off by a time that σ does not "
        "change. Move over the chart to scrub.",
    ),
    "seeds": (
        "What other seeds lead to",
        f"{SEEDS_COMPARED} initializations with these settings. {{Click one to see it.}}",
    ),
    "widths": (
        "Seeds short of the data, against width",
        f"Of {SEEDS_COMPARED} seeds at each width, the share that has not interpolated; bars: one binomial standard "
        "error.",
    ),
    "scales": (
        "When the loss falls, against σ",
        "Dots: the time at which the loss is under 99 % of its first value. Theory's line is the leading order: its "
        "slope is to be compared, not its height.",
    ),
}
SCRUBBED = {"trails": "x", "loss": "concat_0_x"}
"""The scale of steps of the charts that are scrubbed."""


def trainings(view: KinksView) -> dict[str, Kinks]:
    """Return what a view needs trained, by the names that a person reads."""
    found = {THIS: view.experiment}
    found |= {OTHER: view.other_regime} if view.twin else {}
    found |= {SEEDS: view.seeds_compared} if view.strip else {}
    found |= view.over_widths if view.widths else {}
    found |= view.over_scales if view.scales else {}
    return found


def seeds_of(view: KinksView, drawn: Sequence[Found | None]) -> Found | None:
    """Return the runs of many seeds, if the view has them and they are trained."""
    return dict(zip(trainings(view), drawn, strict=False)).get(SEEDS)


def family(view: KinksView, drawn: Sequence[Found | None], members: Mapping[str, Kinks]) -> list[KinkTrajectory] | None:
    """Return the trajectories of a family of training runs in its order, if the view has it and all are trained."""
    there = dict(zip(trainings(view), drawn, strict=False))
    found = [
        shown.trajectory for name in members if (shown := there.get(name)) is not None and shown.trajectory.complete
    ]
    return found if len(found) == len(members) else None


def _slope(fitted: float, theory: float) -> str:
    """Say how the time of the escape grows as the scale shrinks."""
    if not np.isfinite(fitted):
        return ""
    known = f"; to leading order 1/G_max = {theory:.2f}" if np.isfinite(theory) else ""
    return f" Over σ the loss falls later by **{fitted:.2f}** for every factor of e{known}."


def scene(view: KinksView, drawn: Sequence[Found | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    other = dict(zip(trainings(view), drawn, strict=False)).get(OTHER)
    steps = played(shown.trajectory.steps)
    figures = {"network": _network(view, shown, shown, steps)}
    if other is not None:
        figures["twin"] = _network(view, other, shown, steps)
    figures |= shown.once("motion", lambda: _motion(shown, steps))
    if (seeds := seeds_of(view, drawn)) is not None:
        figures["seeds"] = _seeds(seeds, view.experiment.seed)
    said = verdict(shown, view.merged)
    if (at := family(view, drawn, view.over_widths)) is not None:
        figures["widths"] = widths.figure(families.stuck_widths(at))
    if (at := family(view, drawn, view.over_scales)) is not None:
        rows = families.escape_scales(at)
        figures["scales"] = scales.figure(rows)
        said += _slope(*families.escape_slopes(rows, shown.trajectory))
    said += _apart(view, shown)
    cards = {name: _card(name, figure, shown, other) for name, figure in figures.items()}
    cards["trails"] = replace(cards["trails"], caption=f"{cards['trails'].caption} {_where(shown)}".strip())
    return Scene(figures=figures, cards=cards, steps=steps, verdict=said)


def _where(shown: Found) -> str:
    """Say at what places the kinks of the first seed lie in the end, and by chance."""
    found, chance = shown.once("places", lambda: tables.places_of(shown.trajectory, 0))
    if not np.isfinite([found.alone, chance.alone]).all():
        return ""
    return (
        f"In the end {found.on_points:.0%} of all |a w| lies on points, {found.on_kinks:.0%} off them where units "
        f"share a kink, {found.alone:.0%} alone ({chance.alone:.0%} if kinks were drawn as at initialization)."
    )


def _apart(view: KinksView, shown: Found) -> str:
    """Say how far f is from the curves that are drawn beside it, at the last snapshot."""
    if not view.references or shown.trajectory.outcome(0) == "diverged":
        return ""
    if view.experiment.loss != "squared":
        return " The curves beside f belong to the squared loss: under this one f grows without bound."
    compared = _references(view.experiment, view.references)
    rows = shown.once(
        ("apart", view.references), lambda: tables.apart(shown.table("function"), compared, shown.table("points"))
    )
    if not np.isfinite(rows["largest"]).all():
        return ""
    said = [f"**{row['largest']:.2g}** from {row['name']} (rms {row['rms']:.2g})" for row in rows.to_dict("records")]
    return f" Between the points f is at most {', '.join(said)}."


def played(steps: Steps) -> Steps:
    """Return the snapshots that are played: all, or as many evenly chosen ones, the first and the last among them."""
    if len(steps) <= MOST_FRAMES:
        return steps
    return np.asarray(steps[np.linspace(0, len(steps) - 1, MOST_FRAMES).round().astype(int)])


def _card(name: str, figure: Figure, shown: Found, other: Found | None) -> Card:
    (title, caption), of = CARDS[name], {"network": shown, "twin": other}.get(name)
    if name == "twin" and of is not None:
        title = f"The same points from σ = {of.trajectory.experiment.sigma:g}"
    return Card(
        title=title,
        caption=caption,
        alt=sentence(shown) if name == "network" else title,
        badge=None if of is None else _badge(of),
        scrub=SCRUBBED.get(name),
        pick="cell" if name == "seeds" else None,
        edit=_edit(figure) if name == "network" else None,
        wide=name == "seeds",
        broad=name == "network" and other is None,
    )


def _badge(shown: Found) -> Mapping[str, str]:
    return badge(ending(shown), alert=shown.trajectory.outcome(0) not in ("interpolated", "unfinished"))


def _edit(figure: Figure) -> Mapping[str, Any]:
    """Say how points are dragged."""
    height = [figure.params["f_min"], figure.params["f_max"]]
    return {
        "table": "points",
        "x": {"scale": "concat_0_x", "field": "x"},
        "y": {"scale": "concat_0_y", "field": "y"},
        "bounds": {"x": [-1, 1], "y": height},
        "fewest": FEWEST_POINTS,
        "most": MOST_POINTS,
        "apart": 2 * NEAREST,
    }


def _neurons(shown: Found, clock: Found, steps: Steps) -> Neurons:
    return shown.once(("neurons", clock.stamp), lambda: neurons(shown.table("kinks"), shown.table("landscape"), steps))


def _network(view: KinksView, shown: Found, clock: Found, steps: Steps) -> Figure:
    """Return the function of a run at the steps of the run that sets the clock."""

    def make() -> Figure:
        compared = _references(view.experiment, view.references)
        kinks, function, points = (shown.table(name) for name in ("kinks", "function", "points"))
        return network_on_line.figure(_neurons(shown, clock, steps), kinks, function, points, compared, steps)

    return shown.once(("network", clock.stamp, view.references), make)


def _references(experiment: Kinks, codes: tuple[str, ...]) -> pd.DataFrame:
    """Return the curves that f is compared with; each depends on the points alone."""
    parts = [_reference(experiment.x, experiment.y, CODES[code]) for code in codes]
    return pd.concat(parts, ignore_index=True) if parts else tables.references(experiment, ())


@lru_cache(maxsize=64)
def _reference(x: tuple[float, ...], y: tuple[float, ...], name: str) -> pd.DataFrame:
    return tables.references(Kinks(x=x, y=y), (name,))


def _motion(shown: Found, steps: Steps) -> dict[str, Figure]:
    moving, points = _neurons(shown, shown, steps), shown.table("points")
    x = tables.grid(shown.trajectory.experiment)
    span = (float(x[0]), float(x[-1]))
    return {
        "trails": trails.figure(shown.table("kinks"), points, steps, span),
        "directions": circle.figure(moving, _at_every_step(shown.table("extremal")), points, steps),
        "growth": growth.figure(moving, shown.table("landscape"), points, steps),
        "loss": descent.figure(shown.table("loss"), shown.table("escapes"), len(points), steps),
    }


def _at_every_step(extremal: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every step and place, NaN where there is no extremal direction then."""
    steps, places = (np.unique(extremal[name]) for name in ("step", "place"))
    every = pd.MultiIndex.from_product([steps, places], names=["step", "place"])
    whole = extremal.set_index(["step", "place"]).reindex(every).reset_index()
    return whole.fillna({"kind": 0, "point": -1})


def _seeds(shown: Found, seed: int) -> Figure:
    outcomes = shown.table("outcomes")
    chosen = outcomes.assign(chosen=outcomes["seed"] == seed)
    return shown.once(("seeds", seed), lambda: seed_strip.figure(chosen, shown.table("outcome_function")))
