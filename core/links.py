"""Links: what those of all parts of pages have in common when they are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from core.experiment import Experiment, with_settings
from core.values import ExperimentError, as_text, parse_number

LINK_SCHEMA = 1
LONGEST = 40
FRAMED = ("embed", "embed_options", "chart")
"""Words of an address that say how a page is shown in another, not what it shows; the first two are Streamlit's."""
GUIDED = ("story", "at", "took", "hide")
"""Words of where a reader is in a story, which `core.story` reads."""

Kind = TypeVar("Kind", bound=Experiment)


def written(part: str, experiment: Experiment, settings: Collection[str]) -> dict[str, str]:
    """Return a link's parameters of a part: the schema, the part, and every setting."""
    query = {"v": str(LINK_SCHEMA), "part": part}
    return query | {name: as_text(getattr(experiment, name)) for name in settings}


@dataclass(frozen=True)
class Link:
    """A link in reading. A field that cannot be used is left as it is without the link, and a sentence says why."""

    query: Mapping[str, str]
    said: list[str] = field(default_factory=list)

    def experiment(self, first: Kind, settings: Collection[str], together: Sequence[str] = ()) -> Kind:
        """Return `first` with the link's settings; those named by `together` are only taken all at once."""
        words = {name: text for name, text in self.query.items() if name in settings}
        try:
            return with_settings(first, words)
        except ExperimentError:
            pass
        joined = {name: words.pop(name) for name in together if name in words}
        waiting = [*([joined] if joined else []), *({name: text} for name, text in words.items())]
        experiment, refused = first, len(waiting) + 1
        while len(waiting) < refused:  # some settings are only allowed once others are taken
            refused, sentences, still = len(waiting), [], []
            for one in waiting:
                try:
                    experiment = with_settings(experiment, one)
                except ExperimentError as error:
                    still.append(one)
                    sentences.append(str(error))
            waiting = still
        self.said.extend(sentences)
        return experiment

    def choice(self, name: str, allowed: Collection[str], otherwise: str) -> str:
        """Return a field that is one of some words."""
        text = self.query.get(name, otherwise)
        if name in self.query and text not in allowed:
            self.said.append(f"{name}: one of {', '.join(allowed)}; got {short(text)}.")
            return otherwise
        return text

    def whole(self, name: str, most: float) -> int | None:
        """Return a field that is a whole number from 0 to `most`, or None."""
        if name not in self.query:
            return None
        try:
            number = parse_number(name, self.query[name])
            if number != number // 1 or not 0 <= number <= most:
                raise ExperimentError(name, f"a whole number, 0 to {most:g}", self.query[name])
            return int(number)
        except ExperimentError as error:
            self.said.append(str(error))
            return None


@dataclass(frozen=True)
class Switch:
    """A further word of links, which tells parts apart that share one place: `show=moons` or `show=strengths`."""

    word: str
    mine: str
    """What it says in links to this part."""
    options: tuple[str, ...]
    """What it may say; a link without it leads to the first."""

    def is_mine(self, query: Mapping[str, str]) -> bool:
        """Whether a link leads to this part."""
        named = query.get(self.word)
        return (named if named in self.options else self.options[0]) == self.mine


def leads(query: Mapping[str, str], part: str, *, first: bool = False, switch: Switch | None = None) -> bool:
    """Whether a link leads to a part, by the arguments of `opened`."""
    return (query.get("part") or (part if first else "")) == part and (switch is None or switch.is_mine(query))


def opened(
    query: Mapping[str, str], part: str, known: Collection[str], *, first: bool = False, switch: Switch | None = None
) -> Link:
    """Return a link in reading, without its fields if it leads elsewhere or is of another schema.

    Args:
        query: the parameters.
        part: the part of a page that reads it.
        known: the fields that it may have beside `v` and `part`.
        first: whether a link that names no part leads here.
        switch: what else the link has to say to lead here.
    """
    if not leads(query, part, first=first, switch=switch):
        return Link({})
    if query.get("v", str(LINK_SCHEMA)) != str(LINK_SCHEMA):
        return Link({}, [f"v: this version reads links of schema {LINK_SCHEMA}; got {short(query['v'])}."])
    named = () if switch is None else (switch.word,)
    strange = [name for name in query if name not in (*known, *named, *FRAMED, *GUIDED, "v", "part")]
    link = Link(query, [f"{short(name)}: no such setting in a link; it is ignored." for name in strange])
    if switch is not None:
        link.choice(switch.word, switch.options, switch.mine)
    return link


def short(text: str) -> str:
    """Quote a word of a link, its beginning if it is long."""
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 3] + "...")
