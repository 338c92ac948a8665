"""How a part of a page is drawn, whatever its study: controls, training, charts, lessons, and what can be exported."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import pinned
from core.experiment import Experiment
from core.export.page import page
from core.field import declared
from core.figure.payload import clock, payload
from core.part import Drawn, Lesson, Part, Rows, Scene, Shown
from core.runs import Run
from core.values import ExperimentError
from core.view import BESIDE, COMPARED, PLAYED, View, to_query
from pages.shared import embed, link, progress, story, widgets
from pages.shared.downloads import Takeaway, printed, take_away
from pages.shared.lessons import lesson_on_screen, things_to_try
from pages.shared.library import SCENES, find, has, outdated, set_aside, warm
from pages.shared.pins import pins
from pages.shared.player import play
from pages.shared.session import Session
from pages.shared.training import asked, complete, may_be_offered, offered, training, training_behind, watched
from pages.shared.words import warn

Hook = Callable[[Session[Any]], None]
CHARTS_FIRST_SECONDS = 0.5
"""For which the controls wait for a visitor's first charts: so long a browser takes to begin to draw them."""
Seen = tuple[View, Sequence[str]]
"""What charts show: a view, and the stamps of its snapshots."""


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """What a page adds to a part that a declaration cannot say."""

    sections: Mapping[str, Hook] | None = None
    """Drawn at the end of a section of the side bar; under a name that is no section, below all."""
    instead: Mapping[str, Hook] | None = None
    """Drawn in place of the widget of a field."""
    controls: Hook | None = None
    """Drawn at the end of the controls under the charts."""
    before: Hook | None = None
    """Called before any control is drawn."""
    scene: Callable[[Any, Drawn, Scene], Scene] | None = None
    """Adds to the scene of a view what this machine has."""


@dataclass(frozen=True)
class Places:
    """Containers, from top to bottom: an element that moves would be drawn anew."""

    notices: DeltaGenerator
    charts: DeltaGenerator
    bar: DeltaGenerator
    """What is in training, along the lower edge: charts stay where a hand holds them."""
    ahead: Seen | None
    """What the charts show already; None where they are still to be drawn."""


def draw(part: Part[Any], hooks: Hooks | None = None) -> None:
    """Draw controls, charts and what can be exported."""
    session, hooks = Session(part), hooks or Hooks()
    session.start()
    story.arrive(session)
    if hooks.before is not None:
        hooks.before(session)
    session.settle()
    if part.introduction:
        st.markdown(part.introduction)
    # What comes and goes stands in containers that are always there: an element that moves is drawn anew.
    presets, notices, charts = st.container(), st.container(key="notices"), st.container()
    with presets:
        widgets.presets(session, partial(_takes, part))
    sections = widgets.headings(session)
    ahead = _ahead(session, charts, hooks)
    guide, lesson, bar = progress.foot()
    widgets.sidebar(session, sections, _bound(hooks.sections, session), _bound(hooks.instead, session))
    wanted = asked(session.current, notices)
    view = wanted or session.view
    with guide:
        story.panel(session)
    with lesson:
        lesson_on_screen(session)
    for section, note in part.notes(view).items():
        sections[section].caption(note)
    with notices:
        warn(session.said((view.experiment, *(getattr(view, name) for name in view.trained))))
    title = _title(part, view)
    st.set_page_config(page_title=f"{title} · Trainscope")
    query = to_query(view)
    seen = {"title": title, "told": _told(part, query)}
    held, beside = session.get("held"), story.said()
    link.write(None if wanted is None else query | beside, seen, held=None if held is None else held | beside)
    places = Places(notices, charts, bar, ahead)
    if part.order == "theory first":
        _theory_first(session, view, places, hooks)
    else:
        _trained(session, wanted, places, hooks)
    warm()


def _ahead(session: Session[Any], charts: DeltaGenerator, hooks: Hooks) -> Seen | None:
    """Draw the charts of a visitor's first view before the controls, if all is there; return what they show.

    The last of a page's hundred elements comes some 0.5 s after the first, and the charts would come after it: the
    browser starts a component when nothing else is left to draw.
    """
    if session.get("begun"):
        return None
    session["begun"] = True
    part, view = session.part, session.view
    drawn = _first_drawn(part, view)
    if drawn is None:
        return None
    with charts:
        _charts(session, view, _scene(part, view, drawn, hooks))
    if st.context.url and not st.session_state.get("arrived"):  # a browser has no Vega yet
        progress.pause(CHARTS_FIRST_SECONDS)
    st.session_state["arrived"] = True
    return _seen(view, drawn)


def _first_drawn(part: Part[Any], view: View) -> list[Shown[Any] | None] | None:
    """Return what is drawn of a view at once; None if it is not all there."""
    if part.order == "theory first":
        return [complete(experiment) for experiment in pinned.needs(part, view)]
    drawn = _drawn(part, view)
    return drawn if pinned.ready(part, view, drawn) else None


