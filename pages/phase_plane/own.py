"""What the declarations of your own runs cannot say: the file that they come from, and which columns it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.studies.own_plane.reading import MAX_BYTES
from core.studies.own_plane.tables import columns_of
from core.studies.own_plane.view import OwnPlaneView
from pages.shared.callback import to_its_end
from pages.shared.library import find
from pages.shared.part import Hooks
from pages.shared.session import Session
from pages.shared.upload import opening

Controls = Session[OwnPlaneView]

HELP = (
    "A CSV or Parquet file with a row a run: two numeric columns that span the plane (`alpha` and `temperature`, or "
    "the first two with 2 to 100 different values), and what you measured. A column `seed` tells repetitions apart, "
    "`outcome` says how a run ended (fitted, step_limit, diverged, unfinished), and with `step` a row is a run at one "
    "of its steps. Columns of text are left out."
)


def _open(session: Controls) -> None:
    """Take a table, and choose among its columns."""
    opening(session, "Your runs", ("csv", "parquet"), MAX_BYTES, HELP)
    shown = find(session.view.experiment)
    if shown is None:
        return
    view, trajectory = session.view, shown.trajectory
    now = columns_of(trajectory, view.x, view.y, view.value)._asdict()
    rest = [name for name in trajectory.columns if name not in (now["x"], now["y"])]
    offered: Mapping[str, Sequence[str]] = {"x": trajectory.axis_names, "y": trajectory.axis_names, "value": rest}
    for name, label in (("x", "Across"), ("y", "Up"), ("value", "Value")):
        _column(session, name, label, offered[name], now)


def _column(session: Controls, name: str, label: str, offered: Sequence[str], now: Mapping[str, str]) -> None:
    """Draw the choice of a column; the two axes change places if one takes the other's."""
    key = session.key(f"{name}_column")
    st.session_state[key] = now[name]

    def choose() -> None:
        new = {**now, name: st.session_state[key]}
        if new["x"] == new["y"]:
            new |= {"x": now["y"], "y": now["x"]}
        session.change(**new)

    st.selectbox(label, list(offered), key=key, on_change=to_its_end(choose))


HOOKS = Hooks(sections={"Your runs": _open})
