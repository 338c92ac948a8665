"""Parts of pages, as values: a view's charts, what is said of them, and what there is to try.

A page, the command line and a notebook draw the same: `scene` is a pure function of a view and of what is trained.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.experiment import Experiment
from core.study import Preset, study_of
from core.trajectory import Trajectory
from core.view import View

if TYPE_CHECKING:  # Altair takes half a second
    from core.figure.figure import Figure
    from core.figure.payload import Pace

Kept = TypeVar("Kept", bound=Trajectory, covariant=True)
Made = TypeVar("Made")
Seen = TypeVar("Seen", bound=View)


@dataclass(frozen=True, eq=False)
class Shown(Generic[Kept]):
    """A trajectory on screen, and whatever was made of it: its tables are made once, however many charts draw them."""

    trajectory: Kept
    stamp: str = ""
    """A name for its content, which changes while it is still in training."""
    _made: dict[Hashable, Any] = field(default_factory=dict)
    _sizes: dict[Hashable, int] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returns, from memory if it was made before under this key."""
        if key not in self._made:
            made: Made = make()
            self._sizes[key] = _bytes(made)  # asked for at every rerun, and slow for a table
            self._made[key] = made
        kept: Made = self._made[key]
        return kept

    @property
    def bytes(self) -> int:
        """About how much memory it holds; what is neither an array nor a table counts for nothing."""
        arrays = sum(self.trajectory[name].nbytes for name in self.trajectory.axes)
        return arrays + sum(tuple(self._sizes.values()))

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the study's tables."""
        tables: Mapping[str, Callable[[Any], pd.DataFrame]] = study_of(self.trajectory.experiment).tables()
        return self.once(("table", name), lambda: tables[name](self.trajectory))


def _bytes(made: object) -> int:
    if isinstance(made, pd.DataFrame):
        return int(made.memory_usage().sum())
    return made.nbytes if isinstance(made, np.ndarray) else 0


@dataclass(frozen=True, kw_only=True)
class Card:
    """What stands around a chart, and what can be done on it (see `core.figure.payload`)."""

    title: str
    caption: str
    """In braces: what can be picked or moved; the braces are not shown."""
    alt: str = ""
    """What the chart shows, for readers who do not see it; the title if nothing."""
    badge: Mapping[str, str] | None = None
    scrub: str | None = None
    """The scale of steps that chooses the time under the pointer."""
    pick: str | None = None
    cursor: str | None = None
    edit: Mapping[str, Any] | None = None
    wide: bool = False
    broad: bool = False

    def looked_at(self) -> Card:
        """Return the card of a page that answers no hand: nothing can be picked or moved, nor is asked for."""
        return replace(self, pick=None, edit=None, caption=" ".join(re.sub("{.*?}", "", self.caption).split()))

    def about(self, name: str) -> dict[str, Any]:
        """Return what the player is told of the chart of this name."""
        return {
            "id": name,
            "title": self.title,
            "caption": re.sub("[{}]", "", self.caption),
            "alt": self.alt or self.title,
            "badge": self.badge,
            "scrub": None if self.scrub is None else {"scale": self.scrub, "field": "step"},
            "pick": self.pick,
            "cursor": self.cursor,
            "edit": self.edit,
            "wide": self.wide,
            "broad": self.broad,
        }


def badge(text: str, *, alert: bool = False) -> dict[str, str]:
    """Return a word on a card, one that warns if need be."""
    return {"text": text, "tone": "alert" if alert else "quiet"}


def cards(texts: Mapping[str, tuple[str, str]], said: str, **of_some: Mapping[str, Any]) -> dict[str, Card]:
    """Return the cards of charts whose texts for readers who do not see them are what is said above the charts.

    Args:
        texts: title and caption by the chart's name.
        said: the verdict.
        of_some: further fields of `Card`, each by the names of the charts that have it: `pick={"ends": "cell"}`.
    """
    return {
        name: Card(
            title=title,
            caption=caption,
            alt=spoken(title, said),
            **{field: values[name] for field, values in of_some.items() if name in values},
        )
        for name, (title, caption) in texts.items()
    }


LOST = {"diverged": "diverged", "unfinished": "in training"}
"""Outcomes worth a badge of runs that take all their steps, and words for them."""


def lost_badge(
    outcomes: Iterable[str], words: Mapping[str, str] = LOST, what: str = "networks"
) -> dict[str, str] | None:
    """Return the badge that counts outcomes, by the words for them; None where there is none of these."""
    all_of = list(outcomes)
    found = [f"{all_of.count(name)} {word}" for name, word in words.items() if name in all_of]
    return badge(f"of {len(all_of)} {what} {', '.join(found)}", alert=True) if found else None


