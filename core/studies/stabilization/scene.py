"""The charts of self-stabilization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.part import Scene, Shown, cards, lost_badge
from core.studies.stabilization import theory
from core.studies.stabilization.charts import change, loop, overshoot, path
from core.studies.stabilization.experiment import APPROACH
from core.studies.stabilization.tables import means
from core.studies.stabilization.trajectory import StabilizationTrajectory
from core.studies.stabilization.view import StabilizationView

Trained = Shown[StabilizationTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "loop": (
        "A loop of sharpness and displacement",
        "Dots: the marked network, step by step. x = v·∇L / S is its displacement along v, the top eigenvector of the "
        "Hessian; it changes its sign at every step. Dashed: the orbit through the highest ηS of the model of two "
        "variables, x′ = (1 − ηS) x and S′ = S + A − B x², with A and B as measured. Below 10⁻⁷ or so x is what the "
        "drift of the rest of the network leaves.",
    ),
    "path": (
        "Over the steps",
        "ηS, |x| and the loss of the marked network. Dotted rules: the first peaks of ηS and of |x|. Move over the "
        "chart to scrub.",
    ),
    "change": (
        "What brings the sharpness down",
        "The change of S a step against x², both means over two successive steps, in which what is odd in x cancels. "
        "Line: A − B x², by least squares. It is 0 at |x| = δ = √(A / B).",
    ),
    "overshoot": (
        "How far it overshoots",
        "The largest ηS of every network against the noise that is added to each weight at every step. Line: the "
        "model, with S rising as fast as it does on the way to its first peak, and one constant fitted. {Click an "
        "amount of noise to mark it.}",
    ),
}


def scene(view: StabilizationView, drawn: Sequence[Trained | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    rows, ends, steps = shown.table("stabilization"), shown.table("stabilization_loops"), shown.trajectory.steps
    own, end = rows[rows["weight_noise"] == view.noise], ends[ends["weight_noise"] == view.noise].iloc[0]
    delta, said = float(end["balance_displacement"]), verdict(view, shown)
    s, x = (own[name].to_numpy(np.float64) for name in ("sharpness", "displacement"))
    square, rise = np.full((2, len(s)), np.nan)
    square[:-2], rise[:-2] = means(s, x)
    return Scene(
        figures={
            "loop": loop.figure(own, orbit(own, end), delta),
            "path": path.figure(own, (end["sharpest_step"], end["farthest_step"]), delta, steps),
            "change": change.figure(square, rise, (end["drift"], end["damping"])),
            "overshoot": overshoot.figure(ends, law(ends).tolist(), view.noise),
        },
        cards=cards(
            CARDS,
            said,
            badge={"path": lost_badge(ends["outcome"])},
            scrub={"path": "concat_0_x"},
            pick={"overshoot": "cell"},
        ),
        steps=steps,
        verdict=said,
        pace="steps",
    )


def orbit(path: pd.DataFrame, end: pd.Series) -> tuple[theory.Floats, theory.Floats]:
    """Return |x| and eta S along the model's orbit through the highest eta S of a network; empty where there is none.

    Args:
        path: eta_sharpness and displacement of the network; end: its row of `stabilization_loops`.
    """
    delta, pull = end["balance_displacement"], end["learning_rate"] * end["drift"]
    at = int(np.nan_to_num(path["eta_sharpness"].to_numpy()).argmax())
    if not (np.isfinite(delta) and path["eta_sharpness"].iloc[at] > 2):
        return np.array([]), np.array([])
    ratio, y = abs(path["displacement"].iloc[at]) / delta, path["eta_sharpness"].iloc[at] - 2
    around, heights = theory.orbit(float(theory.energy(ratio, y, pull)), pull)
    return delta * around, 2 + heights


def law(ends: pd.DataFrame) -> theory.Floats:
    """Return the largest eta S of every network by the model, (run,), eta A being the measured rise of eta S: the
    displacement at the crossing is in proportion to the noise, by a factor that is fitted to all networks with noise;
    NaN for one without.

    Args:
        ends: weight_noise, rise and largest_eta_sharpness, a row a network.
    """
    noise, height = ends["weight_noise"].to_numpy(np.float64), ends["largest_eta_sharpness"].to_numpy(np.float64)
    pull = ends["rise"].to_numpy(np.float64)
    known = (noise > 0) & (height > 2) & (pull > 0)
    if not known.any():
        return np.full(len(noise), np.nan)
    mean = float(pull[known].mean())
    logs = -theory.h(height[known] - 2) / mean - 0.5 - np.log(noise[known])  # of the displacement over delta and noise
    with np.errstate(divide="ignore"):
        found = 2 + theory.overshoot(np.exp(logs.mean()) * noise, mean)
    return np.where(noise > 0, found, np.nan)


def verdict(view: StabilizationView, shown: Trained) -> str:
    """Say what the marked network does, in Markdown."""
    ends = shown.table("stabilization_loops")
    end = ends[ends["weight_noise"] == view.noise].iloc[0]
    at = f"At η = {end['learning_rate']:g}"
    if np.isnan(end["crossed_step"]):
        return f"{at} ηS does not pass 2 in {APPROACH:,} steps."
    said = f"{at} ηS passes 2 at step {end['crossed_step']:,.0f} of training. "
    if end["outcome"] == "diverged":
        return f"{said}Training diverged {end['steps']:,} steps later."
    if np.isnan(end["sharpest_step"]):
        return f"{said}It stays above 2 in the {end['steps']:,} steps after."
    return (
        f"{said}It rises to **{end['largest_eta_sharpness']:.2f}**; its first peak is {end['sharpest_step']:,.0f} "
        f"steps later, that of |x| **{end['farthest_step'] - end['sharpest_step']:,.0f}** steps after this one. The "
        f"line A − B x² explains **{end['r_squared']:.0%}** of the variance of the change of S; the root mean square "
        f"of x is {end['rms_displacement'] / end['balance_displacement']:.2f} δ."
    )
