"""The charts of networks of more inputs: directions counted over training points, and the motion of one network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.figure.figure import Figure
from core.part import Card, Scene, Shown, badge
from core.studies.directions.charts import alignment, counting, kink_lines
from core.studies.directions.trajectory import DirectionTrajectory
from core.studies.directions.view import DirectionsView

Found = Shown[DirectionTrajectory]

CARDS: Mapping[str, tuple[str, str]] = {
    "counting": (
        "Directions in use against training points",
        "One dot a network, each trained to the same loss; hollow ones did not reach it. Green: power laws fitted to "
        "the logarithms, over all sizes and (dashed) the largest. Dotted: a count in proportion to the data.",
    ),
    "lines": (
        "The kinks of the units are lines",
        "A unit is active on the side of its line to which the tick points. Colour: the sign of a; the darker, the "
        "more the unit matters. Dashed: the lines to which units turn while f is zero.",
    ),
    "alignment": (
        "How far each unit still is from its extremal direction",
        "Angle of v to the direction it turns to while f is zero, over the steps of the first network. Move over the "
        "chart to scrub.",
    ),
}
ENDINGS = {"step_limit": "stopped at the step limit"}
"""Outcomes that are said in other words than their names."""

REPORTED = (
    "Maennel, Bousquet and Gelly 2018 report that on MNIST the number of active neurons grows sub-linearly with the "
    "training set. The dots are measured here, at equal loss; a power law is only as good as it fits."
)


def scene(view: DirectionsView, drawn: Sequence[Found | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    figures, said = {}, verdict(shown)
    if view.counted:
        figures["counting"] = counting.figure(shown.table("counts"), shown.table("fit"), view.measure)
    figures |= shown.once("motion", lambda: _motion(shown))
    return Scene(
        figures=figures,
        cards={name: _card(name, said, shown) for name in figures},
        steps=shown.trajectory.steps,
        verdict=said,
        below=REPORTED if view.counted else "",
    )


def _motion(shown: Found) -> dict[str, Figure]:
    units, steps, found = shown.table("directions"), shown.trajectory.steps, {}
    if shown.trajectory.flat:
        found["lines"] = kink_lines.figure(units, shown.table("extremal"), shown.table("points"), steps)
    return found | {"alignment": alignment.figure(units, shown.table("loss"), steps)}


def _card(name: str, said: str, shown: Found) -> Card:
    (title, caption), outcome = CARDS[name], shown.trajectory.outcome(0)
    return Card(
        title=title,
        caption=caption,
        alt=said if name == "counting" else title,
        badge=_badge(outcome) if name == "lines" else None,
        scrub="x" if name == "alignment" else None,
    )


def _badge(outcome: str) -> Mapping[str, str]:
    if outcome == "unfinished":
        return badge("in training")
    return badge(f"in the end {ENDINGS.get(outcome, outcome)}", alert=outcome != "interpolated")


def verdict(shown: Found) -> str:
    """Say what was measured, in Markdown."""
    counts, fit = shown.table("counts"), shown.table("fit")
    reached = int((counts["outcome"] == "interpolated").sum())
    words = [f"{reached} of {len(counts)} networks reached the target loss"] if len(counts) > 1 else []
    words += [_law(range_of) for _, range_of in fit.groupby("low_n", sort=True)]
    if fit.empty:
        words.append(_first(shown))
    text = "; ".join(words)
    return f"{text[0].upper()}{text[1:]}."


COUNTED = {
    "directions_95": " within cos .95",
    "directions": " within .99",
    "directions_999": " within .999",
    "effective_directions": " weighed by what they contribute",
    "active_units": " of active units",
}
"""In what ways directions are counted, in the order in which the verdict names them."""


def _law(fit: pd.DataFrame) -> str:
    """Say how every count scales over one range of sizes: what is concluded depends on the count."""
    laws = fit.set_index("measure")
    named = [name for name in COUNTED if name in laws.index]
    errors = {name: laws["standard_error"][name] for name in named}
    written = {name: f" ± {error:.2f}" if np.isfinite(error) else "" for name, error in errors.items()}
    said = [f"**{laws['exponent'][name]:.2f}{written[name]}**{COUNTED[name]}" for name in named]
    bends = any("bending" in laws["verdict"][name] for name in named)
    low, high = laws["low_n"].iloc[0], laws["high_n"].iloc[0]
    return (
        f"from {low:,} to {high:,} points directions scale as a power of P, of exponent {', '.join(said)}"
        f"{' (no power law: the growth bends)' if bends else ''}"
    )


def _first(shown: Found) -> str:
    """Say how the first network ended."""
    last, experiment = shown.table("counts").iloc[0], shown.trajectory.experiment
    which = "the first network" if experiment.runs > 1 else "the network"
    if last["outcome"] == "unfinished":
        return f"{which} is in training"
    count = f"{last['directions']:.0f}"
    directions = f"**{count} {'direction' if count == '1' else 'directions'}**"
    ended = f"{which} ends at loss {last['loss']:.2g} ({ENDINGS.get(last['outcome'], last['outcome'])})"
    return f"{ended} with {directions} of {experiment.width:,} units"
