"""Taking things away: the tables behind the charts, the charts, and the command that makes them again."""

from __future__ import annotations

import html
import io
import mimetypes
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.columns import columns
from core.experiment import Experiment
from core.figure.drawing import COLUMN, DPI, FORMS, PAGE, picture
from core.part import Scene
from core.presets import command_line, file_name
from core.tables import described, files, to_csv, to_parquet
from core.trajectory import Trajectory
from core.values import ExperimentError

COMMAND = """<pre style="margin:0; padding:.6rem .8rem; white-space:pre-wrap; overflow-wrap:anywhere; user-select:all;
border-radius:6px; background:var(--st-secondary-background-color); color:inherit; font-size:.85rem">{}</pre>"""
"""Not `st.code`: its highlighter takes half a second of a page's first three (measured)."""


PICTURES = f"the charts for print: PNG at 300 dpi, SVG and PDF, {COLUMN} and {PAGE} mm wide."


@dataclass(frozen=True)
class Takeaway:
    """What a page has on screen.

    A chart's CSV holds the rows on screen. The zip and the command are of `trajectory`, all that was trained with it;
    the zip is of the tables where nothing is trained.
    """

    tables: Mapping[str, tuple[str, Callable[[], pd.DataFrame]]]
    """By the name of the file: what it holds, and the rows."""
    trajectory: Trajectory | None
    scene: Scene
    frame: int
    experiment: Experiment
    """What names the files."""
    page: Callable[[], bytes]
    """Makes the page that plays the charts by itself."""


def take_away(what: Takeaway) -> None:
    """Draw the download buttons, the command that makes the run again, and the tables themselves."""
    st.subheader("Export", divider="gray")
    stem = file_name(what.experiment)
    everything = f"Every table of all runs trained with the one on screen, experiment.json, and {PICTURES}"
    with st.container(horizontal=True, key="take-away"):
        for name, (text, table) in what.tables.items():
            _button(f"{name}.csv", partial(_csv, table), key=f"csv-{name}", help=text)
        plays = "These charts as one file that plays by itself: offline, in a talk, on a course page."
        _button(f"{stem}.html", what.page, "Playing page (html)", key="page", help=plays, icon="animated_images")
        text = f"Every table, and {PICTURES}" if what.trajectory is None else everything
        data = partial(bundle, what)
        _button(f"{stem}.zip", data, "Everything (zip)", key="zip", help=text, icon="folder_zip", type="primary")
        with st.popover("More formats", on_change="rerun", key="formats") as formats:
            if formats.open:
                _more_formats(what)
    if what.trajectory is not None:
        st.caption("Reproduce this (a click selects it)")
        st.html(COMMAND.format(html.escape(command_line(what.trajectory.experiment))))
    # A closed expander sends nothing: the table and the script that draws it would double what a visit loads.
    with st.expander("The tables behind the charts", on_change="rerun", key="tables") as tables:
        if not tables.open:
            return
        names = list(what.tables)
        chosen = st.segmented_control("Table", names, default=names[0], key=f"table-{names[0]}", required=True)
        rows = what.tables[chosen or names[0]][1]()
        st.dataframe(rows, height=260, hide_index=True)
        st.caption(f"{len(rows):,} rows. " + " ".join(f"**{name}**: {meaning(name)}." for name in rows.columns))


def _button(
    name: str,
    data: Callable[[], bytes],
    label: str = "",
    *,
    key: str,
    help: str | None = None,
    icon: str = "download",
    type: Literal["primary", "secondary"] = "secondary",
) -> None:
    """Draw a button that saves a file, which is made when it is asked for."""
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    icon = f":material/{icon}:"
    st.download_button(label or name, data, name, mime, key=key, help=help, icon=icon, type=type, on_click="ignore")


def _more_formats(what: Takeaway) -> None:
    """Draw the tables as Parquet, and a chart for print at the width of a column or of a page."""
    st.caption("Tables with units and meanings in the file")
    for name, (text, table) in what.tables.items():
        _button(f"{name}.parquet", partial(_parquet, table, what.experiment), key=f"parquet-{name}", help=text)
    st.caption("A chart for print, at the step on screen")
    charts = list(what.scene.figures)
    own = charts[0]  # parts share the session: each keeps its own choice
    chart = st.selectbox(
        "Chart", charts, key=f"print-chart-{own}", format_func=lambda name: what.scene.cards[name].title
    )
    width = st.segmented_control(
        "Width",
        (COLUMN, PAGE),
        default=COLUMN,
        key=f"print-width-{own}",
        format_func=lambda mm: f"{mm} mm",
        required=True,
    )
    for form in FORMS:
        label = f"{form.upper()} ({DPI} dpi)" if form == "png" else form.upper()
        data = partial(_printed, what, chart, width or COLUMN, form)
        _button(f"{_print_name(what, chart, width or COLUMN)}.{form}", data, label, key=f"print-{form}")


def _print_name(what: Takeaway, chart: str, width: int) -> str:
    return f"{file_name(what.experiment, chart)}-{width}mm"


def _printed(what: Takeaway, chart: str, width: int, form: str) -> bytes:
    return picture(what.scene.figures[chart], what.frame, what.scene.cards[chart].title, width).content(form)


def _parquet(table: Callable[[], pd.DataFrame], experiment: Experiment) -> bytes:
    return to_parquet(described(table(), experiment))


def _csv(table: Callable[[], pd.DataFrame]) -> bytes:
    return to_csv(table())


def meaning(column: str) -> str:
    """Return what a column means, with its unit."""
    unit, text = columns().get(column, ("", column))
    return f"{text} [{unit}]" if unit else text


def printed(scene: Scene, experiment: Experiment, asked: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return the name and the content of the picture of a chart that the player asks for.

    Raises:
        ExperimentError: there is no such chart, format or snapshot.
    """
    name, form = asked["chart"], asked["format"]
    allowed = {"chart": list(scene.figures), "format": FORMS, "frame": range(len(scene.steps))}
    for word, values in allowed.items():
        if asked[word] not in values:
            raise ExperimentError(word, f"one of {', '.join(map(str, values))}", asked[word])
    card = scene.cards[name]
    drawn = picture(scene.figures[name], asked["frame"], card.title, PAGE if card.wide or card.broad else COLUMN)
    stem = file_name(experiment, name) + (f"-step{asked['step']}" if len(scene.steps) > 1 else "")
    return f"{stem}.{form}", drawn.content(form)


def bundle(what: Takeaway) -> bytes:
    """Return the zip of everything: what `python -m core train` writes, and the charts at the frame."""
    content, trained = io.BytesIO(), {} if what.trajectory is None else dict(files(what.trajectory))
    own = {f"{name}.csv": rows for name, (_, rows) in what.tables.items() if f"{name}.csv" not in trained}
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (trained | {name: _csv(rows) for name, rows in own.items()}).items():
            if data.count(b"\n") > 1 or name.endswith(".json"):  # a header alone tells nothing
                archive.writestr(name, data)
        for name, figure in what.scene.figures.items():
            for width in (COLUMN, PAGE):
                drawn = picture(figure, what.frame, what.scene.cards[name].title, width)
                for form in FORMS:
                    archive.writestr(f"figures/{_print_name(what, name, width)}.{form}", drawn.content(form))
    return content.getvalue()
