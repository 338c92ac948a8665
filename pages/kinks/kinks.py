"""What the declarations of a network on a line cannot say: a new seed, and points as text or from a file."""

from __future__ import annotations

import zlib
from functools import partial

import streamlit as st

from core.field import declared
from core.limits import limits
from core.studies.kinks.experiment import FEWEST_POINTS, MOST_POINTS, Kinks, rescaled
from core.studies.kinks.points_text import moved, read_points, written
from core.studies.kinks.view import KinksView, labels
from core.values import ExperimentError
from pages.shared.callback import to_its_end
from pages.shared.part import Hooks
from pages.shared.session import Session
from pages.shared.widgets import anew

Controls = Session[KinksView]
HELP = (
    f"One point per line: x and y, separated by a comma, semicolon, tab or space; {FEWEST_POINTS} to {MOST_POINTS} of "
    "them. x beyond [−1, 1] are moved into it, y beyond 10 are divided by the largest."
)
MEGABYTES = 1
"""Of a file of points, at most."""


def _loss(session: Controls) -> None:
    field = declared(Kinks)["loss"]
    st.segmented_control(
        field.label,
        list(field.options),
        key=session.key("loss"),
        required=True,
        help=field.help,
        on_change=to_its_end(_change_loss),
        args=(session,),
    )


def _change_loss(session: Controls) -> None:
    """Keep the heights of points that the logistic loss makes labels of, and give them back."""
    view, heights = session.view, session.get("heights", ())
    if session["loss"] == "logistic":
        session["heights"] = view.experiment.y
    back = session["loss"] == "squared" and labels(heights) == view.experiment.y
    session.change(loss=session["loss"], y=heights if back else view.experiment.y)


def _points(session: Controls) -> None:
    """Draw the points as text, a new one for other points, and a way to bring others."""
    points = written(session.view.experiment.x, session.view.experiment.y)
    name = _name_of(points)
    with st.expander("Points as text"):
        st.text_area(
            "x, y",
            points,
            height=180,
            key=session.key(name),
            on_change=to_its_end(_read_text),
            args=(session, name),
            help=HELP,
        )
        if limits().uploads:
            st.file_uploader(
                "From a file",
                type=["csv", "tsv", "txt"],
                max_upload_size=MEGABYTES,
                key=session.key("file"),
                on_change=to_its_end(_read_file),
                args=(session,),
                help="The same in a file, with or without a header line.",
            )


def _name_of(points: str) -> str:
    return f"text-{zlib.crc32(points.encode()):x}"


def _read_text(session: Controls, name: str) -> None:
    """Take the points of the text that is on screen.

    While points are dragged a browser goes on telling of texts that were on screen meanwhile, as if they were edited.
    """
    if name == _name_of(written(session.view.experiment.x, session.view.experiment.y)):
        _take(session, session[name])


def _read_file(session: Controls) -> None:
    file = session["file"]
    if file is not None:
        _take(session, file.getvalue().decode("utf-8-sig", "replace"))


def _take(session: Controls, text: str) -> None:
    """Take points as text; what was there stays until they are found good."""
    try:
        given = read_points(text)
        taken = rescaled(*given)
        session.change(x=taken[0], y=taken[1])
    except ExperimentError as error:
        session.say(str(error))
        return
    if taken != given:
        session.say(moved(given, taken))


NEW_SEED = partial(anew, name="seed", label="New seed", said="The same settings from other initial weights.")
HOOKS = Hooks(sections={"Initialization": NEW_SEED, "Data": _points}, instead={"loss": _loss})
