"""Runs beside the one on screen: up to three that a person has pinned, on the same clock.

A part may draw them into its own charts (`Part.draws_pinned`). Of any other, the chart that is compared stands once
more for each of them, with all that it shows; what it shows at a step is what that run was at that step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.experiment import Experiment
from core.field import Field, declared
from core.part import Card, Drawn, Part, Rows, Scene
from core.values import as_text
from core.view import PINS, View, fields_of_run

if TYPE_CHECKING:  # Altair takes half a second
    from core.figure.figure import Figure

Steps = NDArray[np.int64]
SO_FAR = "**So far** (not trained to the end): "
"""Before what is said of a training that goes on, or was cancelled: its words are of the end."""
LONGEST = 24
"""Letters of a setting that says in what runs differ."""


def own(part: Part[Any], view: View) -> tuple[Experiment, ...]:
    """Return what a view draws but for pinned runs: its trainings, and what it looks at."""
    return (*part.trainings(view).values(), *part.looks(view))


def needs(part: Part[Any], view: View) -> tuple[Experiment, ...]:
    """Return all that a view draws, what its pinned runs draw last."""
    others = () if part.draws_pinned else tuple(view.pinned_runs().values())
    return (*own(part, view), *(experiment for other in others for experiment in own(part, other)))


def ready(part: Part[Any], view: View, drawn: Drawn) -> bool:
    """Whether what there is of a view's `needs` shows it, whatever is missing of its pinned runs."""
    return part.ready(view, of_own(part, view, drawn))


def of_own(part: Part[Any], view: View, drawn: Drawn) -> Drawn:
    """Return what there is of a view but for its pinned runs."""
    return drawn[: len(own(part, view))]


def scene(part: Part[Any], view: View, drawn: Drawn) -> Scene:
    """Return the scene of a view with its pinned runs, from what there is of each of its `needs`."""
    first, others = _apart(part, view, drawn)
    whole = part.scene(view, first)
    trained = first[0] if part.trainings(view) else None
    if whole.verdict and trained is not None and not trained.trajectory.complete:
        whole = replace(whole, verdict=f"{SO_FAR}{whole.verdict}")
    if not others:
        return whole
    there = {name: one for name, one in others.items() if part.order == "theory first" or part.ready(*one)}
    scenes = {name: part.scene(*one) for name, one in there.items()}
    said = [_said(part, view, name, other, scenes.get(name)) for name, (other, _) in others.items()]
    everywhere = (name for name in whole.figures if all(name in one.figures for one in scenes.values()))
    usual = next(everywhere, next(iter(whole.figures)))
    chart = view.compared if view.compared in whole.figures else usual
    strange = view.compared not in ("", chart)
    notes = (f"compare: one of {', '.join(whole.figures)}; got {view.compared}.",) if strange else ()
    compared = _compared(whole, {name: one for name, one in scenes.items() if chart in one.figures}, chart)
    verdict = "\n\n".join(filter(None, [whole.verdict, *said]))
    return replace(compared, verdict=verdict, notes=(*whole.notes, *notes))


def _compared(whole: Scene, others: Mapping[str, Scene], chart: str) -> Scene:
    """Return a scene in which a chart is followed by those of others, all on the clock of the longest."""
    clock = max((one.steps for one in (whole, *others.values())), key=lambda steps: int(steps[-1]))
    figures = {name: _on_clock(figure, whole.steps, clock) for name, figure in whole.figures.items()}
    added = {_named(chart, name): _on_clock(one.figures[chart], one.steps, clock) for name, one in others.items()}
    last = max(float(figure.params.get("last_step", 0)) for figure in (figures[chart], *added.values()))
    added = {name: _ending(figure, last) for name, figure in {chart: figures[chart], **added}.items()}
    first = replace(whole.cards[chart], broad=False)  # those to compare stand in one row
    cards = {chart: first} | {_named(chart, name): _card(one.cards[chart], name) for name, one in others.items()}
    return replace(
        whole,
        figures=_after(figures, chart, added),
        cards=_after(whole.cards, chart, cards),
        steps=clock,
    )


def _named(chart: str, run: str) -> str:
    return f"{chart}-{run}"


def beside(scene: Scene) -> dict[str, str]:
    """Return the charts of pinned runs that a scene has, and which of its own each of them stands beside."""
    return {_named(chart, run): chart for chart in scene.figures for run in PINS if _named(chart, run) in scene.figures}


