"""The charts of what mu_Y measures as the player takes them, and the numbers in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.figure.payload import clock, payload
from core.studies.complexity import overlap as frames
from core.studies.complexity.charts import mosaic, overlap
from pages.complexity.measure.view import CASES, View

TABLES = {
    "measure": "The numbers on screen: one row.",
    "overlap": "The curve: one row a share of points that both get wrong.",
    "cells": "The eight cells of the table.",
}
"""What can be taken away."""


@st.cache_resource(max_entries=64, show_spinner=False)
def tables(view: View) -> dict[str, pd.DataFrame]:
    """Return the tables on screen by the name of their file."""
    now = frames.measure(view.table(), view.points)
    family = frames.family(float(now["accuracy"].iloc[0]), float(now["explainer_accuracy"].iloc[0]), view.points)
    return {"measure": now, "overlap": family, "cells": frames.cells(view.table())}


@st.cache_resource(max_entries=64, show_spinner=False)
def figures(view: View) -> dict[str, Figure]:
    """Return the figures by chart id."""
    found = tables(view)
    return {"mosaic": mosaic.figure(found["cells"]), "overlap": overlap.figure(found["overlap"], found["measure"])}


ROUNDING = 5e-4
"""Bits that are written as 0.000."""

TITLES = {"mosaic": "Who is right: the eight cells of F, L and Y", "overlap": "μ_Y, as errors coincide"}
CAPTIONS = {
    "mosaic": "Areas are shares of the test points. Side by side: the classes of Y. In each, the columns are what L "
    "gets right and wrong, cut at what F gets right.",
    "overlap": "Both accuracies held, errors alike in both classes. Band and bar: one standard error at N points. "
    "Shaded: the bounds by the three forms of μ_Y. Click to go there.",
}


def to_player(view: View) -> str:
    """Return the player's payload as JSON: one snapshot, which nothing moves but the controls."""
    still = clock(np.array([0]), rest=0)
    said = {"mosaic": TITLES["mosaic"], "overlap": sentence(view).replace("**", "")}
    charts = [
        (
            figure,
            {
                "id": name,
                "title": TITLES[name],
                "caption": CAPTIONS[name],
                "alt": said[name],
                "scrub": None,
                "pick": "place" if name == "overlap" else None,
                "file": f"trainscope-{name}",
                "badge": {"text": CASES[view.case], "tone": "quiet"} if view.case and name == "mosaic" else None,
            },
        )
        for name, figure in figures(view).items()
    ]
    return payload(still, charts)


def sentence(view: View) -> str:
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


def numbers(view: View) -> str:
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
