"""The charts of a spurious brightness cue: all of it is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.part import Scene, Shown, badge, cards
from core.studies.shades.charts import frequency, steps
from core.studies.shades.trajectory import ShadeTrajectory
from core.studies.shades.view import ShadesView

CAPTIONS: Mapping[str, str] = {
    "frequency": "Measured. Large: mean over seeds; small: one a seed. At p = 0.5 the shade tells nothing about the "
    "class, at 1 everything.",
    "steps": "Measured, mean over seeds. Below the line of guessing the network follows the shade against the digit. "
    "Move over the chart to scrub.",
}
HELPS = 0.02
"""By how much accuracy has to rise for a penalty to help."""


def scene(view: ShadesView, drawn: Sequence[Shown[ShadeTrajectory] | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    path, found, said = shown.table("shades_path"), shown.trajectory, verdict(shown)
    figures = {
        "frequency": frequency.figure(path),
        "steps": steps.figure(path, view.shown_p, found.steps),
    }
    titles = {
        "frequency": f"3 or 8, shade b = {view.experiment.shade:g}",
        "steps": f"Over the steps, p = {view.shown_p:g}",
    }
    about = cards(
        {name: (title, CAPTIONS[name]) for name, title in titles.items()},
        said,
        badge={"frequency": _badge(found)},
        scrub={"steps": "x"},
    )
    return Scene(figures=figures, cards=about, steps=found.steps, verdict=said)


def _badge(found: ShadeTrajectory) -> Mapping[str, str]:
    outcomes = [found.outcome(run) for run in range(found.experiment.runs)]
    if "diverged" in outcomes:
        return badge(f"{outcomes.count('diverged')} of {len(outcomes)} seeds diverged", alert=True)
    if set(outcomes) == {"fitted"}:
        return badge("in the end every training image right")
    return badge("in training" if "unfinished" in outcomes else "in the end not every training image right", alert=True)


def verdict(shown: Shown[ShadeTrajectory]) -> str:
    """Say what came out, in Markdown: numbers measured on the networks on screen."""
    ends = shown.table("shades").groupby(["penalty", "p"])["reversed_accuracy"].mean()
    plain, decoupled = ends["none"], ends["spectral_decoupling"]
    if plain.isna().any() or decoupled.isna().any():
        return "In training, or diverged."
    experiment = shown.trajectory.experiment
    falls = ", ".join(f"**{plain[p]:.2f}** at p = {p:g}" for p in experiment.p)
    last = max((p for p in experiment.p if p < 1), default=experiment.p[-1])
    helps = "helps" if decoupled[last] - plain[last] >= HELPS else "does not help"
    return (
        f"With the shade reversed, the share of test images classified correctly is {falls}. Spectral Decoupling "
        f"{helps} at p = {last:g}: **{decoupled[last]:.2f}** against {plain[last]:.2f} "
        f"(c = {experiment.coefficient:g}, mean of {experiment.runs} {'seed' if experiment.runs == 1 else 'seeds'})."
    )
