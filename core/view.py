"""Views: an experiment and what is shown of it, as one frozen value, and its form as a link.

Every setting stands in every link, with a schema number, so that a default that changes later cannot change what an old
link means. A link that a hand has broken costs its broken fields only, and each is named in a sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar, cast

from core.experiment import Experiment
from core.field import Field, checked, declared
from core.links import LINK_SCHEMA, Link, Switch, leads, opened, written
from core.values import AwaitedError, ExperimentError, as_text, parse_flag, parse_number

SIX_DIGITS = 1e-5
LATEST = 10**12
"""The latest step that a link may rest at; one beyond the end of the training is the end."""
PLAYED = ("step", "speed", "loop")
"""What a view, and its link, say of the player."""
COMPARED = {"pin": "pinned", "compare": "compared"}
"""What a view says of other runs beside its own, by the words of links."""
BESIDE = (*PLAYED, *COMPARED.values())
"""What a view has beside the fields of its part: another preset or lesson leaves that as it is."""
PINS = ("A", "B", "C")
"""The names of pinned runs."""
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
    pinned: str = ""
    """Other runs for comparison, as `pin` writes them, one of several apart by `|`."""
    compared: str = ""
    """The chart that stands once more for each of them; the first that all of them have if nothing."""

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
        for name, field in entries(type(self)).items():
            allowed = getattr(self.experiment, field.of)
            if getattr(self, name) not in allowed:
                raise ExperimentError(name, f"one of {as_text(tuple(allowed))}", getattr(self, name))
        if not re.fullmatch("[a-z0-9_]{0,40}", self.compared):
            raise ExperimentError("compare", "the name of a chart", self.compared)
        last = max(run.last_step for run in (self, *self.pinned_runs().values()))
        if self.step is not None:  # a training may have become shorter since
            object.__setattr__(self, "step", min(self.step, last))

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
        own = {name: values.get(name, getattr(self, name)) for name in (*declared(type(self)), *BESIDE)}
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

    def pin(self) -> str:
        """Return this run as `pinned` has it: what is trained, and which run of it is on screen."""
        of_run = fields_of_run(type(self))
        trained = {name: as_text(getattr(self.experiment, name)) for name in settings(self, self.experiment)}
        own = {word: as_text(getattr(self, name)) for word, name in words(type(self)).items() if name in of_run}
        return ";".join(f"{word}:{text}" for word, text in (trained | own).items())

    @property
    def pins(self) -> tuple[str, ...]:
        """The pinned runs as `pin` writes them."""
        return tuple(self.pinned.split("|")) if self.pinned else ()

    def pinned_runs(self) -> dict[str, Self]:
        """Return the pinned runs by their names, A first, drawn as this view is.

        Raises:
            ExperimentError: too many, or text that `pin` does not write.
        """
        if len(self.pins) > len(PINS):
            raise ExperimentError("pin", f"at most {len(PINS)} runs", len(self.pins))
        of_run = fields_of_run(type(self))
        drawn: dict[str, Any] = {name: getattr(self, name) for name in declared(type(self)) if name not in of_run}
        texts = zip(PINS, self.pins, strict=False)
        return {name: replace(_pinned_run(cast(Hashable, type(self)), text), **drawn) for name, text in texts}

    def with_preset(self, experiment: Experiment) -> Self:
        """Return the view that a preset's button leads to from this one."""
        return self.of(experiment)


Kind = TypeVar("Kind", bound=View)


def with_own_table(experiment: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return values of the controls in which a person's table goes with the data set `csv`, and with no other.

    Raises:
        AwaitedError: there is no table yet.
    """
    dataset, digest = (values.get(name, getattr(experiment, name)) for name in ("dataset", "csv_digest"))
    if dataset == "csv" and not digest:
        raise AwaitedError("dataset", "Your own table: upload a file on the left to train on it.")
    return {**values, "csv_digest": digest if dataset == "csv" else ""}


def entries(kind: type[View]) -> Mapping[str, Field]:
    """Return the fields of a view that are entries of lists of its experiment."""
    return {name: field for name, field in declared(kind).items() if field.kind == "entry"}


def settings(view: View | type[View], experiment: Experiment) -> tuple[str, ...]:
    """Return the fields of the experiment that links have."""
    return tuple(name for name in declared(type(experiment)) if name not in view.unlinked)


def fields_of_run(kind: type[View]) -> tuple[str, ...]:
    """Return a view's own fields that say which run is on screen; the others say how charts show it."""
    own = declared(kind).items()
    return tuple(
        name for name, field in own if field.section or field.hidden or field.kind == "entry" or name in kind.trained
    )


def words(kind: type[View]) -> Mapping[str, str]:
    """Return the names of a view's own fields by the words of links."""
    return {field.link or name: name for name, field in declared(kind).items() if name not in kind.unlinked}


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written(view.part, view.experiment, settings(view, view.experiment))
    place = {} if view.switch is None else {view.switch.word: view.switch.mine}
    own = {word: as_text(getattr(view, name)) for word, name in words(type(view)).items()}
    beside = {word: getattr(view, name) for word, name in COMPARED.items() if getattr(view, name)}
    return query | place | own | beside | _played(view)


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
    known = (*names, *own, *PLAYED, *COMPARED)
    link = opened(kind.translated(query), kind.part, known, first=kind.opens, switch=kind.switch)
    view = kind.of(link.experiment(first.experiment, names, kind.all_at_once))
    for word, name in own.items():
        if word in link.query:
            view = _with(view, name, word, link)
    for word, name in COMPARED.items():
        text: dict[str, Any] = {name: link.query.get(word, "")}
        try:
            view = replace(view, **text)
        except ExperimentError as error:
            link.said.append(str(error))
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


@lru_cache(maxsize=256)
def _pinned_run(kind: Any, text: str) -> Any:
    """Return the run that `View.pin` wrote.

    Raises:
        ExperimentError: it did not.
    """
    parts = [part.partition(":") for part in text.split(";")]
    query = {word: value for word, _, value in parts}
    place = {} if kind.switch is None else {kind.switch.word: kind.switch.mine}
    strange = {"v", "part", *PLAYED, *COMPARED, *place} & query.keys()
    refused = ExperimentError("pin", "runs as the app writes them in a link", text)
    if strange or not all(colon for _, colon, _ in parts):  # before it is read: a pin within a pin would go on within
        raise refused
    view, said = from_query(kind, query | place | {"v": str(LINK_SCHEMA), "part": kind.part})
    if said:
        raise refused
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
