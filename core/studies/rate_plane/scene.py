"""The charts of a plane of learning rates: the plane, the run of a cell, and the law of the final sharpness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.figure.powers import raised
from core.part import Scene, Shown, cards, lost_badge
from core.studies.rate_plane.charts import law, plane, run
from core.studies.rate_plane.experiment import STABLE
from core.studies.rate_plane.tables import LOST
from core.studies.rate_plane.theory import RICH, exponent
from core.studies.rate_plane.trajectory import RatePlaneTrajectory
from core.studies.rate_plane.view import RatePlaneView

Trained = Shown[RatePlaneTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "plane": (
        "The (α, learning rate) plane",
        "Every cell is a run from the same initialization. Dashed across: c = 2, above which the first steps raise the "
        "loss where α is large. Line: S = 2/η at the end of gradient flow, above which gradient descent reaches the "
        "edge of stability before it ends; dashed along it: the law, with its factor fitted. {Click a cell to play its "
        "run.}",
    ),
    "run": (
        "The chosen run",
        "η times the sharpness, the top eigenvalue of the Hessian, by Lanczos iterations on Hessian-vector products; "
        "the loss over its initial value; the error on test points. A line ends where its run diverged, and stays "
        "level once it has ended. Move over the chart to scrub.",
    ),
    "law": (
        "How much training sharpens the loss",
        "The sharpness over the initial curvature λ₀, which does not depend on α. Dashed: the law "
        "α^(−2D/(D + 1)) at small α, its factor fitted. Level: 2/η of the chosen c, above which gradient descent "
        "cannot stay; a dot is missing where it diverged.",
    ),
}


def scene(view: RatePlaneView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    said, cells, sharpening = verdict(view, shown), shown.table("rate_plane"), shown.table("sharpening")
    every = shown.table("rate_plane_runs")
    mine = every[(every["alpha"] == view.alpha) & (every["c"] == view.c)]
    return Scene(
        figures={
            "plane": plane.figure(cells, sharpening, view.colour, (view.alpha, view.c)),
            "run": run.figure(mine, shown.trajectory.steps),
            "law": law.figure(sharpening, cells, view.c),
        },
        cards=cards(CARDS, said, badge={"plane": _badge(shown)}, scrub={"run": "concat_0_x"}, pick={"plane": "cell"}),
        steps=shown.trajectory.steps,
        verdict=said,
        notes=notes(view, shown),
    )


def _badge(shown: Trained) -> Mapping[str, str] | None:
    words = {"diverged": "diverged", "stationary": "dead", "step_limit": "not fitted", "unfinished": "in training"}
    return lost_badge(shown.table("rate_plane")["outcome"], words, "runs")


def verdict(view: RatePlaneView, shown: Trained) -> str:
    """Say what the chosen run does, in Markdown."""
    cells = shown.table("rate_plane")
    cell = cells[(cells["alpha"] == view.alpha) & (cells["c"] == view.c)].iloc[0].to_dict()
    at = f"At α = {view.alpha:.3g} and c = {view.c:.3g}"
    if cell["outcome"] == "unfinished":
        return f"{at} the run is in training."
    if cell["outcome"] in LOST:
        how = "diverged" if cell["outcome"] == "diverged" else "died, its curvature gone,"
        return f"{at} training {how} by step {cell['steps']:,}."
    ended = "fits its data" if cell["outcome"] == "fitted" else "has not fitted its data"
    kinds = {
        "lazy": "It is lazy: the sharpness hardly changes",
        "sharpening": "The sharpness changes, and stays below 2/η",
        "edge of stability": "It reaches the edge of stability",
        "catapult": f"It is a catapult: the loss is {cell['spike_ratio']:.3g} times its start, then comes back",
    }
    return (
        f"{at} the run {ended} by step {cell['steps']:,}. {kinds[cell['regime']]}; over the second half of its steps "
        f"the median of ηS is **{cell['late_eta_sharpness']:.2f}**."
    )


def notes(view: RatePlaneView, shown: Trained) -> tuple[str, ...]:
    """Say where theory puts the edge of stability at the chosen alpha, and whether nothing of the plane survived."""
    table = shown.table("sharpening")
    row = table[table["alpha"] == view.alpha].iloc[0].to_dict()
    ended = table[table["outcome"] == "fitted"]  # the others have no end yet, or none in these steps
    found = list[str]()
    if row["outcome"] == "fitted" and np.isfinite(row["onset_c"]):
        said = (
            f"At α = {view.alpha:.3g} gradient flow sharpens the loss to {row['sharpness_ratio']:.3g} λ₀, so gradient "
            f"descent reaches 2/η from c = {row['onset_c']:.2g} on"
        )
        if np.isfinite(row["largest_c"]):
            said += f"; the largest c here that does not diverge is {row['largest_c']:.2g}"
        found.append(f"{said}.")
    cells = shown.table("rate_plane")
    if cells["outcome"].isin(LOST).all():
        said = "Training diverges at every learning rate of this plane; theory's limit of a stable start is "
        said += f"c = {STABLE:g}"
        if len(ended):
            least, most = ended["onset_c"].min(), ended["onset_c"].max()
            said += f", and the edge of stability begins at c = {least:.2g} to {most:.2g}, depending on α"
        found.append(f"{said}.")
    rich = ended[ended["alpha"] <= RICH]
    if np.isfinite(rich["predicted_ratio"]).sum() >= 2:
        slope = np.polyfit(np.log(rich["alpha"]), np.log(rich["sharpness_ratio"]), 1)[0]
        found.append(
            f"S / λ₀ at the end of gradient flow scales as α{raised(f'{slope:.2f}')} for α ≤ {RICH:g}; the law says "
            f"α{raised(f'{exponent(view.experiment.depth):.2f}')}."
        )
    return tuple(found)
