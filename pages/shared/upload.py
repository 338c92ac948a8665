"""The upload of a file of a visitor's own, as this host allows it; what is refused changes nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.datasets import DataError
from core.limits import limits
from core.study import study_of
from pages.shared.library import uploads
from pages.shared.session import Session
from pages.shared.words import plain

Take = Callable[[str, bytes], None]
"""Checks a file, given its name and its bytes, and shows it; raises DataError for one that is refused."""


def upload(
    session: Session[Any], label: str, kinds: Sequence[str], most: int, said: str, take: Take, there: str = ""
) -> None:
    """Draw the upload, where the host allows one. It is empty again after each file.

    Args:
        session: the part's.
        label: what the file is.
        kinds: endings of its name.
        most: bytes that are read, wherever it is.
        said: what such a file holds.
        take: what is done with it.
        there: the name of what stays when a file is refused.
    """
    if not limits().uploads:
        st.caption("This host takes no files; the command line does, on a machine of your own.")
        return
    turn, most = session.get("upload", 0), min(most, limits().upload_bytes)
    size, key = math.ceil(most / 1e6), session.key(f"upload-{turn}")
    text = f"{said} At most {most / 1e6:g} MB. {_reach()}"
    file = st.file_uploader(label, type=list(kinds), max_upload_size=size, help=text, key=key)
    if file is not None:
        session["upload"], session["refused"] = turn + 1, ""
        try:
            if file.size > most:
                raise DataError(f"at most {most / 1e6:g} MB; {file.size / 1e6:.1f} MB came.")
            take(file.name, file.getvalue())
        except DataError as error:
            session["refused"] = f"{file.name} is refused: {re.sub('^[a-z]+: ', '', str(error))}"
        st.rerun()
    if refused := session.get("refused"):
        st.error(plain(f"{refused} {there} stays." if there else refused))


def opening(session: Session[Any], label: str, kinds: Sequence[str], most: int, said: str) -> None:
    """Draw the upload of a file that the part's study opens, and say what the one on screen holds."""

    def take(name: str, content: bytes) -> None:
        opens = study_of(session.view.experiment).opens
        found = opens()(content, uploads()) if opens is not None else None
        if found is None:
            raise DataError("a file of another kind; `python -m core open` says of which.")
        session["told"] = found[0], [name, *found[1]]
        session.show(replace(session.view.with_preset(found[0]), **session.beside))

    upload(session, label, kinds, most, said, take)
    experiment, held = session.get("told", (None, []))
    if experiment == session.view.experiment:
        st.markdown(f"**{plain(held[0])}**")
        st.caption("  \n".join(map(plain, held[1:])))


def _reach() -> str:
    """Say who can look at the file, and for how long."""
    if limits().private_uploads:
        return "The file stays on this server for as long as this page is open, and nobody else can reach it."
    return "The file stays on this server; only those who know its link can look at it."
