"""A story in reading: its text and questions beside the charts, and the ways on, back and out."""

from __future__ import annotations

import urllib.parse
from dataclasses import replace
from typing import Any

import streamlit as st

from core.story import KINDS, Question, Reading, Story, bare, from_query, stories_of, words
from core.study import page_of
from core.view import to_query
from pages.shared import embed, link
from pages.shared.callback import to_its_end
from pages.shared.lessons import LESSON_PIXELS
from pages.shared.session import Session

BESIDE = """<style>
.st-key-story { gap: 0.5rem; }
.st-key-story p, .st-key-story li { font-size: 0.92rem; line-height: 1.45; }
[class*="st-key-story-choice-"] button > div { justify-content: flex-start; text-align: left; }
[data-testid="stLayoutWrapper"]:has(> .st-key-story),
[data-testid="stLayoutWrapper"]:has(> .st-key-story-ways) { background: light-dark(#ffffff, #171614); }
[data-testid="stLayoutWrapper"]:has(> .st-key-story-ways) { position: sticky; bottom: 0; padding: 0.3rem 0; }
@media (min-width: 1200px) {
  .stMainBlockContainer { padding-right: 23rem; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-story) { position: fixed; top: 4.2rem; right: 1.2rem; width: 20.5rem;
    max-height: calc(100vh - 5.4rem); overflow-y: auto; padding: 0.2rem 0 0.2rem 1rem; z-index: 80;
    border-left: 1px solid light-dark(#d5d4d3, #42403e); }
}
@media (max-width: 1199.9px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-story) { max-height: 44vh; overflow-y: auto; padding: 0.35rem 0;
    border-top: 1px solid light-dark(#d5d4d3, #42403e); }
}
</style>"""
"""Beside the charts where there is room, else along the lower edge of the window."""
HEIGHT = 800
"""Pixels of a frame with the charts and the story."""
NO_SIDEBAR = """<style>
section[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }
</style>"""
NO_PAGE = """<style>
header[data-testid="stHeader"], section[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"],
.stMainBlockContainer [data-testid="stElementContainer"]:not(:has(.trainscope-player), .st-key-notices *,
  .st-key-foot *),
.stMainBlockContainer [data-testid="stLayoutWrapper"]:not(:has(.trainscope-player, .st-key-notices, .st-key-foot),
  .st-key-notices *, .st-key-foot *) { display: none; }
.stMainBlockContainer { padding-top: 0.6rem; }
.st-key-story p, .st-key-story li { font-size: 1.15rem; }
@media (min-width: 1200px) { [data-testid="stLayoutWrapper"]:has(> .st-key-story) { top: 0.6rem; } }
</style>"""


def reading() -> Reading | None:
    """Return where this visitor is in a story."""
    found: Reading | None = st.session_state.get("story")
    return found


def said() -> dict[str, str]:
    """Return what the link of this visit says beside its view."""
    return words(reading(), st.session_state.get("story_hidden", ()))


def arrive(session: Session[Any]) -> None:
    """Take up the place that the link names to which a visitor has come, and go to where it is shown."""
    query, first = link.arrived(), "story" not in st.session_state
    if query is None and first:
        query = st.query_params.to_dict()
    if query is None:
        return
    found, hidden, sentences = from_query(query)
    if found is not None and first and bare(query):
        st.session_state["link_found"] = urllib.parse.urlencode(to_query(found.place.view) | words(found, hidden))
        _turn(session, found)
    led = st.session_state.get("story_led", False)
    if led and found is not None and page_of(session.part) != found.place.page:
        _turn(session, found)
    for sentence in sentences:
        session.say(sentence)
    if led:
        session["attend"] = session.get("attend", 0) + 1
    st.session_state["story_led"] = False
    st.session_state["story_hidden"] = hidden
    st.session_state["story"] = found


def _turn(session: Session[Any], to: Reading) -> None:
    """Begin the run anew where a step is shown."""
    if page_of(session.part) == to.place.page:
        st.rerun()
    # Streamlit would write other words into the address of the page that is left, as an entry of the history.
    here = st.session_state.get("link") or st.query_params.to_dict()
    st.switch_page(f"pages/{to.place.page}/page.py", query_params=here)


