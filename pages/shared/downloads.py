"""Taking things away: the tables behind the charts, the charts, and the command that makes them again."""

from __future__ import annotations

import html
import io
import zipfile
from functools import partial

import pandas as pd
import streamlit as st

from core.charts.drawing import png, svg
from core.charts.figure import Figure
from core.frames import COLUMNS, files, plane, to_csv
from core.presets import command_line
from pages.shared.stage import Shown

CHART_TABLES = {"kinks": ("kinks", "function", "points"), "information": ("information",), "plane": ("plane",)}

COMMAND = """<pre style="margin:0; padding:.6rem .8rem; white-space:pre-wrap; overflow-wrap:anywhere; user-select:all;
border-radius:6px; background:var(--st-secondary-background-color); color:inherit; font-size:.85rem">{}</pre>"""
"""Not `st.code`: its highlighter takes half a second of a page's first three (measured)."""


def take_away(shown: Shown, around: Shown | None, figures: dict[str, Figure], frame: int) -> None:
    """Draw the download buttons, the command that makes the run again, and the tables themselves.

    A chart's CSV holds the rows on screen: of the run, or of the whole plane. The zip and the command are
    of the experiment in which the run on screen was trained: the plane, or that run by itself.
    """
    st.subheader("Take it away", divider="gray")
    whole = around or shown
    with st.container(horizontal=True, key="take-away"):
        for names in CHART_TABLES.values():
            for name in names:
                st.download_button(
                    f"{name}.csv",
                    data=partial(csv, name, shown, whole),
                    file_name=f"{name}.csv",
                    mime="text/csv",
                    key=f"csv-{name}",
                    on_click="ignore",
                    icon=":material/download:",
                    help=HELP[name],
                )
        st.download_button(
            "Everything (zip)",
            data=partial(bundle, shown, figures, frame),
            file_name="trainscope.zip",
            mime="application/zip",
            key="zip",
            on_click="ignore",
            type="primary",
            icon=":material/folder_zip:",
            help="Every table of all runs trained with the one on screen, the charts as PNG and SVG, and "
            "experiment.json.",
        )
    st.caption("Reproduce this (a click selects it)")
    st.html(COMMAND.format(html.escape(command_line(shown.trajectory.experiment))))
    # A closed expander sends nothing: the table and the script that draws it would double what a visit loads.
    with st.expander("The tables behind the charts", on_change="rerun", key="tables") as tables:
        if not tables.open:
            return
        chosen = st.segmented_control("Table", list(HELP), default="kinks", key="table", required=True)
        table = screen_table(chosen or "kinks", shown, whole)
        st.dataframe(table, height=260, hide_index=True)
        st.caption(f"{len(table):,} rows. " + " ".join(f"**{name}**: {meaning(name)}." for name in table.columns))


HELP = {
    "kinks": "The kinks of the run on screen, one row a snapshot and unit.",
    "function": "F along the data line, one row a snapshot and place.",
    "points": "The training points projected on the line.",
    "information": "Bits, accuracy, loss and weight change of the run on screen, one row a snapshot.",
    "plane": "One row a run of the plane.",
}


def screen_table(name: str, shown: Shown, whole: Shown) -> pd.DataFrame:
    """Return a table as it stands on screen."""
    return plane(whole.trajectory) if name == "plane" else shown.table(name)


def csv(name: str, shown: Shown, whole: Shown) -> bytes:
    """Return that table as a file."""
    return to_csv(screen_table(name, shown, whole))


def meaning(column: str) -> str:
    """Return what a column means, with its unit."""
    unit, text = COLUMNS.get(column, ("", column))
    return f"{text} [{unit}]" if unit else text


def bundle(shown: Shown, figures: dict[str, Figure], frame: int) -> bytes:
    """Return the zip of everything: what `python -m core train` writes, and the charts at `frame`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files(shown.trajectory):
            archive.writestr(name, data)
        for name, figure in figures.items():
            archive.writestr(f"{name}.svg", svg(figure, frame))
            archive.writestr(f"{name}.png", png(figure, frame))
    return content.getvalue()
