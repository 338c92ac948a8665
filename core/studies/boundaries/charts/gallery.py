"""The decision boundaries of all variants as training plays: a small picture each, with a line a seed."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import marks_of
from core.figure.palette import INK, MUTED, NEGATIVE, PAPER, POSITIVE
from core.figure.rows import listed, rounded
from core.studies.boundaries.experiment import VARIANTS

HEIGHT = 440
COLUMNS = 5
REACH = (1.4, 1.9)
"""Of a picture in x1 and in x2."""
PITCH = (3.1, 5.4)
"""From the middle of a picture to that of the next, to the right and down."""
LAST = -(-len(VARIANTS) // COLUMNS) - 1
"""The number of the last row of pictures."""
THINNED = 3
"""Of so many points one is drawn."""


def figure(boundaries: pd.DataFrame, points: pd.DataFrame, bending: pd.DataFrame) -> Figure:
    """Return the figure of all seeds.

    Args:
        boundaries: variant, seed, step, x2, x1, in that order.
        points: x1, x2, label, of one seed.
        bending: variant, step, residual, in that order.
    """
    pictures = {variant: _picture(place) for place, variant in enumerate(VARIANTS)}
    few = points.iloc[::THINNED]
    tables: dict[str, Rows] = {
        "pictures": [{**pictures[variant], "title": title} for variant, title in VARIANTS.items()],
        "residuals": [
            {**pictures[str(variant)], "v": listed(rows["residual"], 3)}
            for variant, rows in bending.groupby("variant", sort=False)
        ],
        "points": [
            {"x": round(at["x"] + x, 3), "y": round(at["y"] + y, 3), "label": int(label)}
            for at in pictures.values()
            for x, y, label in zip(few["x1"], few["x2"], few["label"], strict=True)
        ],
        "lines": _lines(boundaries, pictures),
    }
    return Figure.of(chart(), tables)


def _picture(place: int) -> dict[str, float]:
    """Return the middle of the picture of this number."""
    row, column = divmod(place, COLUMNS)
    return {"x": round(column * PITCH[0], 3), "y": round(-row * PITCH[1], 3)}


def _lines(boundaries: pd.DataFrame, pictures: dict[str, dict[str, float]]) -> Rows:
    """Return a row a variant, seed and x2: x1 at every snapshot, None where it is nowhere in the picture."""
    found: list[dict[str, Any]] = []
    inside = boundaries[boundaries["x2"].abs() < REACH[1]]
    for (variant, seed), rows in inside.groupby(["variant", "seed"], sort=False):
        x2 = rows["x2"].unique()
        x1 = rows["x1"].to_numpy(np.float64).reshape(-1, len(x2)).T  # (row, frame)
        at = pictures[str(variant)]
        places = rounded(np.where(np.abs(x1) < REACH[0], x1 + at["x"], np.nan), 3)
        name = f"{variant} {seed}"
        found += [{"line": name, "y": round(at["y"] + y, 4), "v": v} for y, v in zip(x2, places, strict=True)]
    return found


@specification(height=HEIGHT)
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-REACH[0], (COLUMNS - 1) * PITCH[0] + REACH[0]], nice=False))
    low, high = -LAST * PITCH[1] - PITCH[1] / 2, PITCH[1] / 2
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[low, high], nice=False))
    pictures = marks_of("pictures")
    edges: dict[str, str] = {
        "left": f"datum.x - {REACH[0]}",
        "right": f"datum.x + {REACH[0]}",
        "bottom": f"datum.y - {REACH[1]}",
        "top": f"datum.y + {REACH[1]}",
    }
    left, right = alt.X("left:Q", axis=None, scale=x["scale"]), "right:Q"
    bottom, top = alt.Y("bottom:Q", axis=None, scale=y["scale"]), alt.Y("top:Q", axis=None, scale=y["scale"])
    points = marks_of("points").transform_calculate(hue=f"datum.label > 0 ? '{POSITIVE}' : '{NEGATIVE}'")
    lines = marks_of("lines").transform_calculate(x="datum.v[frame]")
    residuals = marks_of("residuals").transform_calculate(
        **edges, said="isValid(datum.v[frame]) ? format(datum.v[frame], '.3f') : 'no line across'"
    )
    words: dict[str, Any] = {"fontSize": 11, "align": "left"}
    framed = pictures.transform_calculate(**edges)
    return alt.layer(
        framed.mark_rect(stroke=MUTED, strokeOpacity=0.5, fillOpacity=0).encode(x=left, x2=right, y=bottom, y2="top:Q"),
        points.mark_circle(size=9, opacity=0.6, clip=True).encode(x=x, y=y, fill=alt.Fill("hue:N", scale=None)),
        *(
            lines.mark_line(stroke=hue, strokeWidth=width, strokeOpacity=opacity, clip=True).encode(
                x=x, y=y, detail="line:N", order="y:Q"
            )
            for hue, width, opacity in ((PAPER, 3.5, 0.7), (INK, 1.5, 0.85))
        ),
        framed.mark_text(**words, baseline="bottom", dy=-3, color=INK).encode(x=left, y=top, text="title:N"),
        residuals.mark_text(**words, baseline="top", dy=4, color=MUTED).encode(x=left, y=bottom, text="said:N"),
    )
