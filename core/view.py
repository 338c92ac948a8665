"""Views: an experiment and what is shown of it, as one frozen value, and its form as a link.

Every setting stands in every link, with a schema number, so that a default that changes later cannot change what an old
link means. A link that a hand has broken costs its broken fields only, and each is named in a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, TypeVar

from core.experiment import Experiment
from core.field import Field, checked, declared
from core.links import Link, Switch, leads, opened, written
from core.values import AwaitedError, ExperimentError, as_text, parse_flag, parse_number

SIX_DIGITS = 1e-5
LATEST = 10**12
"""The latest step that a link may rest at; one beyond the end of the training is the end."""
PLAYED = ("step", "speed", "loop")
"""What a view, and its link, say of the player."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Those that the player has."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What the views of all parts have in common; a part's own declares what is shown beside the experiment's fields.

    Raises:
        ExperimentError: a field is not allowed, or not with this experiment.
    """

    experiment: Any
    step: int | None = None
    """The step at which it rests; None: it plays."""
    speed: float = 1.0
    """Of the player, in passes of 12 s."""
    loop: bool = True
    """Whether the player starts over at the end."""

    part: ClassVar[str]
    """The part of a page, by its name in links."""
    opens: ClassVar[bool] = False
    """Whether a link that names no part leads here."""
    switch: ClassVar[Switch | None] = None
    """What tells this part from another in the same place."""
    unlinked: ClassVar[tuple[str, ...]] = ()
    """Fields of the view and of the experiment that links do not have: others determine them."""
    trained: ClassVar[tuple[str, ...]] = ()
    """The view's own fields that say which run is on screen: they stay with what is trained until another is."""
    all_at_once: ClassVar[tuple[str, ...]] = ()
    """Fields of the experiment that are read from a link all at once or not at all."""

    def __post_init__(self) -> None:
        checked(self)
        if self.speed not in SPEEDS:
            raise ExperimentError("speed", f"one of {as_text(SPEEDS)}", self.speed)
        if self.step is not None:  # a training may have become shorter since
            object.__setattr__(self, "step", min(self.step, self.last_step))
        for name, field in entries(type(self)).items():
            allowed = getattr(self.experiment, field.of)
            if getattr(self, name) not in allowed:
                raise ExperimentError(name, f"one of {as_text(tuple(allowed))}", getattr(self, name))

    @property
    def last_step(self) -> int:
        """The last step that there can be."""
        return int(self.experiment.step_limit)

    def uses(self, name: str) -> bool:
        """Whether a field changes what is drawn of this view; one that does not has no widget under the charts."""
        return True

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return a view of an experiment; an entry that it does not have gives way to the nearest that it has."""
        for name, field in entries(cls).items():
            wanted = shown.get(name, getattr(cls, name))
            shown[name] = min(getattr(experiment, field.of), key=lambda entry: abs(entry - wanted))
        return cls(experiment=experiment, **shown)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values of its own fields and of its experiment's, as controls give them.

        Raises:
            ExperimentError: settings that do not go together.
        """
        own = {name: values.get(name, getattr(self, name)) for name in (*declared(type(self)), *PLAYED)}
        kind = declared(type(self.experiment))
        settings = {name: value for name, value in values.items() if name in kind and name not in own}
        return type(self).of(replace(self.experiment, **settings), **own)

    def limits(self, name: str, values: Mapping[str, Any]) -> tuple[int, int] | None:
        """Return the range of a whole number where other controls narrow it, from the values of all widgets."""
        return None

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return what the widget of a field offers where others narrow it, from the values of all widgets; None: all.

        What is chosen is offered besides. A widget that offers fewer than two is not drawn.
        """
        return None

    @classmethod
    def translated(cls, query: Mapping[str, str]) -> Mapping[str, str]:
        """Return a link in today's words, if an earlier version wrote other ones."""
        return query

    def with_preset(self, experiment: Experiment) -> Self:
        """Return the view that a preset's button leads to from this one."""
        return self.of(experiment)

    def with_lesson(self, lesson: Self) -> Self:
        """Return the view that a lesson leads to from this one."""
        return lesson


