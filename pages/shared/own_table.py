"""A visitor's own table: its upload, checked before anything on screen changes, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.datasets import (
    CATALOGUE,
    DataError,
    described,
    held,
    keep_name,
    leave_out,
    name_of,
    register,
    training_rows,
    warned,
)
from core.datasets.own_form import PLAIN
from core.limits import limits
from pages.shared import widgets
from pages.shared.library import uploads
from pages.shared.session import Session
from pages.shared.words import plain

HELP = (
    "Numbers, and a label in a column named label, class, target or y, else in the last. Two classes, 20 to 200,000 "
    "rows, at most {:g} MB; commas, semicolons or tabs. The file stays on this server{}."
)


def _help() -> str:
    here = ", for as long as this page is open, and nobody else can reach it" if limits().private_uploads else ""
    return HELP.format(limits().upload_bytes / 1e6, here)


def dataset(session: Session[Any]) -> None:
    """Draw the choice of the data set, what it is, and the upload of a table of one's own."""
    widgets.draw(session, "dataset")
    st.caption(CATALOGUE[session["dataset"]].sentence)
    if session["dataset"] == "csv":
        session["csv_digest"] = session["csv_digest"] or session.get(
            "own_table", ""
        )  # after a look at another data set
        _upload(session)
        session["own_table"] = session["csv_digest"]
        if _is_here(session["csv_digest"]):
            _said(session, session["csv_digest"])


def n_train(session: Session[Any]) -> None:
    """Draw the number of training points, at most as many as the data set or the table has."""
    low, high = session.view.limits("n_train", session.values())
    if session["dataset"] == "csv":
        digest = session["csv_digest"]
        high = min(high, training_rows(sum(described(digest, uploads()).rows))) if _is_here(digest) else high
    widgets.whole(session, "n_train", low, high)


def _upload(session: Session[Any]) -> None:
    """Take a table, where the host allows it; one that is refused is said, and what was there stays.

    The uploader is empty again after each file: the table that is trained on is named below it.
    """
    if not limits().uploads:
        st.caption("This host takes no tables; the command line does, on a machine of your own.")
        return
    turn = session.get("upload", 0)
    most = math.ceil(limits().upload_bytes / 1e6)
    key = session.key(f"upload-{turn}")
    file = st.file_uploader("Your table", type=["csv", "tsv", "txt"], max_upload_size=most, help=_help(), key=key)
    if file is not None:
        session["upload"] = turn + 1
        session["refused"] = ""
        try:
            digest, form = register(file.getvalue(), uploads(), limits().upload_bytes)
        except DataError as error:
            session["refused"] = f"{file.name} is refused: {str(error).removeprefix('csv: ')}"
        else:
            keep_name(digest, file.name, uploads())
            session["csv_digest"], session["uploaded"] = digest, (digest, form)
        st.rerun()
    if refused := session.get("refused"):
        kept = f" {_name(session['csv_digest'])} stays." if session["csv_digest"] else ""
        st.error(plain(refused + kept))


def _said(session: Session[Any], digest: str) -> None:
    """Say what the table holds and how it was read, and offer to leave out columns that tell rows apart."""
    whole, form = session.get("uploaded", (digest, PLAIN))
    if digest not in (whole, session.get("trimmed")):  # it came by a link
        whole, form = digest, PLAIN
    table, identifiers = described(digest, uploads()), described(whole, uploads()).identifiers
    with st.container(key=session.key("own-table")):
        st.markdown(f"**{plain(_name(digest))}**")
        st.caption("  \n".join(map(plain, [*held(table), *warned(table, form)])))
        if identifiers and set(identifiers) < set(described(whole, uploads()).columns):
            session["left_out"] = digest != whole
            names = " and ".join(f"'{plain(name)}'" for name in identifiers[:3])
            st.toggle(
                f"Leave out {names}",
                key=session.key("left_out"),
                on_change=_leave_out,
                args=(session, whole, identifiers),
            )


def _leave_out(session: Session[Any], whole: str, columns: Sequence[str]) -> None:
    """Train on the table without some columns, or on all of it again."""
    if session["left_out"]:
        session["trimmed"] = leave_out(whole, columns, uploads())
    session["csv_digest"] = session["trimmed"] if session["left_out"] else whole


def _name(digest: str) -> str:
    return name_of(digest, uploads()) or "The table of this link"


def _is_here(digest: str) -> bool:
    return bool(digest) and (uploads() / f"{digest}.csv").is_file()