def _seen(view: View, drawn: Drawn) -> Seen:
    return view, tuple("" if shown is None else shown.stamp for shown in drawn)


def _title(part: Part[Any], view: View) -> str:
    """Return the name of a view: of the preset that is shown, if it is one, and of the part."""
    preset = part.preset_of(view)
    return part.title if preset is None else f"{part.presets[preset].title} · {part.title}"


def _told(part: Part[Any], query: Mapping[str, str]) -> str:
    """Return in what a link differs from that of the view with which its part begins."""
    begins = to_query(part.view())
    return ", ".join(
        f"{word} {text}"
        for word, text in link.lasting(query).items()
        if begins.get(word) != text and word not in COMPARED
    )


def _bound(hooks: Mapping[str, Hook] | None, session: Session[Any]) -> dict[str, Callable[[], None]]:
    return {name: partial(hook, session) for name, hook in (hooks or {}).items()}


def _theory_first(session: Session[Any], view: View, places: Places, hooks: Hooks) -> None:
    drawn = [complete(experiment) for experiment in pinned.needs(session.part, view)]
    shown = drawn[0]
    with places.charts:
        _stage(session, view, drawn, hooks, places.ahead)
    title = next(iter(session.part.trainings(view)))
    training_behind(view.experiment, title, shown, places.notices, places.bar)


def _trained(session: Session[Any], wanted: View | None, places: Places, hooks: Hooks) -> None:
    """Draw what there is of the view, or of the one that was on screen before."""
    part, drawn = session.part, []
    if wanted is not None:
        with places.notices:
            _train(part, wanted, places.bar)
            drawn = _drawn(part, wanted)
            if any(outdated(found) for found in drawn):
                st.rerun()  # it ended while this script ran, and nothing watches it any more
    view = wanted
    if wanted is not None and pinned.ready(part, wanted, drawn):
        session["on_screen"] = wanted
        session["drawn"] = dict(zip(pinned.needs(part, wanted), drawn, strict=True))
    else:
        before = session.get("on_screen") or part.view()
        view = _of(wanted or session.view, before)
        drawn = _drawn(part, view, session.get("drawn", {}))
        if not pinned.ready(part, view, drawn):
            places.notices.info("Not trained yet.")
            return
        places.bar.caption(_still(part, wanted, before))
    assert view is not None
    with places.charts:
        _stage(session, view, drawn, hooks, places.ahead)


def _train(part: Part[Any], view: View, bar: DeltaGenerator) -> None:
    """Train what the view needs, short ones at once, long ones when asked; show in the bar what is in training."""
    needed = part.trainings(view)
    for title, experiment in needed.items():
        own = [find(one) for one in pinned.own(part, view)]
        asks = part.asks(view, own)  # what is asked for next may have to wait for the one before
        if not asks or title in asks or set_aside(experiment):
            training(experiment, title, bar, behind=title == part.behind, wanted=tuple(needed.values()))
        else:
            watched(experiment, title, bar)
            if title == part.behind and may_be_offered(experiment):
                offered(experiment, title, bar)


def _of(view: View, before: View) -> View:
    """Return what `view` shows, of the experiment that was on screen before."""
    own = {name: getattr(view, name) for name in (*declared(type(view)), *BESIDE) if name not in view.trained}
    kept = {name: getattr(before, name) for name in view.trained}
    return type(view).of(before.experiment, **own, **kept)


def _still(part: Part[Any], wanted: View | None, before: View) -> str:
    """Say that the charts are still those of another view."""
    changed = (part.differs or pinned.differences)(wanted, before) if wanted is not None else ()
    what = ", ".join(changed) if changed else "the previous training run"
    return f"Not on screen yet; the charts still show {what}."


def _drawn(
    part: Part[Any], view: View, before: Mapping[Experiment, Shown[Any] | None] | None = None
) -> list[Shown[Any] | None]:
    """Return what there is of a view; what was drawn `before` of a run that was left since is still that."""
    return [find(experiment) or (before or {}).get(experiment) for experiment in pinned.needs(part, view)]


def _stage(session: Session[Any], view: View, drawn: Drawn, hooks: Hooks, ahead: Seen | None) -> None:
    """Draw charts, unless they are there already, and what goes with them."""
    scene = _scene(session.part, view, drawn, hooks)
    if ahead is None:
        _charts(session, view, scene)
    elif ahead != _seen(view, drawn):
        st.rerun()  # a control has moved another, or a training has ended
    _around(session, view, drawn, scene, hooks)