Kind = TypeVar("Kind", bound=View)


def with_own_table(experiment: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return values of the controls in which a person's table goes with the data set `csv`, and with no other.

    Raises:
        AwaitedError: there is no table yet.
    """
    dataset, digest = (values.get(name, getattr(experiment, name)) for name in ("dataset", "csv_digest"))
    if dataset == "csv" and not digest:
        raise AwaitedError("dataset", "Your own table: upload a file at the left to train on it.")
    return {**values, "csv_digest": digest if dataset == "csv" else ""}


def entries(kind: type[View]) -> Mapping[str, Field]:
    """Return the fields of a view that are entries of lists of its experiment."""
    return {name: field for name, field in declared(kind).items() if field.kind == "entry"}


def settings(view: View | type[View], experiment: Experiment) -> tuple[str, ...]:
    """Return the fields of the experiment that links have."""
    return tuple(name for name in declared(type(experiment)) if name not in view.unlinked)


def words(kind: type[View]) -> Mapping[str, str]:
    """Return the names of a view's own fields by the words of links."""
    return {field.link or name: name for name, field in declared(kind).items() if name not in kind.unlinked}


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written(view.part, view.experiment, settings(view, view.experiment))
    place = {} if view.switch is None else {view.switch.word: view.switch.mine}
    own = {word: as_text(getattr(view, name)) for word, name in words(type(view)).items()}
    return query | place | own | _played(view)


def _played(view: View) -> dict[str, str]:
    """Return what a link says of the player; nothing of what it does by itself."""
    rests = {} if view.step is None else {"step": str(view.step)}
    speed = {} if view.speed == View.speed else {"speed": as_text(view.speed)}
    return rests | speed | ({} if view.loop == View.loop else {"loop": as_text(view.loop)})


def leads_to(kind: type[View], query: Mapping[str, str]) -> bool:
    """Whether a link leads to the part of these views."""
    return leads(kind.translated(query), kind.part, first=kind.opens, switch=kind.switch)


def from_query(kind: type[Kind], query: Mapping[str, str]) -> tuple[Kind, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    first = kind()  # type: ignore[call-arg]  # every part's view has a default experiment
    names = settings(kind, first.experiment)
    own = words(kind)
    link = opened(kind.translated(query), kind.part, (*names, *own, *PLAYED), first=kind.opens, switch=kind.switch)
    view = kind.of(link.experiment(first.experiment, names, kind.all_at_once))
    for word, name in own.items():
        if word in link.query:
            view = _with(view, name, word, link)
    speed = link.choice("speed", [as_text(speed) for speed in SPEEDS], as_text(View.speed))
    loop = link.choice("loop", [as_text(loop) for loop in (True, False)], as_text(View.loop))
    step = link.whole("step", LATEST)
    return replace(view, step=step, speed=parse_number("speed", speed), loop=parse_flag("loop", loop)), link.said


def _with(view: Kind, name: str, word: str, link: Link) -> Kind:
    """Return the view with one field as the link has it, or as it is and a sentence."""
    field, text = declared(type(view))[name], link.query[word]
    try:
        value = field.check(word, field.read(word, text))
        if field.kind == "entry":  # not `changed`: a control's move may mean more
            own: dict[str, Any] = {name: _entry(word, value, getattr(view.experiment, field.of))}
            return replace(view, **own)
        return view.changed({name: value})
    except ExperimentError as error:
        link.said.append(str(error))
        return view


def _entry(word: str, value: float, allowed: tuple[float, ...]) -> float:
    """Return the entry that a link means, which may have been written with six digits.

    Raises:
        ExperimentError: there is none.
    """
    nearest = min(allowed, key=lambda entry: abs(entry - value))
    if not math.isclose(nearest, value, rel_tol=SIX_DIGITS):
        raise ExperimentError(word, f"one of {as_text(allowed)}", value)
    return nearest
