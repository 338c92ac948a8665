"""A sample of neurons on the plane of their two weights, and how many learn, will die and are inactive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, marks_of, stacked
from core.figure.palette import INK
from core.figure.rows import Floats, records, rounded
from core.studies.basin.charts.plane import NAMED, axes, boundary, colour, fields

HEIGHT, BARS_HEIGHT = 300, 84
SHOWN = ("learns", "doomed", "dead")
MOST_RINGS = 256
"""Neurons beyond the first so many are counted, not drawn."""


def figure(
    cloud: pd.DataFrame,
    theory: tuple[Floats, Floats],
    measured: tuple[Floats, Floats] | None,
    shares: Mapping[str, float],
) -> Figure:
    """Return the figure of a sample of neurons.

    Args:
        cloud: fate, y_other, one row a neuron.
        theory: z and y of every neuron by theory, (neuron, frame), its class alone; drawn where the other class does
            not see the neuron at first.
        measured: the same in training, both classes; None: untrained.
        shares: what each of `SHOWN` is of all neurons on average.
    """
    fates = cloud["fate"].tolist()
    seen = measured or theory
    apart = cloud["y_other"].to_numpy() <= 0 if measured is not None else np.ones(len(cloud), bool)
    tables: dict[str, Rows] = {
        "rings": _neuron_rows(fates, *theory, apart),
        "neurons": [] if measured is None else _neuron_rows(fates, *measured, np.ones_like(apart)),
        "bars": _bar_rows(fates, shares),
        "on": _on_rows(fates, seen[1]),
    }
    return Figure.of(chart(), tables)


@specification(padding=66)
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    return stacked(_plane(), _bars(), spacing=14)


def _plane() -> Chart:
    x, y = axes()
    rings = _placed("rings").mark_point(size=34, strokeWidth=1.1, opacity=0.75, clip=True, filled=False)
    dots = _placed("neurons").mark_point(size=30, filled=True, opacity=0.9, clip=True)
    return alt.layer(
        *fields(x, y),
        boundary(x, y),
        rings.encode(x=x, y=y, color=colour()),
        dots.encode(x=x, y=y, color=colour()),
    ).properties(height=HEIGHT)


def _placed(table: str) -> alt.Chart:
    return marks_of(table).transform_calculate(z=moving("vz"), y=moving("vy"))


def _bars() -> Chart:
    """Return how many neurons each fate has, how many of them are on now, and theory's mean."""
    scale = between(0, 1.45)
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], grid=False)
    x = alt.X("share:Q", title="share of the neurons", scale=scale, axis=axis)
    y = alt.Y(
        "fate:N",
        title=None,
        sort=list(SHOWN),
        axis=alt.Axis(minExtent=50, ticks=False, domain=False, labelExpr=f"{NAMED}[datum.value]"),
    )
    rows = marks_of("bars")
    band = rows.mark_bar(opacity=0.3, height=17)
    now = marks_of("on").transform_calculate(share=moving("v")).mark_bar(height=9)
    tick = rows.mark_tick(color=INK, thickness=2, height=21)
    words = rows.mark_text(align="left", fontSize=11, color=INK, dx=6)
    return alt.layer(
        band.encode(x=x, y=y, color=colour()),
        now.encode(x=x, y=y, color=colour()),
        tick.encode(x=alt.X("theory:Q", scale=scale), y=y),
        words.encode(x=alt.X("end:Q", scale=scale), y=y, text="text:N"),
    ).properties(height=BARS_HEIGHT)


def _neuron_rows(fates: Sequence[str], z: Floats, y: Floats, chosen: NDArray[np.bool_]) -> Rows:
    shown = np.flatnonzero(chosen[:MOST_RINGS])
    columns = {"fate": [fates[one] for one in shown.tolist()], "vz": rounded(z[shown], 4), "vy": rounded(y[shown], 4)}
    return records(columns)


def _bar_rows(fates: Sequence[str], shares: Mapping[str, float]) -> Rows:
    rows = []
    for name in SHOWN:
        count = fates.count(name)
        share, theory = count / len(fates), shares[name]
        rows.append(
            {
                "fate": name,
                "share": round(share, 4),
                "theory": round(theory, 4),
                "end": round(max(share, theory), 4),
                "text": f"{count} of {len(fates)}; theory {fraction(theory)}",
            }
        )
    return rows


def fraction(share: float) -> str:
    """Write a share as a fraction of eighths if it is one, else in percent."""
    names = {1: "1/8", 3: "3/8", 4: "1/2"}
    eighths = share * 8
    return names[round(eighths)] if abs(eighths - round(eighths)) < 1e-9 and round(eighths) in names else f"{share:.1%}"


def _on_rows(fates: Sequence[str], y: Floats) -> Rows:
    """Return the share of neurons of each fate that a point sees, over the frames."""
    kind = np.array(fates)
    on: NDArray[np.bool_] = y > 0  # (neuron, frame)
    return [{"fate": name, "v": rounded(on[kind == name].sum(axis=0) / len(kind), 4)} for name in SHOWN]
