"""A visitor's own table: its upload, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pandas as pd
import streamlit as st

from core.datasets import (
    CATALOGUE,
    REST,
    Choice,
    DataError,
    cells_of,
    chosen,
    described,
    held,
    keep_name,
    leave_out,
    name_of,
    register,
    training_rows,
    usual,
    warned,
)
from core.datasets.own import MAX_BYTES
from core.datasets.own_form import PLAIN, Form
from pages.shared import widgets
from pages.shared.callback import to_its_end
from pages.shared.library import uploads
from pages.shared.session import Session
from pages.shared.upload import upload
from pages.shared.words import plain

HELP = (
    "Numbers, and a label in a column named label, class, target or y, else in the last. Two classes, 20 to 200,000 "
    "rows; commas, semicolons or tabs. Of a file of up to 2 MB with more classes, text or gaps, choose what is learned."
)
PREVIEW = 5
"""Rows that are shown of a file."""
MOST_CLASSES = 200
"""Values of a column that are offered as classes."""


def dataset(session: Session[Any]) -> None:
    """Draw the choice of the data set, what it is, and the upload of a table of one's own."""
    widgets.draw(session, "dataset")
    st.caption(CATALOGUE[session["dataset"]].sentence)
    if session["dataset"] == "csv":
        session["csv_digest"] = session["csv_digest"] or session.get(
            "own_table", ""
        )  # after a look at another data set
        _upload(session)
        _choice(session)
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
    """Take a table; the one that is trained on is named below.

    Of one that is no task yet, with three classes, text or gaps, the visitor chooses what is learned.
    """

    def take(name: str, content: bytes) -> None:
        session["brought"] = None
        with suppress(DataError):
            cells_of(content)
            session["brought"] = name, content
        try:
            digest, form = register(content, uploads())
        except DataError as error:
            if session["brought"] is None:
                raise
            raise DataError(f"{error} Choose below what to learn.") from None
        _take(session, digest, form, name)

    there = _name(session["csv_digest"]) if session["csv_digest"] else ""
    upload(session, "Your table", ("csv", "tsv", "txt"), MAX_BYTES, HELP, take, there)


def _take(session: Session[Any], digest: str, form: Form, name: str) -> None:
    keep_name(digest, name, uploads())
    session["csv_digest"], session["uploaded"] = digest, (digest, form)


def _choice(session: Session[Any]) -> None:
    """Draw, for the file that was brought last, the choice of its label and of two classes."""
    brought = session.get("brought")
    if brought is None:
        return
    name, content = brought
    cells = cells_of(content)
    with st.expander("Another label, or other classes", expanded=bool(session.get("refused"))):
        st.dataframe(pd.DataFrame(cells.rows[:PREVIEW], columns=cells.columns), hide_index=True, height="content")
        first = usual(cells)
        column = st.selectbox("Label", cells.columns, cells.columns.index(first.label), key=session.key("own-label"))
        classes = cells.classes(column)
        one = _class(session, "One class", list(classes), classes, "own-one")
        other = _class(session, "Against", [REST, *(value for value in classes if value != one)], classes, "own-other")
        if not classes or one is None:
            return
        try:
            table, said = chosen(content, Choice(label=column, one=one, other=other or REST))
        except DataError as error:
            st.error(plain(str(error)))
            return
        if said:
            st.caption("  \n".join(map(plain, said)))
        st.button(
            "Learn this",
            key=session.key("own-learn"),
            on_click=to_its_end(_learn),
            args=(session, table, name, f"{column}: {one}"),
            width="stretch",
        )


def _class(
    session: Session[Any], label: str, values: Sequence[str], classes: Mapping[str, int], key: str
) -> str | None:
    def named(value: str) -> str:
        return "all others" if value == REST else f"{value} ({classes[value]:,} rows)"

    return st.selectbox(label, values[:MOST_CLASSES], key=session.key(key), format_func=named)


def _learn(session: Session[Any], table: bytes, name: str, what: str) -> None:
    """Train on what was chosen of a file."""
    try:
        digest, form = register(table, uploads())
    except DataError as error:
        session["refused"] = f"{name} is refused: {str(error).removeprefix('csv: ')}"
        return
    session["refused"] = ""
    _take(session, digest, form, f"{name}, {what}")


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
                on_change=to_its_end(_leave_out),
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
