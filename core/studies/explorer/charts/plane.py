"""The (alpha, T) plane: every run of an experiment as a cell, coloured by what was measured of it."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from core.figure.figure import Chart, Figure, Table, expr, specification
from core.figure.heat_map import OUTCOME_COLOURS, name_mark, outline_mark
from core.figure.marks import between, marks_of
from core.figure.palette import INK, MUTED, PAPER, PINNED
from core.figure.powers import powers
from core.studies.explorer.charts.cells import MEASURES, Ground, Plane, beside, on_grid, outline, point_rows

Layers = Chart

PARAMS = {"played": 0, "c_min": 0, "c_max": 1, "x_min": 0, "x_max": 1, "y_min": 0, "y_max": 1}


def figure(
    ground: Ground,
    steps: np.ndarray,
    *,
    played: bool,
    chosen: tuple[float, float],
    off_grid: Plane | None = None,
    pinned: tuple[float, float] | None = None,
) -> Figure:
    """Return the figure of a plane.

    Args:
        ground: the cells; steps: the snapshots.
        played: coloured at the played step, else in each run's last state.
        chosen, pinned: alpha and T of the run that the other charts play, and of the pinned one.
        off_grid: the chosen run when it is no cell, drawn as a point.
    """
    columns, rows = ground.edges
    is_cell = on_grid(chosen, ground.grid)
    framed = outline(chosen, ground.grid, columns, rows)
    tables = dict(ground.tables) | {
        "point": Table([] if is_cell else point_rows(off_grid, steps, ground.measure, chosen)),
        "chosen": Table(framed),
        "names": Table(beside(ground.tables["names"].rows, framed, (rows[0][0] + rows[-1][1]) / 2)),
        "pinned": Table(outline(pinned, ground.grid, columns, rows)),
    }
    low, high = ground.ranges[played]
    x, y = np.log2(chosen)
    edges = {
        "x_min": min(columns[0][0], x - 0.5),
        "x_max": max(columns[-1][1], x + 0.5),
        "y_min": min(rows[0][0], y - 0.5),
        "y_max": max(rows[-1][1], y + 0.5),
    }
    params: dict[str, float | str] = {"played": int(played), "c_min": low, "c_max": high}
    params |= {name: round(float(value), 3) for name, value in edges.items()}
    return Figure.of(chart(ground.measure), tables, params)


@specification(height=343, params=PARAMS)
def chart(measure: str) -> Layers:
    """Return the chart, one for each measure."""
    x = alt.X("x:Q", title="α  (output scale; margin 1/α)", scale=_scale("x"), axis=powers())
    y = alt.Y("y:Q", title="T  (learning rate / (batch · width))", scale=_scale("y"), axis=powers())
    box: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    pick = alt.selection_point(name="cell", fields=["alpha", "temperature"], on="click", toggle=False, clear=False)
    ground = (
        marks_of("grid")
        .mark_rect(fill=MUTED, fillOpacity=0.08, stroke=PAPER, strokeWidth=1, cursor="pointer")
        .encode(**box)
        .add_params(pick)
    )
    ended = (
        marks_of("cells")
        .transform_calculate(now="played ? datum.v[frame] : datum.v[length(datum.v) - 1]")
        .transform_calculate(ended="!played || frame >= datum.end")
    )
    layers = [
        ground,
        ended.transform_filter("isValid(datum.now)")
        .mark_rect(stroke=PAPER, strokeWidth=1, cursor="pointer")
        .encode(**box, color=_colour(measure), tooltip=_tooltip()),
        *_outcome_marks(ended),
        name_mark(x, y, stroke=True),
        name_mark(x, y, stroke=False),
        outline_mark("pinned", PINNED, [4, 3]),
        outline_mark("chosen", PAPER, [1, 0], width=5),
        outline_mark("chosen", INK, [1, 0]),
        marks_of("point")
        .transform_calculate(now="played ? datum.v[frame] : datum.v[length(datum.v) - 1]")
        .mark_circle(size=150, stroke=INK, strokeWidth=2, opacity=1)
        .encode(x=x, y=y, color=_colour(measure), tooltip=_tooltip()),
    ]
    return alt.layer(*layers)


def _scale(axis: str) -> alt.Scale:
    return between(f"{axis}_min", f"{axis}_max", zero=False)


def _colour(measure: str) -> alt.Color:
    if measure == "outcome":
        names = list(OUTCOME_COLOURS)
        scale = alt.Scale(domain=list(range(len(names))), range=list(OUTCOME_COLOURS.values()))
        label = f"{[name.replace('_', ' ') for name in names]}[datum.value]"
        return alt.Color(
            "now:N", scale=scale, legend=alt.Legend(title=None, orient="bottom", labelExpr=label, columns=4)
        )
    how = MEASURES[measure]
    scale = alt.Scale(
        scheme=how.scheme,
        reverse=how.reverse,
        type="log" if how.log else "linear",
        domain=[expr("c_min"), expr("c_max")],
        nice=False,
        clamp=True,
    )
    legend = alt.Legend(
        title=how.title,
        orient="bottom",
        direction="horizontal",
        gradientLength=210,
        gradientThickness=9,
        format=how.format,
    )
    return alt.Color("now:Q", scale=scale, legend=legend)


def _outcome_marks(ended: alt.Chart) -> list[alt.Chart]:
    """Mark what did not fit whatever the colour shows: diverged dark and crossed, the others struck through."""
    diverged = ended.transform_filter("datum.ended && datum.outcome == 'diverged'")
    short = ended.transform_filter("datum.ended && (datum.outcome == 'step_limit' || datum.outcome == 'diverged')")
    box: dict[str, Any] = {"x": "x:Q", "y": "y:Q", "x2": "x2:Q", "y2": "y2:Q"}
    line: dict[str, Any] = {"strokeWidth": 1.2, "color": PAPER, "opacity": 0.9}
    filled = "isValid(datum.now) || datum.outcome == 'diverged'"
    marks = [
        short.transform_filter(filled).mark_rule(**line).encode(**box),
        short.transform_filter(f"!({filled})").mark_rule(**line | {"color": MUTED}).encode(**box),
    ]
    dark = diverged.mark_rect(color=OUTCOME_COLOURS["diverged"], stroke=PAPER, cursor="pointer")
    crossed = diverged.mark_rule(**line).encode(x="x2:Q", y="y:Q", x2="x:Q", y2="y2:Q")
    return [dark.encode(**box, tooltip=_tooltip()), *marks, crossed]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("alpha:Q", title="α", format=".4~g"),
        alt.Tooltip("temperature:Q", title="T", format=".4~g"),
        alt.Tooltip("learning_rate:Q", title="learning rate", format=".4~g"),
        alt.Tooltip("outcome:N"),
        alt.Tooltip("steps:Q", title="last step", format=","),
        alt.Tooltip("test_error:Q", title="test error", format=".3f"),
        alt.Tooltip("mu_y_share:Q", title="share that L explains", format=".2f"),
        alt.Tooltip("relative_weight_change:Q", title="|Δw| / |w₀|", format=".3~g"),
    ]
