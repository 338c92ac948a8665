"""The charts of networks that are trained on clones, and of what Gaussian classifiers explain of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.comparison import scene as shared
from core.comparison.charts import explained
from core.comparison.compared import explained as compared
from core.datasets import CATALOGUE
from core.figure.figure import Figure
from core.observables.information_errors import noise_floor
from core.part import Scene, Shown, badge, cards
from core.studies.clones.charts import accuracies, beyond
from core.studies.clones.experiment import CLONES, EXPLAINERS, TWO_CLASSES
from core.studies.clones.trajectory import ClonesTrajectory
from core.studies.clones.view import ClonesView

Trained = Shown[ClonesTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "staircase": (
        "Trained on clones, tested on real images",
        "The same network four times, with the same initial weights and the same sequence of labels. A clone is left "
        "at the step from which the network on real images leads by the set amount until the end (means over seeds). "
        "Bands: lowest to highest seed. Move over the chart to scrub.",
    ),
    "recognised": (
        "Trained on real images, tested on clones",
        "The network on real images, on test images and on clones with their labels.",
    ),
    "beyond": (
        "What the network knows beyond a classifier",
        "{task}: I(F;Y|L) of four classifiers L, means over seeds: as long as it is small, L tells nearly all "
        "that the network F tells; not drawn where F tells nothing. Lines: when F first tells as much as L.",
    ),
    "explained": (
        "What L explains of the network",
        "The chosen classifier: I(F;Y) on test images, split into what L explains and what is new. Bands: lowest to "
        "highest seed; whisker: 95 % over test sets.",
    ),
}


def scene(view: ClonesView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    task = CATALOGUE[TWO_CLASSES[shown.trajectory.experiment.dataset]].title
    figures = dict(_accuracies(view, shown))
    said = verdict(view, shown)
    if shared.known(shown):
        figures |= _explained(view, shown)
        said = f"{said} {_of_explainers(shown)}"
    texts = {name: (title, text.replace("{task}", task)) for name, (title, text) in CARDS.items() if name in figures}
    about = cards(texts, said, badge={"staircase": _badge(shown)}, scrub=dict.fromkeys(texts, "x"))
    return Scene(figures=figures, cards=about, steps=shown.trajectory.steps, verdict=said)


def _accuracies(view: ClonesView, shown: Trained) -> Mapping[str, Figure]:
    rows, left, steps = shown.table("clones"), _departures(view, shown), shown.trajectory.steps
    nowhere = [np.nan] * len(CLONES)
    return {
        "staircase": accuracies.figure(
            rows[rows["tested_on"] == "real"],
            "trained_on",
            left["departed_step"].tolist(),
            "accuracy on real images",
            steps,
        ),
        "recognised": accuracies.figure(
            rows[rows["trained_on"] == "real"], "tested_on", nowhere, "accuracy, trained on real", steps
        ),
    }


def _explained(view: ClonesView, shown: Trained) -> Mapping[str, Figure]:
    rows, steps = shown.table("information"), shown.trajectory.steps
    floor = float(noise_floor(shown.trajectory.experiment.test_points).conditional_information)
    return {
        "beyond": beyond.figure(rows, matched_steps(shown), view.explainer, floor, steps),
        "explained": explained.figure(shared.curves(view, shown), shared.facts(view, shown), steps),
    }


def matched_steps(shown: Trained) -> Mapping[str, float]:
    """Return T0 of each explainer, the median over the seeds that come to it; NaN where none does."""
    found = {name: compared(shown.trajectory, name).matched_step for name in EXPLAINERS}
    return {name: float(np.nanmedian(at)) if np.isfinite(at).any() else float("nan") for name, at in found.items()}


def _badge(shown: Trained) -> Mapping[str, str] | None:
    outcomes = [shown.trajectory.outcome(run) for run in range(shown.trajectory.experiment.runs)]
    if "unfinished" in outcomes:
        return badge("in training")
    lost = outcomes.count("diverged")
    return badge(f"{lost} of {len(outcomes)} seeds diverged", alert=True) if lost else None


def _departures(view: ClonesView, shown: Trained) -> pd.DataFrame:
    """Return the departures at the view's lead, one row a clone."""
    rows = shown.table("clones_departures")
    return rows[rows["lead"] == view.lead]


def verdict(view: ClonesView, shown: Trained) -> str:
    """Say when each clone is left, and what the network on real images makes of them, in Markdown."""
    found = shown.table("clones_summary").set_index("clone")
    if found["end_accuracy_real"].isna().all():
        return "In training, or diverged."
    left = _departures(view, shown).set_index("clone")["departed_step"]
    ends = found["end_accuracy"]
    said = [f"{ON[clone]} (**{ends[clone]:.2f}** in the end) {_when(left[clone])}" for clone in CLONES[::-1]]
    iso = found.loc["iso"]
    return (
        f"On real images the network trained on them ends at **{iso['end_accuracy_real']:.2f}**. It leads by "
        f"{100 * view.lead:g} points those trained {', '.join(said)}. Its accuracy on the isotropic clone is "
        f"**{iso['peak_accuracy']:.2f}** at most, at step {iso['peak_step']:,.0f}, and "
        f"**{iso['end_accuracy_on_clone']:.2f}** in the end."
    )


ON = {"gauss": "on the Gaussian clone", "iso": "on the isotropic clone", "indep": "on independent pixels"}


def _when(step: float) -> str:
    return "never for good" if np.isnan(step) else f"from step **{step:,.0f}** on"


def _of_explainers(shown: Trained) -> str:
    """Say when the two-class network is as good as each classifier."""
    return told(matched_steps(shown))


def told(matched: Mapping[str, float]) -> str:
    """Return the sentence on the steps at which the network first tells as much as each classifier; NaN: never."""
    first = [f"{EXPLAINERS[name]} at step {step:,.0f}" for name, step in matched.items() if not np.isnan(step)]
    never = [EXPLAINERS[name] for name, step in matched.items() if np.isnan(step)]
    said = []
    if first:
        said.append(f"first tells as much as {_listed(first)}")
    if never:
        said.append(f"never tells as much as {_listed(never)}")
    return f"The network of two classes {' and '.join(said)}."


def _listed(names: Sequence[str]) -> str:
    """Return names with commas and an `and`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
