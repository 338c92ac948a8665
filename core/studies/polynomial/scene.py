"""The charts of polynomial regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.part import Scene, Shown, cards, lost_badge
from core.studies.polynomial.charts import curves, delays, features, parts
from core.studies.polynomial.trajectory import PolynomialTrajectory
from core.studies.polynomial.view import PolynomialView

Trained = Shown[PolynomialTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "curves": (
        "Loss over the steps",
        "Solid: the exact test loss, dashed: the training loss, of infinite width, one pair an α; thick: the marked α. "
        "Circles: the training loss of a network of neurons, for the first steps. Dotted rules: training loss 0.1, "
        "test loss 0.2. Move over the chart to scrub.",
    ),
    "parts": (
        "What the test loss is made of",
        "At the marked α, stacked: misalignment |Q − ββᵀ|² / 2D², variance (1 − tr Q / D)² / 4, linear power α² |Δw̄|² "
        "/ D, each over E y² = 3/4; Q = αε ΔM. Dashed: the training loss.",
    ),
    "delays": (
        "The delay against α",
        "The first step with a test loss below 0.2 over the first with a training loss below 0.1; triangles: not "
        "within these steps. {Click an α to mark it.}",
    ),
    "features": (
        "What is learned",
        "Above: βᵀ ΔM β / (|ΔM| |β|²), 1 where M has changed along β alone. Below: alignment of the tangent kernel "
        "with the targets. One line an α; thick: the marked one.",
    ),
}


def scene(view: PolynomialView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    rows, ends, steps = shown.table("polynomial"), shown.table("polynomial_ends"), shown.trajectory.steps
    mine, said = ends[ends["alpha"] == view.alpha].iloc[0], verdict(view, shown)
    return Scene(
        figures={
            "curves": curves.figure(rows, view.alpha, (mine["train_step"], mine["test_step"]), steps),
            "parts": parts.figure(rows[rows["alpha"] == view.alpha], steps),
            "delays": delays.figure(ends, view.alpha),
            "features": features.figure(rows, view.alpha, steps),
        },
        cards=cards(
            CARDS, said, badge={"curves": lost_badge(ends["outcome"])}, scrub={"curves": "x"}, pick={"delays": "cell"}
        ),
        steps=steps,
        verdict=said,
    )


def verdict(view: PolynomialView, shown: Trained) -> str:
    """Say what the network of the marked alpha does, in Markdown."""
    ends = shown.table("polynomial_ends")
    mine = ends[ends["alpha"] == view.alpha].iloc[0]
    at, width = f"At α = {view.alpha:.3g}", view.experiment.width
    if mine["outcome"] == "diverged":
        return f"{at} training diverged by step {mine['steps']:,}."
    if np.isnan(mine["train_step"]):
        said = f"{at} the training loss stays above 0.1: it ends at {mine['train_loss']:.2g}"
    else:
        said = (
            f"{at} the training loss is below 0.1 at step {mine['train_step']:,.0f}; the test loss is then "
            f"{mine['test_loss_at_train']:.2f}"
        )
        if np.isnan(mine["test_step"]):
            said += f" and stays above 0.2: it ends at **{mine['test_loss']:.2f}**"
        elif mine["test_step"] <= mine["train_step"]:
            said += f"; it was below 0.2 at step {mine['test_step']:,.0f} already: **no delay**"
        else:
            said += f" and below 0.2 at step {mine['test_step']:,.0f}, **{mine['loss_delay']:.1f} times** as many steps"
    return (
        f"{said}. {width} neurons are off the closed form from their own weights by at most "
        f"{mine['closed_form_error']:.0e}."
    )
