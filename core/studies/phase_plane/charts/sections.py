"""Cross-sections of the phase plane through one cell: at its alpha against T, and at its T against alpha.

The cell is the one under the pointer on the heat map, else the chosen one. Bands are plus and minus one standard
deviation over the seeds that fitted; a cell without a value is marked at the foot.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from core.figure import heat_map
from core.figure.figure import Chart, Figure, expr, specification
from core.figure.marks import between, marks_of, on_screen, stacked
from core.figure.palette import ACCENT, INK, MUTED
from core.figure.powers import power, powers
from core.figure.rows import short
from core.studies.phase_plane.charts.cells import MEASURES, OUTCOMES, Cells
from core.studies.phase_plane.charts.heat import tooltip

HEIGHT = 150
FOOT = 8
"""Pixels from the foot of a section to the marks of cells without a value."""

PARAMS = {
    "v_min": 0.01,
    "v_max": 1.0,
    "x_min": -1.0,
    "x_max": 1.0,
    "t_min": -1.0,
    "t_max": 1.0,
    "cursor_alpha": 1.0,
    "cursor_temperature": 1.0,
}
"""The player sets `cursor_alpha` and `cursor_temperature` to the cell under the pointer on another chart."""


def figure(shown: Cells, *, played: bool, chosen: tuple[float, float]) -> Figure:
    """Return the figure of a plane's sections; the arguments are those of `phase_heat.figure`."""
    low, high = _ends(shown.passed if played else shown.reach, log=MEASURES[shown.measure].log)
    params: dict[str, float | str] = {"v_min": low, "v_max": high}
    params |= {"x_min": shown.edges[0], "x_max": shown.edges[1], "t_min": shown.t[0], "t_max": shown.t[1]}
    params |= {"cursor_alpha": chosen[0], "cursor_temperature": chosen[1]}
    return Figure.of(chart(shown.measure, played), {"cells": shown.table}, params)


@specification(padding=74, params=PARAMS)
def chart(measure: str, played: bool) -> Chart:
    """Return the chart, one for each measure; see `phase_heat.chart`."""
    return stacked(
        _section(measure, played, ("temperature", "alpha"), "t", ("T", "α")),
        _section(measure, played, ("alpha", "temperature"), "x", ("α", "T")),
        spacing=26,
        shape="independent",
    )


def _section(measure: str, played: bool, columns: tuple[str, str], axis: str, names: tuple[str, str]) -> Chart:
    """Return the section along the first column at the cursor's value of the second."""
    (along, fixed), how = columns, MEASURES[measure]
    x = alt.X("place:Q", title=names[0], scale=between(f"{axis}_min", f"{axis}_max", zero=False), axis=powers())
    kind: dict[str, Any] = {"type": "log"} if how.log else {"zero": False}
    up = between("v_min", "v_max", clamp=True, **kind)
    room: dict[str, Any] = {"minExtent": 36, "maxExtent": 36, "titleLimit": HEIGHT + 20}
    look = alt.Axis(format=how.format, tickCount=4, grid=not how.log, **room)
    y = alt.Y("now:Q", title=how.title.split(" |")[0].split(",")[0], scale=up, axis=look)
    rows, here = _rows(along, fixed, played), f"datum.{along} == cursor_{along}"
    known = rows.transform_filter("isValid(datum.now)")
    dots = known.mark_point(filled=True, color=ACCENT, size=30, opacity=1)
    ring = known.transform_filter(here).mark_point(size=90, strokeWidth=2, color=INK, opacity=1)
    layers = [
        rows.mark_area(color=ACCENT, opacity=0.25, clip=True).encode(x=x, y=alt.Y("low:Q", scale=up), y2="high:Q"),
        rows.mark_line(color=ACCENT, strokeWidth=2, clip=True).encode(x=x, y=y, order="place:Q"),
        dots.encode(x=x, y=y, tooltip=tooltip()),
        on_screen(rows.transform_filter(here).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x=x)),
        on_screen(ring.encode(x=x, y=y)),
        *_outcomes(rows, x),
        _heading(fixed, names[1]),
    ]
    return alt.layer(*layers).properties(height=HEIGHT)


def _rows(along: str, fixed: str, played: bool) -> alt.Chart:
    """Return the cells of a section, at the clock if they are played, with the ends of their bands."""
    rows = heat_map.in_powers(marks_of("cells")).transform_filter(f"datum.{fixed} == cursor_{fixed}")
    rows = rows.transform_calculate(
        place=f"log(datum.{along}) / LN2",
        early="frame < datum.end" if played else "false",
    )
    rows = rows.transform_calculate(
        now="datum.early ? datum.v[frame] : datum.last" if played else "datum.last",
        spread="datum.early ? datum.d[frame] : datum.last_d" if played else "datum.last_d",
    )
    known = "isValid(datum.now) && isValid(datum.spread)"
    return rows.transform_calculate(
        low=f"{known} ? max(datum.now - datum.spread, v_min) : null",
        high=f"{known} ? min(datum.now + datum.spread, v_max) : null",
    )


def _outcomes(rows: alt.Chart, x: alt.X) -> list[alt.Chart]:
    """Return the marks of cells without a value, at the foot."""
    lost = rows.transform_filter("!datum.early && datum.outcome != 'fitted'")
    lost = lost.encode(x=x, y=alt.value(HEIGHT - FOOT), tooltip=tooltip())
    return heat_map.symbols(lost, OUTCOMES, size=60)


def _heading(fixed: str, other: str) -> alt.Chart:
    """Return what is held fixed, above the section."""
    text = f"'at {other} = ' + {power(f'log(cursor_{fixed}) / LN2')}"
    words: alt.Chart = (
        alt.Chart(alt.InlineData([{"text": ""}]))
        .mark_text(align="left", baseline="bottom", fontSize=11, fontWeight="bold", color=INK, text=expr(text))
        .encode(x=alt.value(0), y=alt.value(-5))
    )
    return words


def _ends(reach: tuple[float, float], *, log: bool) -> tuple[float, float]:
    """Return the ends of the axis with room for the marks at its foot."""
    low, high = reach
    if log:
        room = (high / low) ** 0.08
        return short(low / room, 3), short(high * room, 3)
    room = 0.08 * (high - low)
    return round(float(np.float64(low - 1.6 * room)), 4), round(float(high + room), 4)
