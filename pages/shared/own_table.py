"""A visitor's own table: its upload, checked before anything on screen changes."""

from __future__ import annotations

import streamlit as st

from core.datasets import DataError, read_csv, register_csv, training_rows
from pages.shared.library import jobs
from pages.shared.words import plain

HELP = (
    "A header line, then numbers; the label in a column named label, class, target or y, else in the last. Two "
    "classes, 20 to 200,000 rows, at most 20 MB. The file stays on this server."
)


def upload(key: str) -> None:
    """Take a table and keep its digest under `key`; what was there stays until a file is found good."""
    file = st.file_uploader("Your table", type=["csv"], max_upload_size=20, help=HELP, key=f"{key}-file")
    if file is not None:
        try:
            st.session_state[key] = register_csv(file.getvalue(), jobs().store.uploads)
        except DataError as error:
            st.error(plain(str(error)))


def most_rows(digest: str) -> int | None:
    """Return how many rows of the table one may train on; None if it is not here."""
    table = jobs().store.uploads / f"{digest}.csv"
    return training_rows(len(read_csv(table)[1])) if digest and table.is_file() else None
