"""The (alpha, T) plane: every run of an experiment as a cell, coloured by what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np

from core.figure import heat_map
from core.figure.figure import Chart, Figure, Rows, Table, specification
from core.figure.marks import marks_of, on_screen, rimmed
from core.figure.palette import INK, PAPER, PINNED_COLOUR
from core.figure.powers import powers
from core.figure.rows import named_runs
from core.studies.explorer.charts.cells import Ground, Plane, point_rows
from core.studies.explorer.measures import MEASURES
from core.trajectory import OUTCOMES

ENDINGS = dict(zip(OUTCOMES[:4], ("#5B8DB8", "#E69F00", heat_map.DARK, "#bdbdbd"), strict=True))
"""The colours of how runs ended, where that is what colours the plane."""

NOW = "played ? datum.v[frame] : datum.v[length(datum.v) - 1]"


def figure(
    ground: Ground,
    steps: np.ndarray,
    *,
    played: bool,
    chosen: tuple[float, float],
    off_grid: Plane | None = None,
    pinned: Mapping[str, tuple[float, float]] | None = None,
) -> Figure:
    """Return the figure of a plane.

    Args:
        ground: the cells; steps: the snapshots.
        played: coloured at the played step, else in each run's last state.
        chosen: alpha and T of the run that the other charts play.
        pinned: those of the pinned runs, by their names.
        off_grid: the chosen run when it is no cell, drawn as a point.
    """
    grid = ground.tables["grid"].rows
    frame = _framed(grid, chosen)
    others = named_runs({run: _framed(grid, cell) for run, cell in (pinned or {}).items()})
    x, y = (round(float(np.log2(value)), 3) for value in chosen)
    around = (x - 0.5, x + 0.5, y - 0.5, y + 0.5)
    plane = heat_map.extent([*(heat_map.box(row) for row in grid), around])
    clear = [heat_map.box(row) for row in frame] or [(x - 0.2, x + 0.2, y - 0.2, y + 0.2)]
    tables: dict[str, Rows | Table] = {
        **ground.tables,
        "point": [] if frame else point_rows(off_grid, steps, ground.measure, chosen),
        "chosen": frame,
        "names": heat_map.name_rows(ground.named, plane, clear),
        "pinned": others,
    }
    params = heat_map.limits(plane, ground.ranges[played]) | {"played": int(played)}
    return Figure.of(chart(ground.measure), tables, params)


@specification(height=343, params={**heat_map.PARAMS, "played": 0})
def chart(measure: str) -> Chart:
    """Return the chart, one for each measure."""
    middle = {"across": "(datum.x + datum.x2) / 2", "up": "(datum.y + datum.y2) / 2"}
    pinned = marks_of("pinned").transform_calculate(**middle).encode(x="across:Q", y="up:Q", text="run:N")
    edge = heat_map.axes("α  (output scale; margin 1/α)", "T  (learning rate / (batch · width))", powers())
    pick = alt.selection_point(name="cell", fields=["alpha", "temperature"], on="click", toggle=False, clear=False)
    hue, said = _colour(measure), _tooltip()
    cells, point = (heat_map.in_powers(heat_map.told(_now(table))) for table in ("cells", "point"))
    ended = cells.transform_filter("!played || frame >= datum.end")
    point = point.mark_circle(size=150, stroke=INK, strokeWidth=2, opacity=1)
    layers = [
        heat_map.ground("grid", edge, pick),
        heat_map.coloured(cells, edge, hue, said),
        *heat_map.outcomes(ended, edge, said, "step_limit", "diverged", "unfinished"),
        *heat_map.names(edge),
        heat_map.outline("pinned", PAPER, width=4),
        heat_map.outline("pinned").encode(stroke=PINNED_COLOUR),
        *map(on_screen, rimmed(pinned, fontSize=11, fontWeight="bold")),
        *heat_map.chosen(),
        point.encode(x=edge["x"], y=edge["y"], color=hue, tooltip=said),
    ]
    return alt.layer(*layers)


def _framed(grid: Rows, cell: tuple[float, float]) -> Rows:
    return heat_map.framed(grid, {"alpha": cell[0], "temperature": cell[1]})


def _now(table: str) -> alt.Chart:
    found: alt.Chart = marks_of(table).transform_calculate(now=NOW)
    return found


def _colour(measure: str) -> alt.Color:
    if measure != "outcome":
        return heat_map.legend_of(MEASURES[measure], "now")
    scale = alt.Scale(domain=list(range(len(ENDINGS))), range=list(ENDINGS.values()))
    label = f"{[heat_map.MARKS[name].name if name in heat_map.MARKS else name for name in ENDINGS]}[datum.value]"
    return alt.Color("now:N", scale=scale, legend=alt.Legend(title=None, orient="bottom", labelExpr=label, columns=4))


def _tooltip() -> list[alt.Tooltip]:
    return [
        *heat_map.PLACE,
        alt.Tooltip("learning_rate:Q", title="learning rate", format=".4~g"),
        heat_map.ENDING,
        alt.Tooltip("steps:Q", title="last step", format=","),
        alt.Tooltip("test_error:Q", title="test error", format=".3f"),
        alt.Tooltip("mu_y_share:Q", title="share that L explains", format=".2f"),
        alt.Tooltip("relative_weight_change:Q", title="|Δw| / |w₀|", format=".3~g"),
    ]
