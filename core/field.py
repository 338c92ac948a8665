"""Fields that are declared once: their kind, their range, and what a person reads about them.

A class of settings is a frozen dataclass whose fields are made here. What checks a value, `--set`, links, widgets, the
help of the command line and `what differs` all read the declaration::

    @dataclass(frozen=True, kw_only=True)
    class Depths(Experiment):
        width: int = whole(16, 1, 128, label="Width", help="Units of every hidden layer.", section="Network")
        noise: float = number(0.0, 0, 1, label="Noise", section="Initialization", offered=(0.0, 0.1, 0.5))
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal, cast

from core.values import Bounds, ExperimentError, parse_flag, parse_number, parse_numbers

Kind = Literal["whole", "number", "flag", "choice", "choices", "wholes", "numbers", "word", "entry"]
KEY = "declared"
"""Where a dataclass field keeps its declaration."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """What is declared of one field."""

    kind: Kind
    label: str = ""
    """What a person calls it; Markdown."""
    help: str = ""
    section: str = ""
    """The heading in the side bar under which its widget stands; a field without one has no widget there."""
    bounds: Bounds = dataclasses.field(default_factory=lambda: Bounds(0, 0))
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The words of a choice, and what a person reads of each."""
    counts: tuple[int, int] = (1, 1)
    """Fewest and most entries of a list."""
    order: Literal["increasing", "different", "any"] = "increasing"
    """Of a list."""
    offered: tuple[Any, ...] = ()
    """The stops of its slider; without them a number is typed."""
    form: str = "{:g}"
    """How the slider writes a stop."""
    pattern: str = ""
    """What a word matches."""
    allowed_word: str = ""
    """What is allowed, in words, where its kind does not say it."""
    hidden: bool = False
    """Whether it has no widget of its own, though a page sets it."""
    unit: str = ""
    link: str = ""
    """Its name in links, where that is another."""
    of: str = ""
    """Of an entry: the experiment's list that it is one of."""
    counted: Literal["", "up to", "how many"] = ""
    """A list whose widget is one number: its last entry, all whole numbers up to which belong to it, or how many
    entries it has."""

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.allowed_word:
            return self.allowed_word
        if self.kind in ("choice", "choices"):
            words = ", ".join(self.options)
            return f"one of {words}" if self.kind == "choice" else f"some of {words}"
        if self.kind == "flag":
            return "true or false"
        if self.kind == "whole":
            return f"a whole number, {self.bounds}"
        if self.kind == "number":
            return f"a number, {self.bounds}"
        fewest, most = self.counts
        order = "" if self.order == "any" else f"{self.order} "
        what = "whole numbers" if self.kind == "wholes" else "numbers"
        none = "none, or " if fewest == 0 else ""
        return f"{none}{max(fewest, 1)} to {most} {order}{what}, each {self.bounds}"

    def check(self, name: str, value: object) -> Any:
        """Return the value as the field holds it: whole numbers as int, others as float, lists as tuples.

        Raises:
            ExperimentError: it is not allowed.
        """
        if self.kind in ("wholes", "numbers"):
            return self._entries(name, value)
        if self.kind in ("whole", "number"):
            return self._number(name, value)
        if self.kind == "entry":
            return value  # the view that it belongs to knows the list
        if self.kind == "flag":
            if isinstance(value, bool):
                return value
        elif self.kind == "choices":
            if isinstance(value, tuple | list) and set(value) <= set(self.options):
                return tuple(word for word in self.options if word in value)
        elif isinstance(value, str) and (
            value in self.options if self.kind == "choice" else re.fullmatch(self.pattern, value)
        ):
            return value
        raise ExperimentError(name, self.allowed, value)

    def read(self, name: str, text: str) -> Any:
        """Return the value that `text` writes, before it is checked.

        Raises:
            ExperimentError: it is not written as such a value.
        """
        if self.kind in ("wholes", "numbers"):
            return parse_numbers(name, text)
        if self.kind in ("whole", "number", "entry"):
            return parse_number(name, text)
        if self.kind == "flag":
            return parse_flag(name, text)
        if self.kind == "choices":
            return tuple(word for word in text.split(",") if word not in ("", "none"))
        return text

    def _number(self, name: str, value: object) -> float:
        whole = self.kind in ("whole", "wholes")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not self.bounds.low <= value <= self.bounds.high  # false for NaN, too
            or (whole and value != value // 1)
        ):
            raise ExperimentError(name, self.allowed, value)
        return int(value) if whole else float(value)

    def _entries(self, name: str, values: object) -> tuple[float, ...]:
        fewest, most = self.counts
        if not isinstance(values, tuple | list) or not fewest <= len(values) <= most:
            raise ExperimentError(name, self.allowed, values)
        found = tuple(self._number(name, value) for value in values)
        rising = self.order != "increasing" or all(one < other for one, other in pairwise(found))
        if not rising or (self.order != "any" and len(set(found)) < len(found)):
            raise ExperimentError(name, self.allowed, values)
        return found


