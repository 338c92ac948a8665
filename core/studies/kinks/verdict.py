"""What came out of training a network on a line, in words: numbers measured on the run on screen."""

from __future__ import annotations

from typing import Any

from core.part import Shown
from core.studies.kinks.counts import BENDING, MERGED, OTHER_MERGED
from core.studies.kinks.tables.ends import bending, fastest_possible
from core.studies.kinks.theory.limit import NO_GROWTH
from core.studies.kinks.trajectory import KinkTrajectory

Found = Shown[KinkTrajectory]


def ending(shown: Found) -> str:
    """Say how the first seed's run ended."""
    outcome, step = shown.trajectory.outcome(0), int(shown.trajectory["end_step"][0])
    words = {
        "interpolated": "interpolated at step" if _squared(shown) else "loss near 0 at step",
        "stationary": "converged, short of the data, at step",
        "diverged": "diverged by step",
        "step_limit": "stopped at step",
    }
    return f"{words.get(outcome, 'trained to step')} {step:,}"


def sentence(shown: Found) -> str:
    """Say in a sentence what the chart shows at the end."""
    last, width = shown.table("summary").iloc[0], shown.trajectory.experiment.width
    units = "1 unit" if width == 1 else f"{width:,} units"
    return f"{units}: {ending(shown)}, with {_kinks(last)}, loss {last['loss']:.2g}."


def verdict(shown: Found, merged: float = MERGED) -> str:
    """Say what came out, in Markdown; kinks within `merged` of the range are one where 2K + 1 is compared."""
    last, width = shown.table("summary").iloc[0], shown.trajectory.experiment.width
    units = "unit" if width == 1 else "units"
    counted = f"**{_kinks(last)}** of {width:,} {units} (N_eff {last['n_eff']:.1f}); {_bends(last, shown, merged)}"
    if last["outcome"] == "stationary":
        return f"Converged at loss {last['loss']:.3g} after {last['steps']:,} steps: {_why(last, shown)}. {counted}."
    fits = "Interpolates" if _squared(shown) else "Has every point on its side"
    words = {"interpolated": fits, "diverged": "Diverged", "step_limit": "Not converged"}
    how = f"{words.get(last['outcome'], 'In training')} after {last['steps']:,} steps (loss {last['loss']:.2g})"
    known = last["on_data"] == last["on_data"]
    near = f"; {last['on_data']:.0%} of all |a w| within 0.02 of a data point" if known else ""
    return f"{how}: {counted}{near}."


def _bends(last: Any, shown: Found, merged: float) -> str:
    """Say how many positions are held against 2K + 1, and what merging matters for it."""
    count, bound, (fine, coarse) = bending(shown.trajectory, merged), last["kink_bound"], OTHER_MERGED
    positions = "position bends" if count == 1 else "positions bend"
    side = "**above**" if count > bound else "within"
    return (
        f"{count:,} {positions} f by {BENDING:.1%} or more of its bends, {side} the "
        f"bound 2K + 1 = {bound} (kinks within {merged:.1%} of the range count as one; "
        f"{last['bending_kinks_fine']:,} at {fine:.1%}, {last['bending_kinks_coarse']:,} at {coarse:.0%})"
    )


def _kinks(last: Any) -> str:
    count = last["distinct_kinks"]
    return "1 distinct kink" if count == 1 else f"{count:,} distinct kinks"


def _squared(shown: Found) -> bool:
    """Whether the loss can be 0: the logistic one falls without end, and f grows."""
    return shown.trajectory.experiment.loss == "squared"


def _why(last: Any, shown: Found) -> str:
    """Say why the loss no longer falls."""
    if last["free_rate"] > NO_GROWTH * fastest_possible(shown.trajectory):
        return f"a direction would grow, at rate {last['free_rate']:.2g}, but no active unit has it"
    return "no direction would grow"
