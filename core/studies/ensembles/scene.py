"""The charts of ensembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.part import LOST, Scene, Shown, cards, lost_badge
from core.studies.ensembles.charts import errors, fluctuation, path
from core.studies.ensembles.charts.fluctuation import name_of
from core.studies.ensembles.tables import THEORY
from core.studies.ensembles.trajectory import EnsemblesTrajectory
from core.studies.ensembles.view import EnsemblesView

Trained = Shown[EnsemblesTrajectory]

SURE = 2.0
"""Standard errors from theory within which an exponent is said to agree with it."""

CARDS: Mapping[str, tuple[str, str]] = {
    "fluctuation": (
        "How much initialization matters",
        "The standard deviation of αF over initializations, as a share of the amplitude of its mean; both are root "
        "mean squares over test points. Dashed: theory's slope −1/2, through the mean of the points from h = 64 on, to "
        "which exponents are fitted.",
    ),
    "errors": (
        "One network, and all of them together",
        "Test errors at the chosen α: means over single networks with a band of one standard deviation, and the error "
        "of the mean of their outputs. Fewer than three networks that fit make no ensemble.",
    ),
    "path": (
        "Over the steps",
        "Test error at the chosen α, a mean over initializations for every width; a network that has fitted keeps its "
        "last state. Move over the chart to scrub.",
    ),
}


def scene(view: EnsemblesView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    steps = shown.trajectory.steps
    rows = shown.table("ensembles")
    means = rows.drop(columns="seed").groupby(["alpha", "width"], as_index=False).mean()
    own = means[means["alpha"] == view.alpha]
    history = shown.table("ensemble_history")
    first = history[(history["alpha"] == view.alpha) & (history["seed"] == view.experiment.seeds[0])]
    said = verdict(view, shown)
    outcomes = [shown.trajectory.outcome(run) for run in range(shown.trajectory.experiment.runs)]
    word = lost_badge(outcomes, {**LOST, "step_limit": "did not fit"})
    return Scene(
        figures={
            "fluctuation": fluctuation.figure(means, shown.table("ensemble_exponents")),
            "errors": errors.figure(own),
            "path": path.figure(first, steps),
        },
        cards=cards(CARDS, said, badge={"fluctuation": word}, scrub={"path": "x"}),
        steps=steps,
        verdict=said,
    )


def verdict(view: EnsemblesView, shown: Trained) -> str:
    """Say what the exponents and the errors are, in Markdown."""
    laws = _over_sets(shown.table("ensemble_exponents"))
    said = [
        f"{'' if at else 'α = '}{name_of(alpha)}: **{exponent:z.2f} ± {error:.2f}**".replace("-", "−")
        for at, (alpha, exponent, error) in enumerate(laws)
        if np.isfinite(exponent) and np.isfinite(error)
    ]
    known = [(exponent, error) for _, exponent, error in laws if np.isfinite(exponent) and np.isfinite(error)]
    if not known:
        return "Too few networks fitted their data for an exponent."
    near = sum(abs(exponent - THEORY) <= SURE * error for exponent, error in known)
    agree = f"{near} of {len(known)} within {SURE:g} standard errors of theory's −1/2"
    return f"Exponents of the fluctuation in the width, at {', '.join(said)}; {agree}. {_errors(view, shown)}".strip()


def _over_sets(laws: pd.DataFrame) -> list[tuple[float, float, float]]:
    """Return alpha, exponent and standard error: over training sets where there are several, else the jackknife's."""
    found = []
    for alpha in sorted(laws["alpha"].unique()):
        own = laws[laws["alpha"] == alpha]
        error = own["exponent"].sem() if len(own) > 1 else own["standard_error"].iloc[0]
        found.append((float(alpha), float(own["exponent"].mean()), float(error)))
    return found


def _errors(view: EnsemblesView, shown: Trained) -> str:
    """Say what an ensemble gains at the smallest and largest width of the chosen output scale."""
    rows = shown.table("ensembles")
    own = rows[(rows["alpha"] == view.alpha) & rows["test_error"].notna()]
    if own.empty:
        return ""
    means = own.groupby("width")[["test_error", "ensemble_test_error"]].mean()
    ends = [
        f"{row['test_error']:.3f} for one network and {row['ensemble_test_error']:.3f} for their mean at h = {width:,}"
        for width, row in means.iloc[[0, -1] if len(means) > 1 else [0]].iterrows()
    ]
    return f"Test error at α = {name_of(view.alpha)}: {', '.join(ends)}."