def whole(default: int, low: float, high: float, **about: Any) -> Any:
    """Declare a whole number from `low` to `high`."""
    return _declared(default, Field(kind="whole", bounds=Bounds(low, high), **about))


def number(default: float, low: float, high: float, **about: Any) -> Any:
    """Declare a number from `low` to `high`."""
    return _declared(default, Field(kind="number", bounds=Bounds(low, high), **about))


def flag(default: bool, **about: Any) -> Any:
    """Declare what is true or false."""
    return _declared(default, Field(kind="flag", **about))


def choice(default: str, options: Mapping[str, str] | Sequence[str], **about: Any) -> Any:
    """Declare one of several words; `options` says what a person reads of each, if that is not the word."""
    return _declared(default, Field(kind="choice", options=_titled(options), **about))


def choices(default: tuple[str, ...], options: Mapping[str, str] | Sequence[str], **about: Any) -> Any:
    """Declare some of several words, kept in their own order."""
    return _declared(default, Field(kind="choices", options=_titled(options), **about))


def wholes(default: tuple[int, ...], low: float, high: float, *, most: int, fewest: int = 1, **about: Any) -> Any:
    """Declare a list of whole numbers; by default they increase."""
    return _declared(default, Field(kind="wholes", bounds=Bounds(low, high), counts=(fewest, most), **about))


def numbers(default: tuple[float, ...], low: float, high: float, *, most: int, fewest: int = 1, **about: Any) -> Any:
    """Declare a list of numbers; by default they increase."""
    return _declared(default, Field(kind="numbers", bounds=Bounds(low, high), counts=(fewest, most), **about))


def entry(default: float, of: str, **about: Any) -> Any:
    """Declare, in a view, one of the entries of a list of its experiment."""
    return _declared(default, Field(kind="entry", of=of, **about))


def word(default: str, pattern: str, allowed: str, **about: Any) -> Any:
    """Declare text that matches a pattern, which `allowed` says in words."""
    return _declared(default, Field(kind="word", pattern=pattern, allowed_word=allowed, **about))


def seeds(default: tuple[int, ...], most: int, **about: Any) -> Any:
    """Declare the seeds of several runs."""
    return wholes(default, 0, 2**31 - 1, most=most, order="different", **about)


def seed(default: int = 0, **about: Any) -> Any:
    """Declare the seed of a run."""
    return whole(default, 0, 2**31 - 1, **about)


def _titled(options: Mapping[str, str] | Sequence[str]) -> Mapping[str, str]:
    return options if isinstance(options, Mapping) else {option: option for option in options}


def _declared(default: Any, field: Field) -> Any:
    return dataclasses.field(default=default, metadata={KEY: field})


def declared(kind: type) -> Mapping[str, Field]:
    """Return the declared fields of a class by name, in their order."""
    return _fields(cast(Hashable, kind))


@cache
def _fields(kind: Any) -> Mapping[str, Field]:
    return {field.name: field.metadata[KEY] for field in dataclasses.fields(kind) if KEY in field.metadata}


def checked(settings: Any) -> None:
    """Check and normalize every declared field of a frozen dataclass that is being made."""
    for name, field in declared(type(settings)).items():
        object.__setattr__(settings, name, field.check(name, getattr(settings, name)))
