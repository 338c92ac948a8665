"""Curves in pairs over the steps: of points trained on, dashed, and of test points, a pair at each of several settings.

A setting (an output scale, say) is a field of the rows; one setting is marked, and moves with the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Rows
from core.figure.graded import marked
from core.figure.marks import marks_of, moment
from core.figure.palette import INK, strokes
from core.figure.rows import listed, records

KINDS = {"test": "test", "train": "training"}
"""The beginnings of the columns, and what a person reads."""
DASH = [4, 3]
LATE = 0.75
"""From this share of the axis on words stand left of their rule."""


def tables(
    path: pd.DataFrame, of: str, chosen: float, panels: Sequence[str], steps: NDArray[np.int64]
) -> dict[str, Rows]:
    """Return for each panel its table of curves, and `<panel>_now` with the marked pair.

    Args:
        path: the setting `of`, step, and train_<panel>, test_<panel>, one run after the other.
        of: the column of the setting.
        chosen: the setting that is marked.
        panels: the ends of the columns.
        steps: the snapshots, (frame,).
    """
    found: dict[str, Rows] = {}
    mine = path[path[of] == chosen]
    same = {of: path[of].tolist(), "step": path["step"].tolist(), "marked": (path[of] == chosen).tolist()}
    for panel in panels:
        found[panel] = [
            row
            for kind, name in KINDS.items()
            for row in records(same | {"kind": [name] * len(path), "value": listed(path[f"{kind}_{panel}"])})
        ]
        curves = [
            ({of: chosen, "kind": name}, mine[f"{kind}_{panel}"].to_numpy(np.float64)) for kind, name in KINDS.items()
        ]
        found[f"{panel}_now"] = step_axis.dot_rows(steps, curves)
    return found


def times(named: Mapping[str, float], last: float) -> Rows:
    """Return the rows of `rules`: when something happened, by what it is called; NaN: never.

    The first name stands left of its rule, above the plot; the others right, or in the plot where that lacks room.
    """
    found = list[dict[str, Any]]()
    for number, (text, step) in enumerate(named.items()):
        late = np.isfinite(step) and step_axis.along(step, last) > LATE
        side = "left" if number and not late else "right"
        if np.isfinite(step):
            found.append({"step": step, "text": text, "align": side, "down": 14 if late and number else -4})
    return found


def rules(table: str, x: alt.X, *, named: bool) -> list[alt.Chart]:
    """Return rules of `times` from the bottom to the top, and their names."""
    down = alt.Y("down:Q", scale=None, axis=None)
    rule, words = moment(marks_of(table), x, down, colour=INK, strokeDash=[2, 3], opacity=0.7)
    return [rule, words] if named else [rule]


def curves(table: str, of: str, symbol: str, x: alt.X, y: alt.Y, hue: alt.Color, *, legend: bool) -> list[alt.Chart]:
    """Return the curves of a table, the rule at the clock, and the marked pair at the clock."""
    scale = alt.Scale(domain=list(KINDS.values()), range=[[1, 0], DASH])
    dash = alt.StrokeDash("kind:N", scale=scale, legend=strokes(columns=2, symbolStrokeColor=INK) if legend else None)
    said = f"'{symbol} = ' + datum.{of} + ', ' + datum.kind"
    look: dict[str, Any] = {"clip": True, "opacity": 0.9}
    lines = marks_of(table).transform_calculate(said=said).mark_line(**look)
    return [
        lines.encode(
            x=x, y=y, color=hue, detail=f"{of}:N", strokeDash=dash, strokeWidth=marked(0.9, 2.8), tooltip="said:N"
        ),
        step_axis.marker(x),
        step_axis.dots(f"{table}_now", x, y, hue, f"{said} + ': '"),
    ]
