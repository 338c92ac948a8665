"""The charts of modular addition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.part import Scene, Shown, cards, lost_badge
from core.studies.modular import tables
from core.studies.modular.charts import curves, delays, neurons, plane, progress
from core.studies.modular.trajectory import ModularTrajectory
from core.studies.modular.view import AGAINST, ModularView

Trained = Shown[ModularTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "plane": (
        "The delay against α and the fraction of pairs",
        "The first step with a test error of at most ½ over the first step with training error 0, of one network a "
        "cell; never: not within these steps. The other charts are of the fraction that is marked. {Click a cell to "
        "mark it.}",
    ),
    "curves": (
        "Error and loss over the steps",
        "One pair of lines an α, all from the same initial weights: solid on test pairs, dashed on pairs trained on; "
        "thick: the marked α. Dotted rules: when it fits, and when its test error is ½. A line ends where its network "
        "diverged. Move over the chart to scrub.",
    ),
    "delays": (
        "The delay against α",
        "Above: the first step with a test error of at most ½ over the first step with training error 0, a dot a "
        "seed, line: their mean; triangles: not within these steps. Below: both, times η₀. {Click an α to mark it.}",
    ),
    "progress": (
        "Three measures of progress",
        "Inverse participation ratio: 1 if every neuron has one frequency. Kernel alignment: of the tangent kernel "
        "with the targets. |ΔK| / |K₀|: its relative change since initialization. One line an α; thick: the marked "
        'one. See "Progress against" for the other axis.',
    ),
    "neurons": (
        "Neurons of the first layer",
        "Above: weights from the first number a of eight neurons, each over its largest. Below: their power spectrum "
        "|w_k|². At the marked α and the snapshot shown.",
    ),
}


def scene(view: ModularView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    rows, ends, steps = shown.table("modular"), shown.table("modular_delays"), shown.trajectory.steps
    said, many = verdict(view, shown), bool(view.experiment.fractions)
    first, alone = (_of(table, view) for table in (rows, ends))
    mine = alone[alone["alpha"] == view.alpha].iloc[0]
    figures = {
        "curves": curves.figure(first, view.alpha, (mine["fitted_step"], mine["half_step"]), steps),
        "progress": progress.figure(first, view.alpha, view.against, steps),
    }
    if many:
        own = ends[ends["seed"] == view.experiment.seeds[0]]
        figures = {"plane": plane.figure(own, (view.alpha, view.at_fraction)), **figures}
    else:
        weights = shown.trajectory["weights"][:, view.experiment.alphas.index(view.alpha)].astype(np.float64)
        figures |= {
            "delays": delays.figure(ends, view.alpha),
            "neurons": neurons.figure(weights, tables.shares(weights)),
        }
    title, caption = CARDS["progress"]
    texts = {**CARDS, "progress": (f"{title}, against the {AGAINST[view.against]}", caption)}
    return Scene(
        figures={name: figures[name] for name in CARDS if name in figures},
        cards=cards(
            {name: text for name, text in texts.items() if name in figures},
            said,
            badge={"curves": lost_badge(ends["outcome"])},
            scrub={"curves": "concat_0_x"},
            pick={"delays": "cell", "plane": "cell"},
        ),
        steps=steps,
        verdict=said,
    )


def _of(table: pd.DataFrame, view: ModularView) -> pd.DataFrame:
    """Return the rows of the first seed at the fraction that is shown."""
    return table[(table["seed"] == view.experiment.seeds[0]) & (table["fraction"] == view.at_fraction)]


def verdict(view: ModularView, shown: Trained) -> str:
    """Say what the networks of the marked alpha do, in Markdown."""
    ends = shown.table("modular_delays")
    own = ends[(ends["alpha"] == view.alpha) & (ends["fraction"] == view.at_fraction)]
    mine = own.iloc[0]
    at = f"At α = {view.alpha:g}"
    if view.experiment.fractions:
        at += f", on {view.at_fraction:.0%} of all pairs,"
    if mine["outcome"] == "diverged":
        return f"{at} training diverged by step {mine['steps']:,}."
    if np.isnan(mine["fitted_step"]):
        return (
            f"{at} the network does not fit all its pairs in {mine['steps']:,} steps: its training error ends at "
            f"{mine['train_error']:.1%}, its test error at {mine['test_error']:.0%}."
        )
    said = (
        f"{at} the training error is 0 at step {mine['fitted_step']:,.0f}; the test error is then "
        f"{mine['test_error_at_fit']:.0%}"
    )
    if np.isnan(mine["half_step"]):
        return f"{said} and stays above ½ in all {mine['steps']:,} steps: it ends at **{mine['test_error']:.0%}**."
    if mine["half_step"] <= mine["fitted_step"]:
        said += f"; it was ½ at step {mine['half_step']:,.0f} already: **no delay**"
    else:
        said += f" and reaches ½ at step {mine['half_step']:,.0f}, **{mine['half_delay']:.2f} times** as many steps"
    known = own["half_delay"].dropna()
    if len(own) > 1 and len(known) == len(own):
        said += f" ({known.min():.2f} to {known.max():.2f} over {len(own)} seeds)"
    change = "grow" if mine["norm_ratio"] > 1 else "shrink"
    return f"{said}. The weights {change}: their norm ends at {mine['norm_ratio']:.2f} times its start."
