"""Stories: a few numbered steps through what there is to see, with questions that the charts answer.

A story is a value, declared in the `stories.py` of a study's folder. A step names what is on screen by a preset and
what differs from it, so that a story may lead from one study to another. Where a reader is stands in the link, beside
the view: `story`, `at` (which step, from 1), `took` (which choice, from 1), and `hide`, what a teacher leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from core.links import FRAMED, GUIDED, Link, short
from core.runs import named
from core.study import page_of, studies
from core.view import View

Kind = Literal["look", "predict", "change", "see", "why", "limit"]
KINDS: Mapping[Kind, str] = {
    "look": "Look",
    "predict": "Predict",
    "change": "Change one thing",
    "see": "See",
    "why": "Why",
    "limit": "Where it breaks",
}
"""What a reader does at a step, in words."""
HIDDEN: Mapping[str, str] = {
    "sidebar": "the controls on the left",
    "answers": "which choice is right, and why",
    "page": "all but the charts and the story",
}
"""What a link can leave out."""


@dataclass(frozen=True)
class Place:
    """What is on screen: a preset, with other values of the fields of its experiment or of its view."""

    preset: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def view(self) -> View:
        """The view.

        Raises:
            ExperimentError: a value that is not allowed.
        """
        return named(self.preset, self.settings)[1]

    @property
    def page(self) -> str:
        """The folder of the page that shows it."""
        return page_of(named(self.preset)[0])


def on(preset: str, **settings: Any) -> Place:
    """Return a place by its preset's name."""
    return Place(preset, settings)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a reader is asked to predict."""

    asked: str
    choices: tuple[str, ...]
    answer: int
    """The right one of the choices, from 0."""
    why: str
    """What is seen then, in a sentence or two."""
    then: Place
    """What is on screen once a choice is made."""


@dataclass(frozen=True)
class Step:
    """One step of a story, in Markdown, and what is on screen meanwhile."""

    kind: Kind
    text: str
    place: Place
    question: Question | None = None


@dataclass(frozen=True)
class Story:
    """A few steps with a name in links."""

    key: str
    title: str
    about: str
    """What it asks, in a sentence."""
    steps: tuple[Step, ...]

    @property
    def pages(self) -> tuple[str, ...]:
        """The folders of the pages that it leads over, in order."""
        return tuple(dict.fromkeys(step.place.page for step in self.steps))


@cache
def stories() -> Mapping[str, Story]:
    """Return every story by its name in links."""
    found = (story for study in studies().values() if study.stories is not None for story in study.stories())
    return {story.key: story for story in found}


def stories_of(page: str) -> tuple[Story, ...]:
    """Return the stories that lead over the page of a folder, those that begin there first."""
    found = [story for story in stories().values() if page in story.pages]
    return tuple(sorted(found, key=lambda story: story.pages[0] != page))


@dataclass(frozen=True)
class Reading:
    """Where a reader is in a story."""

    story: Story
    at: int = 1
    """Which step, from 1."""
    took: int | None = None
    """The choice made at this step, from 1; None: none yet, or there is no question."""

    @property
    def step(self) -> Step:
        """The step."""
        return self.story.steps[self.at - 1]

    @property
    def waits(self) -> bool:
        """Whether a question waits for its answer."""
        return self.step.question is not None and self.took is None

    @property
    def place(self) -> Place:
        """What is on screen."""
        question = self.step.question
        return self.step.place if question is None or self.took is None else question.then

    @property
    def words(self) -> dict[str, str]:
        """What a link says of it."""
        chosen = {} if self.took is None else {"took": str(self.took)}
        return {"story": self.story.key, "at": str(self.at)} | chosen

    @property
    def told(self) -> str:
        """The step as plain text."""
        question = self.step.question
        asked = "" if question is None else f" {question.asked} {' / '.join(question.choices)}?"
        place = f"{self.story.title}, {self.at} of {len(self.story.steps)}"
        return f"{place}. {KINDS[self.step.kind]}. {self.step.text}{asked if self.waits else ''}".replace("**", "")


def from_query(query: Mapping[str, str]) -> tuple[Reading | None, tuple[str, ...], list[str]]:
    """Return where a link leads to in a story, what it hides, and a sentence for each word that could not be used."""
    link = Link({word: text for word, text in query.items() if word in GUIDED})
    hidden = _hidden(link)
    if "story" not in link.query:
        link.said.extend(f"{word}: goes with story; it is ignored." for word in ("at", "took") if word in link.query)
        return None, hidden, link.said
    key = link.choice("story", tuple(stories()), "")
    if not key:
        return None, hidden, link.said
    story = stories()[key]
    reading = Reading(story, _counted(link, "at", len(story.steps)) or 1)
    question = reading.step.question
    if question is None and "took" in link.query:
        link.said.append(f"took: step {reading.at} asks nothing; it is ignored.")
    elif question is not None:
        reading = replace(reading, took=_counted(link, "took", len(question.choices)))
    return reading, hidden, link.said


def _counted(link: Link, word: str, most: int) -> int | None:
    """Return a whole number from 1 to `most`, or None."""
    text = link.query.get(word)
    if text is None:
        return None
    if text not in map(str, range(1, most + 1)):
        link.said.append(f"{word}: a whole number, 1 to {most}; got {short(text)}.")
        return None
    return int(text)


def _hidden(link: Link) -> tuple[str, ...]:
    named = [word for word in link.query.get("hide", "").split(",") if word]
    if strange := [word for word in named if word not in HIDDEN]:
        link.said.append(f"hide: any of {', '.join(HIDDEN)}; got {short(','.join(strange))}.")
    return tuple(word for word in HIDDEN if word in named)


def bare(query: Mapping[str, str]) -> bool:
    """Whether a link says where it leads to in a story and nothing of what is on screen: then the step says that."""
    return "story" in query and all(word in (*GUIDED, *FRAMED) for word in query)


def words(reading: Reading | None, hidden: tuple[str, ...]) -> dict[str, str]:
    """Return what a link says beside its view."""
    return ({} if reading is None else reading.words) | ({"hide": ",".join(hidden)} if hidden else {})