def _scene(part: Part[Any], view: View, drawn: Drawn, hooks: Hooks) -> Scene:
    scene = scene_of(part, view, drawn)
    return scene if hooks.scene is None else hooks.scene(view, pinned.of_own(part, view, drawn), scene)


def _charts(session: Session[Any], view: View, scene: Scene) -> None:
    """Draw the verdict and the player."""
    if scene.verdict:
        with st.container(key="verdict"):
            st.markdown(scene.verdict)
    charts = [(scene.figures[name], scene.cards[name].about(name)) for name in embed.shown(scene)]
    still = len(scene.steps) == 1  # nothing plays, and there is no step for a link to rest at
    led = session["led"]
    rest = int(scene.steps[0]) if still else led["step"]
    lesson: Lesson[Any] | None = session.get("lesson")
    told = {"token": str(led["token"]), "speed": led["speed"], "loop": led["loop"], "attend": session.get("attend")}
    read = story.reading()
    told["lesson"] = f"{lesson.title}. {lesson.text}" if lesson is not None else "" if read is None else read.told
    time = clock(scene.steps, pace=scene.pace, notes=scene.notes, rest=rest, **told)
    play(
        payload(time, charts),
        key=session.key("player"),
        on_pick=partial(_picked, session),
        on_edit=partial(_edited, session),
        on_frame=None if still else partial(_rested, session),
        on_picture=partial(printed, scene, view.experiment),
    )


def _around(session: Session[Any], view: View, drawn: Drawn, scene: Scene, hooks: Hooks) -> None:
    """Draw what stands below the charts: their controls, stories and lessons, and what can be exported."""
    part = session.part
    own_controls = [] if hooks.controls is None else [partial(hooks.controls, session)]
    pinning = [partial(pins, session, scene)] if part.trainings(view) else []
    widgets.chart_controls(session, (*own_controls, *pinning))
    if scene.below:
        st.markdown(scene.below)
    story.begun(session)
    things_to_try(session, part.lessons, partial(_takes, part))
    trained = drawn[: len(part.trainings(view))]
    shown = next((found for found in trained if found is not None), None)
    if shown is not None or not trained:
        tables: dict[str, tuple[str, Rows]] = {}
        if shown is not None:
            tables = {name: (text, partial(shown.table, name)) for name, text in part.tables.items()}
        tables |= {**part.more_tables(view, pinned.of_own(part, view, drawn)), **pinned.tables(part, view, drawn)}
        trajectory = None if shown is None else shown.trajectory
        there = {one: found for one, found in zip(pinned.needs(part, view), drawn, strict=True) if found}
        plays = partial(_page, Run(part, view, there, scene), st.context.url or "")
        take_away(Takeaway(tables, trajectory, scene, scene.frame(view.step), view.experiment, plays))
        embed.offer(to_query(view), scene)


def _page(run: Run, url: str) -> bytes:
    """Return the page that plays a view by itself, with a link to this app unless only this machine can follow it."""
    here = urllib.parse.urlsplit(url)
    app = f"{here.scheme}://{here.netloc}" if here.hostname not in (None, "localhost", "127.0.0.1") else ""
    return page(run, tuple(run.scene.figures), app_url=app).encode()


def scene_of(part: Part[Any], view: View, drawn: Drawn) -> Scene:
    """Return the scene of a view, which is drawn once whoever looks at it."""
    stamps = tuple("" if shown is None else shown.stamp for shown in drawn)
    playing = replace(view, step=None, speed=View.speed, loop=View.loop)
    return SCENES.get((part.key, repr(playing), stamps), lambda: pinned.scene(part, playing, drawn))


def _takes(part: Part[Any], view: View) -> str:
    """Return what a view takes that is not trained yet, in a few words."""
    return progress.takes(part.lacks(view, has).values())


def _picked(session: Session[Any], pick: Mapping[str, Any]) -> None:
    if session.part.picked is not None:
        _show(session, partial(session.part.picked, session.view, pick))


def _edited(session: Session[Any], edit: Mapping[str, Any]) -> None:
    rows: Sequence[Mapping[str, Any]] = edit["rows"]
    if session.part.edited is not None:
        _show(session, partial(session.part.edited, session.view, rows), held=not edit["done"])


def _show(session: Session[Any], view: Callable[[], View], *, held: bool = False) -> None:
    """Show the view that a chart asks for; one that cannot be is said, and what is there stays."""
    try:
        session.show(view(), held=held)
    except ExperimentError as error:
        if not held:
            session["held"] = None
        session.say(str(error))
    except (KeyError, TypeError, ValueError, OverflowError):
        return  # no chart of ours says this; what is there stays


def _rested(session: Session[Any], frame: int | None) -> None:
    """Remember how the player rests or plays, for the link."""
    rest = st.session_state[session.key("player")]["rest"]
    for name in PLAYED:
        session[name] = rest[name]
