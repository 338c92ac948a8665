"""The door: what Trainscope is, in one sentence, one figure and four questions, and the ways in."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core import pinned
from core.export.vignettes import VIGNETTES, still
from core.figure.payload import clock, payload
from core.runs import named
from core.view import to_query
from pages.door import FIRST
from pages.shared import link
from pages.shared.downloads import printed
from pages.shared.heading import heading
from pages.shared.library import find, warm
from pages.shared.part import scene_of
from pages.shared.player import play


class Question(NamedTuple):
    """What a page asks."""

    question: str
    answer: str
    """What its picture shows of the answer, and whose it is."""
    alt: str
    """What its picture shows, for readers who do not see it."""


QUESTIONS: Mapping[str, Question] = {
    "kinks": Question(
        "Why do few kinks remain?",
        "A network of 512 ReLU units fits five points. Below: where units bend the function, and by how much. "
        "Maennel, Bousquet, Gelly 2018",
        "A piecewise linear function bends toward five points while the kinks of its units, spread out at first, "
        "gather at a few places.",
    ),
    "complexity": Question(
        "Does SGD learn a linear function first?",
        "Orange: what a linear classifier explains of what the network knows. Blue: what it knows beyond that. "
        "Nakkiran et al. 2019",
        "A curve of information over the training step: it rises to a plateau that a linear classifier explains, and "
        "rises again beyond it.",
    ),
    "phase_plane": Question(
        "When does noise help?",
        "Test error at 100 settings as networks train, from violet (large) to yellow (small); grey: diverged. "
        "Sclocchi, Geiger, Wyart 2023",
        "A grid of networks over the output scale and the temperature of SGD: most cells turn from violet to yellow, "
        "those at high temperature turn grey.",
    ),
    "learning_dynamics": Question(
        "Which features starve?",
        "Cross-entropy alone draws a nearly straight line between the moons; with Spectral Decoupling (green) the "
        "boundary follows them. Tachet des Combes et al. 2018; Pezeshki et al. 2021",
        "Two moons of points and two decision boundaries between them: one stays nearly straight, the other bends "
        "with the moons.",
    ),
}
"""By their pages, as the pictures beside this file are."""
FURTHER = {
    "learning_rate": "What if steps are too large for the curvature?",
    "grokking": "Why does a network generalize long after it has fitted?",
}
OWN: Sequence[tuple[str, Mapping[str, str], str, str]] = (
    ("explorer", {}, "A table (CSV)", "Two classes, or one against the rest: choose “Your own table” as data."),
    ("complexity", {"v": "1", "part": "own"}, "Your network", "Predictions recorded in PyTorch, or logged to a file."),
    ("phase_plane", {"v": "1", "part": "runs"}, "Your runs", "A table with a row a run, drawn as a plane."),
)
CHART = "boundary"

LOOK = """<style>
.stMainBlockContainer h2 { font-size: 1.2rem; padding: 0.4rem 0 0.1rem; }
.st-key-door-top { display: grid; gap: 1rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 600px), 1fr)); }
[class*="st-key-door-cards"] { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr)); }
[class*="st-key-door-to-"] { position: relative; height: 100%; }
[class*="st-key-door-to-"]:hover { border-color: var(--st-primary-color); }
[class*="st-key-door-to-"] :has(> [data-testid="stPageLink"]), [class*="st-key-door-to-"] [data-testid="stPageLink"],
[class*="st-key-door-to-"] [data-testid="stPageLink"] * { position: static; }
[class*="st-key-door-to-"] [data-testid="stPageLink"] a::after { content: ""; position: absolute; inset: 0; }
[data-testid="stPageLink"] a p { white-space: normal; }
.vignette img { display: block; width: 100%; aspect-ratio: 8 / 5; }
.vignette .still:not(:only-child) { display: none; }
@media (prefers-reduced-motion: reduce) {
  .vignette .moving { display: none; }
  .vignette .still:not(:only-child) { display: block; }
}
</style>"""
"""Figure and questions side by side where there is room; a card is a link as a whole."""
IMAGE = '<img class="{name}" src="data:image/svg+xml;base64,{data}" alt="{alt}">'


def page() -> None:
    """Draw the page."""
    link.offer()
    heading(
        "Trainscope",
        "**Trainscope trains small neural networks and plays how they learn:** every chart shows the same step of the "
        "same training, next to what theory says, and every number can be exported.",
    )
    st.html(LOOK)
    with st.container(key="door-top"):
        first, questions = st.container(), st.container()
    with questions:
        _questions()
    _further()
    st.caption(
        "For researchers who want the numbers behind a figure, for teachers who want a figure that plays, and for "
        "students who want to change one thing and see what happens."
    )
    with first:  # last: a picture need not wait for the charts' script
        _first()
    warm()


def _first() -> None:
    """Draw one chart, playing, and where it is played with others."""
    part, view = named(FIRST)
    shown = [find(experiment) for experiment in pinned.needs(part, view)]
    if part.ready(view, shown):
        scene = scene_of(part, view, shown)
        charts = [(scene.figures[CHART], scene.cards[CHART].about(CHART))]
        time = clock(scene.steps, pace=scene.pace)
        printing = partial(printed, scene, view.experiment)
        play(payload(time, charts), key="door_player", on_picture=printing)
    st.markdown(f"**{part.presets[FIRST].title}.** {part.presets[FIRST].sentence}")
    with st.container(horizontal=True):
        _way("complexity", "Play it with its other charts", to_query(view))
        _way("explorer", "Open the Explorer")


def _questions() -> None:
    """Draw the questions side by side, each with what moves."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Four questions", anchor=False, width="content")
        moves = st.toggle("Moving pictures", value=True, width="content")
    cards = st.container(key="door-cards")
    for name, asks in QUESTIONS.items():
        with cards.container(border=True, key=f"door-to-{name}"):
            st.html(_picture(name, asks.alt, moves=moves))
            _way(name, asks.question, to_query(VIGNETTES[name].view))
            st.caption(asks.answer)


def _picture(name: str, alt: str, *, moves: bool) -> str:
    svg = Path(__file__).with_name(f"{name}.svg").read_text(encoding="utf-8")
    shown = {"moving": svg, "still": still(svg)} if moves else {"still": still(svg)}
    encoded = {kind: base64.b64encode(text.encode()).decode() for kind, text in shown.items()}
    images = (IMAGE.format(name=kind, data=data, alt=html.escape(alt)) for kind, data in encoded.items())
    return f'<div class="vignette">{"".join(images)}</div>'


def _further() -> None:
    """Draw the ways to the other pages, and to those that take what a person brings."""
    st.header("Further pages", anchor=False)
    with st.container(horizontal=True):
        for name, question in FURTHER.items():
            _way(name, question)
    st.header("Try your own", anchor=False)
    cards = st.container(key="door-cards-own")
    for name, query, title, sentence in OWN:
        with cards.container(border=True, key=f"door-to-own-{name}"):
            _way(name, title, query)
            st.caption(sentence)


def _way(page: str, label: str, query: Mapping[str, str] | None = None) -> None:
    st.page_link(
        f"pages/{page}/page.py",
        label=f"**{label}**",
        icon=":material/arrow_right_alt:",
        query_params=query or None,
        width="content",
    )


page()