def panel(session: Session[Any]) -> None:
    """Draw the step that is read: its text, its question, and the ways on; what the link hides is hidden."""
    hidden = st.session_state.get("story_hidden", ())
    now = reading()
    styles = [(now is not None, BESIDE), ("sidebar" in hidden, NO_SIDEBAR), ("page" in hidden, NO_PAGE)]
    st.html("".join(style for wanted, style in styles if wanted) or "<style></style>")
    if now is None:
        return
    steps = now.story.steps
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{now.story.title}** · {now.at} of {len(steps)}")
        st.button(
            "Leave",
            key="story-leave",
            icon=":material/close:",
            type="tertiary",
            on_click=to_its_end(_leave),
        )
    st.markdown(f"**{KINDS[now.step.kind]}.** {now.step.text}")
    if now.step.question is not None:
        _question(session, now, now.step.question, told="answers" not in hidden)
    with st.container(horizontal=True, key="story-ways"):
        _way(session, "Previous", None if now.at == 1 else Reading(now.story, now.at - 1))
        last = now.at == len(steps)
        _way(session, "Next", None if last or now.waits else Reading(now.story, now.at + 1))
        if link.lasting(to_query(session.view)) != link.lasting(to_query(now.place.view)):
            st.button(
                "Back to this step",
                key="story-back",
                type="tertiary",
                icon=":material/undo:",
                on_click=to_its_end(_lead),
                args=(session, now),
            )
        with st.popover("For a class", type="tertiary", icon=":material/co_present:"):
            _for_a_class(now)


def _question(session: Session[Any], now: Reading, question: Question, *, told: bool) -> None:
    """Draw a question: choices before one is taken; then which was, and which is right."""
    st.markdown(f"**{question.asked}**")
    if now.took is None:
        for number, choice in enumerate(question.choices, 1):
            st.button(
                choice,
                key=f"story-choice-{number}",
                width="stretch",
                on_click=to_its_end(_lead),
                args=(session, replace(now, took=number)),
            )
        return
    for number, choice in enumerate(question.choices, 1):
        right = told and number == question.answer + 1
        marks = ", ".join(["right"] * right + ["your choice"] * (number == now.took))
        st.markdown(f"- {f'**{choice}**' if right else choice}{f' ({marks})' if marks else ''}")
    if told:
        st.markdown(question.why)


def _way(session: Session[Any], name: str, to: Reading | None) -> None:
    st.button(
        name,
        key=f"story-{name.lower()}",
        disabled=to is None,
        on_click=to_its_end(_lead),
        args=(session, to),
    )


def _lead(session: Session[Any], to: Reading | None) -> None:
    """Have the next run show a step as if a link had led there; speed and loop stay the reader's."""
    if to is None:
        return
    hidden = st.session_state.get("story_hidden", ())
    view = replace(to.place.view, **session.played | {"step": to.place.settings.get("step")})
    query = to_query(view) | words(to, hidden)
    entries = st.session_state.get("link_entries", 0)
    same = page_of(session.part) == to.place.page  # another page is an entry of the history by itself
    st.session_state["story_led"] = True
    st.session_state["link_found"] = urllib.parse.urlencode(query)
    st.session_state["link_entries"] = entries + same


def _leave() -> None:
    st.session_state["story"] = None
    st.session_state["story_hidden"] = ()


def _for_a_class(now: Reading) -> None:
    """Draw links to this step with less around it, and the line that puts it into another page."""
    place = {"story": now.story.key, "at": str(now.at)}
    link_to = f"{link.address()}?{urllib.parse.urlencode(place)}"
    st.markdown(
        f"- [Charts and story only]({link_to}&hide=page), for a projector; the key P shows the charts alone\n"
        f"- [The same, answers kept back]({link_to}&hide=page,answers)\n"
        f"- [Without controls]({link_to}&hide=sidebar)"
    )
    st.caption("In another page:")
    st.html(embed.framed({**place, "hide": "page"}, now.story.title, HEIGHT))


def begun(session: Session[Any]) -> None:
    """Draw the stories that lead over this page, each with a button that begins it."""
    found = stories_of(page_of(session.part))
    if not found:
        return
    st.subheader("Stories", divider="gray")
    row = st.container(horizontal=True)
    for story in found:
        with row.container(width=LESSON_PIXELS):
            _entry(session, story)


def _entry(session: Session[Any], story: Story) -> None:
    st.markdown(f"**{story.title}**")
    st.caption(story.about)
    st.button(
        f"Begin · {len(story.steps)} steps",
        key=f"story-begin-{story.key}",
        on_click=to_its_end(_lead),
        args=(session, Reading(story)),
    )
