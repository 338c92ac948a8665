"""The charts of small MNIST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.part import Scene, Shown, cards, lost_badge
from core.studies.small_mnist.charts import curves, norms
from core.studies.small_mnist.trajectory import SmallMnistTrajectory
from core.studies.small_mnist.view import SmallMnistView

Trained = Shown[SmallMnistTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "curves": (
        "Error and loss over the steps",
        "One pair of lines an initialization scale: solid on 2,048 test images, dashed on training images; thick: the "
        "marked scale. Dotted rules: its training error is 1 %, its test error 20 %. A line ends where its network "
        "diverged. Move over the chart to scrub.",
    ),
    "norms": (
        "Test error against the norm",
        "One line a scale, from its initial norm on; dots: now. Weight decay shrinks the norm.",
    ),
}


def scene(view: SmallMnistView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    rows, ends, steps = shown.table("mnist"), shown.table("mnist_ends"), shown.trajectory.steps
    mine, said = ends[ends["scale"] == view.scale].iloc[0], verdict(view, shown)
    return Scene(
        figures={
            "curves": curves.figure(rows, view.scale, (mine["hundredth_step"], mine["fifth_step"]), steps),
            "norms": norms.figure(rows, view.scale),
        },
        cards=cards(CARDS, said, badge={"curves": lost_badge(ends["outcome"])}, scrub={"curves": "concat_0_x"}),
        steps=steps,
        verdict=said,
    )


def verdict(view: SmallMnistView, shown: Trained) -> str:
    """Say what the network of the marked scale does, in Markdown."""
    ends = shown.table("mnist_ends")
    mine = ends[ends["scale"] == view.scale].iloc[0]
    at = f"With initial weights times {view.scale:g}"
    if mine["outcome"] == "diverged":
        return f"{at} training diverged by step {mine['steps']:,}."
    if np.isnan(mine["test_error"]):
        return f"{at} the network is in training."
    norm = f"The norm of the weights ends at {mine['norm_ratio']:.2f} times its start."
    if np.isnan(mine["hundredth_step"]):
        return (
            f"{at} the training error stays above 1 %: it ends at {mine['train_error']:.1%}, the test error at "
            f"**{mine['test_error']:.0%}**. {norm}"
        )
    said = (
        f"{at} the training error is at most 1 % at step {mine['hundredth_step']:,.0f}; the test error is then "
        f"{mine['test_error_at_hundredth']:.0%}"
    )
    if np.isnan(mine["fifth_step"]):
        said += f" and stays above 20 %: it ends at **{mine['test_error']:.0%}**"
    elif mine["fifth_step"] > mine["hundredth_step"]:
        said += f" and 20 % at step {mine['fifth_step']:,.0f}, **{mine['fifth_delay']:.1f} times** as many steps"
    else:
        said += f", and below 20 % since step {mine['fifth_step']:,.0f}: no delay"
    return f"{said}. {norm}"
