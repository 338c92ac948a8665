"""The responses of two features in their plane: fixed points for every strength of the first, and descents to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import FRAME, INK, MUTED, PAPER, THEME, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.studies.strengths.charts.penalties import PENALTIES, by_run, colour

HEIGHT = 360


def figure(fixed: pd.DataFrame, trained: Sequence[float], chosen: float, descents: pd.DataFrame | None) -> Figure:
    """Return the figure; without descents it has the fixed points alone.

    Args:
        fixed: penalty, s_1, z_1, z_2, of a grid of s_1 that has all of `trained`.
        trained: the s_1 that are named.
        chosen: the one of them that is marked.
        descents: s_1, penalty, step, z_1, z_2 of the recorded steps, in the order of runs.
    """
    named = fixed[fixed["s_1"].isin(trained)]
    named = named[(named["penalty"] == "ridge") | (named["s_1"] == min(trained))]
    tables: dict[str, Rows] = {
        "fixed": _rows(fixed[fixed["penalty"] == "ridge"]),
        "rest": [{**row, **_look(row, chosen)} for row in _rows(named)],
        "paths": [] if descents is None else _rows(descents),
        "balls": [
            about | {"x": listed(rows["z_1"].abs(), 5), "y": listed(rows["z_2"].abs(), 5)}
            for about, rows in by_run(descents)
        ],
    }
    largest = fixed if descents is None else pd.concat([fixed, descents])
    most = {f"most_{axis}": _most(largest[column]) for axis, column in (("x", "z_1"), ("y", "z_2"))}
    return Figure(spec(), as_tables(tables), most)


def _rows(table: pd.DataFrame) -> Rows:
    columns = (listed(np.abs(table[name].to_numpy(np.float64)), 5) for name in ("z_1", "z_2"))
    names = [PENALTIES[penalty][0] for penalty in table["penalty"]]
    return [
        {"penalty": name, "s": strength, "at": at, "x": x, "y": y}
        for at, (name, strength, x, y) in enumerate(zip(names, listed(table["s_1"]), *columns, strict=True))
    ]


def _look(row: Any, chosen: float) -> dict[str, Any]:
    ridge = row["penalty"] == PENALTIES["ridge"][0]
    marked = not ridge or row["s"] == chosen
    return {
        "text": f"s₁ = {row['s']:g}" if ridge else "any s₁",
        "size": 170 if marked else 60,
        "align": "right" if ridge else "left",
    }


def _most(values: pd.Series) -> float:
    known = values.to_numpy(np.float64)
    known = known[np.isfinite(known) & (np.abs(known) < 1e3)]
    return round(1.1 * max(float(np.abs(known).max(initial=0)), 0.1), 4)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every experiment."""
    x, y = (
        channel(
            f"{axis}:Q",
            title=title,
            scale=alt.Scale(domain=[0, expr(f"most_{axis}")], nice=False),
            axis=alt.Axis(grid=False, tickCount=5),
        )
        for axis, channel, title in (("x", alt.X, "|z₁|, response of the first feature"), ("y", alt.Y, "|z₂|"))
    )
    fixed, rest, paths, balls = (alt.Chart(alt.NamedData(name)) for name in ("fixed", "rest", "paths", "balls"))
    now = balls.transform_filter("isValid(datum.x[frame])").transform_calculate(
        said="tween ? '' : datum.penalty + ', s₁ = ' + datum.s + ': ' + format(datum.x[frame], '.3f') + ', '"
        " + format(datum.y[frame], '.3f')",
        px=moving("x"),
        py=moving("y"),
    )
    moved: dict[str, Any] = {"x": _as(x, "px"), "y": _as(y, "py")}
    sides: tuple[tuple[str, Any, int], ...] = (("right", "left", 9), ("left", "right", -9))
    words = [
        rest.transform_filter(f"datum.align == '{side}'")
        .mark_text(fontSize=10, align=align, dx=dx, dy=-7, color=expr(INK))
        .encode(x=x, y=y, text="text:N")
        for side, align, dx in sides
    ]
    layers = [
        paths.mark_line(strokeWidth=1.3, opacity=0.5, clip=True).encode(
            x=x, y=y, color=colour(legend=True), detail="s:N", order="at:Q"
        ),
        fixed.mark_line(strokeWidth=1.6, strokeDash=[5, 4], color=expr(MUTED), clip=True).encode(x=x, y=y, order="s:Q"),
        rest.mark_point(shape="diamond", strokeWidth=1.8, filled=False, opacity=1, clip=True).encode(
            x=x, y=y, stroke=_stroke(), size=alt.Size("size:Q", scale=None)
        ),
        *words,
        now.mark_point(filled=True, size=55, stroke=expr(PAPER), strokeWidth=1, opacity=1, clip=True).encode(
            **moved, fill=colour(legend=False, channel=alt.Fill), tooltip="said:N"
        ),
    ]
    own = [alt.param(name=name, value=value) for name, value in (("most_x", 11), ("most_y", 2))]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME, *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def _as(channel: Any, name: str) -> Any:
    """Return the same axis for another field."""
    other = channel.copy()
    other.shorthand = f"{name}:Q"
    return other


def _stroke() -> alt.Stroke:
    names, colours = zip(*PENALTIES.values(), strict=True)
    return alt.Stroke("penalty:N", scale=alt.Scale(domain=list(names), range=list(colours)), legend=None)