def spoken(title: str, said: str) -> str:
    """Return a chart's text for readers who do not see it: its title, and what is said above it in Markdown."""
    return f"{title}. {said.replace('**', '')}"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A view as it is drawn: its charts by name, in their order, each with its card, and what is said above them."""

    figures: Mapping[str, Figure]
    cards: Mapping[str, Card]
    steps: NDArray[np.int64]
    """The snapshots that are played, (snapshot,), ascending."""
    verdict: str = ""
    """What came out, in Markdown."""
    pace: Pace = "even"
    """Whether every snapshot is played for as long, or playing time is proportional to steps, or to their logarithm."""
    notes: tuple[str, ...] = ()
    """Lines of small print above the charts."""
    below: str = ""
    """What stands under the controls of the charts, in Markdown."""

    @property
    def bytes(self) -> int:
        """About how much memory it holds: rows take five times what their JSON does, which is kept, too."""
        return sum(6 * len(table.json) for figure in self.figures.values() for table in figure.tables.values())

    def frame(self, step: int | None) -> int:
        """Return the snapshot nearest to a step; the last for none."""
        return len(self.steps) - 1 if step is None else int(np.abs(self.steps - step).argmin())


Told = TypeVar("Told", covariant=True)


@dataclass(frozen=True)
class Lesson(Generic[Told]):
    """A view, and what to see in it."""

    title: str
    text: str
    view: Told


Rows = Callable[[], pd.DataFrame]
Drawn = Sequence[Shown[Any] | None]


def late(module: str) -> Callable[[Any, Drawn], Scene]:
    """Return the `scene` of a module that is imported when something is drawn: a table needs no Altair."""

    def scene(view: Any, drawn: Drawn) -> Scene:
        found: Scene = import_module(module).scene(view, drawn)
        return found

    return scene


def clicked(name: str) -> Callable[[Any, Mapping[str, Any]], Any]:
    """Return what shows, of the numbers of a list, the one that was clicked in a chart under the same name."""

    def picked(view: Any, pick: Mapping[str, Any]) -> Any:
        return view.changed({name: float(pick["fields"][name])})

    return picked


def alone(view: Any) -> Mapping[str, Experiment]:
    """Return the training of a view that needs no other."""
    return {"These networks": view.experiment}


@dataclass(frozen=True, kw_only=True)
class Part(Generic[Seen]):
    """One part of a page."""

    view: type[Seen]
    title: str
    key: str
    """What its keys in the session begin with, for all parts of a visit share one."""
    introduction: str = ""
    presets: Mapping[str, Preset[Any]] = field(default_factory=dict)
    lessons: tuple[Lesson[Seen], ...] = ()
    sections: tuple[str, ...] = ()
    """The headings of the side bar, in their order; by default that of the fields."""
    notes: Callable[[Seen], Mapping[str, str]] = lambda view: {}
    """What is said below the controls of a section, by its heading, in Markdown."""
    scene: Callable[[Seen, Drawn], Scene]
    """Draws a view, from what there is of each of its `trainings`; the first is None only where theory comes first."""
    trainings: Callable[[Seen], Mapping[str, Experiment]] = alone
    """What a view needs trained, each with the name that a person reads; the first is the one on screen."""
    looks: Callable[[Seen], Sequence[Experiment]] = lambda view: ()
    """What a view draws, too, if it is there; nothing is trained for it. `scene` gets it after the trainings."""
    ready: Callable[[Seen, Drawn], bool] = lambda view, drawn: drawn[0] is not None
    """Whether what there is shows the view."""
    asks: Callable[[Seen, Drawn], Sequence[str]] = lambda view, drawn: ()
    """Which of the trainings to begin now, by their names; none means all."""
    behind: str = ""
    """The name of a training that goes on while another is on screen, and keeps nobody waiting."""
    within: str = ""
    """The name of a training that holds the first one, too."""
    order: Literal["theory first", "trained"] = "trained"
    """Whether theory is drawn before anything is trained."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """What can be exported of the first training, and what each table holds."""
    more_tables: Callable[[Seen, Drawn], Mapping[str, tuple[str, Rows]]] = lambda view, drawn: {}
    """What else can be exported, and its rows."""
    picked: Callable[[Seen, Mapping[str, Any]], Seen] | None = None
    """The view after a click on a chart, as the player reports it."""
    edited: Callable[[Seen, Sequence[Mapping[str, Any]]], Seen] | None = None
    """The view after points were moved by hand, from all points."""
    differs: Callable[[Any, Any], Sequence[str]] | None = None
    """In what two views' runs differ, in words; by default by the labels of their fields (`core.pinned`)."""
    draws_pinned: bool = False
    """Whether its own charts draw pinned runs, which its `looks` then have too; else they stand beside."""

    def lacks(self, view: Seen, there: Callable[[Experiment], bool]) -> Mapping[str, Experiment]:
        """Return what has to be trained for a view, by its names, given which experiments are `there`."""
        needed = self.trainings(view)
        first = next(iter(needed), "")
        held = self.within in needed and there(needed[self.within])
        return {name: own for name, own in needed.items() if not there(own) and not (held and name == first)}

    def preset_of(self, view: Seen) -> str | None:
        """Return the name of the preset that a view shows, if it shows one."""
        there = (name for name, own in self.presets.items() if self._shows(view, own.experiment))
        return next(there, None)

    def _shows(self, view: Seen, experiment: Experiment) -> bool:
        return bool(view.with_preset(experiment).experiment == view.experiment)
