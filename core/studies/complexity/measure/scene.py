"""The charts of what mu_Y measures, and its numbers in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from core.part import Card, Drawn, Scene, badge
from core.studies.complexity import overlap as of_table
from core.studies.complexity.charts import mosaic, overlap
from core.studies.complexity.measure.view import CASES, MeasureView

ROUNDING = 5e-4
"""Bits that are written as 0.000."""

CARDS: Mapping[str, tuple[str, str]] = {
    "mosaic": (
        "Who is right: the eight cells of F, L and Y",
        "Areas are shares of the test points. Side by side: the classes of Y. In each, the columns are what L gets "
        "right and wrong, cut at what F gets right.",
    ),
    "overlap": (
        "μ_Y, as errors coincide",
        "Both accuracies held, errors alike in both classes. Band and bar: one standard error at N points. Shaded: the "
        "bounds by the three forms of μ_Y. {Click to go there.}",
    ),
}
FLOOR = (
    "Noise floor: an estimate from N points stays below it 19 times in 20 where the truth is 0 (G-test). A high μ_Y "
    "does not mean that F is linear: look at P(F = L) and I(F;Y|L), too. And it is blind to the sign: a "
    "classifier that is wrong everywhere tells all."
)


@lru_cache(maxsize=64)
def tables(view: MeasureView) -> Mapping[str, pd.DataFrame]:
    """Return the tables on screen by the name of their file."""
    now = of_table.measure(view.table(), view.points)
    family = of_table.family(float(now["accuracy"].iloc[0]), float(now["explainer_accuracy"].iloc[0]), view.points)
    return {"measure": now, "overlap": family, "cells": of_table.cells(view.table())}


def scene(view: MeasureView, drawn: Drawn) -> Scene:
    """Return the charts of a view: one snapshot, which nothing moves but the controls."""
    found, said = tables(view), sentence(view)
    alts = {"mosaic": CARDS["mosaic"][0], "overlap": said.replace("**", "")}
    return Scene(
        figures={
            "mosaic": mosaic.figure(found["cells"]),
            "overlap": overlap.figure(found["overlap"], found["measure"]),
        },
        cards={
            name: Card(
                title=title,
                caption=caption,
                alt=alts[name],
                pick="place" if name == "overlap" else None,
                badge=badge(CASES[view.case]) if view.case != "none" and name == "mosaic" else None,
            )
            for name, (title, caption) in CARDS.items()
        },
        steps=np.array([0]),
        verdict=said,
        below=f"{numbers(view)}\n\n:small[{FLOOR}]",
    )


def sentence(view: MeasureView) -> str:
    """Say what the numbers mean."""
    now = tables(view)["measure"].iloc[0]
    alone, explained, new = (now[name] for name in ("mutual_information", "mu_y", "conditional_information"))
    words = f"F alone tells **{bits(alone)}** bits about Y; once L is known, it still tells **{bits(new)}**. "
    if explained < -ROUNDING:
        words += f"That is more, so μ_Y is negative: **{bits(explained)}**. Together they tell more than one by one."
    elif alone > now["noise_floor_mutual"]:
        words += f"The difference is what L explains, μ_Y = **{bits(explained)}**: {explained / alone:.0%} of it."
    else:
        words += f"The difference, μ_Y, is **{bits(explained)}**."
    return f"{words} Two unrelated classifiers of these accuracies would share {bits(now['mu_y_independent'])}."


def numbers(view: MeasureView) -> str:
    """Return the numbers as a Markdown table."""
    now = tables(view)["measure"].iloc[0]
    columns = {
        "I(F;Y)": (bits(now["mutual_information"]), f"noise floor {now['noise_floor_mutual']:.2g}"),
        r"I(F;Y\|L)": (bits(now["conditional_information"]), f"noise floor {now['noise_floor']:.2g}"),
        "μ_Y(F;L)": (bits(now["mu_y"]), f"± {now['standard_error']:.2g}"),
        "I(L;Y)": (bits(now["explainer_information"]), "bits"),
        "P(F = L)": (f"{now['agreement']:.1%}", "of the points"),
        "Both wrong, e₁₁": (f"{now['joint_error']:.2%}", "of the points"),
        "Accuracy of F, L": (f"{now['accuracy']:.3f}, {now['explainer_accuracy']:.3f}", "of the points"),
    }
    head, rule = "|".join(columns), "|".join("---" for _ in columns)
    lines = [head, rule, *("|".join(cells) for cells in zip(*columns.values(), strict=True))]
    return "\n".join(f"|{line}|" for line in lines)


def bits(value: float) -> str:
    """Return bits with three digits after the point, and no minus before zero."""
    return f"{value:z.3f}".replace("-", "−")
