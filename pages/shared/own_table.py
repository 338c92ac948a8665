"""A visitor's own table: its upload, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.datasets import (
    CATALOGUE,
    described,
    held,
    keep_name,
    leave_out,
    name_of,
    register,
    training_rows,
    warned,
)
from core.datasets.own import MAX_BYTES
from core.datasets.own_form import PLAIN
from pages.shared import widgets
from pages.shared.library import uploads
from pages.shared.session import Session
from pages.shared.upload import upload
from pages.shared.words import plain

HELP = (
    "Numbers, and a label in a column named label, class, target or y, else in the last. Two classes, 20 to 200,000 "
    "rows; commas, semicolons or tabs."
)


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
    """Take a table; the one that is trained on is named below."""

    def take(name: str, content: bytes) -> None:
        digest, form = register(content, uploads())
        keep_name(digest, name, uploads())
        session["csv_digest"], session["uploaded"] = digest, (digest, form)

    there = _name(session["csv_digest"]) if session["csv_digest"] else ""
    upload(session, "Your table", ("csv", "tsv", "txt"), MAX_BYTES, HELP, take, there)


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