def _after(all_of: Mapping[str, Any], name: str, these: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with several entries in the place of one."""
    return {key: value for own in all_of for key, value in (these if own == name else {own: all_of[own]}).items()}


def _card(card: Card, run: str) -> Card:
    """Return the card of a pinned run's chart, which answers no hand; what it shows is said beside it."""
    title = f"{card.title} · run {run}"
    return replace(card, title=title, caption="", pick=None, edit=None, scrub=None, cursor=None, broad=False)


def tables(part: Part[Any], view: View, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    """Return tables of the run on screen and of the pinned ones, one after the other, where any is there."""
    first, others = _apart(part, view, drawn)
    found = {name: (other, there[0]) for name, (other, there) in others.items() if there and there[0] is not None}
    if not found or first[0] is None:
        return {}
    runs = {"": first[0], **{name: shown for name, (_, shown) in found.items()}}
    differs = {"": "", **{name: ", ".join(_differs(part)(view, other)) for name, (other, _) in found.items()}}

    def compared(table: str) -> pd.DataFrame:
        return by_run({name: shown.table(table) for name, shown in runs.items()}, differs_in=differs)

    return {
        f"compared_{name}": (f"{text} With those of the pinned runs.", partial(compared, name))
        for name, text in part.tables.items()
    }


def by_run(rows: Mapping[str, pd.DataFrame], **said: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of several runs, one after the other under its name, with what is `said` of each in columns."""
    named = [
        table.assign(pinned=run, **{column: of[run] for column, of in said.items()}) for run, table in rows.items()
    ]
    whole = pd.concat([one for one in named if len(one)] or named[:1], ignore_index=True)
    first = ["pinned", *said]
    return whole[[*first, *(name for name in whole if name not in first)]]


def differences(one: Any, other: Any, unwritten: Mapping[str, str] | None = None) -> list[str]:
    """Return the settings in which two runs differ, as `name value (here value)`.

    Those named by `unwritten` are said by its words alone.
    """
    words = unwritten or {}
    kinds = declared(type(one.experiment)), declared(type(one))
    whose = [
        *((name, field, one.experiment, other.experiment) for name, field in kinds[0].items()),
        *((name, kinds[1][name], one, other) for name in fields_of_run(type(one))),
    ]
    found = dict[str, None]()
    for name, field, mine, theirs in whose:
        here, there = getattr(mine, name), getattr(theirs, name)
        label = field.label or name.replace("_", " ")
        written = f"{label[:1].lower()}{label[1:]} {_written(field, there)} (here {_written(field, here)})"
        if here != there:
            found[words.get(name, written)] = None
    return list(found)


def _apart(part: Part[Any], view: View, drawn: Drawn) -> tuple[Drawn, Mapping[str, tuple[View, Drawn]]]:
    """Return what there is of a view's own, and of each pinned run by its name."""
    rest = list(drawn)
    first = [rest.pop(0) for _ in own(part, view)]
    others = {} if part.draws_pinned else view.pinned_runs()
    return first, {name: (other, [rest.pop(0) for _ in own(part, other)]) for name, other in others.items()}


def _on_clock(figure: Figure, steps: Steps, clock: Steps) -> Figure:
    """Return a figure that shows, at each of the clock's steps, its last snapshot by then."""
    from core.figure.figure import OtherSteps

    if np.array_equal(steps, clock):
        return figure
    frames = np.maximum(np.searchsorted(steps, clock, side="right") - 1, 0)
    return replace(figure, other=OtherSteps(tuple(steps.tolist()), tuple(frames.tolist())))


def _ending(figure: Figure, last: float) -> Figure:
    """Return a figure whose axis of steps, if it has one, ends where that of the longest run does."""
    return replace(figure, params={**figure.params, "last_step": last}) if "last_step" in figure.params else figure


def _said(part: Part[Any], view: View, name: str, other: View, found: Scene | None) -> str:
    """Say in what a pinned run differs, and what came of it."""
    differs = ", ".join(_differs(part)(view, other)) or "nothing: it is this run"
    outcome = "Not trained yet." if found is None else " ".join(found.verdict.split("\n\n"))
    return f"**Pinned run {name}** differs in: {differs}. {outcome}".rstrip()


def _differs(part: Part[Any]) -> Callable[[Any, Any], Sequence[str]]:
    return part.differs or differences


def _written(field: Field, value: Any) -> str:
    """Return a setting as a person reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if field.kind == "choice":
        return field.options[value]
    in_a_form = isinstance(value, float) or (isinstance(value, int) and field.form != Field.form)
    text = field.form.format(value) if in_a_form else as_text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
