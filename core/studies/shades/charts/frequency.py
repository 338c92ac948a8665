"""Digits with a spurious brightness cue: how many test images are right, over how often the cue is in training."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, moving, specification
from core.figure.marks import dot, marks_of
from core.figure.palette import ACCENT, NEGATIVE, POSITIVE, categories, strokes
from core.figure.rows import Floats, listed, mean_of_known
from core.figure.share_axis import chance, share_axis

HEIGHT = 300
ACCURACY = "accuracy on test images"
CONDITIONS = {
    "same": ("as in training", ACCENT),
    "neutral": ("no shade", NEGATIVE),
    "reversed": ("reversed", POSITIVE),
}
"""Shade of the test images: name, colour."""
PENALTIES = {"none": "plain", "spectral_decoupling": "spectral decoupling"}
SHAPE = expr("datum.penalty == 'plain' ? 'circle' : 'diamond'")
"""Not a channel: its legend would be merged with that of the dashes."""


def figure(path: pd.DataFrame) -> Figure:
    """Return the figure; `path` has penalty, p, seed, step and the accuracies, in that order of rows."""
    found = [
        ({"penalty": about["penalty"], "p": f"{p:g}", "shade": about["shade"]}, values)
        for p, about, values in curves(path)
    ]
    tables: dict[str, Rows] = {
        "means": [{**about, "v": listed(mean_of_known(values))} for about, values in found],
        "seeds": [{**about, "v": listed(one)} for about, values in found for one in values],
    }
    return Figure.of(chart(), tables)


def curves(path: pd.DataFrame) -> Iterator[tuple[float, dict[str, str], Floats]]:
    """Yield for every penalty, p and shade of test images the p, what is said of the curve, and it, (seed, frame)."""
    frames = path["step"].nunique()
    for key, rows in path.groupby(["penalty", "p"], sort=False):
        penalty, p = key
        for condition, (name, _) in CONDITIONS.items():
            values = rows[f"{condition}_accuracy"].to_numpy(np.float64).reshape(-1, frames)
            yield float(str(p)), {"penalty": PENALTIES[str(penalty)], "shade": name}, values


@specification(height=HEIGHT)
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    axis = alt.Axis(labelAngle=0, grid=False)
    x = alt.X("p:O", title="p, share of training images with the shade of their class", axis=axis)
    y, hue = share_axis(ACCURACY), colour()
    means = marks_of("means").transform_calculate(
        value=moving("v"),
        said="tween ? '' : datum.penalty + ', shade ' + datum.shade + ', p = ' + datum.p + ': '"
        " + format(datum.value, '.3f')",
    )
    seeds = marks_of("seeds").transform_calculate(value=moving("v"))
    layers = [
        chance(y),
        means.mark_line(strokeWidth=2).encode(x=x, y=y, color=hue, strokeDash=dash()),
        seeds.mark_point(filled=True, shape=SHAPE, size=16, opacity=0.5).encode(x=x, y=y, color=hue),
        dot(means, size=70, shape=SHAPE, clip=False).encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)


def colour() -> alt.Color:
    """Return the colour of a shade of test images."""
    return categories("shade", dict(CONDITIONS.values()), strokes("shade of test images"))


def dash() -> alt.StrokeDash:
    """Return the dash of a penalty."""
    scale = alt.Scale(domain=list(PENALTIES.values()), range=[[1, 0], [5, 4]])
    return alt.StrokeDash("penalty:N", scale=scale, legend=strokes("training", symbolStrokeWidth=2))
