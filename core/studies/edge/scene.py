"""The charts of the edge of stability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.part import Scene, Shown, cards, lost_badge
from core.studies.edge.charts import levels, path
from core.studies.edge.trajectory import EdgeTrajectory
from core.studies.edge.view import EdgeView

Trained = Shown[EdgeTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "path": (
        "Sharpness and loss over the steps",
        "Above: η times the sharpness, the top eigenvalue of the Hessian, by Lanczos iterations on Hessian-vector "
        "products. Below: the loss. One line a network, all from the same initialization; thick: the marked one. "
        "A line ends where its network diverged. Move over the chart to scrub.",
    ),
    "levels": (
        "At which learning rates",
        "Above: ηS after the crossing, its first tenth left out: median (tick) and the middle 90 % of measurements "
        "(bar); dots: now; crosses: diverged. Below: at what share of the steps the loss rose. {Click a learning rate "
        "to mark it.}",
    ),
}


MINIBATCHES = {
    "levels": (
        "At which batch sizes",
        "ηS over the second half of the steps, S being that of the loss on all points: median (tick) and the middle "
        "90 % of measurements (bar); dots: now; crosses: diverged. {Click a batch size to mark it.}",
    ),
}


def scene(view: EdgeView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    said, rows, ends = verdict(view, shown), shown.table("edge"), shown.table("edge_ends")
    steps, dial = shown.trajectory.steps, view.experiment.dial
    texts = {**CARDS, **(MINIBATCHES if view.experiment.batch_sizes else {})}
    return Scene(
        figures={
            "path": path.figure(rows, view.rate, steps, dial),
            "levels": levels.figure(rows, ends, view.rate, dial),
        },
        cards=cards(
            texts,
            said,
            badge={"path": lost_badge(ends["outcome"])},
            scrub={"path": "concat_0_x"},
            pick={"levels": "cell"},
        ),
        steps=steps,
        verdict=said,
        pace="steps",
    )


def verdict(view: EdgeView, shown: Trained) -> str:
    """Say what the marked network does, in Markdown."""
    experiment = view.experiment
    end = shown.table("edge_ends").set_index(experiment.dial).loc[view.rate].to_dict()
    at = f"At η = {experiment.rates[0]:g} and B = {view.rate:g}" if experiment.batch_sizes else f"At η = {view.rate:g}"
    if end["outcome"] == "diverged":
        return f"{at} training diverged by step {end['steps']:,}."
    if end["outcome"] == "unfinished":
        most = end["largest_eta_sharpness"]
        so_far = f"ηS is at most **{most:.2f}** so far, and " if np.isfinite(most) else ""
        return f"{at} {so_far}training is at step {end['steps']:,} of {experiment.step_limit:,}."
    if experiment.batch_sizes:
        return (
            f"{at} the median of ηS over the second half of the steps is **{end['eta_sharpness']:.2f}**; 2 is the "
            f"edge. The loss on all {experiment.n} points is {end['loss']:.2g} in the end."
        )
    before = f"rose at {end['rising_before']:.1%} of the steps" if end["rising_before"] > 0 else "rose at no step"
    if np.isnan(end["crossed_step"]):
        most = f"at most **{end['largest_eta_sharpness']:.2f}** in {shown.trajectory.experiment.step_limit:,} steps"
        return f"{at} ηS stays below 2, {most}, and the loss {before}."
    level = f"**{end['eta_sharpness']:.3f}**"
    if end["crossed_step"] > 0:
        said = (
            f"{at} ηS is above 2 at step {end['crossed_step']:,.0f} for the first time, and its median after that is "
        )
        said += f"{level}. The loss {before} before and at **{end['rising_after']:.0%}** of them after"
    else:
        said = (
            f"{at} ηS starts above 2, and its median after the first tenth of the steps is {level}. The loss rose at "
        )
        said += f"**{end['rising_after']:.0%}** of the steps"
    return f"{said}; it was at most {end['peak_ratio']:.1f} times its start, and is {end['loss']:.2g} in the end."
